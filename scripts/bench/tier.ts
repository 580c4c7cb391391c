// Generated code beside the interpreter: the C programs of this folder on both execution tiers, and each beside gcc -O0.
//
// `benchmarks` is for scripts/bench.mjs: `ours` and `peer` return milliseconds, the least of a few runs; ours are
// CPU time without the compilation of the C. A peer that is not installed gives `NaN`. Alone it prints a table.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Program } from '../../src/bytecode/program.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import type { ExecutionTier } from '../../src/machine/machineConfig.ts';
import { leastOf, type Benchmark } from './support/benchmark.ts';

const folder = import.meta.dirname;
const RUNS = 5;
const STEP_LIMIT = 1e9;

function compileProgram(name: string): Program {
  const file = path.join(folder, name);
  const { program } = compileHosted(
    { path: file, text: readFileSync(file, 'utf8') },
    createNodeMedia(path.join(folder, '../../media')),
    () => undefined,
  );
  if (program === undefined) throw new Error(`${name} does not compile.`);
  return program;
}

function runOnTier(name: string, tier: ExecutionTier): number {
  const program = compileProgram(name);
  return leastOf(RUNS, () => {
    const start = process.cpuUsage();
    const { stop } = runHosted(program, [name], () => undefined, {
      maxSteps: STEP_LIMIT,
      tier,
    });
    const { user, system } = process.cpuUsage(start);
    if (stop.kind !== 'finished' || stop.exitStatus !== 0) throw new Error(`${name} went wrong.`);
    return (user + system) / 1000;
  });
}

function runCompiled(name: string): number {
  const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  try {
    const binary = path.join(scratch, 'program');
    const built = spawnSync('gcc', ['-O0', '-o', binary, path.join(folder, name)]);
    if (built.status !== 0) return NaN;
    return leastOf(4 * RUNS, () => {
      const start = process.hrtime.bigint();
      if (spawnSync(binary).status !== 0) throw new Error(`${name} computes something else.`);
      return Number(process.hrtime.bigint() - start) / 1e6;
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const programs = ['loop.c', 'calls.c', 'pointers.c', 'structs.c', 'sieve.c'];

/** All of them. */
export const benchmarks: readonly Benchmark[] = [
  ...programs.map((name): Benchmark => ({
    name: `tier: ${name} in generated code, beside the interpreter`,
    unit: 'ms',
    ours: () => runOnTier(name, 'generated'),
    peer: () => runOnTier(name, 'interpreter'),
  })),
  ...programs.map((name): Benchmark => ({
    name: `tier: ${name} in generated code, beside gcc -O0`,
    unit: 'ms',
    ours: () => runOnTier(name, 'generated'),
    peer: () => runCompiled(name),
  })),
];

if (process.argv[1] === import.meta.filename) {
  for (const { name, unit, ours, peer } of benchmarks) {
    const [one, other] = [ours(), peer()];
    const ratio = (one / other).toFixed(2);
    console.log(
      `${name.padEnd(64)} ${one.toFixed(1)} ${unit}  peer ${other.toFixed(1)} ${unit}  x${ratio}`,
    );
  }
}
