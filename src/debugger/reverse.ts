/**
 * Looking for the last interesting position before a given one.
 *
 * Breakpoints: the stretch from each checkpoint to the next is run again, newest first, and the stops
 * in it are noted; the last one of the newest stretch that has any is the answer. Cost: the distance to
 * the answer plus one stretch.
 *
 * Statements of a task: the machine knows how far each task has executed, so what other tasks did since
 * is skipped without running it again. The stretch before is run through once, leaving close
 * checkpoints, dense where the answer is expected; then the stops between them are looked at, newest
 * first. Cost: one stretch, however long the task has been asleep.
 */
import type { TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import type { Stop } from '../machine/stop.ts';
import { identifyChain } from './frameChain.ts';
import type { History, HistoryPoint } from './history.ts';
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

/** A place where a run with breakpoints stops. */
export interface FoundStop extends Found {
  readonly stop: Extract<Stop, { readonly kind: 'breakpoint' | 'statement' | 'sleep' | 'wake' }>;
}

/** A stretch that is this short is looked at as a whole. */
const CLOSE = 64;

/** Puts the machine to a position, running again from the checkpoint before it. */
export function* goToPosition(context: ReverseContext, position: number): Work<void> {
  const { machine, history, runner } = context;
  const point = history.lastAtOrBefore(position);
  if (machine.position > position || machine.position < point.position) history.restore(point);
  if (machine.position === position) return;
  yield* runner.run({ breakpoints: false, untilPosition: position });
}

/**
 * Goes to the last place before here where a breakpoint or an event stops; `undefined` when there
 * is none, with the machine at the start of the run.
 */
export function* goToLastBreakpoint(context: ReverseContext): Work<FoundStop | undefined> {
  const { history, machine } = context;
  let limit = machine.position;
  let point = history.lastBefore(limit);
  while (point !== undefined) {
    history.restore(point);
    const found = yield* lastBreakpointBefore(context, limit);
    if (found !== undefined) {
      yield* goToPosition(context, found.position);
      return found;
    }
    const { position } = point;
    point = history.lastBefore(position);
    // A stop at the very start of a stretch is judged together with what is before it.
    limit = position + 1;
  }
  yield* goToPosition(context, history.startPosition);
  return undefined;
}

/** Runs on to `limit` and tells the last breakpoint before it. */
function* lastBreakpointBefore(
  { machine, runner }: ReverseContext,
  limit: number,
): Work<FoundStop | undefined> {
  let last: FoundStop | undefined;
  for (;;) {
    const stop = yield* runner.run({ breakpoints: true, untilPosition: limit });
    const isStop = stop.kind === 'breakpoint' || stop.kind === 'sleep' || stop.kind === 'wake';
    if (!isStop || machine.position >= limit) return last;
    last = { position: machine.position, task: stop.task, stop };
  }
}

/**
 * Goes to the task's previous statement start or user instruction at which Step Into would have
 * ended, a repeated one taken as a whole; `undefined` when there is none, with the machine at an earlier
 * state.
 */
export function* goToLastStatement(context: ReverseContext, task: TaskId): Work<Found | undefined> {
  const { machine, history } = context;
  const { isIdle, interruptDepth } = machine.task(task);
  // An idle task executes interrupts only, and those do not count for one that stands in none.
  if (isIdle && interruptDepth === 0) return undefined;
  const search = new StatementSearch(context, task);
  // All that is looked for lies before this.
  let limit = machine.ranUntil(task);
  let point = history.lastBefore(limit);
  while (point !== undefined) {
    yield* approach(context, point, limit);
    const { position } = machine;
    const ranUntil = machine.ranUntil(task);
    const found = yield* search.lastBefore(limit);
    if (found !== undefined) {
      yield* goToPosition(context, found.position);
      return found;
    }
    // A stop at the very start of a stretch is judged together with what is before it.
    limit = ranUntil === position ? position + 1 : ranUntil;
    point = history.lastBefore(Math.min(limit, position));
  }
  return undefined;
}

/**
 * Puts the machine close before the limit, running there from `point` and keeping states on the way, each
 * half as far from the limit as the one before.
 */
function* approach(context: ReverseContext, point: HistoryPoint, limit: number): Work<void> {
  const { machine, history } = context;
  history.restore(point);
  let distance = CLOSE;
  while (2 * distance < limit - point.position) distance *= 2;
  for (; distance >= CLOSE; distance /= 2) {
    if (limit - distance < machine.position + CLOSE / 2) continue;
    yield* goToPosition(context, limit - distance);
    history.noteClose();
  }
}

/** The stops of a task that Step Into would have made on its way to where it stands. */
class StatementSearch {
  private readonly context: ReverseContext;
  private readonly task: TaskId;
  private readonly frames: ReturnType<typeof identifyChain>;
  private readonly interruptDepth: number;

  constructor(context: ReverseContext, task: TaskId) {
    const { machine } = context;
    this.context = context;
    this.task = task;
    this.frames = identifyChain(machine, task);
    this.interruptDepth = machine.task(task).interruptDepth;
  }

  /** Runs from where the machine stands up to `limit` and tells the last stop in between. */
  *lastBefore(limit: number): Work<Found | undefined> {
    const { task, interruptDepth } = this;
    const { machine, program, history, runner } = this.context;
    const start = machine.position;
    const isFirst = start === history.startPosition;
    const filter = new StatementFilter(machine, program, task, this.frames);
    let last: Found | undefined;
    for (;;) {
      const stop = yield* runner.run({
        breakpoints: false,
        untilPosition: limit,
        step: { task, minFp: filter.minFp, interruptDepth, intoUser: true, overRepeats: true },
      });
      if (stop.kind !== 'statement' || machine.position >= limit) return last;
      const isAdmitted = filter.admits(stop.pc);
      if (isAdmitted && (machine.position > start || isFirst)) {
        last = { position: machine.position, task };
      }
    }
  }
}
