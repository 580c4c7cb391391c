// The rules of the kernel beside a run without them: CPU time of the same scenario, on the kernels that ship.
//
// `benchmarks` is for scripts/bench.mjs: `ours` watches and `peer` does not; both return milliseconds, the least of a
// few runs without compiling and booting. Their ratio is what the rules cost; it should stay below 2.
import path from 'node:path';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import { loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { prepareRun } from '../../src/scenario/prepareRun.ts';
import { runToEnd } from '../../src/scenario/runScenario.ts';
import { leastOf, type Benchmark } from './support/benchmark.ts';

const RUNS = 5;
/**
 * Virtual time that takes long enough: the two kernels make 13 million steps and 200,000 in a second, and in the first
 * million or two the host is still compiling us.
 */
const DURATIONS_NS = { patched: 1_000_000_000, unpatched: 30_000_000_000 };
const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));

function runOnce(name: string, kernel: keyof typeof DURATIONS_NS, rules: string): number {
  const { scenario, programs } = loadBuiltInScenario(media, name);
  const { tree } = loadKernelTree(media, kernel);
  if (scenario === undefined || tree === undefined) throw new Error(`${name} cannot be loaded.`);
  const parameters = { durationNs: DURATIONS_NS[kernel] };
  const { run } = prepareRun({ scenario, programs, tree, rules, parameters });
  if (run === undefined) throw new Error(`${name} cannot be prepared.`);
  const start = process.cpuUsage();
  const result = runToEnd(run);
  const { user, system } = process.cpuUsage(start);
  if (result?.stop.kind !== 'finished') throw new Error(`${name} went wrong.`);
  return (user + system) / 1000;
}

/** All benchmarks of the rules. */
export const benchmarks: readonly Benchmark[] = (['patched', 'unpatched'] as const).map(
  (kernel) => ({
    name: `rules: benchmark-2010 on ${kernel}, all rules on beside off`,
    unit: 'ms',
    ours: () => leastOf(RUNS, () => runOnce('benchmark-2010', kernel, 'on')),
    peer: () => leastOf(RUNS, () => runOnce('benchmark-2010', kernel, 'off')),
  }),
);
