/**
 * Expectations: what does not hold is named with both values; what the kernel did wrong is in the
 * summary with its place.
 */
import { describe, expect, it } from 'vitest';
import { mergeExpectation } from '../../../src/scenario/mergeExpectation.ts';
import type { Expectation } from '../../../src/scenario/scenarioSchema.ts';
import { editedTree, finish, prepare, scenarioOf, shippedTree } from '../../support/preparedRun.ts';

const PROGRAM = 'movzbl page, %ebx\n movl $1, %eax\n int $0x80\n';

function runWith(expected: object, tree = shippedTree('patched')) {
  const scenario = {
    version: 1,
    title: 'own',
    files: [{ name: 'a.bin', pages: 1, content: { text: 'A' } }],
    processes: [
      { name: 'p', maps: [{ name: 'page', file: 'a.bin', pages: 1, prot: 'r', flags: 'private' }] },
    ],
    tasks: [{ name: 'one', process: 'p', program: 'p.s' }],
    expect: expected,
  };
  return finish(prepare(scenarioOf(JSON.stringify(scenario), { 'p.s': PROGRAM }), tree));
}

describe('checkExpectation', () => {
  it('finds nothing to say about what is true', () => {
    const truth = {
      outcome: 'completed',
      tasks: { one: { exit: 'exited:65', maj_flt: 1, min_flt: { max: 0 } } },
      counters: { PGFAULT: { min: 2, max: 2 } },
      locks: { mmap_sem: { contended: 0, perTask: { one: { waitMaxNs: 0 } } } },
      pages: [{ file: 'a.bin', page: 0, isCached: true, count: 1 }],
      bytes: [{ task: 'one', register: 'ebx', equals: { file: 'a.bin', offset: 0 } }],
    };
    expect(runWith({ '*': truth }).mismatches).toEqual([]);
  });

  it('names everything that is not as expected', () => {
    const wrong = {
      outcome: 'deadlock',
      tasks: { one: { exit: 'exited:66', maj_flt: 2 } },
      counters: { PGFAULT: { max: 1 } },
      locks: { mmap_sem: { readHoldMaxNs: { min: 1_000_000 } } },
      pages: [{ file: 'a.bin', page: 0, isCached: false, count: { min: 2, max: 3 } }],
      bytes: [{ task: 'one', register: 'ebx', equals: 66 }],
    };
    const texts = runWith({ '*': wrong }).mismatches.map(
      ({ what, expected, actual }) => `${what}: ${expected}, not ${actual}`,
    );
    expect(texts.map((text) => text.replace(/not \d{4,}$/, 'not N'))).toEqual([
      'outcome: deadlock, not completed',
      'tasks.one.exit: exited:66, not exited:65',
      'tasks.one.maj_flt: 2, not 1',
      'counters.PGFAULT: at most 1, not 2',
      'locks.mmap_sem.readHoldMaxNs: at least 1000000, not N',
      'pages.a.bin:0.isCached: false, not true',
      'pages.a.bin:0.count: 2 to 3, not 1',
      'bytes.one.ebx: 66, not 65',
    ]);
  });

  it('lays what holds for this kernel over what holds for every kernel', () => {
    const both = {
      '*': { outcome: 'limit', counters: { PGFAULT: 70 } },
      patched: { outcome: 'oops' },
      unpatched: { outcome: 'deadlock' },
    };
    const [one, other] = [both, { '*': both['*'] }].map((expected) => runWith(expected).mismatches);
    expect(one?.map((item) => item.expected)).toEqual(['oops', '70']);
    expect(other?.map((item) => item.expected)).toEqual(['limit', '70']);
    const folder = editedTree('patched', [{ path: 'mm/mmap.c', from: /$/, to: '\n' }]);
    expect(runWith(both, folder).mismatches.map((item) => item.expected)).toEqual(['limit', '70']);
  });
});

describe('mergeExpectation', () => {
  it('takes the nearer value, and the farther one where there is none', () => {
    const near: Expectation = {
      tasks: { one: { maj_flt: 0 } },
      locks: { mmap_sem: { readHoldMaxNs: { max: 5 } } },
      pages: [{ file: 'a', page: 1, count: 2 }],
    };
    const far: Expectation = {
      outcome: 'completed',
      tasks: { one: { maj_flt: 1, min_flt: 0 }, two: { maj_flt: 3 } },
      locks: { mmap_sem: { readHoldMaxNs: { min: 9 }, contended: 1 } },
      pages: [
        { file: 'a', page: 0, count: 1 },
        { file: 'a', page: 1, count: 1, isCached: true },
      ],
    };
    expect(mergeExpectation(near, far)).toEqual({
      outcome: 'completed',
      tasks: { one: { maj_flt: 0, min_flt: 0 }, two: { maj_flt: 3 } },
      locks: { mmap_sem: { readHoldMaxNs: { max: 5 }, contended: 1 } },
      pages: [
        { file: 'a', page: 0, count: 1 },
        { file: 'a', page: 1, count: 2, isCached: true },
      ],
    });
  });
});

describe('summarizeRun', () => {
  it('tells where the kernel went wrong, and how to get there again', () => {
    const tree = editedTree('patched', [
      {
        path: 'mm/filemap.c',
        from: 'int filemap_fault(struct vm_area_struct *vma, struct vm_fault *vmf)\n{',
        to: 'int filemap_fault(struct vm_area_struct *vma, struct vm_fault *vmf)\n{\n\tfl_bug("edited");',
      },
    ]);
    const { summary } = runWith({}, tree);
    expect(summary.outcome).toBe('oops');
    expect(summary.violations).toHaveLength(1);
    expect(summary.violations[0]).toMatchObject({
      rule: 'bug',
      task: 'one',
      function: 'filemap_fault',
      file: '/lab/kernel/mm/filemap.c',
    });
    expect(summary.violations[0]?.message).toContain('edited');
    expect(summary.violations[0]?.schedule).toBe(summary.schedule);
  });

  it('reports a kernel that fails while booting', () => {
    const tree = editedTree('patched', [
      {
        path: 'init/main.c',
        from: 'mem_init(fl_kernel_end());',
        to: 'mem_init(fl_kernel_end());\n\tfl_bug("early");',
      },
    ]);
    const { run, summary } = runWith({}, tree);
    expect(run.bootStop?.kind).toBe('fault');
    expect(summary).toMatchObject({
      outcome: 'oops',
      tasks: [],
      violations: [{ rule: 'bug', function: 'start_scenario' }],
    });
  });
});
