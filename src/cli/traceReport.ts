/**
 * The forms of `faultline run` that need the run to be recorded: ftrace, perfetto, lock_stat, and the usage of
 * tasks in the table.
 *
 * What a format does not need is not recorded, so that it costs nothing.
 */
import { asCpuId } from '../base/brand.ts';
import { RecordedTrace } from '../kernel/recordedTrace.ts';
import { UsageTally } from '../kernel/taskUsage.ts';
import type { TracedFunctions } from '../kernel/traceRecorder.ts';
import type { PreparedRun } from '../scenario/prepareRun.ts';
import { runToEnd, type RunResult } from '../scenario/runScenario.ts';
import { nameTasks, runTraced } from '../scenario/traceRun.ts';
import { formatChromeTrace } from '../view/chromeTrace.ts';
import { formatFtrace } from '../view/ftraceText.ts';
import { formatLockStat } from '../view/lockStatText.ts';
import { LockTally } from '../view/lockTally.ts';
import { describeLoss, type TracedRun } from '../view/tracedRun.ts';

/** Formats that come from what was recorded alone. */
export const TRACE_FORMATS = ['ftrace', 'perfetto', 'lock_stat'] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** What the command line says about traces. */
export interface TraceOptions {
  /** Whether functions that are plumbing are traced too. */
  readonly plumbing?: boolean;
  readonly maxEvents?: number;
}

/** A run that was recorded. */
export interface TracedReport {
  readonly result: RunResult | undefined;
  /** The report in pieces, to be written one after the other. */
  readonly pieces: Iterable<string>;
  /** What the user should know about it: that it is not whole. */
  readonly warning: string | undefined;
}

/** Runs to the end and gives the report in a format. */
export function runForTrace(
  run: PreparedRun,
  format: TraceFormat,
  options: TraceOptions,
): TracedReport {
  if (format === 'lock_stat') {
    const tally = new LockTally();
    const result = runTraced(run, tally, 'none');
    const classes = tally.finish(run.machine.nowNs());
    return { result, pieces: [formatLockStat(run.program, classes)], warning: undefined };
  }
  const trace = new RecordedTrace(options.maxEvents);
  const functions: TracedFunctions = options.plumbing === true ? 'all' : 'withoutPlumbing';
  const result = runTraced(run, trace, functions);
  const traced: TracedRun = {
    title: `${run.scenario.name} on ${run.tree.name}`,
    program: run.program,
    trace,
    tasks: nameTasks(run),
    cpuCount: run.machine.config.cpuCount,
    endNs: run.machine.nowNs(),
  };
  const loss = describeLoss(traced);
  return {
    result,
    pieces: format === 'ftrace' ? formatFtrace(traced) : formatChromeTrace(traced),
    warning: loss === undefined ? undefined : `${loss} Ask for more with --max-events.`,
  };
}

/** A run with the usage of its tasks. */
export interface UsageReport {
  readonly result: RunResult | undefined;
  readonly usage: UsageTally;
}

/** Runs to the end and sums up who ran for how long. */
export function runForUsage(run: PreparedRun): UsageReport {
  const { machine } = run;
  const usage = new UsageTally();
  if (run.bootStop === undefined) machine.setTrace(usage);
  const result = runToEnd(run);
  machine.setTrace(undefined);
  const cpus = Array.from({ length: machine.config.cpuCount }, (_, cpu) => asCpuId(cpu));
  usage.finish(cpus.map((cpu) => machine.cpu(cpu).clockNs));
  return { result, usage };
}
