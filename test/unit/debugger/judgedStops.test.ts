/** Slices of a run that passes a breakpoint all the time whose condition is false: deciding is work, too. */
import { describe, expect, it } from 'vitest';
import { Debugger } from '../../../src/debugger/debugger.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

const BUDGET = 50_000;

/** How far the slices of a run come, with a breakpoint on a function or without. */
function positionsOf(condition: string | undefined): readonly number[] {
  const { machine, program, entries, readers, tasks, kernelTasks } = prepare(
    'benchmark-2010',
    shippedTree('patched'),
  );
  const debug = new Debugger({ machine, program, entries, readers, tasks, kernelTasks });
  if (condition !== undefined) {
    debug.breakpoints.setFunctions([
      { id: 1, name: 'find_vma', rules: { mode: 'anyTask', condition } },
    ]);
  }
  const operation = debug.resume();
  return Array.from({ length: 5 }, () => {
    expect(operation.advance(BUDGET)).toBeUndefined();
    return machine.position;
  });
}

describe('a slice of a run', () => {
  it('takes its whole budget where nothing has to be decided', () => {
    expect(positionsOf(undefined).at(-1)).toBeGreaterThan(4 * BUDGET);
  });

  it('is shorter where a condition is checked all the time', () => {
    const positions = positionsOf('addr == 1');
    expect(positions.at(-1)).toBeLessThan(4 * BUDGET);
    expect(positions.every((position, at) => position > (positions[at - 1] ?? 0))).toBe(true);
  });
});
