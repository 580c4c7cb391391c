// Every rule finds what it is for: a small edit of the kernel breaks it, and that rule is the first to speak, with task,
// place and schedule. Mutations are those of the fact sheet, section 7.2.
import { describe, expect, it } from 'vitest';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import type { RunSummary } from '../../src/scenario/runSummary.ts';
import { EXIT, runCalls, systemCall } from '../support/callScenario.ts';
import { media } from '../support/nodeMedia.ts';
import { editedTree, prepare, runAndSummarize, type TreeEdit } from '../support/preparedRun.ts';
import { shortened } from '../support/shortRuns.ts';

const FILEMAP = 'mm/filemap.c';
const FAULT = 'arch/x86/mm/fault.c';
const MEMORY = 'mm/memory.c';
const RWSEM = 'lib/rwsem.c';
const FAST = 'arch/x86/include/asm/rwsem.h';

/** Does nothing, between the look at the PTE and its change. */
const BEFORE_INSTALL = '\t\tflush_icache_page(vma, page);\n';
const UP_READ = '\t\t\tup_read(&vma->vm_mm->mmap_sem);\n';
const WAIT = '\t\t\twait_on_page_locked(page);\n';
const PUT = '\t\t\tpage_cache_release(page);\n\t\t\treturn ret | VM_FAULT_RELEASED;';
const RETURN = '\t\t\treturn ret | VM_FAULT_RELEASED;';

function run(scenario: string, edits: readonly TreeEdit[]): RunSummary {
  return runAndSummarize(prepare(scenario, editedTree('patched', edits), shortened(scenario)));
}

const OF_RC1 =
  'The put is missing: the page can never be freed. Linux 2.6.37-rc1 shipped with this bug.';

type Case = readonly [string, string, string, string, string, ...TreeEdit[]];

