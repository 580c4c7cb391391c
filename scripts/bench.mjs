// `npm run bench`: how fast the built command line is, each figure beside a peer that says what it should be compared with.
//
//   npm run bench                a table
//   npm run bench -- --json      one line of JSON per benchmark: { name, ours, peer, unit, ratio }
//
// Times are medians in milliseconds; `ratio` is ours divided by the peer. A peer that is not installed (gcc) gives null. It measures dist/cli.js as it stands, so build
// first. The exit code is 1 when a benchmark does not do its work; slow is not wrong.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { runSieve } from './bench/sieve.mjs';
import { root } from './paths.mjs';

const cli = path.join(root, 'dist/cli.js');
const programs = path.join(root, 'scripts/bench');

/** Name, what is measured, and the peer beside it; both return milliseconds. */
const benchmarks = [
  {
    name: 'start: faultline --help, beside an empty Node',
    ours: () => medianOf(5, () => runNode(cli, '--help')),
    peer: () => medianOf(5, () => runNode('-e', '0')),
  },
  {
    name: 'run: cold-fault-with-mmap from start to end, beside an empty Node',
    ours: () => medianOf(5, () => runNode(cli, 'run', 'cold-fault-with-mmap', '--format', 'json')),
    peer: () => medianOf(5, () => runNode('-e', '0')),
  },
  {
    name: 'cc: a sieve in C on the machine, beside the same in plain JavaScript',
    ours: () => runOnMachine('sieve.c'),
    peer: () => medianOf(20, runSieve),
  },
  ...['loop', 'calls', 'pointers', 'structs'].map((program) => ({
    name: `cc: ${program}.c on the machine, beside gcc -O0`,
    ours: () => runOnMachine(`${program}.c`),
    peer: () => runCompiled(`${program}.c`),
  })),
];

try {
  if (!existsSync(cli)) throw new Error('dist/cli.js is missing: run `npm run build` first.');
  const isJson = process.argv.includes('--json');
  for (const { name, ours, peer } of benchmarks) {
    const row = { name, ours: round(ours()), peer: round(peer()), unit: 'ms' };
    const line = { ...row, ratio: round(row.ours / row.peer) };
    console.log(isJson ? JSON.stringify(line) : toTableLine(line));
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Runs Node with arguments. Errors: throws when it fails, with what it said. */
function runNode(...args) {
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`node ${args.join(' ')} ended with ${result.status}:\n${result.stderr}`);
  }
}

/** The time of a C program on the machine, in milliseconds, without the start of the command line. */
function runOnMachine(program) {
  const whole = medianOf(3, () => runNode(cli, 'cc', path.join(programs, program)));
  const start = medianOf(3, () => runNode(cli, 'cc', path.join(programs, 'empty.c')));
  return whole - start;
}

/** The time of a C program that gcc has compiled without optimization; `NaN` where there is no gcc. */
function runCompiled(program) {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  try {
    const binary = path.join(folder, 'program');
    const built = spawnSync('gcc', ['-O0', '-o', binary, path.join(programs, program)]);
    if (built.status !== 0) return NaN;
    return medianOf(5, () => {
      if (spawnSync(binary).status !== 0) throw new Error(`${program} computes something else.`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The median time of some runs, in milliseconds. */
function medianOf(runs, work) {
  const times = [];
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}

function toTableLine({ name, ours, peer, unit, ratio }) {
  return `${name.padEnd(72)} ${ours.toFixed(2)} ${unit}  peer ${peer.toFixed(2)} ${unit}  x${ratio.toFixed(1)}`;
}
