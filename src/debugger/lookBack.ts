/**
 * Looking into the past of a run that stands, without moving it.
 *
 * A look is a search that is done in slices. Within a slice the machine runs through its past again;
 * behind each slice it stands where the user stands, in exactly that state, so that anything else may
 * be asked in between. Once the run has moved or was changed, a look must not go on: its owner abandons
 * it. Looks replace the machine's breakpoints: every operation of the debugger sets its own first.
 */
import type { Pc } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { Checkpoint } from '../machine/checkpoint.ts';
import type { Machine } from '../machine/machine.ts';
import type { KeptPlace } from '../machine/places.ts';
import type { Stop } from '../machine/stop.ts';
import type { History } from './history.ts';
import type { SlicedRequest, Work } from './operation.ts';

/** Runs through the past in slices. */
export class PastRunner {
  private readonly machine: Machine;
  private left = 0;
  private breakpoints: ReadonlySet<Pc> = new Set();
  private areBreakpointsSet = false;
  /** The position of the last stop that named its place: going on does not stop there again. */
  private told = -1;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Grants the instructions of the next slice. */
  grant(budget: number): void {
    this.left = budget;
    // Another look, or the user, may have set others since.
    this.areBreakpointsSet = false;
  }

  /** Where runs with breakpoints stop from now on. */
  breakAt(pcs: Iterable<Pc>): void {
    this.breakpoints = new Set(pcs);
    this.areBreakpointsSet = false;
  }

  /** Goes to a kept state. */
  restore(checkpoint: Checkpoint): void {
    this.machine.restore(checkpoint);
    this.told = -1;
  }

  /** Runs until something other than the end of a slice stops the machine. */
  *run(request: SlicedRequest): Work<Stop> {
    const { machine } = this;
    for (;;) {
      if (this.left <= 0) yield;
      if (request.breakpoints && !this.areBreakpointsSet) {
        machine.setBreakpoints(this.breakpoints);
        this.areBreakpointsSet = true;
      }
      const before = machine.position;
      const budget = Math.max(1, this.left);
      const stop = machine.run({ ...request, budget, isResumed: this.told === before });
      const isUsedUp = stop.kind === 'budget' && machine.position - before < budget;
      this.left -= isUsedUp ? this.left : Math.max(1, machine.position - before);
      if (stop.kind === 'budget') continue;
      const isPlace = stop.kind === 'breakpoint' || stop.kind === 'statement';
      this.told = isPlace ? machine.position : -1;
      return stop;
    }
  }
}

/** What a look has to work with. */
export interface Past {
  readonly machine: Machine;
  readonly program: Program;
  readonly history: History;
  readonly runner: PastRunner;
}

/** Whether a look runs the machine at present: what happens then has happened already. */
export interface LookState {
  isUnderWay: boolean;
}

/** A look in progress: its owner calls `advance` until there is a result, and in the end always `abandon`. */
export class LookBack<Result> {
  private readonly machine: Machine;
  private readonly runner: PastRunner;
  private readonly work: Work<Result | undefined>;
  private readonly state: LookState;
  /** Where the user stands. */
  private origin: KeptPlace | undefined;
  /** Where the search goes on. */
  private halfway: Checkpoint | undefined;

  constructor(
    context: Omit<Past, 'runner'>,
    state: LookState,
    search: (past: Past) => Work<Result>,
  ) {
    this.machine = context.machine;
    this.state = state;
    this.runner = new PastRunner(context.machine);
    this.work = search({ ...context, runner: this.runner });
  }

  /** Goes on for about `budget` instructions; the result once there is one. Leaves the run as it is. */
  advance(budget: number): Result | undefined {
    const { machine, state } = this;
    this.origin ??= machine.places.keep();
    if (this.halfway !== undefined) {
      machine.restore(this.halfway);
      machine.release(this.halfway);
      this.halfway = undefined;
    }
    this.runner.grant(budget);
    state.isUnderWay = true;
    try {
      const step = this.work.next();
      if (step.done === true) return step.value;
      this.halfway = machine.takeCheckpoint();
      return undefined;
    } finally {
      machine.places.returnTo(this.origin);
      state.isUnderWay = false;
    }
  }

  /** Ends the search and lets go of what it keeps; the run may have moved since the last slice. */
  abandon(): void {
    // What the search itself has kept is released by its `finally`.
    this.work.return(undefined);
    if (this.origin !== undefined) this.machine.places.drop(this.origin);
    if (this.halfway !== undefined) this.machine.release(this.halfway);
    this.origin = undefined;
    this.halfway = undefined;
  }
}