/** [what, rule, scenario, task, part of the message, edits] */
const CASES: readonly Case[] = [
  [
    'M1, no release_flag = 0',
    'one-retry',
    'cold-fault',
    'toucher',
    'allows once more that mmap_sem is dropped',
    { path: FAULT, from: '\t\t\trelease_flag = 0;\n', to: '' },
  ],
  [
    'M2, no put',
    'user-mode-holds-nothing',
    'cold-fault',
    'toucher',
    'page 20 of data.bin still has a reference of toucher, taken at filemap.c:',
    { path: FILEMAP, from: PUT, to: RETURN },
  ],
  [
    'M3, no up_read',
    'released-result',
    'cold-fault-with-mmap',
    'toucher',
    'toucher still holds it',
    { path: FILEMAP, from: UP_READ + WAIT, to: WAIT },
  ],
  [
    'M4, RELEASED ignored in __do_fault',
    'released-result',
    'cold-fault',
    'toucher',
    'vmf.page is NULL',
    { path: MEMORY, from: ' |\n\t\t\t    VM_FAULT_RELEASED', to: '' },
  ],
  [
    'M7, the old VMA over the retry',
    'vma-after-drop',
    'cold-fault',
    'toucher',
    'looked up during an earlier hold of mmap_sem',
    { path: FAULT, from: 'retry:\n', to: '' },
    {
      path: FAULT,
      from: '\tfault = handle_mm_fault(mm, vma, address,\n',
      to: '\tgoto first;\nretry:\n\tdown_read(&mm->mmap_sem);\nfirst:\n\tfault = handle_mm_fault(mm, vma, address,\n',
    },
  ],
  [
    'M8, counted on both attempts',
    'one-fault-counted',
    'cold-fault',
    'toucher',
    'counted 2 times (1 major, 1 minor)',
    {
      path: FAULT,
      from: '\tif (release_flag) {\t/* the first attempt */',
      to: '\tif (1) {',
    },
  ],
  [
    'M16, a failed trylock of the retry is a bad area',
    'progress',
    'benchmark-2010',
    'random-reader',
    'gets SIGSEGV although nobody has looked',
    { path: FAULT, from: 'retry:\n', to: '' },
    {
      path: FAULT,
      from: '\tif (unlikely(!down_read_trylock(&mm->mmap_sem))) {',
      to: '\tif (0) {\nretry:\n\t\tif (!down_read_trylock(&mm->mmap_sem)) {\n\t\t\tbad_area_nosemaphore(regs, error_code, address);\n\t\t\treturn;\n\t\t}\n\t\tgoto locked;\n\t}\n\tif (unlikely(!down_read_trylock(&mm->mmap_sem))) {',
    },
    {
      path: FAULT,
      from: '\t//@ anchor find_vma : mmap_sem is held for reading\n',
      to: 'locked:\n',
    },
  ],
  [
    'M23, traps counted after retry',
    'fault-counters',
    'cold-fault',
    'toucher',
    'SW_PAGE_FAULTS has grown by 2',
    {
      path: FAULT,
      from: '\tperf_sw_event(PERF_COUNT_SW_PAGE_FAULTS, 1, 0, regs, address);\n',
      to: '',
    },
    {
      path: FAULT,
      from: '\twrite = error_code & PF_WRITE;\n',
      to: '\tperf_sw_event(PERF_COUNT_SW_PAGE_FAULTS, 1, 0, regs, address);\n\twrite = error_code & PF_WRITE;\n',
    },
  ],
  [
    'M24, RELEASED is LOCKED',
    'released-result',
    'cold-fault',
    'toucher',
    'says that mmap_sem was dropped and that there is an error or a locked page',
    {
      path: 'include/linux/mm.h',
      from: 'VM_FAULT_RELEASED\t0x0400',
      to: 'VM_FAULT_RELEASED\t0x0200',
    },
  ],
  [
    'M27, the flag stays for several retries',
    'one-retry',
    'cold-fault',
    'toucher',
    'may be tried for ever',
    {
      path: FAULT,
      from: '\t\t\trelease_flag = 0;\n',
      to: '\t\t\tif (write > 7)\n\t\t\t\trelease_flag = 0;\n',
    },
  ],
  [
    'a third attempt',
    'one-retry',
    'cold-fault',
    'toucher',
    'tries the same fault for the third time',
    {
      path: FAULT,
      from: '\tif (release_flag) {\t/* the first attempt */',
      to: '\tif (!release_flag) {\n\t\tup_read(&mm->mmap_sem);\n\t\tgoto retry;\n\t}\n\tif (release_flag) {',
    },
  ],
  [
    'a VMA read after up_read',
    'vma-after-drop',
    'cold-fault',
    'toucher',
    'It dropped the lock at filemap.c:',
    {
      path: FILEMAP,
      from: WAIT,
      to: `${WAIT}\t\t\tif (vma->vm_flags & VM_LOCKED)\n\t\t\t\tret = 0;\n`,
    },
  ],
  [
    'a fast path that counts two readers',
    'rwsem-count',
    'cached-fault',
    'loader',
    'The count of mmap_sem is 0x00000002',
    {
      path: FAST,
      from: '(unsigned long)(seen + RWSEM_ACTIVE_READ_BIAS)',
      to: '(unsigned long)(seen + 2 * RWSEM_ACTIVE_READ_BIAS)',
    },
  ],
  [
    'a second down_read',
    'mmap-sem-recursion',
    'cached-fault',
    'loader',
    'while it holds it already',
    {
      path: FAULT,
      from: '\twrite = error_code & PF_WRITE;\n',
      to: '\tdown_read(&mm->mmap_sem);\n\twrite = error_code & PF_WRITE;\n',
    },
  ],
  [
    'an atomic increment of a page count',
    'page-count',
    'cached-fault',
    'loader',
    'but 2 references are owned',
    {
      path: FILEMAP,
      from: '\tra->prev_pos = (loff_t)offset << PAGE_CACHE_SHIFT;\n',
      to: '\tatomic_inc(&page->_count);\n\tra->prev_pos = (loff_t)offset << PAGE_CACHE_SHIFT;\n',
    },
  ],
  [
    'a page locked by hand',
    'page-lock-owner',
    'cached-fault',
    'loader',
    'nobody has locked it who could unlock it',
    {
      path: FILEMAP,
      from: '\t//@ anchor lock_page\n',
      to: '\tset_bit(PG_locked, &page->flags);\n',
    },
  ],
  [
    'an end of a read that wakes nobody',
    'lost-wakeup',
    'cold-fault',
    'toucher',
    'sleeps on page 20 of data.bin, which is not locked any more',
    { path: FILEMAP, from: '\twake_up_page(page, PG_locked);\n', to: '' },
  ],
  [
    'a put before the wait',
    'waited-page-referenced',
    'cold-fault',
    'toucher',
    'without a reference to it',
    {
      path: FILEMAP,
      from: `${WAIT}\t\t\t//@ anchor released : Awake again, without mmap_sem\n`,
      to: `\t\t\tpage_cache_release(page);\n${WAIT}\t\t\tpage_cache_get(page);\n`,
    },
  ],
  [
    'no look at whether the page was read',
    'file-pte-install',
    'disk-error',
    'loader',
    'whose content was never read',
    {
      path: FILEMAP,
      from: '\tif (unlikely(!PageUptodate(page)))\n\t\tgoto page_not_uptodate;\n',
      to: '',
    },
  ],
  [
    'a PTE over another one',
    'file-pte-install',
    'cached-fault',
    'loader',
    'over page 0 (of no file any more): another task was first',
    {
      path: MEMORY,
      from: BEFORE_INSTALL,
      to: '\t\tset_pte_at(mm, address, page_table, mk_pte(empty_zero_page, vma->vm_page_prot));\n',
    },
  ],
  [
    'a page that is unlocked too early',
    'file-pte-install',
    'cached-fault',
    'loader',
    'of data.bin without its lock',
    {
      path: MEMORY,
      from: '\t\t//@ assert holds(&vmf.page->flags) : a page of a file is mapped without its lock\n',
      to: '',
    },
    { path: MEMORY, from: BEFORE_INSTALL, to: '\t\tunlock_page(vmf.page);\n' },
  ],
  [
    'a page table that is unlocked too early',
    'file-pte-install',
    'cached-fault',
    'loader',
    'without the lock of the page table',
    { path: MEMORY, from: BEFORE_INSTALL, to: '\t\tspin_unlock(ptl);\n' },
  ],
  [
    'a page of another file',
    'file-pte-install',
    'cached-fault',
    'loader',
    "which is not of the VMA's file",
    { path: MEMORY, from: BEFORE_INSTALL, to: '\t\tvma->vm_file->f_mapping = NULL;\n' },
  ],
  [
    'M19, no look at the size',
    'truncated-page-mapped',
    'cold-fault',
    'toucher',
    'behind the end of the file',
    {
      path: FILEMAP,
      from: '\t//@ anchor lock_page\n',
      to: '\tif (vmf->flags == 0)\n\t\tinode->i_size = 4096;\n',
    },
    {
      path: FILEMAP,
      from: '\tif (unlikely(offset >= size)) {\n\t\tunlock_page(page);',
      to: '\tif (0) {\n\t\tunlock_page(page);',
    },
  ],
  [
    'M18, no look at the mapping',
    'truncated-page-mapped',
    'cold-fault',
    'toucher',
    'has left its file',
    {
      path: FILEMAP,
      from: '\tif (unlikely(page->mapping != mapping)) {',
      to: '\tif (vmf->flags == 0)\n\t\tremove_from_page_cache(page);\n\tif (0) {',
    },
  ],
  [
    'a PTE with more rights than the VMA',
    'pte-permission',
    'cold-fault',
    'toucher',
    'for writing, but the VMA does not allow writing',
    {
      path: MEMORY,
      from: '\t\tentry = mk_pte(page, vma->vm_page_prot);\n\t\tif (flags & FAULT_FLAG_WRITE)',
      to: '\t\tentry = pte_mkwrite(mk_pte(page, vma->vm_page_prot));\n\t\tif (flags & FAULT_FLAG_WRITE)',
    },
  ],
  [
    'a sleep under the PTE lock',
    'sleep-in-atomic',
    'cold-fault',
    'toucher',
    'it holds a spinlock',
    {
      path: MEMORY,
      from: BEFORE_INSTALL,
      to: '\t\tcond_resched();\n',
    },
  ],
  [
    'a page that is not counted',
    'rss',
    'cold-fault',
    'toucher',
    'MM_FILEPAGES',
    { path: MEMORY, from: '\t\t\tinc_mm_counter_fast(mm, MM_FILEPAGES);\n', to: '' },
  ],
  [
    'a shared page that is not marked dirty',
    'shared-dirty',
    'shared-write',
    'storer',
    'does not mark it dirty',
    {
      path: MEMORY,
      from: '\t\tif (set_page_dirty(dirty_page))\n\t\t\tpage_mkwrite = 1;\n',
      to: '',
    },
  ],
  [
    'a queue that is last come, first served',
    'rwsem-fifo',
    'cold-fault-with-mmap',
    'toucher',
    'before mapper, which has been waiting longer',
    {
      path: RWSEM,
      from: '\tlist_add_tail(&waiter->list, &sem->wait_list);',
      to: '\tlist_add(&waiter->list, &sem->wait_list);',
    },
    {
      path: FILEMAP,
      from: '\t\tif (!(vmf->flags & FAULT_FLAG_RELEASE))\n',
      to: '\t\tif (1)\n',
    },
  ],
  [
    'a list of VMAs that is read without the lock',
    'guard',
    'cached-fault',
    'loader',
    'reads mmap of a struct mm_struct without mmap_sem',
    {
      path: FAULT,
      from: '\tprefetchw(&mm->mmap_sem);\n',
      to: '\tif (!mm->mmap)\n\t\treturn;\n',
    },
  ],
];

