/**
 * Looking for the last interesting position before a given one.
 *
 * The stretch from each checkpoint to the next is run again, newest first, and every stop in it is
 * noted; the last one of the newest stretch that has any is the answer. Cost: the distance to the
 * answer plus one stretch.
 */
import type { TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import { identifyChain } from './frameChain.ts';
import type { History } from './history.ts';
import type { SlicedRunner, Work } from './operation.ts';
import { StatementFilter } from './statementFilter.ts';

/** What the search needs. */
export interface ReverseContext {
  readonly machine: Machine;
  readonly program: Program;
  readonly history: History;
  readonly runner: SlicedRunner;
}

/** A position and the task that stands there. */
export interface Found {
  readonly position: number;
  readonly task: TaskId;
}

/** Runs from where the machine stands up to `limit` and tells the last stop before it. */
type Scan = (limit: number) => Work<Found | undefined>;

/** Puts the machine to a position, running again from the checkpoint before it. */
export function* goToPosition(context: ReverseContext, position: number): Work<void> {
  const { machine, history, runner } = context;
  const point = history.lastAtOrBefore(position);
  if (machine.position > position || machine.position < point.position) history.restore(point);
  if (machine.position === position) return;
  yield* runner.run({ breakpoints: false, untilPosition: position });
}

function* searchBack(context: ReverseContext, before: number, scan: Scan): Work<Found | undefined> {
  let limit = before;
  for (;;) {
    const point = context.history.lastBefore(limit);
    if (point === undefined) return undefined;
    context.history.restore(point);
    const found = yield* scan(limit);
    if (found !== undefined) {
      context.history.restore(point);
      yield* goToPosition(context, found.position);
      return found;
    }
    limit = point.position;
  }
}

/**
 * Goes to the last place before here where a breakpoint of the machine stops; `undefined` when there
 * is none, with the machine at the start of the run.
 */
export function* goToLastBreakpoint(context: ReverseContext): Work<Found | undefined> {
  const { machine, runner } = context;
  return yield* searchBack(context, machine.position, function* (limit) {
    let last: Found | undefined;
    for (;;) {
      const stop = yield* runner.run({ breakpoints: true, untilPosition: limit });
      if (stop.kind !== 'breakpoint' || machine.position >= limit) return last;
      last = { position: machine.position, task: stop.task };
    }
  });
}

/**
 * Goes to the task's previous statement start or user instruction at which Step Into would have
 * ended; `undefined` when there is none, with the machine at the start of the run.
 */
export function* goToLastStatement(context: ReverseContext, task: TaskId): Work<Found | undefined> {
  const { machine, runner } = context;
  const frames = identifyChain(machine, task);
  return yield* searchBack(context, machine.position, function* (limit) {
    let last: Found | undefined;
    const filter = new StatementFilter(machine, context.program, task, frames);
    for (;;) {
      const stop = yield* runner.run({
        breakpoints: false,
        untilPosition: limit,
        step: { task, minFp: filter.minFp, intoUser: true },
      });
      if (stop.kind !== 'statement' || machine.position >= limit) return last;
      if (filter.admits(stop.pc)) last = { position: machine.position, task };
    }
  });
}
