// The past of a run: any position can be computed again and is the same state, however few checkpoints
// are kept.
import { describe, expect, it } from 'vitest';
import { Debugger } from '../../../src/debugger/debugger.ts';
import { History, type HistoryLimits } from '../../../src/debugger/history.ts';
import { SlicedRunner, type Work } from '../../../src/debugger/operation.ts';
import {
  goToLastBreakpoint,
  goToLastStatement,
  goToPosition,
  type ReverseContext,
} from '../../../src/debugger/reverse.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

const LENGTH = 24_000;
const PLENTY: HistoryLimits = { spacing: 500, bytes: 1e9 };

/** Does work to its end, in slices. */
function work<Result>(runner: SlicedRunner, generator: Work<Result>, slice = 777): Result {
  for (;;) {
    runner.grant(slice);
    const step = generator.next();
    if (step.done === true) return step.value;
  }
}

interface Past {
  readonly machine: Machine;
  readonly history: History;
  readonly runner: SlicedRunner;
}

function start(limits: HistoryLimits, scenario = 'cold-fault-with-mmap'): Past {
  const { machine } = prepare(scenario, shippedTree('patched'));
  const history = new History(machine, limits);
  return { machine, history, runner: new SlicedRunner(machine, history) };
}

/** A past of a long run with room for the start and so many bytes more when it is 15/16 full. */
function startTight(bytes: number): Past & { readonly bound: number } {
  const { machine } = prepare('benchmark-2010', shippedTree('patched'));
  machine.takeCheckpoint();
  const bound = Math.ceil(((machine.checkpointBytes + bytes) / 15) * 16);
  return { ...start({ ...PLENTY, bytes: bound }, 'benchmark-2010'), bound };
}

function contextOf({ machine, history, runner }: Past): ReverseContext {
  return { machine, program: machine.program, history, runner };
}

function gapsOf(positions: readonly number[]): number[] {
  return positions.slice(1).map((position, index) => position - (positions[index] ?? 0));
}

