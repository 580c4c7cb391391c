/**
 * Going back one source step: from any position, for any task, awake or asleep, it leads to the last place
 * where Step Into would have stopped; which states are kept on the way does not matter.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../src/base/brand.ts';
import type { DebugStop } from '../../src/debugger/debugStop.ts';
import { Debugger } from '../../src/debugger/debugger.ts';
import { identifyChain } from '../../src/debugger/frameChain.ts';
import { History, type HistoryLimits } from '../../src/debugger/history.ts';
import { SlicedRunner, type Operation, type Work } from '../../src/debugger/operation.ts';
import {
  goToLastStatement,
  goToPosition,
  type ReverseContext,
} from '../../src/debugger/reverse.ts';
import { StatementFilter } from '../../src/debugger/statementFilter.ts';
import type { Machine } from '../../src/machine/machine.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';

const SEEDS = { numRuns: 40, seed: 20_101_005 };

/** Two scenarios: a short story with every kind of sleep, and a long run with long sleeps. */
const SCENARIOS = [
  { name: 'cold-fault-with-mmap', length: 24_000 },
  { name: 'benchmark-2010', length: 120_000 },
] as const;

interface Past extends ReverseContext {
  readonly run: PreparedRun;
}

function start(name: string, limits: HistoryLimits, seed?: number): Past {
  const run = prepare(name, shippedTree('patched'), seed === undefined ? {} : { seed });
  const { machine, program } = run;
  const history = new History(machine, limits);
  return { run, machine, program, history, runner: new SlicedRunner(machine, history) };
}

function work<Result>(context: ReverseContext, generator: Work<Result>, slice = 5000): Result {
  for (;;) {
    context.runner.grant(slice);
    const step = generator.next();
    if (step.done === true) return step.value;
  }
}

function move(operation: Operation): DebugStop {
  for (;;) {
    const stop = operation.advance(5000);
    if (stop !== undefined) return stop;
  }
}

/** The position of the answer, found by looking at every stop from the start on. */
function lookFromStart(machine: Machine, start: Machine, task: TaskId): number | undefined {
  const frames = identifyChain(machine, task);
  const { interruptDepth } = machine.task(task);
  const filter = new StatementFilter(start, start.program, task, frames);
  let last: number | undefined;
  for (;;) {
    const stop = start.run({
      budget: 1e9,
      breakpoints: false,
      untilPosition: machine.position,
      step: { task, minFp: filter.minFp, interruptDepth, intoUser: true },
    });
    if (stop.kind !== 'statement' || start.position >= machine.position) return last;
    if (filter.admits(stop.pc)) last = start.position;
  }
}

describe.each(SCENARIOS)('going back one step in $name', ({ name, length }) => {
  it.each([
    ['with close checkpoints', { spacing: 700, bytes: 1e9 }],
    ['with far checkpoints', { spacing: 30_000, bytes: 1e9 }],
    ['with no checkpoint but two', { spacing: 2000, bytes: 1 }],
  ])('finds the last stop of the task, %s', (_, limits) => {
    const past = start(name, limits);
    const { machine, runner } = past;
    work(past, runner.run({ breakpoints: false, untilPosition: length }));
    const { position: end } = machine;
    const other = prepare(name, shippedTree('patched')).machine;
    const origin = other.takeCheckpoint();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end }), fc.nat(), (position, which) => {
        const task = (which % machine.taskCount) as TaskId;
        work(past, goToPosition(past, position));
        other.restore(origin);
        const expected = lookFromStart(machine, other, task);
        const found = work(past, goToLastStatement(past, task));
        expect(found?.position).toBe(expected);
        if (expected === undefined) return;
        expect(machine.position).toBe(expected);
        other.restore(origin);
        other.run({ budget: 1e9, breakpoints: false, untilPosition: expected });
        expect(machine.stateHash()).toBe(other.stateHash());
      }),
      { ...SEEDS, numRuns: 25 },
    );
  });

  it.each([undefined, 7])('undoes a step into, at any depth, under seed %s', (seed) => {
    const { machine, program, run } = start(name, { spacing: 1e9, bytes: 1e9 }, seed);
    const { entries, readers } = run;
    const tasks = run.tasks.map(({ id, name: taskName, program: { lines, labels } }) => ({
      id,
      name: taskName,
      program: { lines, labels },
    }));
    const debug = new Debugger({
      machine,
      program,
      entries,
      readers,
      tasks,
      kernelTasks: run.kernelTasks,
    });
    move(debug.seekPosition(length));
    const { position: end } = machine;
    let steps = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end }), fc.nat(), (position, which) => {
        const task = tasks[which % tasks.length]?.id ?? (0 as TaskId);
        move(debug.seekPosition(position));
        if (machine.task(task).status === 'exited') return;
        // The first step goes from somewhere in a statement, or wakes the task.
        if (move(debug.step('into', task)).reason !== 'step') return;
        // Whoever stands in plumbing steps in it; from the outside it is passed over.
        const chain = identifyChain(machine, task);
        if (chain.some((frame) => program.functions[frame.functionIndex]?.isPlumbing)) return;
        const hash = machine.stateHash();
        const schedule = machine.schedule();
        if (move(debug.step('into', task)).reason !== 'step') return;
        steps += 1;
        expect(move(debug.stepBack(task)).reason).toBe('step');
        expect(machine.stateHash()).toBe(hash);
        expect(machine.schedule()).toBe(schedule);
      }),
      SEEDS,
    );
    expect(steps).toBeGreaterThan(10);
  });
});
