/**
 * Looking for the last interesting position before a given one.
 *
 * The stretch from each checkpoint to the next is run again, newest first, and the stops in it are
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

/** Runs from `start`, where the machine stands, up to `limit` and tells the last stop before it. */
type Scan = (start: number, limit: number) => Work<Found | undefined>;

/**
 * How many instructions before the limit are looked at in detail, one try after the other: what is
 * looked for is nearly always close, and the way to the window costs little.
 */
const STATEMENT_WINDOWS = [64, 512, Infinity] as const;
const WHOLE_STRETCH = [Infinity] as const;

/** Puts the machine to a position, running again from the checkpoint before it. */
export function* goToPosition(context: ReverseContext, position: number): Work<void> {
  const { machine, history, runner } = context;
  const point = history.lastAtOrBefore(position);
  if (machine.position > position || machine.position < point.position) history.restore(point);
  if (machine.position === position) return;
  yield* runner.run({ breakpoints: false, untilPosition: position });
}

function* searchBack(
  context: ReverseContext,
  windows: readonly number[],
  scan: Scan,
): Work<Found | undefined> {
  const { history, machine } = context;
  let limit = machine.position;
  let point = history.lastBefore(limit);
  while (point !== undefined) {
    for (const width of windows) {
      const start = Math.max(point.position, limit - width);
      history.restore(point);
      yield* goToPosition(context, start);
      const found = yield* scan(start, limit);
      if (found !== undefined) {
        yield* goToPosition(context, found.position);
        return found;
      }
      if (start === point.position) break;
    }
    const { position } = point;
    point = history.lastBefore(position);
    // A stop at the very start of a stretch is judged together with what is before it.
    limit = position + 1;
  }
  return undefined;
}

/**
 * Goes to the last place before here where a breakpoint of the machine stops; `undefined` when there
 * is none, with the machine at the start of the run.
 */
export function* goToLastBreakpoint(context: ReverseContext): Work<Found | undefined> {
  const { machine, runner } = context;
  return yield* searchBack(context, WHOLE_STRETCH, function* (_start, limit) {
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
 * ended, a repeated one taken as a whole; `undefined` when there is none, with the machine at the start of the run.
 */
export function* goToLastStatement(context: ReverseContext, task: TaskId): Work<Found | undefined> {
  const { machine, runner, history } = context;
  const frames = identifyChain(machine, task);
  return yield* searchBack(context, STATEMENT_WINDOWS, function* (start, limit) {
    const isFirst = start === history.startPosition;
    let last: Found | undefined;
    const filter = new StatementFilter(machine, context.program, task, frames);
    for (;;) {
      const stop = yield* runner.run({
        breakpoints: false,
        untilPosition: limit,
        step: { task, minFp: filter.minFp, intoUser: true, overRepeats: true },
      });
      if (stop.kind !== 'statement' || machine.position >= limit) return last;
      const isAdmitted = filter.admits(stop.pc);
      if (isAdmitted && (machine.position > start || isFirst)) {
        last = { position: machine.position, task };
      }
    }
  });
}
