// A breakpoint on data beside none: CPU time of the same stretch of a run in the debugger, on a field that is
// written all the time.
//
// The field is `mmap_sem.count` in `benchmark-2010`. A stop would end the run, so each breakpoint asks for more than it ever
// gets: a hit count that is never reached, or a condition that never holds, which is evaluated at every write.
// `benchmarks` is for scripts/bench.mjs; the ratio should stay below 2.
import path from 'node:path';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import type { BreakpointRules } from '../../src/debugger/breakpointTable.ts';
import { placeOfValue } from '../../src/debugger/dataPlaces.ts';
import { Debugger } from '../../src/debugger/debugger.ts';
import { evaluateAt } from '../../src/debugger/evaluation.ts';
import type { Operation } from '../../src/debugger/operation.ts';
import { stackRows } from '../../src/debugger/stackRows.ts';
import { loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { prepareRun } from '../../src/scenario/prepareRun.ts';
import { leastOf, type Benchmark } from './support/benchmark.ts';

const RUNS = 3;
const SLICE = 100_000;
/** Long enough that the host is done with compiling us after a part of it. */
const DURATION_NS = 2_000_000_000;
const FIELD = 'current->mm->mmap_sem.count';
const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));

function finish(operation: Operation): string {
  for (;;) {
    const stop = operation.advance(SLICE);
    if (stop !== undefined) return stop.reason;
  }
}

function runOnce(rules: BreakpointRules | undefined, access: 'write' | 'readWrite'): number {
  const { scenario, programs } = loadBuiltInScenario(media, 'benchmark-2010');
  const { tree } = loadKernelTree(media, 'patched');
  if (scenario === undefined || tree === undefined) throw new Error('The benchmark is not loaded.');
  const { run } = prepareRun({
    scenario,
    programs,
    tree,
    parameters: { durationNs: DURATION_NS },
  });
  if (run === undefined) throw new Error('The benchmark cannot be prepared.');
  const debug = new Debugger(run);
  finish(debug.start(true));
  if (rules !== undefined) {
    const { target } = debug;
    const { task } = debug.lastStop;
    const row = task === undefined ? undefined : stackRows(target, task)[0];
    const place = placeOfValue(target, row, evaluateAt(target, row, FIELD), FIELD);
    debug.breakpoints.setData([{ id: 1, place, access, rules }]);
  }
  const start = process.cpuUsage();
  const reason = finish(debug.resume());
  const { user, system } = process.cpuUsage(start);
  if (reason !== 'finished') throw new Error(`The run ended with ${reason}.`);
  return (user + system) / 1000;
}

const plain = (): number => leastOf(RUNS, () => runOnce(undefined, 'write'));

/** All benchmarks of breakpoints on data. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'watchpoints: writes of mmap_sem.count, counted, beside no breakpoint',
    unit: 'ms',
    ours: () =>
      leastOf(RUNS, () => runOnce({ mode: 'anyTask', hitCondition: '> 99999999' }, 'write')),
    peer: plain,
  },
  {
    name: 'watchpoints: the same with a condition that is evaluated each time',
    unit: 'ms',
    ours: () =>
      leastOf(RUNS, () => runOnce({ mode: 'anyTask', condition: 'current->pid == 77' }, 'write')),
    peer: plain,
  },
  {
    name: 'watchpoints: reads and writes of it, counted',
    unit: 'ms',
    ours: () =>
      leastOf(RUNS, () => runOnce({ mode: 'anyTask', hitCondition: '> 99999999' }, 'readWrite')),
    peer: plain,
  },
];
