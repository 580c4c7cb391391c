// The past of a run: any position can be computed again and is the same state, however few checkpoints
// are kept.
import { describe, expect, it } from 'vitest';
import { History, type HistoryLimits } from '../../../src/debugger/history.ts';
import { SlicedRunner, type Work } from '../../../src/debugger/operation.ts';
import { goToPosition } from '../../../src/debugger/reverse.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

const LENGTH = 24_000;
const LIMITS: HistoryLimits = { spacing: 500, count: 12, bytes: 1e9 };

/** Does work to its end, in slices. */
function work<Result>(runner: SlicedRunner, generator: Work<Result>, slice = 777): Result {
  for (;;) {
    runner.grant(slice);
    const step = generator.next();
    if (step.done === true) return step.value;
  }
}

function start(limits: HistoryLimits): {
  machine: Machine;
  history: History;
  runner: SlicedRunner;
} {
  const { machine } = prepare('cold-fault-with-mmap', shippedTree('patched'));
  const history = new History(machine, limits);
  return { machine, history, runner: new SlicedRunner(machine, history) };
}

describe('History', () => {
  it('finds every position again with the same state', () => {
    const { machine, history, runner } = start(LIMITS);
    const hashes = new Map<number, string>();
    for (let position = 0; position <= LENGTH; position += 1597) {
      work(runner, runner.run({ breakpoints: false, untilPosition: position }));
      hashes.set(position, machine.stateHash());
    }
    const context = { machine, program: machine.program, history, runner };
    const order = [...hashes.keys()].sort(
      (one, other) => ((one * 7919) % 31) - ((other * 7919) % 31),
    );
    for (const position of order) {
      work(runner, goToPosition(context, position));
      expect(machine.position).toBe(position);
      expect(machine.stateHash()).toBe(hashes.get(position));
    }
  });

  it('keeps the start, stays within its limit and thins out towards the past', () => {
    const { history, runner } = start(LIMITS);
    work(runner, runner.run({ breakpoints: false, untilPosition: LENGTH }));
    const { positions } = history;
    expect(positions[0]).toBe(0);
    expect(positions.length).toBeLessThanOrEqual(LIMITS.count);
    const gaps = positions.slice(1).map((position, index) => position - (positions[index] ?? 0));
    expect(gaps.at(-1)).toBe(LIMITS.spacing);
    expect(Math.max(...gaps)).toBeGreaterThan(2 * LIMITS.spacing);
    expect(gaps[0]).toBe(Math.max(...gaps));
  });

  it('goes back as far as one wants, also when memory is short', () => {
    const { machine, history, runner } = start({ ...LIMITS, bytes: 1 });
    work(runner, runner.run({ breakpoints: false, untilPosition: 9000 }));
    const hash = machine.stateHash();
    const context = { machine, program: machine.program, history, runner };
    work(runner, goToPosition(context, 10));
    work(runner, goToPosition(context, 9000));
    expect(machine.stateHash()).toBe(hash);
  });

  it('gives the same run in slices of any length', () => {
    const one = start(LIMITS);
    const other = start(LIMITS);
    work(one.runner, one.runner.run({ breakpoints: false, untilPosition: LENGTH }), 100_000);
    work(other.runner, other.runner.run({ breakpoints: false, untilPosition: LENGTH }), 13);
    expect(one.machine.stateHash()).toBe(other.machine.stateHash());
  });
});