describe('History', () => {
  it('finds every position again with the same state', () => {
    const past = start(PLENTY);
    const { machine, runner } = past;
    const hashes = new Map<number, string>();
    for (let position = 0; position <= LENGTH; position += 1597) {
      work(runner, runner.run({ breakpoints: false, untilPosition: position }));
      hashes.set(position, machine.stateHash());
    }
    const context = contextOf(past);
    const order = [...hashes.keys()].sort(
      (one, other) => ((one * 7919) % 31) - ((other * 7919) % 31),
    );
    for (const position of order) {
      work(runner, goToPosition(context, position));
      expect(machine.position).toBe(position);
      expect(machine.stateHash()).toBe(hashes.get(position));
    }
  });

  it('keeps states at even distances while there is room', () => {
    const { history, runner } = start(PLENTY);
    work(runner, runner.run({ breakpoints: false, untilPosition: LENGTH }));
    const gaps = gapsOf(history.positions);
    expect(history.positions[0]).toBe(0);
    expect(Math.min(...gaps)).toBeGreaterThan(PLENTY.spacing / 4);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(8 * PLENTY.spacing);
  });

  it('never takes more memory than it may, and thins out the oldest first', () => {
    const { machine, history, runner, bound } = startTight(1_000_000);
    let before: readonly number[] = [];
    let rounds = 0;
    for (let position = 0; position < 4 * LENGTH; position += 100) {
      work(runner, runner.run({ breakpoints: false, untilPosition: position }));
      expect(machine.checkpointBytes).toBeLessThan(bound);
      const { positions } = history;
      expect(positions[0]).toBe(0);
      const gone = before.filter((item) => !positions.includes(item));
      if (gone.length > 0) {
        rounds += 1;
        // What is gone is of the older part, which is less dense than the rest.
        const dense = positions.slice(-1 - Math.floor(positions.length / 4));
        expect(Math.max(...gone)).toBeLessThan(dense[0] ?? 0);
        const middle = positions[positions.length >> 1] ?? 0;
        expect(middle).toBeGreaterThan((positions.at(-1) ?? 0) - middle);
      }
      before = positions;
    }
    expect(rounds).toBeGreaterThan(3);
    const gaps = gapsOf(before);
    // The newest are as close as ever, and the older ones differ by a small factor.
    expect(gaps.at(-1)).toBeLessThan(4 * PLENTY.spacing);
    expect(Math.max(...gaps)).toBeLessThan((8 * (before.at(-1) ?? 0)) / before.length);
  });

  it('goes back as far as one wants, also when memory is short', () => {
    const past = start({ ...PLENTY, bytes: 1 });
    const { machine, history, runner } = past;
    work(runner, runner.run({ breakpoints: false, untilPosition: 9000 }));
    expect(history.positions.length).toBe(2);
    const hash = machine.stateHash();
    const context = contextOf(past);
    work(runner, goToPosition(context, 10));
    work(runner, goToPosition(context, 9000));
    expect(machine.stateHash()).toBe(hash);
    const { task } = machine.cpu(machine.currentCpu);
    const found = work(runner, goToLastStatement(context, task));
    expect(found?.position).toBe(machine.position);
    expect(machine.position).toBeLessThan(9000);
  });

  it.each([500, 3000, 100_000])(
    'finds the breakpoints that were passed, newest first, with states %i apart',
    (spacing) => {
      const past = start({ spacing, bytes: 1e9 });
      const { machine, runner, history } = past;
      const pcs = machine.program.statements
        .filter((_, index) => index % 7 === 3)
        .map((statement) => statement.pc);
      machine.setBreakpoints(pcs);
      const passed: number[] = [];
      for (;;) {
        const request = { breakpoints: true, untilPosition: LENGTH };
        if (work(runner, runner.run(request)).kind !== 'breakpoint') break;
        passed.push(machine.position);
      }
      expect(passed.length).toBeGreaterThan(40);
      const context = contextOf(past);
      for (const position of passed.slice(-20).toReversed()) {
        expect(work(runner, goToLastBreakpoint(context))?.position).toBe(position);
        expect(machine.position).toBe(position);
      }
      machine.setBreakpoints([]);
      expect(work(runner, goToLastBreakpoint(context))).toBeUndefined();
      expect(machine.position).toBe(history.startPosition);
    },
  );

  it('is bounded as the debugger was told', () => {
    const run = prepare('cold-fault-with-mmap', shippedTree('patched'));
    const { machine, program, entries, readers } = run;
    const debug = new Debugger(
      { machine, program, entries, readers, tasks: [], kernelTasks: [] },
      1,
    );
    const start = machine.checkpointBytes;
    for (const operation of [debug.runOut(), debug.seekPosition(9000)]) {
      while (operation.advance(1000) === undefined);
      expect(machine.checkpointBytes).toBeLessThan(2 * start);
    }
    expect(machine.position).toBe(9000);
  });

  it('forgets the states from a position on, and gives back their memory', () => {
    const past = start(PLENTY);
    const { machine, runner, history } = past;
    work(runner, runner.run({ breakpoints: false, untilPosition: 6000 }));
    const bytes = machine.checkpointBytes;
    work(runner, runner.run({ breakpoints: false, untilPosition: LENGTH }));
    const { task } = machine.cpu(machine.currentCpu);
    work(runner, goToLastStatement(contextOf(past), task));
    work(runner, goToPosition(contextOf(past), 6000));
    history.forgetFrom(6000);
    expect(Math.max(...history.positions)).toBeLessThan(6000);
    expect(machine.checkpointBytes).toBeLessThan(bytes + 100_000);
    work(runner, runner.run({ breakpoints: false, untilPosition: LENGTH }));
    expect(Math.max(...history.positions)).toBeGreaterThan(LENGTH - 5000);
    history.forgetFrom(0);
    expect(history.positions).toEqual([0]);
  });

  it('lets close states of one stretch go for those of another', () => {
    const past = start({ spacing: 4000, bytes: 1e9 });
    const { machine, runner } = past;
    const context = contextOf(past);
    work(runner, runner.run({ breakpoints: false, untilPosition: LENGTH }));
    const bytes: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (const position of [20_000, 3000, 11_000, 15_500]) {
        work(runner, goToPosition(context, position));
        const { task } = machine.cpu(machine.currentCpu);
        for (let step = 0; step < 8; step += 1) work(runner, goToLastStatement(context, task));
      }
      bytes.push(machine.checkpointBytes);
    }
    expect(Math.max(...bytes)).toBe(bytes[0]);
  });

  it('gives the same run in slices of any length', () => {
    const one = start(PLENTY);
    const other = start(PLENTY);
    work(one.runner, one.runner.run({ breakpoints: false, untilPosition: LENGTH }), 100_000);
    work(other.runner, other.runner.run({ breakpoints: false, untilPosition: LENGTH }), 13);
    expect(one.machine.stateHash()).toBe(other.machine.stateHash());
  });
});
