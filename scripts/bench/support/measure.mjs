// How the benchmarks measure: wall-clock times of Node processes, C programs on the machine and under gcc.
//
// All times are in milliseconds. A child process that fails ends the benchmark with what it said.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { root } from '../../paths.mjs';

/** The built command line. */
export const cli = path.join(root, 'dist/cli.js');

/** The folder of the C programs. */
export const programs = path.join(root, 'scripts/bench');

/** The options of the command line that switch the checks of undefined behavior off. */
export const CHECKS_OFF = ['--checks', 'off'];

/** The median time of some runs. */
export function medianOf(runs, work) {
  return median(Array.from({ length: runs }, () => timeOf(work)));
}

/** The middle one of some figures. */
export function median(figures) {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];
}

function timeOf(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Runs Node with arguments; what it printed. Errors: throws when it fails. */
export function runNode(...args) {
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`node ${args.join(' ')} ended with ${result.status}:\n${result.stderr}`);
  }
  return result.stdout;
}

/**
 * The least of a figure that a script prints as its only output, each time in a process of its own: what else the machine does
 * only makes a process slower.
 */
export function leastOfProcesses(runs, ...args) {
  return Math.min(...Array.from({ length: runs }, () => Number(runNode(...args))));
}

/** The time of starting an empty Node. */
export function startEmptyNode() {
  return medianOf(5, () => runNode('-e', '0'));
}

/** The time of a C program on the machine, without the start of the command line. */
export function runOnMachine(program, ...options) {
  const run = (file) => runNode(cli, 'cc', ...options, path.join(programs, file));
  const whole = medianOf(3, () => run(program));
  const start = medianOf(3, () => run('empty.c'));
  return whole - start;
}

/** The time of a C program that gcc has compiled without optimization; `NaN` where there is no gcc. */
export function runCompiled(program) {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  try {
    const build = (source, binary) =>
      spawnSync('gcc', ['-O0', '-o', binary, path.join(programs, source)]).status === 0;
    const binary = path.join(folder, 'program');
    const empty = path.join(folder, 'empty');
    if (!build(program, binary) || !build('empty.c', empty)) return NaN;
    const run = (file) => {
      if (spawnSync(file).status !== 0) throw new Error(`${program} computes something else.`);
    };
    return medianOf(7, () => run(binary)) - medianOf(7, () => run(empty));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether the command line has an option for `cc`. */
export function hasOption(option) {
  return runNode(cli, 'cc', '--help').includes(option);
}
