/**
 * The two scenarios of the story on both kernels: rows S1 and S2 of the facts about the kernel,
 * typed in here once more, apart from the expectations inside the scenario files.
 */
import { describe, expect, it } from 'vitest';
import { FLAG_VISIBLE } from '../../../src/bytecode/instruction.ts';
import { finish, prepare, shippedTree, type FinishedRun } from '../../support/preparedRun.ts';

function run(scenario: string, kernel: string): FinishedRun {
  return finish(prepare(scenario, shippedTree(kernel)));
}

function counters({ summary }: FinishedRun): number[] {
  const { PGFAULT, PGMAJFAULT, SW_PAGE_FAULTS } = summary.counters;
  return [PGFAULT, PGMAJFAULT, SW_PAGE_FAULTS];
}

function task({ summary }: FinishedRun, name: string) {
  const found = summary.tasks.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no task ${name}`);
  return found;
}

const DISK_NS = 12_500_000;

describe('cold-fault (row S1)', () => {
  it('unpatched: one major fault, one pass, the lock held for the whole disk read', () => {
    const finished = run('cold-fault', 'unpatched');
    expect(finished.mismatches).toEqual([]);
    expect(finished.summary.outcome).toBe('completed');
    expect(task(finished, 'toucher')).toMatchObject({ exit: 'exited:25', maj_flt: 1, min_flt: 0 });
    expect(counters(finished)).toEqual([1, 1, 1]);
    expect(finished.summary.locks['mmap_sem']?.readHoldMaxNs).toBeGreaterThan(DISK_NS);
  });

  it('patched: one major fault, two passes, the lock held for microseconds', () => {
    const finished = run('cold-fault', 'patched');
    expect(finished.mismatches).toEqual([]);
    expect(task(finished, 'toucher')).toMatchObject({ exit: 'exited:25', maj_flt: 1, min_flt: 0 });
    expect(counters(finished)).toEqual([2, 1, 1]);
    expect(finished.summary.locks['mmap_sem']?.readHoldMaxNs).toBeLessThan(50_000);
    expect(finished.summary.virtualNs).toBeGreaterThan(DISK_NS);
  });
});

describe('cold-fault-with-mmap (row S2)', () => {
  it('unpatched: mapper and bystander wait out the disk', () => {
    const finished = run('cold-fault-with-mmap', 'unpatched');
    expect(finished.mismatches).toEqual([]);
    expect(task(finished, 'toucher')).toMatchObject({ maj_flt: 1, min_flt: 0 });
    expect(task(finished, 'bystander')).toMatchObject({ maj_flt: 0, min_flt: 1 });
    expect(counters(finished)).toEqual([2, 1, 2]);
    expect(task(finished, 'mapper').mmapSemWaitMaxNs).toBeGreaterThan(10_000_000);
    expect(task(finished, 'bystander').mmapSemWaitMaxNs).toBeGreaterThan(1_000_000);
  });

  it('patched: both pass while the disk is busy', () => {
    const finished = run('cold-fault-with-mmap', 'patched');
    expect(finished.mismatches).toEqual([]);
    expect(task(finished, 'toucher')).toMatchObject({ exit: 'exited:25', maj_flt: 1, min_flt: 0 });
    expect(task(finished, 'bystander')).toMatchObject({
      exit: 'exited:184',
      maj_flt: 0,
      min_flt: 1,
    });
    expect(counters(finished)).toEqual([3, 1, 2]);
    expect(finished.summary.locks['mmap_sem']?.perTask['toucher']?.readHoldMaxNs).toBeLessThan(
      50_000,
    );
    expect(task(finished, 'bystander').mmapSemWaitMaxNs).toBeLessThan(100_000);
  });
});

describe('a run', () => {
  it('is the same twice: state, schedule, steps and time', () => {
    const [one, other] = [1, 2].map(() => run('cold-fault-with-mmap', 'patched').summary);
    expect(one).toEqual(other);
  });

  it('has the same state hash at every hundredth step of two runs, one of them cut in pieces', () => {
    const [one, other] = [1, 2].map(() => prepare('cold-fault-with-mmap', shippedTree('patched')));
    if (one === undefined || other === undefined) throw new Error('no runs');
    for (let position = 100; ; position += 100) {
      const stop = one.machine.run({ budget: 1_000, untilPosition: position, breakpoints: false });
      while (other.machine.position < one.machine.position) {
        const left = one.machine.position - other.machine.position;
        other.machine.run({ budget: Math.min(7, left), breakpoints: false });
      }
      expect(other.machine.stateHash()).toBe(one.machine.stateHash());
      if (stop.kind === 'finished') return;
    }
  });

  it('has the same state hash at every scheduling point of two runs', () => {
    const [one, other] = [1, 2].map(
      () => prepare('cold-fault-with-mmap', shippedTree('patched')).machine,
    );
    if (one === undefined || other === undefined) throw new Error('no runs');
    let points = 0;
    while (one.run({ budget: 1, breakpoints: false }).kind === 'budget') {
      const { pc } = one.task(one.cpu(one.currentCpu).task);
      const isPoint = pc === undefined || ((one.program.code[pc] ?? 0) & FLAG_VISIBLE) !== 0;
      if (!isPoint) continue;
      points += 1;
      other.run({ budget: 1e9, untilPosition: one.position, breakpoints: false });
      if (other.stateHash() !== one.stateHash()) expect(other.position).toBe('the same state');
    }
    expect(points).toBeGreaterThan(500);
  });

  it('replays from its own schedule to the same state, also a random one', () => {
    const tree = shippedTree('patched');
    for (const seed of [1, 2, 3, 4]) {
      const { summary } = finish(prepare('cold-fault-with-mmap', tree, { seed }));
      expect(summary.outcome).toBe('completed');
      const again = finish(
        prepare('cold-fault-with-mmap', tree, { schedule: summary.schedule }),
      ).summary;
      expect(again.stateHash).toBe(summary.stateHash);
    }
  });

  it('refuses the schedule of another kernel', () => {
    const { summary } = run('cold-fault', 'patched');
    const prepareOther = (): unknown =>
      prepare('cold-fault', shippedTree('unpatched'), { schedule: summary.schedule });
    expect(prepareOther).toThrow('another kernel');
  });

  it('ends with outcome limit when it is too long', () => {
    const { summary } = finish(prepare('cold-fault', shippedTree('patched'), { stepLimit: 5_000 }));
    expect(summary.outcome).toBe('limit');
  });
});
