/**
 * The numbers as rows of text: what the tables show, and what is copied.
 */
import { formatDuration } from '../../base/duration.ts';
import type { LockTimes, NumbersModel } from '../../view/numbersModel.ts';

/** A time that may still run. */
export interface Figure {
  /** `12.5 ms`, or a dash where there is nothing. */
  readonly text: string;
  /** It still grows. */
  readonly isRunning: boolean;
  /** What lasts now, where that is not the longest: `now 2 µs`. */
  readonly present: string | undefined;
}

/** The longest time of a kind, and what lasts now of it. */
export function figureOf(longestNs: number, presentNs: number | undefined): Figure {
  const isRunning = presentNs !== undefined && presentNs >= longestNs;
  const isNothing = longestNs === 0 && presentNs === undefined;
  return {
    text: isNothing ? '–' : formatDuration(longestNs),
    isRunning,
    present: presentNs === undefined || isRunning ? undefined : `now ${formatDuration(presentNs)}`,
  };
}

/** The three figures of a row. */
export function figuresOf(times: LockTimes): {
  readonly readHold: Figure;
  readonly writeHold: Figure;
  readonly wait: Figure;
} {
  const holdOf = (mode: 'read' | 'write'): number | undefined =>
    times.holdMode === mode ? times.holdNs : undefined;
  return {
    readHold: figureOf(times.longestReadHoldNs, holdOf('read')),
    writeHold: figureOf(times.longestWriteHoldNs, holdOf('write')),
    wait: figureOf(times.longestWaitNs, times.waitNs),
  };
}

function figureCell({ text, isRunning, present }: Figure): string {
  if (isRunning) return `${text} and counting`;
  return present === undefined ? text : `${text} (${present})`;
}

/** Everything as text with tabs, for a spreadsheet: titles, then rows, a blank line between tables. */
export function numbersAsText(
  { locks, faults, counters }: NumbersModel,
  clockNs: number,
  run: string,
): string {
  const table = (rows: readonly (readonly string[])[]): string =>
    rows.map((row) => row.join('\t')).join('\n');
  return `${[
    table([[run], ['virtual time', formatDuration(clockNs)]]),
    table([
      ['Lock', 'Task', 'Longest read hold', 'Longest write hold', 'Longest wait', 'Waits'],
      ...locks.map((times) => {
        const { readHold, writeHold, wait } = figuresOf(times);
        return [
          times.lock,
          times.task,
          ...[readHold, writeHold, wait].map(figureCell),
          String(times.waits),
        ];
      }),
    ]),
    table([
      ['Task', 'maj_flt', 'min_flt'],
      ...faults.map(({ task, major, minor }) => [task, String(major), String(minor)]),
    ]),
    table([['Counter', 'Count'], ...counters.map(([name, count]) => [name, String(count)])]),
  ].join('\n\n')}\n`;
}
