/**
 * User code that runs on without asking at every instruction who goes on: the states, the clocks and the count of
 * decisions are those of a run that asks. A breakpoint that is never reached makes a run ask.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { prepare, scenarioOf, shippedTree } from '../support/preparedRun.ts';

/** Counts down, loads from a cold page of the file now and then, and exits. */
function looper(rounds: number, page: number): string {
  return `
        movl    $${String(rounds)}, %ecx
again:
        addl    %ecx, heap + ${String(4 * page)}
        decl    %ecx
        jnz     again
        movzbl  data + 4096 * ${String(page)}, %ebx
        movl    $${String(rounds)}, %ecx
more:
        decl    %ecx
        jnz     more
        movl    $1, %eax
        int     $0x80
`;
}

const tasks = [
  { cpu: 0, atNs: 0, rounds: 300 },
  { cpu: 1, atNs: 1000, rounds: 200 },
  { cpu: 1, atNs: 1500, rounds: 100 },
  { cpu: 2, atNs: 12_502_000, rounds: 400 },
];

const source = scenarioOf(
  JSON.stringify({
    version: 1,
    title: 'Loops',
    machine: { cpus: 3, preset: 'disk-2010', readahead: 0 },
    files: [{ name: 'data.bin', pages: 8, content: 'pattern' }],
    processes: [
      {
        name: 'demo',
        maps: [
          { name: 'data', file: 'data.bin', pages: 8, prot: 'r', flags: 'private' },
          { name: 'heap', anon: true, pages: 1, prot: 'rw', flags: 'private' },
        ],
      },
    ],
    tasks: tasks.map(({ cpu, atNs }, index) => ({
      name: `t${String(index)}`,
      process: 'demo',
      cpu,
      program: `p${String(index)}.task.s`,
      start: { atNs },
    })),
    expect: {},
  }),
  Object.fromEntries(
    tasks.map(({ rounds }, index) => [`p${String(index)}.task.s`, looper(rounds, index)]),
  ),
);

function machineOf(asks: boolean, seed?: number): Machine {
  const { machine, tasks: prepared } = prepare(
    source,
    shippedTree('patched'),
    seed === undefined ? {} : { seed },
  );
  if (asks) {
    machine.setUserBreakpoints(prepared.map(({ id }) => ({ taskId: id, address: asAddress(16) })));
  }
  return machine;
}

describe('user code', () => {
  it.each([undefined, 1])('is the same with and without asking, seed %s', (seed) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 5 }), (slices) => {
        const asking = machineOf(true, seed);
        const quiet = machineOf(false, seed);
        for (const budget of [...slices, 1e6]) {
          const one = asking.run({ budget, breakpoints: true });
          const other = quiet.run({ budget, breakpoints: true });
          expect(other).toEqual(one);
          expect(quiet.position).toBe(asking.position);
          expect(quiet.stateHash()).toBe(asking.stateHash());
        }
        expect(quiet.nowNs()).toBeGreaterThan(12_500_000);
        expect(quiet.schedule()).toBe(asking.schedule());
      }),
      { numRuns: 4 },
    );
  });
});
