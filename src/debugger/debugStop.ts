/**
 * Why and where a run stands: what every operation of the debugger ends with.
 */
import type { TaskId } from '../base/brand.ts';
import type { FinalStop } from '../machine/stop.ts';
import type { ReturnedValue } from './returnedValue.ts';
import type { StopFilterId } from './stopFilters.ts';

/** The kinds of stops; the adapter maps them to DAP's reasons. */
export type StopReason =
  /** The stop on entry. */
  | 'entry'
  /** A step ended where steps end. */
  | 'step'
  | 'breakpoint'
  /** Data was read or written that the user watches. */
  | 'data'
  /** A kind of event that the user wants to stop at; `filter` says which. */
  | 'filter'
  | 'pause'
  /** The stepped task goes to sleep. */
  | 'sleep'
  /** A task that slept when it was stepped has been woken. */
  | 'wake'
  /** An anchor with a title. */
  | 'moment'
  /** A position or place that was asked for. */
  | 'goto'
  /** The stepped task ended. */
  | 'exit'
  /** Going back reached the start of the run. */
  | 'start'
  /** A machine fault. */
  | 'fault'
  /** No task can ever run again. */
  | 'deadlock'
  /** The run is over. */
  | 'finished';

/** Where and why the machine stands. */
export interface DebugStop {
  readonly reason: StopReason;
  /** The task that the stop is about; `undefined` when it is about none. */
  readonly task: TaskId | undefined;
  /** A sentence for people. */
  readonly text: string;
  readonly position: number;
  /** Ids of the breakpoints at which the task stands. */
  readonly breakpointIds: readonly number[];
  /** The kind of event, for `filter`. */
  readonly filter: StopFilterId | undefined;
  /** What the machine says when nothing can run any more. */
  readonly final: FinalStop | undefined;
  /** What the function returned out of which a step has led. */
  readonly returned?: ReturnedValue;
}
