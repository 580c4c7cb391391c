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

/** One figure and what it is compared with. */
export interface Benchmark {
  readonly name: string;
  readonly unit: 'ms';
  readonly ours: () => number;
  readonly peer: () => number;
}

const RUNS = 5;
/** A second of virtual time is enough. */
const SHORT = { durationNs: 1_000_000_000 };
const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));

function runOnce(name: string, kernel: string, rules: string): number {
  const { scenario, programs } = loadBuiltInScenario(media, name);
  const { tree } = loadKernelTree(media, kernel);
  if (scenario === undefined || tree === undefined) throw new Error(`${name} cannot be loaded.`);
  const { run } = prepareRun({ scenario, programs, tree, rules, parameters: SHORT });
  if (run === undefined) throw new Error(`${name} cannot be prepared.`);
  const start = process.cpuUsage();
  const result = runToEnd(run);
  const { user, system } = process.cpuUsage(start);
  if (result?.stop.kind !== 'finished') throw new Error(`${name} went wrong.`);
  return (user + system) / 1000;
}

function leastOf(name: string, kernel: string, rules: string): number {
  return Math.min(...Array.from({ length: RUNS }, () => runOnce(name, kernel, rules)));
}

/** All benchmarks of the rules. */
export const benchmarks: readonly Benchmark[] = ['patched', 'unpatched'].map((kernel) => ({
  name: `rules: benchmark-2010 on ${kernel}, all rules on beside off`,
  unit: 'ms',
  ours: () => leastOf('benchmark-2010', kernel, 'on'),
  peer: () => leastOf('benchmark-2010', kernel, 'off'),
}));
