/**
 * Looking at the run elsewhere without leaving the place where the user stands.
 *
 * An inquiry keeps the place (state and course), lets its work put the machine wherever it likes, and
 * comes back, whether the work has ended, failed or was given up. Nothing of the session changes: its runs leave
 * no checkpoints in the history, meet no breakpoints, and what the program writes there is not shown.
 */
import type { Machine } from '../machine/machine.ts';
import type { KeptPlace } from '../machine/places.ts';
import { Operation, SlicedRunner, type Work } from './operation.ts';

/** A history that keeps nothing. */
const NO_HISTORY = { untilNext: () => Infinity, note: () => undefined };

/** Where the user stands, and who runs the machine meanwhile. */
export interface Elsewhere {
  readonly runner: SlicedRunner;
  readonly here: KeptPlace;
}

/** The inquiries of one machine, one at a time. */
export class Inquiries {
  private readonly machine: Machine;
  private here: KeptPlace | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Whether the machine stands elsewhere at present. */
  get isUnderWay(): boolean {
    return this.here !== undefined;
  }

  /**
   * An operation that does the work and ends with its result, `undefined` when given up. What the work keeps it
   * lets go of itself (`finally`). Begins at the first `advance`.
   */
  start<Result>(
    createWork: (elsewhere: Elsewhere) => Work<Result>,
  ): Operation<{ readonly result: Result } | undefined> {
    const runner = new SlicedRunner(this.machine, NO_HISTORY);
    const work = this.run(createWork, runner);
    return new Operation<{ readonly result: Result } | undefined>(work, runner, () => {
      work.return(undefined);
      return undefined;
    });
  }

  private *run<Result>(
    createWork: (elsewhere: Elsewhere) => Work<Result>,
    runner: SlicedRunner,
  ): Work<{ readonly result: Result } | undefined> {
    const here = this.machine.places.keep();
    this.here = here;
    try {
      return { result: yield* createWork({ runner, here }) };
    } finally {
      this.machine.places.returnTo(here);
      this.machine.places.drop(here);
      this.here = undefined;
    }
  }
}
