// The published benchmark, which is the longest run that ships: real time of ten virtual seconds on the patched kernel, beside the
// time of a bare loop of Node that does as many additions as the run has steps, and beside the virtual time itself.
import { performance } from 'node:perf_hooks';
import { cli, medianOf, runNode } from './support/measure.mjs';

const SCENARIO = 'benchmark-2010';
const VIRTUAL_SECONDS = 10;

/** Runs it once; the milliseconds, the start of the command line included. */
function runOnce(...options) {
  const start = performance.now();
  const { outcome } = JSON.parse(runNode(cli, 'run', SCENARIO, '--format', 'json', ...options));
  if (outcome !== 'completed') throw new Error(`${SCENARIO} ended with ${outcome}.`);
  return performance.now() - start;
}

/** The least of some runs: what else the machine does only makes them slower. */
function leastOf(runs, ...options) {
  return Math.min(...Array.from({ length: runs }, () => runOnce(...options)));
}

let steps = 0;

function countSteps() {
  steps ||= JSON.parse(runNode(cli, 'run', SCENARIO, '--format', 'json')).steps;
  return steps;
}

/** As many additions to a word of memory as the run has steps, in a process of its own. */
function bareLoop() {
  const loop = `const w = new Int32Array(1024); for (let i = 0; i < ${countSteps()}; i++) w[i & 1023] += i;`;
  return medianOf(3, () => runNode('-e', loop));
}

export const benchmarks = [
  {
    name: 'benchmark-2010: real time per virtual second, beside the virtual second',
    ours: () => leastOf(3) / VIRTUAL_SECONDS,
    peer: () => 1000,
    unit: 'ms',
  },
  {
    name: 'benchmark-2010: the same with checks off',
    ours: () => leastOf(3, '--checks', 'off') / VIRTUAL_SECONDS,
    peer: () => 1000,
    unit: 'ms',
  },
  {
    name: 'benchmark-2010: the whole run, beside a bare loop of Node of as many steps',
    ours: () => leastOf(3),
    peer: bareLoop,
    unit: 'ms',
  },
];
