// State hashes: the same whether memory was hashed before it was written or only afterwards.
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { FREE_BASE, RUN_ON, runKernelTasks } from '../../support/testMachine.ts';

/** Far from everything that the run itself writes: a page of zeros. */
const UNTOUCHED = asAddress(FREE_BASE + 0x80000);

function machineAt(position: number): Machine {
  const machine = runKernelTasks(1, [
    (f) => {
      for (let index = 0; index < 20; index += 1) f.statement().visible().op('nop');
    },
  ]);
  machine.run({ ...RUN_ON, untilPosition: position });
  return machine;
}

function write(machine: Machine, offset: number): void {
  const address = asAddress(UNTOUCHED + offset);
  machine.intervene({ kind: 'kernel', address, bytes: Uint8Array.of(7, 0, 0, 0) });
}

describe('a state hash', () => {
  // The first word of a page, one in the middle and the last.
  it.each([0, 2044, 4092])('counts a write to a page that was zero, at byte %i', (offset) => {
    const hashedBefore = machineAt(10);
    const without = hashedBefore.stateHash();
    write(hashedBefore, offset);
    const hashedAfter = machineAt(10);
    write(hashedAfter, offset);
    expect(hashedAfter.stateHash()).toBe(hashedBefore.stateHash());
    expect(hashedAfter.stateHash()).not.toBe(without);
    expect(machineAt(10).stateHash()).toBe(without);
  });
});
