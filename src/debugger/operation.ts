/**
 * Work that is done in slices: a step, a run, a search through the past.
 *
 * The owner calls `advance` with a number of instructions until it returns the stop; between two
 * calls it may answer other requests or give the work up. Work is written as a generator that yields
 * whenever its slice is used up.
 */
import type { Machine } from '../machine/machine.ts';
import { ANY_TASK, type RunRequest } from '../machine/runRequest.ts';
import type { Stop } from '../machine/stop.ts';
import type { DebugStop } from './debugStop.ts';
import type { History } from './history.ts';

/** A piece of work that pauses by yielding and ends with a result. */
export type Work<Result> = Generator<undefined, Result, undefined>;

/** What an operation asks the machine to do; the budget is its slice. */
export type SlicedRequest = Omit<RunRequest, 'budget' | 'isResumed'>;

/** Who decides which stops at breakpoints, and at events of any task, are for the user. */
export interface StopGuard {
  /** Whether the machine tells when any task goes to sleep, or is woken. */
  readonly watchesSleeps: boolean;
  readonly watchesWakes: boolean;
  /** Whether a stop ends the run; otherwise it goes on. */
  admits(stop: GuardedStop): Work<boolean>;
}

/** The stops that are for the user, or not. */
export type GuardedStop = Extract<
  Stop,
  { readonly kind: 'breakpoint' | 'statement' | 'sleep' | 'wake' | 'access' }
>;

/** Whether a stop is one of those. */
export function isGuarded(stop: Stop): stop is GuardedStop {
  return GUARDED_KINDS.has(stop.kind);
}

/**
 * Deciding about a stop takes about as long as so many instructions, and counts towards the slice: a
 * condition at a place that the run passes all the time must not make slices longer.
 */
const JUDGING = 500;

const GUARDED_KINDS: ReadonlySet<Stop['kind']> = new Set(['breakpoint', 'sleep', 'wake', 'access']);

/** Runs the machine in slices and keeps checkpoints on the way. */
export class SlicedRunner {
  /** Asked at each stop of a run with breakpoints; without one all of them count. */
  guard: StopGuard | undefined;
  /** Set while the machine runs on another course than the one whose history is kept. */
  isUnrecorded = false;
  private readonly machine: Machine;
  private readonly history: Pick<History, 'untilNext' | 'note'>;
  private left = 0;
  private isTold = false;

  constructor(machine: Machine, history: Pick<History, 'untilNext' | 'note'>) {
    this.machine = machine;
    this.history = history;
  }

  /** Grants the instructions of the next slice. */
  grant(budget: number): void {
    this.left = budget;
  }

  /** The user stands at the present instruction: the next run must not stop at it. */
  leave(): void {
    this.isTold = true;
  }

  /** Runs until something other than the end of a slice stops the machine. */
  *run(request: SlicedRequest): Work<Stop> {
    const step = request.step && {
      ...request.step,
      // A slice may end in an interrupt on top of the stepped stack, in which no step ends.
      interruptDepth:
        request.step.interruptDepth ?? this.machine.task(request.step.task).interruptDepth,
    };
    for (;;) {
      if (this.left <= 0) yield;
      const before = this.machine.position;
      const untilNext = this.isUnrecorded ? Infinity : this.history.untilNext();
      const budget = Math.max(1, Math.min(this.left, untilNext));
      const stop = this.machine.run({
        ...request,
        ...this.watchedEvents(request),
        ...(step === undefined ? {} : { step }),
        budget,
        isResumed: this.isTold,
      });
      this.isTold = false;
      // A run that ended early did the work of its slice in few instructions.
      const isUsedUp = stop.kind === 'budget' && this.machine.position - before < budget;
      this.left -= isUsedUp ? this.left : Math.max(1, this.machine.position - before);
      if (!this.isUnrecorded) this.history.note();
      if (stop.kind === 'budget') continue;
      const { guard } = this;
      if (guard === undefined || !request.breakpoints) return stop;
      if (!isGuarded(stop) || isAskedFor(request, stop)) return stop;
      this.left -= JUDGING;
      if (yield* guard.admits(stop)) return stop;
      if (stop.kind === 'breakpoint') {
        if (stop.endsStep === true) return { ...stop, kind: 'statement' };
        this.isTold = true;
      }
    }
  }

  private watchedEvents({ breakpoints }: SlicedRequest): Partial<SlicedRequest> {
    if (this.guard === undefined || !breakpoints) return {};
    return {
      ...(this.guard.watchesSleeps ? { stopWhenSleeps: ANY_TASK } : {}),
      ...(this.guard.watchesWakes ? { stopWhenWakes: ANY_TASK } : {}),
    };
  }
}

/** Whether the one who runs the machine waits for this very sleep or wake-up. */
function isAskedFor({ stopWhenSleeps, stopWhenWakes }: SlicedRequest, stop: Stop): boolean {
  if (stop.kind === 'sleep') return stop.task === stopWhenSleeps;
  return stop.kind === 'wake' && stop.task === stopWhenWakes;
}

/** An operation in progress; most end with a stop. */
export class Operation<Result = DebugStop> {
  private readonly work: Work<Result>;
  private readonly runner: SlicedRunner;
  private readonly giveUp: () => Result;

  /** `giveUp` puts the machine where a user may look at it and says where that is. */
  constructor(work: Work<Result>, runner: SlicedRunner, giveUp: () => Result) {
    this.work = work;
    this.runner = runner;
    this.giveUp = giveUp;
  }

  /** Goes on for about `budget` instructions; the stop once there is one. */
  advance(budget: number): Result | undefined {
    this.runner.grant(budget);
    const step = this.work.next();
    return step.done === true ? step.value : undefined;
  }

  /** Gives up: a forward run stands where it has come to, a search goes back to where it began. */
  interrupt(): Result {
    return this.giveUp();
  }
}
