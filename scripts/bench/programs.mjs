// C programs on the machine beside the same ones compiled by `gcc -O0`, and a sieve beside plain JavaScript; with the default
// checks, and without them where the command line can switch them off.
import { CHECKS_OFF, hasOption, medianOf, runCompiled, runOnMachine } from './support/measure.mjs';
import { runSieve } from './support/sieve.mjs';

const names = ['loop', 'calls', 'pointers', 'structs'];
const variants = hasOption('--checks')
  ? [
      { label: '', options: [] },
      { label: ', checks off', options: CHECKS_OFF },
    ]
  : [{ label: '', options: [] }];

/** gcc's time of a program, measured once for both variants. */
const compiledTimes = new Map();

function compiledTime(program) {
  const known = compiledTimes.get(program) ?? runCompiled(program);
  compiledTimes.set(program, known);
  return known;
}

export const benchmarks = [
  ...names.flatMap((name) =>
    variants.map(({ label, options }) => ({
      name: `cc: ${name}.c on the machine${label}, beside gcc -O0`,
      ours: () => runOnMachine(`${name}.c`, ...options),
      peer: () => compiledTime(`${name}.c`),
      unit: 'ms',
    })),
  ),
  ...variants.map(({ label, options }) => ({
    name: `cc: a sieve in C on the machine${label}, beside the same in plain JavaScript`,
    ours: () => runOnMachine('sieve.c', ...options),
    peer: () => medianOf(20, runSieve),
    unit: 'ms',
  })),
];
