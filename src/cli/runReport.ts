/**
 * The text form of `faultline run`: how it ended, what each task went through, counters, lock times,
 * violations, and whether the scenario's expectation holds.
 */
import { formatDuration } from '../base/duration.ts';
import type { FinalStop } from '../machine/stop.ts';
import type { ExpectationResult } from '../scenario/expectation.ts';
import type { PreparedRun } from '../scenario/prepareRun.ts';
import {
  perSecond,
  type LockSummary,
  type ReportSummary,
  type RunSummary,
  type ViolationSummary,
} from '../scenario/runSummary.ts';
import { formatRate, formatTable } from './textTable.ts';

/**
 * Which bound ended the run, and what to do about it; `undefined` when none did. `bootSteps` is present
 * when booting did not come to its end.
 */
export function explainLimit(
  summary: RunSummary,
  stop: FinalStop,
  bootSteps: number | undefined,
): string | undefined {
  if (summary.outcome !== 'limit') return undefined;
  if (stop.kind === 'fault') return `A bound was hit before the end: ${stop.fault.message}`;
  if (bootSteps !== undefined) {
    return `The kernel had not booted after ${String(bootSteps)} steps and was given up.`;
  }
  return (
    `The run had not ended after ${String(summary.steps)} steps and was given up. ` +
    'If a task is meant to run for ever, give the scenario a `duration`.'
  );
}

/** The whole report, with a newline at its end; `usage` are more sections, as lines. */
export function formatRunReport(
  summary: RunSummary,
  expectation: ExpectationResult,
  limit: string | undefined,
  run: Pick<PreparedRun, 'data' | 'changes'>,
  usage: readonly (readonly string[])[] = [],
): string {
  const { scenario, kernel, outcome, virtualNs, steps } = summary;
  const { notes = [] } = run.data;
  const sections = [
    [
      `${scenario} on ${kernel}: ${outcome} after ${formatDuration(virtualNs)} (${String(steps)} steps)`,
    ],
    formatTasks(summary),
    formatTable([['counter', 'value'], ...Object.entries(summary.counters).map(pairText)]),
    ...usage,
    ...Object.entries(summary.locks).map(([name, lock]) => formatLock(name, lock)),
    ...summary.violations.map(formatViolation),
    ...summary.reports.map(formatReport),
    ...(limit === undefined ? [] : [[limit]]),
    formatExpectation(kernel, expectation, run.changes),
    ...(notes.length === 0 ? [] : [notes]),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function formatReport({ rule, message, file, line }: ReportSummary): string[] {
  const place = file === undefined ? '' : `${file}:${String(line)}: `;
  return [`${place}note: ${message} [${rule}]`];
}

function pairText([name, value]: [string, unknown]): string[] {
  return [name, String(value)];
}

function formatTasks(summary: RunSummary): string[] {
  const hasRate = summary.tasks.some(({ iterations }) => iterations > 0);
  const heading = ['task', 'end', 'maj_flt', 'min_flt', 'iterations', 'longest wait'];
  if (hasRate) heading.push('iterations/s');
  const rows = summary.tasks.map((task) => [
    task.name,
    task.exit,
    String(task.maj_flt),
    String(task.min_flt),
    String(task.iterations),
    formatDuration(task.mmapSemWaitMaxNs),
    ...(hasRate ? [formatRate(perSecond(task.iterations, summary.virtualNs))] : []),
  ]);
  return formatTable([heading, ...rows]);
}

function formatLock(name: string, lock: RunSummary['locks'][string]): string[] {
  const heading = [name, 'longest read', 'all reads', 'longest write', 'longest wait', 'contended'];
  const row = (label: string, figures: LockSummary): string[] => [
    label,
    formatDuration(figures.readHoldMaxNs),
    formatDuration(figures.readHoldTotalNs),
    formatDuration(figures.writeHoldMaxNs),
    formatDuration(figures.waitMaxNs),
    String(figures.contended),
  ];
  const tasks = Object.entries(lock.perTask).map(([task, figures]) => row(task, figures));
  return formatTable([heading, ...tasks, row('all', lock)]);
}

/** Lines about a violation. */
export function formatViolation(violation: ViolationSummary): string[] {
  const { file, line, column, task, excerpt } = violation;
  const place = file === undefined ? '' : `${file}:${String(line ?? 0)}:${String(column ?? 0)}: `;
  const who = [task, violation.function].filter((part) => part !== undefined).join(' in ');
  return [
    `${place}${violation.rule}: ${violation.message}${who === '' ? '' : ` (${who})`}`,
    ...(excerpt === undefined ? [] : [excerpt]),
    'To see it again, run the same command with this schedule:',
    violation.schedule.trimEnd(),
  ];
}

function formatExpectation(
  kernel: string,
  { isKnown, mismatches }: ExpectationResult,
  changes: ReadonlyMap<string, number>,
): string[] {
  const changed = [...changes].map(([name, value]) => `${name}=${String(value)}`);
  if (changed.length > 0) {
    return [`The scenario expects nothing of a run with ${changed.join(', ')}.`];
  }
  if (!isKnown) return [`The scenario expects nothing of the kernel ${kernel}.`];
  if (mismatches.length === 0) return ['The expectation holds.'];
  const heading = ['not as expected', 'expected', 'found'];
  return formatTable([
    heading,
    ...mismatches.map(({ what, expected, actual }) => [what, expected, actual]),
  ]);
}
