/**
 * Every name of the kernel's C that the host uses, in one table: entry functions, structs with the
 * fields that are read, global variables and flag macros.
 *
 * The host only reads. A kernel tree that lacks one of these names is refused with a diagnostic that
 * says what is missing and what it is for (`kernelLayout.ts`, `entryPoints.ts`).
 */

/** Functions that the machine calls, by their part in `EntryPoints`. */
export const ENTRY_FUNCTIONS = {
  boot: { name: 'start_scenario', use: 'boots the kernel with the scenario', parameters: 1 },
  pageFault: { name: 'do_page_fault', use: 'handles a page fault', parameters: 2 },
  systemCall: { name: 'fl_system_call', use: 'handles `int $0x80`', parameters: 1 },
  diskInterrupt: { name: 'fl_disk_interrupt', use: 'handles a finished disk read', parameters: 0 },
  timerInterrupt: { name: 'fl_timer_interrupt', use: 'handles a timer', parameters: 1 },
  exitToUser: { name: 'fl_exit_to_user', use: 'runs before a return to user mode', parameters: 1 },
  invalidOpcode: {
    name: 'fl_exception',
    use: 'handles other exceptions of user code',
    parameters: 2,
  },
  signal: { name: 'send_sig', use: 'sends a signal', parameters: 2 },
  kick: {
    name: 'fl_kick_interrupt',
    use: 'handles the interrupt that one CPU sends to another',
    parameters: 0,
  },
} as const;

/** Entry functions that a kernel may do without. */
export const OPTIONAL_ENTRIES: ReadonlySet<string> = new Set([
  'exitToUser',
  'invalidOpcode',
  'signal',
  'kick',
]);

/** Structs by tag, with the fields that the host reads. */
export const STRUCT_FIELDS = {
  task_struct: [
    'state',
    'preempt_count',
    'comm',
    'pid',
    'mm',
    'maj_flt',
    'min_flt',
    'rss_stat',
    'in_iowait',
    'exit_code',
    'exit_siginfo',
  ],
  siginfo: ['si_signo', 'si_code'],
  task_rss_stat: ['count'],
  mm_struct: ['mmap', 'pgd', 'mm_users', 'mmap_sem', 'map_count', 'rss_stat', 'name'],
  mm_rss_stat: ['count'],
  rw_semaphore: ['count', 'wait_lock', 'wait_list'],
  rwsem_waiter: ['list', 'task', 'flags'],
  list_head: ['next', 'prev'],
  vm_area_struct: ['vm_mm', 'vm_start', 'vm_end', 'vm_next', 'vm_flags', 'vm_pgoff', 'vm_file'],
  file: ['f_mapping', 'f_ra'],
  file_ra_state: ['mmap_miss'],
  vm_fault: ['page'],
  address_space: ['host', 'tree_lock', 'nrpages'],
  inode: ['i_size', 'i_mapping', 'sector', 'name'],
  page: ['flags', '_count', '_mapcount', 'mapping', 'index', 'ptl'],
  zone: ['wait_table_bits', 'wait_table'],
  __wait_queue_head: ['task_list'],
  wait_bit_queue: ['key', 'wait'],
  wait_bit_key: ['flags', 'bit_nr'],
  __wait_queue: ['private', 'task_list'],
  bio: ['bi_sector', 'bi_vcnt'],
  request: ['queuelist', 'bio'],
  request_queue: ['queue_head', 'queue_flags'],
  vm_event_state: ['event'],
  perf_sw_count: ['count'],
} as const;

/** Global variables that the host reads. */
export const GLOBAL_VARIABLES = [
  'mem_map',
  'max_mapnr',
  'contig_zone',
  'disk_queue',
  'vm_event_states',
  'perf_sw_counts',
] as const;

/** Constants that the host needs: macros or enumeration constants. */
export const CONSTANTS = [
  'PG_locked',
  'PG_uptodate',
  'PG_dirty',
  'PG_reserved',
  'PG_hwpoison',
  'MM_FILEPAGES',
  'MM_ANONPAGES',
  'VM_READ',
  'VM_WRITE',
  'VM_EXEC',
  'VM_SHARED',
  '_PAGE_PRESENT',
  '_PAGE_PROTNONE',
  '_PAGE_RW',
  '_PAGE_DIRTY',
  'RWSEM_WAITING_BIAS',
  'VM_FAULT_ERROR',
  'VM_FAULT_LOCKED',
  'RWSEM_WAITING_FOR_WRITE',
  'QUEUE_FLAG_PLUGGED',
  'PGFAULT',
  'PGMAJFAULT',
  'PERF_COUNT_SW_PAGE_FAULTS',
  'PERF_COUNT_SW_PAGE_FAULTS_MAJ',
  'PERF_COUNT_SW_PAGE_FAULTS_MIN',
] as const;

/**
 * What kernels call by different names, or lack: of each list the first name that a kernel has. Without any, the rules
 * take the kernel for one that never drops `mmap_sem` in a fault, or knows no killable wait.
 * Source: the patch of October 2010; its form in 2.6.37; 3.0.
 */
export const VARIANT_CONSTANTS = {
  /** The caller allows `mmap_sem` to be dropped; the answer that it was. */
  releaseRequest: ['FAULT_FLAG_RELEASE', 'FAULT_FLAG_ALLOW_RETRY'],
  releaseAnswer: ['VM_FAULT_RELEASED', 'VM_FAULT_RETRY'],
  killableRequest: ['FAULT_FLAG_KILLABLE'],
} as const;

/** Functions of whose calls or returns the rules hear, by the names of Linux, with the parameters they look at. */
export const RULE_FUNCTIONS = {
  do_page_fault: [],
  handle_mm_fault: ['mm', 'flags'],
  filemap_fault: ['vmf'],
  find_vma: [],
  find_get_page: [],
  set_pte_at: ['mm', 'address', 'ptep', 'entry'],
  ptep_set_access_flags: ['vma', 'address', 'ptep', 'entry', 'dirty'],
  ptep_get_and_clear: ['mm', 'ptep'],
  unlock_page: ['page'],
  truncate_setsize: ['inode', 'newsize'],
  spin_lock: [],
  spin_trylock: [],
  spin_unlock: [],
  schedule: [],
  might_sleep: [],
  force_sig_info: ['sig'],
  do_exit: [],
  fl_disk_interrupt: [],
} as const;

/** Names of the tables above: structs, their fields, globals, constants. */
export type StructTag = keyof typeof STRUCT_FIELDS;
export type FieldOf<Tag extends StructTag> = (typeof STRUCT_FIELDS)[Tag][number];
export type GlobalName = (typeof GLOBAL_VARIABLES)[number];
export type ConstantName = (typeof CONSTANTS)[number];
export type RuleFunctionName = keyof typeof RULE_FUNCTIONS;