describe('a broken rule', () => {
  it.each(CASES.map((item) => [item[0], item[1], item] as const))('%s: %s', (...[, , item]) => {
    const [, rule, scenario, task, words, ...edits] = item;
    const { outcome, violations } = run(scenario, edits);
    const [found] = violations;
    expect(found?.message).toContain(words);
    expect(found).toMatchObject({ rule, task });
    expect(found?.file).toMatch(/\.[ch]$/);
    expect(found?.line).toBeGreaterThan(0);
    expect(found?.function).toMatch(/^\w+$/);
    expect(found?.schedule).toMatch(/^faultline-schedule 1 /);
    expect(outcome).toBe('violation');
  });

  it.each([
    ['a lab copy', 'cold-fault', editedTree('patched', [{ path: FILEMAP, from: PUT, to: RETURN }])],
    [
      'a lab copy',
      'disk-error-once',
      editedTree('patched', [{ path: FILEMAP, from: PUT, to: RETURN }]),
    ],
    ['mainline-rc1', 'cold-fault', loadKernelTree(media, 'mainline-rc1').tree],
  ] as const)('the lost put of %s is known from 2.6.37-rc1 (%s)', (_kernel, scenario, tree) => {
    const [found] = runAndSummarize(prepare(scenario, tree)).violations;
    expect(found?.message).toContain('still has a reference of toucher');
    expect(found?.message).toContain(OF_RC1);
  });

  it.each([
    // They come behind a first attempt that has dropped mmap_sem and has given back its page.
    ['disk-error-once', '	}\n	page_cache_release(page);\n\n	if (!error)', '	}\n\n	if (!error)'],
    ['second-wait', '	}\n	page_cache_release(page);\n\n	if (!error)', '	}\n\n	if (!error)'],
    [
      'truncate-before-the-read',
      '		page_cache_release(page);\n		return VM_FAULT_SIGBUS;',
      '		return VM_FAULT_SIGBUS;',
    ],
  ])('another lost put of filemap_fault is not taken for it (%s)', (scenario, from, to) => {
    const [found] = run(scenario, [{ path: FILEMAP, from, to }]).violations;
    expect(found?.message).toMatch(/still has a reference .* in filemap_fault\(\)\. The put is/);
    expect(found?.message).not.toContain(OF_RC1);
  });

  it.each([
    ['the put of the first attempt', PUT, RETURN, true],
    [
      'another put, in the fault before',
      '\t}\n\tpage_cache_release(page);\n\n\tif (!error)',
      '\t}\n\n\tif (!error)',
      false,
    ],
  ])('a system call with several faults tells which put was lost: %s', (_, from, to, isOfRc1) => {
    // read() copies into three pages of a mapping of which none is in memory; one of them fails to be read once.
    const program = `${systemCall(3, 3, 'buffer + 4000', 6000)}${EXIT}`;
    const { summary } = runCalls(
      editedTree('patched', [{ path: FILEMAP, from, to }]),
      [{ name: 'reader', program }],
      {
        demo: [{ name: 'buffer', file: 'target', pages: 3, prot: 'rw', flags: 'shared' }],
      },
      [
        { name: 'source', pages: 2, content: 'pattern', cached: 'all' },
        {
          name: 'target',
          pages: 3,
          content: 'pattern',
          ...(isOfRc1 ? {} : { errors: [{ page: 0, times: 1 }] }),
        },
      ],
    );
    const [found] = summary.violations;
    expect(found?.message).toMatch(/still has a reference of reader, /);
    expect(found?.message.includes(OF_RC1)).toBe(isOfRc1);
    expect(summary.counters).toMatchObject({ SW_PAGE_FAULTS: 3 });
  });

  it('M12, the wait before the drop, is reported at the end', () => {
    const summary = run('cold-fault-with-mmap', [
      { path: FILEMAP, from: UP_READ + WAIT, to: WAIT + UP_READ },
    ]);
    expect(summary.violations).toEqual([]);
    expect(summary.reports[0]).toMatchObject({ rule: 'hold-spans-disk', task: 'toucher' });
    expect(summary.reports[0]?.message).toContain('page 20 of data.bin');
  });

  it('M10, a lost MAJOR, is reported at the end', () => {
    const summary = run('cold-fault', [
      { path: FILEMAP, from: 'return ret | VM_FAULT_RELEASED', to: 'return VM_FAULT_RELEASED' },
    ]);
    expect(summary.violations).toEqual([]);
    expect(summary.reports).toMatchObject([{ rule: 'major-without-miss', task: 'toucher' }]);
    expect(summary.reports[0]?.message).toContain('missed the page cache and was counted as minor');
  });

  it('a MAJOR too many is reported at the end', () => {
    const found = '\t\tdo_async_mmap_readahead(vma, ra, file, page, offset);\n';
    const summary = run('cached-fault', [
      { path: FILEMAP, from: found, to: `${found}\t\tret = VM_FAULT_MAJOR;\n` },
    ]);
    expect(summary.violations).toEqual([]);
    expect(summary.reports).toMatchObject([{ rule: 'major-without-miss', task: 'loader' }]);
    expect(summary.reports[0]?.message).toContain(
      'counted as major, although the page was in the cache',
    );
  });
});
