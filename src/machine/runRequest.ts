/**
 * How far a run may go before it stops by itself.
 */
import type { TaskId } from '../base/brand.ts';

/** A source step of one task; meanwhile everyone runs under the schedule. */
export interface StepRequest {
  readonly task: TaskId;
  /**
   * The step ends at a statement of the task whose frame pointer is at least this (stacks grow down:
   * the same frame or an outer one); 0 for any frame. Frames of interrupts that arrive on the way
   * do not count.
   */
  readonly minFp: number;
  /**
   * How many interrupts were on the task's stack when the step began (`TaskView.interruptDepth`): those on
   * top of them do not count. Needed by a step that is made in several runs; at the start of this run
   * when left out.
   */
  readonly interruptDepth?: number;
  /** The step also ends before a user instruction of the task. */
  readonly intoUser: boolean;
  /** But not between the elements of a repeated instruction. */
  readonly overRepeats?: boolean;
}

/** In the place of a task: whichever. */
export const ANY_TASK = -2;

/** What `Machine.run` is asked to do; it returns at the first thing that applies. */
export interface RunRequest {
  /** Most instructions to execute. */
  readonly budget: number;
  /** Stops when this many instructions have been executed since boot. */
  readonly untilPosition?: number;
  /** Whether breakpoints stop. */
  readonly breakpoints: boolean;
  readonly step?: StepRequest;
  /** Stops when this task goes to sleep, or any. */
  readonly stopWhenSleeps?: TaskId | typeof ANY_TASK;
  /** Stops when this task is woken, or any. */
  readonly stopWhenWakes?: TaskId | typeof ANY_TASK;
  /**
   * The user stands at the present instruction and has been told: neither a breakpoint nor a step
   * stops at it. The machine knows this by itself directly after such a stop, but not after a
   * checkpoint was restored.
   */
  readonly isResumed?: boolean;
  /**
   * From here on, for this run, the CPU that this task runs on comes first wherever there is a choice, and
   * no event happens before its time unless it must. Such choices become part of the schedule.
   */
  readonly prefers?: TaskId;
}
