// The loop of loop.c beside JSCPP, an interpreter of C++ written in JavaScript: nanoseconds of one iteration in both.
//
// JSCPP gets far fewer iterations; what it takes to start is measured with a single one and subtracted.
import JSCPP from 'JSCPP';
import { CHECKS_OFF, hasOption, medianOf, runOnMachine } from './support/measure.mjs';

const OUR_ITERATIONS = 10_000_000;
const PEER_ITERATIONS = 20_000;
const NS_PER_MS = 1e6;

function source(iterations) {
  return `#include <iostream>
int main() {
  int i, s = 0, n = ${iterations};
  for (i = 0; i < n; i++) {
    int flag = 8;
    int f = flag | (i & 1);
    if (f & 8) { flag = 0; s += f; }
    s ^= i;
    s -= 1;
  }
  return s == ${sumOf(iterations)} ? 0 : 1;
}`;
}

/** What the loop computes. */
function sumOf(iterations) {
  let sum = 0;
  for (let i = 0; i < iterations; i += 1) sum = ((sum + (8 | (i & 1))) ^ i) - 1;
  return sum;
}

function runPeer(iterations) {
  if (JSCPP.run(source(iterations), '', { stdio: { write: () => undefined } }) !== 0) {
    throw new Error('JSCPP computes something else.');
  }
}

/** Nanoseconds of one iteration under JSCPP. */
function peer() {
  const start = medianOf(3, () => runPeer(1));
  const whole = medianOf(3, () => runPeer(PEER_ITERATIONS));
  return ((whole - start) / PEER_ITERATIONS) * NS_PER_MS;
}

/** Nanoseconds of one iteration on the machine. */
function ours(...options) {
  return (runOnMachine('loop.c', ...options) / OUR_ITERATIONS) * NS_PER_MS;
}

export const benchmarks = [
  {
    name: 'iteration: of loop.c on the machine, beside JSCPP',
    ours: () => ours(),
    peer,
    unit: 'ns',
  },
  ...(hasOption('--checks')
    ? [
        {
          name: 'iteration: of loop.c on the machine, checks off, beside JSCPP',
          ours: () => ours(...CHECKS_OFF),
          peer,
          unit: 'ns',
        },
      ]
    : []),
];
