/**
 * Looking for the last interesting position before a given one.
 *
 * Breakpoints: the stretch from each checkpoint to the next is run again, newest first, and the stops
 * in it are noted; the last one of the newest stretch that has any is the answer. Cost: the distance to
 * the answer plus one stretch.
 *
 * Accesses of data: the same with watchpoints.
 *
 * Statements of a task: the machine knows how far each task has executed, so what other tasks did since
 * is skipped without running it again. The stretch before is run through once, leaving close
 * checkpoints, dense where the answer is expected; then the stops between them are looked at, newest
 * first. Cost: one stretch, however long the task has been asleep.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import { identifyChain, isInChain, type FrameId } from './frameChain.ts';
import type { History, HistoryPoint } from './history.ts';
import { isGuarded, type GuardedStop, type SlicedRunner, type Work } from './operation.ts';
import { StatementFilter } from './statementFilter.ts';
import { OUTSIDE_KERNEL } from './stepping.ts';

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
  readonly stop: GuardedStop;
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
    if (!isGuarded(stop) || machine.position >= limit) return last;
    // A breakpoint right behind an access belongs to that stop.
    if (last?.stop.kind === 'access' && last.position === machine.position) continue;
    last = { position: machine.position, task: stop.task, stop };
  }
}

/**
 * Goes to the task's previous statement start or user instruction at which Step Into would have
 * ended, a repeated one taken as a whole; `undefined` when there is none, with the machine at an earlier
 * state. With `among`, only statements of these calls count, and user instructions.
 */
export function* goToLastStatement(
  context: ReverseContext,
  task: TaskId,
  among?: readonly FrameId[],
): Work<Found | undefined> {
  const { machine, history } = context;
  const { isIdle, interruptDepth } = machine.task(task);
  // An idle task executes interrupts only, and those do not count for one that stands in none.
  if (isIdle && interruptDepth === 0) return undefined;
  const search = new StatementSearch(context, task, among);
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

/** Fewer instructions no page fault takes. */
const SHORTEST_FAULT = 30;

/**
 * From a user instruction that is run again after a fault, goes to where the task came to it first. The
 * machine stands at the instruction, and stays there when it is the first try.
 */
export function* goToFirstTry(context: ReverseContext, task: TaskId): Work<void> {
  const { machine } = context;
  const registers = (): string => machine.task(task).userRegisters.join();
  while (machine.task(task).mode === 'user') {
    const { position } = machine;
    const here = registers();
    const found = yield* goToLastStatement(context, task, []);
    const isFound = found !== undefined && machine.task(task).mode === 'user';
    if (isFound && registers() === here && position - found.position > SHORTEST_FAULT) continue;
    yield* goToPosition(context, position);
    return;
  }
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
  private readonly among: readonly FrameId[] | undefined;
  private readonly frames: readonly FrameId[];
  private readonly interruptDepth: number;

  constructor(context: ReverseContext, task: TaskId, among: readonly FrameId[] | undefined) {
    const { machine } = context;
    this.context = context;
    this.task = task;
    this.among = among;
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
    const outside = this.among === undefined ? 0 : (this.among[0]?.fp ?? OUTSIDE_KERNEL);
    let last: Found | undefined;
    for (;;) {
      const stop = yield* runner.run({
        breakpoints: false,
        untilPosition: limit,
        step: {
          task,
          minFp: Math.max(filter.minFp, outside),
          interruptDepth,
          intoUser: true,
          overRepeats: true,
        },
      });
      if (stop.kind !== 'statement' || machine.position >= limit) return last;
      const isAdmitted = filter.admits(stop.pc) && this.isAmong(stop.pc);
      if (isAdmitted && (machine.position > start || isFirst)) {
        last = { position: machine.position, task };
      }
    }
  }

  /** Whether the task stands in one of the calls that count; in user mode it always does. */
  private isAmong(pc: Pc | undefined): boolean {
    if (this.among === undefined || pc === undefined) return true;
    const [innermost] = identifyChain(this.context.machine, this.task);
    return innermost !== undefined && isInChain(this.among, innermost);
  }
}

/**
 * Goes to the last access of watched data before here for which `counts` holds, and stands before it; `undefined`
 * when there is none. The machine's watchpoints say what is watched. Cost: the distance plus one stretch.
 */
export function* goToLastAccess(
  context: ReverseContext,
  counts: () => boolean,
): Work<Found | undefined> {
  const { history, machine, runner } = context;
  let limit = machine.position;
  let point = history.lastBefore(limit);
  while (point !== undefined) {
    history.restore(point);
    let last: Found | undefined;
    for (;;) {
      const stop = yield* runner.run({ breakpoints: true, untilPosition: limit });
      if (stop.kind !== 'access') break;
      if (counts()) last = { position: machine.position - 1, task: stop.task };
    }
    if (last !== undefined) {
      yield* goToPosition(context, last.position);
      return last;
    }
    limit = point.position;
    point = history.lastBefore(limit);
  }
  return undefined;
}

/**
 * Goes to the last instruction before here that changed a value, which `read` reads, and stands before
 * it; `undefined` when the value is as old as the run. Cost: every instruction in between is looked at.
 */
export function* goToLastChange(
  context: ReverseContext,
  read: () => string,
): Work<Found | undefined> {
  const { history, machine } = context;
  let limit = machine.position;
  let point = history.lastBefore(limit);
  while (point !== undefined) {
    history.restore(point);
    const found = yield* lastChangeBefore(context, limit, read);
    if (found !== undefined) {
      yield* goToPosition(context, found.position);
      return found;
    }
    limit = point.position;
    point = history.lastBefore(limit);
  }
  return undefined;
}

/** Executes the instructions up to `limit` one by one and tells the last one that changed the value. */
function* lastChangeBefore(
  { machine, runner }: ReverseContext,
  limit: number,
  read: () => string,
): Work<Found | undefined> {
  let last: Found | undefined;
  let before = read();
  while (machine.position < limit) {
    const { position } = machine;
    const { task } = machine.cpu(machine.currentCpu);
    const stop = yield* runner.run({ breakpoints: false, untilPosition: position + 1 });
    const now = read();
    if (now !== before) last = { position, task };
    before = now;
    if (stop.kind !== 'position') break;
  }
  return last;
}
