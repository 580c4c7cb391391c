/**
 * The timeline as rows of a table, for screen readers and for whoever prefers to read: what begins when, and in which lane.
 */
import type { TimelineModel } from '../../view/timelineModel.ts';
import { preciseTime } from './scale.ts';
import { holdWords, lengthWords, stretchWords } from './words.ts';

/** One row. */
export interface TimelineRow {
  readonly ns: number;
  readonly time: string;
  readonly lane: string;
  readonly what: string;
  /** How long it lasts; left out for what has no length. */
  readonly length?: string;
  /** Where the run stands then, when a click can go there. */
  readonly position?: number;
}

/** The rows of the visible stretch, the earliest first, and how many there are in all. */
export interface TimelineRows {
  readonly rows: readonly TimelineRow[];
  readonly total: number;
}

/** At most this many rows are given. */
export const MOST_ROWS = 200;

/** Everything that a model shows, in the order of its times. */
export function timelineRows(model: TimelineModel): TimelineRows {
  const names = new Map(model.lanes.map((lane) => [lane.id, lane.name]));
  const all: Omit<TimelineRow, 'time'>[] = [];
  for (const lane of model.lanes) {
    const add = (ns: number, what: string, rest: Partial<TimelineRow>): void => {
      if (ns <= model.toNs) all.push({ ns, lane: lane.name, what, ...rest });
    };
    for (const mark of lane.marks) add(mark.ns, mark.text, { position: mark.position });
    for (const each of lane.stretches)
      add(each.fromNs, stretchWords(each), { length: lengthWords(each, model) });
    for (const hold of lane.holds)
      add(hold.fromNs, holdWords(hold), { length: lengthWords(hold, model) });
  }
  for (const { wokenNs, from, to, position } of model.wakes) {
    const waker = from === undefined ? '' : ` by ${names.get(from) ?? 'another task'}`;
    const lane = names.get(to);
    if (lane !== undefined) all.push({ ns: wokenNs, lane, what: `is woken${waker}`, position });
  }
  all.sort((a, b) => a.ns - b.ns);
  const rows = all.slice(0, MOST_ROWS).map((row) => ({ ...row, time: preciseTime(row.ns, 1) }));
  return { rows, total: all.length };
}
