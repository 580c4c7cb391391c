/**
 * Places of a run that one comes back to exactly, with the course around them, and courses other than the one that is
 * followed.
 *
 * Restoring a checkpoint keeps the recorded future where it can, because running on is to meet it again. Whoever
 * looks at the run elsewhere, or takes a change back, needs the place as it was, past and future: that is kept here.
 */
import type { Checkpoint } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoints.ts';
import { type Course, isSameCourse } from './course.ts';
import { type CoursePlace, type CourseSplit, departuresOf, findSplit } from './courseSplit.ts';
import { TIMES } from './imageLayout.ts';
import { type MachineState, NO_POSITION } from './machineState.ts';
import { seedOf } from './schedulePolicy.ts';
import { requireSameRun, type Schedule } from './scheduleText.ts';

/** A place that one can come back to, with what is recorded behind it. Opaque. */
export interface KeptPlace {
  readonly checkpoint: Checkpoint;
  readonly course: Course;
  readonly toldPosition: number;
  readonly tracedPosition: number;
}

/** The places of one machine. */
export class Places {
  private readonly state: MachineState;
  private readonly checkpoints: CheckpointStore;
  private readonly takeCheckpoint: () => Checkpoint;

  constructor(state: MachineState, checkpoints: CheckpointStore, takeCheckpoint: () => Checkpoint) {
    this.state = state;
    this.checkpoints = checkpoints;
    this.takeCheckpoint = takeCheckpoint;
  }

  /** Decisions with more than one option so far. */
  get decisions(): number {
    return this.state.double(TIMES.pointsDouble);
  }

  /** Whether the run has ended at the present place. */
  get hasEnded(): boolean {
    return this.state.end !== undefined;
  }

  /** The schedule of the course that is followed: up to here, and what is recorded behind this place. */
  wholeSchedule(): Schedule {
    const { program, config, course, policy } = this.state;
    return {
      programHash: program.hash,
      scenarioHash: config.scenarioHash,
      seed: seedOf(policy),
      departures: departuresOf(this.state),
      interventions: course.interventions,
    };
  }

  /** Keeps the present place until it is let go of. Cost: as `Machine.takeCheckpoint`. */
  keep(): KeptPlace {
    const { course, toldPosition, tracedPosition } = this.state;
    return { checkpoint: this.takeCheckpoint(), course, toldPosition, tracedPosition };
  }

  /** A kept state as a place with nothing recorded. It is not to be let go of by `drop`. */
  startingAt(checkpoint: Checkpoint, course: Course): KeptPlace {
    return { checkpoint, course, toldPosition: NO_POSITION, tracedPosition: NO_POSITION };
  }

  /** Stands at a kept place again, as if the machine had never been elsewhere. */
  returnTo({ checkpoint, course, toldPosition, tracedPosition }: KeptPlace): void {
    const { state } = this;
    this.checkpoints.restore(checkpoint);
    state.course = course;
    state.toldPosition = toldPosition;
    state.tracedPosition = tracedPosition;
  }

  /** Lets go of a kept place, which is not to be used any more. */
  drop({ checkpoint }: KeptPlace): void {
    this.checkpoints.release(checkpoint);
  }

  /** Whether the course is still what it was at a kept place. */
  isOnCourseOf({ course }: KeptPlace): boolean {
    return isSameCourse(this.state.course, course);
  }

  /** Whether a schedule belongs to this program and scenario. */
  isOfThisRun({ programHash, scenarioHash }: Schedule): boolean {
    const { program, config } = this.state;
    return programHash === program.hash && scenarioHash === config.scenarioHash;
  }

  /**
   * Where the course that is followed parts from that of a schedule on the way to a place of it; `undefined` when
   * it leads there itself. Errors: `UserError` when the schedule belongs to another run.
   */
  splitFrom(schedule: Schedule, place: CoursePlace): CourseSplit | undefined {
    const { program, config } = this.state;
    requireSameRun(schedule, program.hash, config.scenarioHash);
    return findSplit(this.state, schedule, place);
  }

  /** Stands at a kept state before a split and follows the course of the schedule from there on. */
  changeCourse(checkpoint: Checkpoint, schedule: Schedule, split: CourseSplit): void {
    const { interventions } = this.state.course;
    const course: Course = {
      interventions: [
        // The same objects: kept states before the split know their course by them.
        ...interventions.slice(0, split.interventions),
        ...schedule.interventions.slice(split.interventions),
      ],
      departures: schedule.departures,
    };
    this.returnTo(this.startingAt(checkpoint, course));
  }
}
