/**
 * The view model of two runs of one scenario, one above the other on one time scale.
 */
import type { NumbersModel } from './numbersModel.ts';
import type { TimelineModel, TimelineQuery } from './timelineModel.ts';

/**
 * Which run: a kernel by its name, run to its end under the default policy; the run of the session as it is; or
 * that run without the latest change by the user, run to its end.
 */
export type RunChoice =
  { readonly kernel: string } | { readonly session: true } | { readonly without: 'lastChange' };

/** What is asked for: which runs, and how their timelines are drawn. */
export interface TwoRunsQuery extends TimelineQuery {
  readonly one: RunChoice;
  readonly other: RunChoice;
}

/** One of the two. */
export interface RunModel {
  /** What distinguishes it: `kernel: patched`. */
  readonly title: string;
  /** `completed`, `deadlock` and so on, as in a run's report; `not over` for a session that goes on. */
  readonly outcome: string;
  readonly timeline: TimelineModel;
  readonly numbers: NumbersModel;
}

/** A time of a lock, in both runs; 0 where it never came to that. */
export interface TimeDifference {
  readonly lock: string;
  readonly task: string;
  readonly what: 'longest hold' | 'longest wait';
  readonly oneNs: number;
  readonly otherNs: number;
}

/** A run that can be chosen. */
export interface RunOption {
  readonly choice: RunChoice;
  /** In a list: `unpatched`, `this run`. */
  readonly label: string;
  /** Half a line: what it is. */
  readonly title: string;
  readonly group: 'kernels' | 'labs' | 'session';
}

/** Both: the timelines have the same stretch of time, knots and folds. */
export interface TwoRunsModel {
  readonly one: RunModel;
  readonly other: RunModel;
  /** The largest difference first; what is equal comes last. */
  readonly differences: readonly TimeDifference[];
  /** What can be compared here: the kernels that ship, then labs, then what the session offers. */
  readonly options: readonly RunOption[];
}
