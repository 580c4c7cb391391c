// Every shipped scenario on one to eight CPUs: it comes to its end, and its tasks read what they should.
// Where events happen, who comes first depends on the CPUs; so then only the end counts.
import { describe, expect, it } from 'vitest';
import { listScenarios, loadBuiltInScenario } from '../../../src/scenario/catalog.ts';
import { media } from '../../support/nodeMedia.ts';
import {
  finish,
  prepare,
  scenarioWithCpus,
  scenarioOf,
  shippedTree,
} from '../../support/preparedRun.ts';

const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8];
// The benchmark is the one that runs for long.
const SCENARIOS = listScenarios(media).filter((name) => name !== 'benchmark-2010');
// Where a duration ends the run there is a task that never gives its CPU to another one.
const WITHOUT_EVENTS = SCENARIOS.filter((name) => {
  const data = loadBuiltInScenario(media, name).scenario?.data;
  return data?.events === undefined && data?.duration === undefined;
});
const KERNELS = ['patched', 'unpatched'];

describe.each(KERNELS)('on one to eight CPUs, the %s kernel', (kernel) => {
  const tree = shippedTree(kernel);

  /** The scenario on that many CPUs ends with the tasks and counters of the shipped one. */
  function expectSame(name: string, counts: readonly number[]): void {
    const plain = finish(prepare(name, tree)).summary;
    for (const count of counts) {
      const { summary } = finish(prepare(scenarioWithCpus(name, count), tree));
      expect(summary.outcome).toBe('completed');
      expect(summary.violations).toEqual([]);
      expect(summary.tasks.map(({ exit }) => exit)).toEqual(plain.tasks.map(({ exit }) => exit));
      expect(summary.counters).toEqual(plain.counters);
    }
  }

  it('runs the headline scenario on each number of them', () => {
    expectSame('cold-fault-with-mmap', COUNTS);
  });

  // How much memory there is to use up depends on the number of CPUs.
  it.each(WITHOUT_EVENTS.filter((name) => name !== 'memory-hog'))(
    'runs %s on the fewest and the most',
    (name) => {
      expectSame(name, [1, 8]);
    },
  );

  it.each(SCENARIOS.filter((name) => !WITHOUT_EVENTS.includes(name)))(
    'runs %s, with events or a duration, to its end on the fewest and the most',
    (name) => {
      // The victim of the OOM killer never gives its CPU away, so the others need their own.
      const counts = name === 'out-of-memory' ? [3, 8] : [1, 8];
      for (const count of counts) {
        const { summary } = finish(prepare(scenarioWithCpus(name, count), tree));
        expect(summary.outcome).toBe('completed');
        expect(summary.violations).toEqual([]);
      }
    },
  );

  it.each(SCENARIOS)('runs %s to its end by chance', (name) => {
    const seed = name.length;
    const { summary } = finish(prepare(scenarioWithCpus(name, 2 + (seed % 7)), tree, { seed }));
    expect(summary.outcome).toBe('completed');
    expect(summary.violations).toEqual([]);
  });

  it('keeps the counters of all its CPUs', () => {
    const tasks = COUNTS.map((_, cpu) => ({
      name: `t${String(cpu)}`,
      process: 'p',
      cpu,
      program: 'loader.task.s',
      args: [4096 * cpu],
    }));
    const text = JSON.stringify({
      version: 1,
      title: 'a task on every CPU',
      machine: { cpus: 8 },
      files: [{ name: 'f', pages: 8, content: 'pattern', cached: COUNTS.map((_, page) => page) }],
      processes: [
        { name: 'p', maps: [{ name: 'data', file: 'f', pages: 8, prot: 'r', flags: 'private' }] },
      ],
      tasks,
    });
    const program = media.read('scenarios/loader.task.s') ?? '';
    const { run, summary } = finish(prepare(scenarioOf(text, { 'loader.task.s': program }), tree));
    expect(run.tasks.map(({ id }) => run.machine.task(id).cpu)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(summary.tasks.map(({ min_flt }) => min_flt)).toEqual(COUNTS.map(() => 1));
    expect(summary.counters).toMatchObject({ PGFAULT: 8, SW_PAGE_FAULTS: 8, PGMAJFAULT: 0 });
  });
});
