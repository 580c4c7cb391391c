// Guarded and racy fields of a kernel: a scheduling point before each access, nothing else changes.
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../src/machine/scheduleText.ts';
import type { KernelTree } from '../../../src/scenario/kernelTree.ts';
import {
  editedTree,
  finish,
  prepare,
  shippedTree,
  type FinishedRun,
} from '../../support/preparedRun.ts';

const SCENARIO = 'cold-fault-with-mmap';

/** The shipped kernel with more fields whose accesses others may notice. */
const marked = editedTree('patched', [
  {
    path: 'include/linux/sched.h',
    from: /^(\tint preempt_count;.*)$/m,
    to: '$1\n\t//@ racy preempt_count : looked at without a lock',
  },
  {
    path: 'include/linux/mm_types.h',
    from: /^(\tstruct vm_area_struct \*mmap;.*)$/m,
    to: '$1\n\t//@ guard mmap read by mmap_sem write by mmap_sem',
  },
]);

function run(tree: KernelTree, more: object = {}): FinishedRun {
  return finish(prepare(SCENARIO, tree, more));
}

describe('fields whose accesses are visible', () => {
  it('change neither the default run nor its times', () => {
    const plain = run(shippedTree('patched')).summary;
    const { summary } = run(marked);
    const { outcome, virtualNs, tasks, counters, steps } = plain;
    expect(summary).toMatchObject({ outcome, virtualNs, tasks, counters, steps });
  });

  it('give chance more places to interfere, and the kernel bears it', () => {
    for (let seed = 1; seed < 6; seed += 1) {
      const plain = run(shippedTree('patched'), { seed });
      const more = run(marked, { seed });
      const count = ({ run: { machine } }: FinishedRun): number =>
        parseSchedule(machine.schedule()).departures.at(-1)?.point ?? 0;
      expect(count(more)).toBeGreaterThan(count(plain));
      expect(more.summary.outcome).toBe('completed');
      expect(more.summary.violations).toEqual([]);
      const replay = run(marked, { schedule: more.run.machine.schedule() });
      expect(replay.summary.stateHash).toBe(more.summary.stateHash);
    }
  });
});
