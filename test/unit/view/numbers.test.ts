// The numbers of the panel are those that `faultline run --format json` reports.
import { describe, expect, it } from 'vitest';
import type { LockSummary, RunSummary } from '../../../src/scenario/runSummary.ts';
import type { NumbersModel } from '../../../src/view/numbersModel.ts';
import { panelStateOf, runTo } from '../../support/panelStates.ts';
import { finish, prepare, shippedTree } from '../../support/preparedRun.ts';

const SCENARIOS = ['cold-fault-with-mmap', 'retry-behind-writers', 'peek-cold-page', 'two-loaders'];

type Row = readonly [lock: string, task: string, ...figures: readonly number[]];

function rowsOfSummary({ locks }: RunSummary): readonly Row[] {
  const row = (lock: string, task: string, figures: LockSummary): Row => [
    lock,
    task,
    figures.readHoldMaxNs,
    figures.writeHoldMaxNs,
    figures.waitMaxNs,
    figures.contended,
  ];
  return Object.entries(locks).flatMap(([lock, { perTask }]) =>
    Object.entries(perTask).map(([task, figures]) => row(lock, task, figures)),
  );
}

function rowsOfModel({ locks }: NumbersModel): readonly Row[] {
  return locks
    .filter(({ lock }) => lock !== 'page locks')
    .map((item) => [
      item.lock,
      item.task,
      item.longestReadHoldNs,
      item.longestWriteHoldNs,
      item.longestWaitNs,
      item.waits,
    ]);
}

describe('the numbers', () => {
  for (const kernel of ['patched', 'unpatched']) {
    for (const scenario of SCENARIOS) {
      it(`of ${scenario} on ${kernel} are those of the command line`, () => {
        const { run, summary } = finish(prepare(scenario, shippedTree(kernel)));
        const { numbers } = panelStateOf(run);
        expect(Object.fromEntries(numbers.counters)).toMatchObject(summary.counters);
        expect(numbers.faults).toEqual(
          summary.tasks.map(({ name, maj_flt: major, min_flt: minor }) => ({
            task: name,
            major,
            minor,
          })),
        );
        expect(rowsOfModel(numbers)).toEqual(rowsOfSummary(summary));
        expect(rowsOfModel(numbers).length).toBeGreaterThan(1);
      });
    }
  }

  it('tell how long a hold and a wait last that have not ended', () => {
    const run = prepare('cold-fault-with-mmap', shippedTree('unpatched'));
    // The mapper waits while the toucher sleeps inside.
    for (let position = 0; ; position += 500) {
      if (!runTo(run, position)) throw new Error('nobody ever waits');
      const { numbers, locks } = panelStateOf(run);
      if (
        locks[0]?.queue.length === 0 ||
        numbers.locks.every(({ waitNs }) => waitNs === undefined)
      ) {
        continue;
      }
      const find = (task: string) =>
        numbers.locks.find((item) => item.lock === 'mmap_sem' && item.task === task);
      const now = run.machine.nowNs();
      const [holder] = locks[0]?.holders ?? [];
      expect(find('toucher')).toMatchObject({
        holdNs: now - (holder?.sinceNs ?? 0),
        holdMode: 'read',
      });
      expect(find('mapper')?.waitNs).toBe(now - (locks[0]?.queue[0]?.sinceNs ?? 0));
      expect(find('mapper')?.longestWaitNs).toBe(find('mapper')?.waitNs);
      break;
    }
  });

  it('tell of page locks where the patch moves the wait to', () => {
    const waitsOf = (kernel: string): NumbersModel['locks'] =>
      panelStateOf(finish(prepare('cold-fault-with-mmap', shippedTree(kernel))).run).numbers.locks;
    const longest = (rows: NumbersModel['locks'], lock: string): number =>
      Math.max(...rows.filter((row) => row.lock === lock).map((row) => row.longestWaitNs));
    const [before, after] = [waitsOf('unpatched'), waitsOf('patched')];
    expect(longest(before, 'mmap_sem')).toBeGreaterThan(10e6);
    expect(longest(after, 'mmap_sem')).toBeLessThan(1e6);
    expect(longest(after, 'page locks')).toBeGreaterThan(10e6);
    expect(after.find(({ task }) => task === 'disk')?.longestWriteHoldNs).toBeGreaterThan(10e6);
  });
});
