/** Who watches a machine is told of each word that an atomic operation really changes, and of no other. */
import { describe, expect, it } from 'vitest';
import type { IntrinsicName } from '../../../src/bytecode/intrinsic.ts';
import { Machine } from '../../../src/machine/machine.ts';
import type { Watcher } from '../../../src/machine/watcher.ts';
import { D, L, ProgramBuilder } from '../../support/programBuilder.ts';
import { addKernelTasks, configOf, runToEnd, startAll } from '../../support/testMachine.ts';

/** A watcher that notes what it hears of atomic operations. */
function createListener(told: (readonly number[])[]): Watcher {
  return {
    places: [],
    guardedPlaces: [],
    begin: () => undefined,
    arrive: () => false,
    touch: () => false,
    complain: () => undefined,
    annotating: () => undefined,
    annotated: () => undefined,
    changed: (address, before) => told.push([address, before]),
    slept: () => undefined,
    exiting: () => undefined,
    returning: () => undefined,
    settle: () => undefined,
    explain: (fault) => fault,
  };
}

/** What is told of one intrinsic; the words D(0) and D(1) are 7 and 4 before it. */
function hear(name: IntrinsicName, ...args: readonly number[]): (readonly number[])[] {
  const told: (readonly number[])[] = [];
  const builder = addKernelTasks(new ProgramBuilder(), 1, (f) => {
    f.poke(D(0), 7)
      .poke(D(1), 4)
      .intrinsic(L(0), name, ...args);
  });
  const config = configOf(builder, { triggers: startAll(1) });
  const machine = new Machine(config, () => createListener(told));
  expect(machine.boot()).toBeUndefined();
  runToEnd(machine);
  return told;
}

const at0 = D(0) | 0;
const at1 = D(1) | 0;

describe('a watcher', () => {
  it('is told which word an atomic operation changes, and what it was', () => {
    expect(hear('fl_atomic_add', D(0), 5)).toEqual([[at0, 7]]);
    expect(hear('fl_atomic_xchg', D(1), 0)).toEqual([[at1, 4]]);
    expect(hear('fl_atomic_cmpxchg', D(0), 7, 9)).toEqual([[at0, 7]]);
  });

  it.each(['fl_set_bit', 'fl_test_and_set_bit'] as const)('is told of the word of %s', (name) => {
    expect(hear(name, 3, D(0))).toEqual([[at0, 7]]);
    expect(hear(name, 32, D(0))).toEqual([[at1, 4]]);
    expect(hear(name, -31, D(1))).toEqual([]);
    expect(hear(name, -1, D(1))).toEqual([[at0, 7]]);
  });

  it.each(['fl_clear_bit', 'fl_test_and_clear_bit'] as const)(
    'is told of the word of %s',
    (name) => {
      expect(hear(name, 0, D(0))).toEqual([[at0, 7]]);
      expect(hear(name, 34, D(0))).toEqual([[at1, 4]]);
    },
  );

  it('is not told where the word stays as it was', () => {
    expect(hear('fl_atomic_cmpxchg', D(0), 8, 9)).toEqual([]);
    expect(hear('fl_atomic_xchg', D(0), 7)).toEqual([]);
    expect(hear('fl_set_bit', 0, D(0))).toEqual([]);
    expect(hear('fl_clear_bit', 3, D(0))).toEqual([]);
  });

  it('is not told of an operation that faults', () => {
    for (const name of ['fl_atomic_add', 'fl_atomic_xchg', 'fl_atomic_cmpxchg'] as const) {
      expect(hear(name, 4, 0, 1)).toEqual([]);
    }
    expect(hear('fl_set_bit', 1, 4)).toEqual([]);
  });
});
