/**
 * The view model of two runs of one scenario, one above the other on one time scale.
 */
import type { NumbersModel } from './numbersModel.ts';
import type { TimelineModel } from './timelineModel.ts';

/** Which run: a kernel by its name, run to its end under the default policy, or the run of the session as it is. */
export type RunChoice = { readonly kernel: string } | { readonly session: true };

/** One of the two. */
export interface RunModel {
  /** What distinguishes it: `kernel: patched`. */
  readonly title: string;
  /** `completed`, `deadlock` and so on, as in a run's report. */
  readonly outcome: string;
  readonly timeline: TimelineModel;
  readonly numbers: NumbersModel;
}

/** A time that differs most, in both runs. */
export interface TimeDifference {
  readonly lock: string;
  readonly task: string;
  readonly what: 'longest hold' | 'longest wait';
  readonly oneNs: number;
  readonly otherNs: number;
}

/** Both: the timelines have the same stretch of time, knots and folds. */
export interface TwoRunsModel {
  readonly one: RunModel;
  readonly other: RunModel;
  /** The largest difference first. */
  readonly differences: readonly TimeDifference[];
}
