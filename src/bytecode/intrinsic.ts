/**
 * The intrinsics: C-callable functions that the machine itself performs. The C side is
 * `media/kernel/include/faultline/machine.h`; a test compares the two.
 *
 * A call of a function with one of these names is lowered to the `intrinsic` instruction. Every
 * argument and result is one word. A `visible` intrinsic is an operation that other CPUs or devices
 * can notice: a scheduling point lies before it.
 */

interface Intrinsic<Name extends string = string> {
  readonly name: Name;
  /** Number of word arguments. */
  readonly arity: number;
  readonly isVisible: boolean;
  readonly meaning: string;
}

function visible<const Name extends string>(
  name: Name,
  arity: number,
  meaning: string,
): Intrinsic<Name> {
  return { name, arity, isVisible: true, meaning };
}

function local<const Name extends string>(
  name: Name,
  arity: number,
  meaning: string,
): Intrinsic<Name> {
  return { name, arity, isVisible: false, meaning };
}

/** All intrinsics; the index is the number in the instruction. */
export const INTRINSICS = [
  // atomic read-modify-write
  visible(
    'fl_atomic_add',
    2,
    'int fl_atomic_add(volatile int *p, int v): adds, returns the value before',
  ),
  visible(
    'fl_atomic_cmpxchg',
    3,
    'unsigned long fl_atomic_cmpxchg(volatile void *p, unsigned long expected, unsigned long desired): returns the value before',
  ),
  visible(
    'fl_atomic_xchg',
    2,
    'unsigned long fl_atomic_xchg(volatile void *p, unsigned long v): returns the value before',
  ),
  visible(
    'fl_test_and_set_bit',
    2,
    'int fl_test_and_set_bit(int nr, volatile unsigned long *p): returns the bit before',
  ),
  visible(
    'fl_test_and_clear_bit',
    2,
    'int fl_test_and_clear_bit(int nr, volatile unsigned long *p): returns the bit before',
  ),
  visible('fl_set_bit', 2, 'void fl_set_bit(int nr, volatile unsigned long *p)'),
  visible('fl_clear_bit', 2, 'void fl_clear_bit(int nr, volatile unsigned long *p)'),
  visible(
    'fl_cpu_wait',
    2,
    'void fl_cpu_wait(volatile int *p, int v): this CPU stands still while *p == v (the body of a spin loop)',
  ),
  // blocking
  visible(
    'fl_park',
    1,
    'void fl_park(volatile long *state): parks the running task unless *state is 0; returns when woken',
  ),
  visible(
    'fl_wake',
    1,
    'int fl_wake(unsigned long task): makes a parked task, named by its cookie, runnable; returns 1 if it was parked',
  ),
  visible('fl_task_exit', 1, 'void fl_task_exit(int code): the running task ends; does not return'),
  // interrupts of this CPU
  visible('fl_irq_disable', 0, 'int fl_irq_disable(void): returns 1 if they were enabled'),
  visible('fl_irq_enable', 0, 'void fl_irq_enable(void)'),
  visible('fl_irq_restore', 1, 'void fl_irq_restore(int enabled)'),
  local('fl_irqs_enabled', 0, 'int fl_irqs_enabled(void)'),
  // who and where
  local(
    'fl_current',
    0,
    'unsigned long fl_current(void): the cookie of the running task (idle task included)',
  ),
  local('fl_cpu', 0, 'int fl_cpu(void): number of this CPU'),
  local(
    'fl_clock_us',
    0,
    'unsigned long fl_clock_us(void): virtual microseconds since the start of the run, modulo 2^32',
  ),
  // paging
  local('fl_read_cr2', 0, 'unsigned long fl_read_cr2(void)'),
  local(
    'fl_load_cr3',
    1,
    'void fl_load_cr3(unsigned long page_directory): for the running task; a physical address',
  ),
  visible(
    'fl_flush_tlb_page',
    1,
    'void fl_flush_tlb_page(unsigned long address): this CPU forgets its translation of one page',
  ),
  visible('fl_flush_tlb', 0, 'void fl_flush_tlb(void): this CPU forgets all its translations'),
  // tasks, at boot
  local(
    'fl_task_create',
    5,
    'int fl_task_create(int index, unsigned long cookie, unsigned long stack_low, unsigned long stack_bytes, unsigned long page_directory): task of the scenario number index; its trap frame lies at the top of the stack; returns the task number. The host starts it.',
  ),
  local(
    'fl_idle_create',
    4,
    'int fl_idle_create(int cpu, unsigned long cookie, unsigned long stack_low, unsigned long stack_bytes): for the boot CPU only the cookie counts; returns the task number',
  ),
  // devices
  visible(
    'fl_disk_submit',
    4,
    'void fl_disk_submit(unsigned long sector, const unsigned long *frames, int count, unsigned long cookie): read count pages of 8 sectors to the physical addresses in frames, which stay valid until completion',
  ),
  visible(
    'fl_disk_completed',
    1,
    'unsigned long fl_disk_completed(int *error): cookie of the next completed request, 0 when there is none; *error is 0 or a negative errno',
  ),
  local(
    'fl_disk_load',
    2,
    'void fl_disk_load(unsigned long sector, unsigned long frame): one page at once and for free; only at boot',
  ),
  visible(
    'fl_timer_arm',
    2,
    'int fl_timer_arm(unsigned long ns, unsigned long cookie): one timer interrupt after ns; returns the timer number',
  ),
  visible('fl_timer_cancel', 1, 'int fl_timer_cancel(int timer): returns 1 if it had not fired'),
  // memory and text
  local(
    'fl_memcpy',
    3,
    'void *fl_memcpy(void *to, const void *from, unsigned long bytes): overlap allowed',
  ),
  local('fl_memset', 3, 'void *fl_memset(void *to, int byte, unsigned long bytes)'),
  local(
    'fl_write',
    3,
    'void fl_write(int fd, const char *text, unsigned long bytes): to the console; fd 1 output, 2 errors',
  ),
  local('fl_ram_bytes', 0, 'unsigned long fl_ram_bytes(void): size of physical memory'),
  local(
    'fl_kernel_end',
    0,
    'unsigned long fl_kernel_end(void): first free virtual address behind the program',
  ),
  // ends
  local(
    'fl_bug',
    1,
    'void fl_bug(const char *message): a machine fault of kind bug; does not return',
  ),
  local('fl_exit', 1, 'void fl_exit(int status): the whole run ends; does not return'),
  // what the checks know of memory; nothing else depends on it
  local(
    'fl_memory_state',
    3,
    'void fl_memory_state(const void *p, unsigned long bytes, int state): 0 usable, 1 red zone, 2 free page',
  ),
  local(
    'fl_object_allocated',
    2,
    'void fl_object_allocated(const void *p, unsigned long bytes): an object without values begins to live',
  ),
  local(
    'fl_object_freed',
    2,
    'void fl_object_freed(const void *p, unsigned long bytes): it ends; using it is a fault from now on',
  ),
  // paging, continued: other CPUs, and user memory from kernel mode
  local(
    'fl_cr3_cpus',
    1,
    'unsigned long fl_cr3_cpus(unsigned long page_directory): the CPUs whose CR3 is this physical address, a bit for each',
  ),
  visible(
    'fl_flush_tlb_others',
    2,
    'void fl_flush_tlb_others(unsigned long cpus, unsigned long address): the CPUs of a mask but this one forget one page, or everything for ~0; returns when they have',
  ),
  visible(
    'fl_user_load',
    2,
    'unsigned long fl_user_load(const volatile void *address, int bytes): 1, 2 or 4 bytes through the page tables in kernel mode; may be a page fault',
  ),
  visible(
    'fl_user_store',
    3,
    'void fl_user_store(volatile void *address, unsigned long value, int bytes): the same for a write',
  ),
  local(
    'fl_function_at',
    1,
    'unsigned long fl_function_at(unsigned long ip): the address of the function whose code contains ip; 0 if none does',
  ),
  // bits: what gcc's builtins of these names become
  local('fl_popcount', 1, 'int fl_popcount(unsigned long v): how many bits are set'),
  local('fl_clz', 1, 'int fl_clz(unsigned long v): zeros above the highest set bit, 32 for 0'),
  local('fl_ctz', 1, 'int fl_ctz(unsigned long v): zeros below the lowest set bit, 32 for 0'),
  local('fl_bswap', 1, 'unsigned long fl_bswap(unsigned long v): the bytes in reverse order'),
  // other CPUs, continued
  visible(
    'fl_kick',
    1,
    'int fl_kick(unsigned long task): interrupts the CPU that runs the task; returns 1 unless none does, or this one',
  ),
] as const satisfies readonly Intrinsic[];

/** The name of an intrinsic, as C calls it. */
export type IntrinsicName = (typeof INTRINSICS)[number]['name'];

/** Number by name: `INTRINSIC.fl_park`. */
export const INTRINSIC: Readonly<Record<IntrinsicName, number>> = Object.fromEntries(
  INTRINSICS.map((intrinsic, index) => [intrinsic.name, index]),
) as Record<IntrinsicName, number>;

/** The number of an intrinsic by a name from C, or `undefined`. */
export function findIntrinsic(name: string): number | undefined {
  const index = INTRINSICS.findIndex((intrinsic) => intrinsic.name === name);
  return index < 0 ? undefined : index;
}
