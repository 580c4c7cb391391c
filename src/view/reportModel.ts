/**
 * What a static report of runs carries: all that the page shows, read-only, without a machine.
 *
 * The first run can be moved in: its states at what happened are in `states`. The others are there to be compared.
 * The page draws timelines from the lanes itself, so that it can zoom.
 */
import type { NumbersModel } from './numbersModel.ts';
import type { PackedStates } from './packedStates.ts';
import type { RunLanes } from './timeline/runLanes.ts';
import type { WhyResult } from './protocol.ts';

/** A run that has ended. */
export interface ReportedRun {
  readonly kernel: string;
  /** Half a line: what this kernel is; empty for one of the user's own. */
  readonly kernelTitle: string;
  /** `completed`, `deadlock` and so on. */
  readonly outcome: string;
  readonly lanes: RunLanes;
  readonly numbers: NumbersModel;
}

/** Why a task does not run, at one of the states. */
export interface ReportedWhy {
  /** The number of the state. */
  readonly state: number;
  /** DAP's thread id. */
  readonly task: number;
  /** Index into `whyTexts`. */
  readonly why: number;
}

/** All of it. */
export interface ReportData {
  readonly version: 1;
  readonly scenario: string;
  readonly title: string;
  readonly runs: readonly ReportedRun[];
  readonly states: PackedStates;
  readonly whys: readonly ReportedWhy[];
  readonly whyTexts: readonly WhyResult[];
  /** What was left out, as a sentence; absent when nothing was. */
  readonly cut?: string;
}

/** The id of the element of the page that carries the data as JSON. */
export const REPORT_ELEMENT = 'faultline-report';
