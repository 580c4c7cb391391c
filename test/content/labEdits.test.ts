// What a student breaks is really broken: edits of the patch's own lines, with the symptoms that the
// fact sheet predicts for them (its mutations M1 to M24) when no rule stops the run before.
import { describe, expect, it } from 'vitest';
import { checkExpectation } from '../../src/scenario/expectation.ts';
import type { RunSummary } from '../../src/scenario/runSummary.ts';
import { editedTree, prepare, runAndSummarize, type TreeEdit } from '../support/preparedRun.ts';

const FILEMAP = 'mm/filemap.c';
const FAULT = 'arch/x86/mm/fault.c';

const UP_READ = '\t\t\tup_read(&vma->vm_mm->mmap_sem);\n';
const WAIT = '\t\t\twait_on_page_locked(page);\n';
const PUT = '\t\t\tpage_cache_release(page);\n\t\t\treturn ret | VM_FAULT_RELEASED;';

function run(scenario: string, ...edits: TreeEdit[]): RunSummary {
  return runAndSummarize(prepare(scenario, editedTree('patched', edits), { rules: 'off' }));
}

function faultsOf(summary: RunSummary, task: string): (number | undefined)[] {
  const found = summary.tasks.find(({ name }) => name === task);
  return [found?.maj_flt, found?.min_flt];
}

describe('an edit of the patch', () => {
  it('that forgets up_read deadlocks with itself as soon as a writer waits', () => {
    const edit = { path: FILEMAP, from: UP_READ + WAIT, to: WAIT };
    const summary = run('cold-fault-with-mmap', edit);
    expect(summary.outcome).toBe('deadlock');
    expect(summary.tasks.map(({ exit }) => exit)).toEqual(['blocked', 'blocked', 'blocked']);
  });

  it('that forgets up_read takes the lock along to user mode when nobody waits', () => {
    const tree = editedTree('patched', [{ path: FILEMAP, from: UP_READ + WAIT, to: WAIT }]);
    const rules = 'user-mode-holds-nothing';
    const summary = runAndSummarize(prepare('cold-fault', tree, { rules }));
    expect(summary.outcome).toBe('violation');
    expect(summary.violations[0]?.message).toContain('still holds mmap_sem');
  });

  it('that forgets the put leaves one reference to the page for ever', () => {
    const edit = { path: FILEMAP, from: PUT, to: '\t\t\treturn ret | VM_FAULT_RELEASED;' };
    const prepared = prepare('cold-fault', editedTree('patched', [edit]), { rules: 'off' });
    const { mismatches } = checkExpectation(prepared, runAndSummarize(prepared));
    expect(mismatches).toEqual([{ what: 'pages.data.bin:20.count', expected: '1', actual: '2' }]);
  });

  it('that gives VM_FAULT_RELEASED the value of VM_FAULT_LOCKED loses the locked page', () => {
    const edit = {
      path: 'include/linux/mm.h',
      from: 'VM_FAULT_RELEASED\t0x0400',
      to: 'VM_FAULT_RELEASED\t0x0200',
    };
    expect(run('cold-fault', edit).outcome).toBe('deadlock');
  });

  it('that waits before it drops the lock works and helps nobody', () => {
    const edit = { path: FILEMAP, from: UP_READ + WAIT, to: WAIT + UP_READ };
    const summary = run('cold-fault-with-mmap', edit);
    expect(summary.outcome).toBe('completed');
    expect(summary.locks['mmap_sem']?.perTask['bystander']?.waitMaxNs).toBeGreaterThan(12e6);
  });

  it('that keeps release_flag counts the fault twice', () => {
    const edit = { path: FAULT, from: '\t\t\trelease_flag = 0;\n', to: '' };
    expect(faultsOf(run('cold-fault', edit), 'toucher')).toEqual([1, 1]);
  });

  it('that ignores VM_FAULT_RELEASED in __do_fault follows a null pointer', () => {
    const edit = { path: 'mm/memory.c', from: ' |\n\t\t\t    VM_FAULT_RELEASED', to: '' };
    const summary = run('cold-fault', edit);
    expect(summary.outcome).toBe('oops');
    expect(summary.violations[0]?.message).toContain('Null pointer');
    expect(summary.violations[0]?.excerpt).toBe('\treturn (*word >> nr) & 1;\n\t         ^~~~');
  });

  it('that returns RELEASED alone counts a cold fault as minor', () => {
    const edit = {
      path: FILEMAP,
      from: 'return ret | VM_FAULT_RELEASED',
      to: 'return VM_FAULT_RELEASED',
    };
    expect(faultsOf(run('cold-fault', edit), 'toucher')).toEqual([0, 1]);
  });

  it('that keeps the old VMA over the retry reads freed memory after an munmap', () => {
    const summary = run(
      'munmap-in-the-wait',
      { path: FAULT, from: 'retry:\n', to: '' },
      {
        path: FAULT,
        from: '\tfault = handle_mm_fault(mm, vma, address,\n',
        to: '\tgoto first;\nretry:\n\tdown_read(&mm->mmap_sem);\nfirst:\n\tfault = handle_mm_fault(mm, vma, address,\n',
      },
    );
    expect(summary.outcome).toBe('oops');
    const [violation] = summary.violations;
    expect(violation?.rule).toBe('useAfterFree');
    expect(violation?.message).toMatch(
      /allocated at \/lab\/kernel\/mm\/mmap\.c:\d+ in mmap_region and freed at \/lab\/kernel\/mm\/mmap\.c/,
    );
  });
});
