/**
 * `faultline run --format html`: the panel as a page by itself, with the run, its states at what happened, and the
 * same scenario on another kernel to compare with.
 */
import { BugError } from '../base/errors.ts';
import { recordInSlices, type RecordedRun } from '../adapter/recordedRun.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { findLab, patchCatalog, SHIPPED_KERNEL } from '../scenario/patchCatalog.ts';
import { prepareRun, type PreparedRun, type PrepareRunInput } from '../scenario/prepareRun.ts';
import type { RunResult } from '../scenario/runScenario.ts';
import { packStates } from '../view/packedStates.ts';
import type { ReportData, ReportedRun } from '../view/reportModel.ts';
import { choosePlaces, describeCut, type ReportPlace } from './reportPlaces.ts';
import { collectStates } from './reportStates.ts';

/** Events that a report keeps of each run unless somebody asks for more: a few megabytes. */
const USUAL_EVENTS = 50_000;
/** States that a report has at most. */
const MOST_STATES = 500;

/** What a report is made of. */
export interface HtmlReportInput {
  readonly media: MediaFiles;
  readonly input: PrepareRunInput;
  /** The run, at its start. */
  readonly run: PreparedRun;
  /** The tree of the kernel to compare with. */
  readonly other: KernelTree | undefined;
  readonly maxEvents?: number | undefined;
}

/** A finished report. */
export interface HtmlReport {
  readonly result: RunResult;
  readonly data: ReportData;
  /** What the user should know about it: that it is not whole. */
  readonly warning: string | undefined;
}

/** The kernel that a report compares with unless the user names one: with the patch and without it. */
export function usualOther(media: MediaFiles, tree: KernelTree): string {
  const isShipped = tree.base === SHIPPED_KERNEL && !tree.isPatchedByUser;
  if (isShipped) return 'unpatched';
  const lab = tree.base === undefined ? undefined : findLab(media, tree.base);
  return lab?.from ?? SHIPPED_KERNEL;
}

/** Makes all runs, each to its end. */
export function makeHtmlReport(source: HtmlReportInput): HtmlReport {
  const { media, input, run, other, maxEvents = USUAL_EVENTS } = source;
  const { result, ...recorded } = finish(recordInSlices(run, maxEvents));
  const places = choosePlaces(recorded.lanes, endOf(run, result), MOST_STATES);
  const { states, whys, whyTexts } = collectStates(
    again(input, input.tree),
    places.places,
    result.stop,
  );
  const compared = other === undefined ? [] : [runOther(media, input, other, maxEvents)];
  const cut = describeCut(places, recorded.lanes.endNs);
  const data: ReportData = {
    version: 1,
    scenario: run.scenario.name,
    title: run.data.title,
    runs: [toReported(media, input.tree, recorded), ...compared],
    states: packStates(states),
    whys,
    whyTexts,
    ...(cut === undefined ? {} : { cut }),
  };
  const isLost = data.runs.some(({ lanes }) => lanes.lostFromNs !== undefined);
  const loss = isLost
    ? 'The report does not have all events. Ask for more with --max-events.'
    : undefined;
  const warning = [cut, loss].filter((text) => text !== undefined).join('\n');
  return { result, data, warning: warning === '' ? undefined : warning };
}

function finish<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same run at its start once more, silent. */
function again(input: PrepareRunInput, tree: KernelTree): PreparedRun {
  const { output: _heard, ...silent } = input;
  const { run } = prepareRun({ ...silent, tree });
  if (run === undefined) throw new BugError('a run that was prepared cannot be prepared again');
  return run;
}

function runOther(
  media: MediaFiles,
  input: PrepareRunInput,
  tree: KernelTree,
  maxEvents: number,
): ReportedRun {
  // A schedule belongs to one kernel.
  const { schedule: _of, ...rest } = input;
  return toReported(media, tree, finish(recordInSlices(again(rest, tree), maxEvents)));
}

function toReported(
  media: MediaFiles,
  tree: KernelTree,
  { outcome, lanes, numbers }: RecordedRun,
): ReportedRun {
  const { kernels, labs } = patchCatalog(media);
  const isShipped = tree.base !== undefined && !tree.isPatchedByUser;
  const known = isShipped
    ? [...kernels, ...labs].find(({ name }) => name === tree.base)
    : undefined;
  return { kernel: tree.name, kernelTitle: known?.title ?? '', outcome, lanes, numbers };
}

function endOf({ machine, tasks }: PreparedRun, { stop }: RunResult): ReportPlace {
  const last = stop.kind === 'fault' ? stop.task : undefined;
  const isOfTask = tasks.some(({ id }) => id === last);
  return {
    position: machine.position,
    threadId: last === undefined || !isOfTask ? undefined : last + 1,
    text: endText(stop),
    isEnd: true,
  };
}

function endText(stop: RunResult['stop']): string {
  switch (stop.kind) {
    case 'finished':
      return stop.outcome === 'completed' ? 'The run is over.' : 'The run came to its limit.';
    case 'deadlock':
      return 'Nothing can go on: a deadlock.';
    case 'fault':
      return stop.fault.message;
  }
}
