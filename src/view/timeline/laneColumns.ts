/**
 * The columns of `RunLanes` while they grow, and how they are cut back to an earlier length.
 */
import { NONE, type RunLane } from './runLanes.ts';

/** Columns that belong together have one length. */
type Columns = Readonly<Record<string, number[]>>;

/** A task's changes, or the disk's. */
export interface GrowingChanges extends Columns {
  readonly ns: number[];
  readonly position: number[];
  readonly kind: number[];
  readonly about: number[];
}

/** Holds of one lock. */
export interface GrowingHolds {
  readonly lock: string;
  readonly fromNs: number[];
  readonly toNs: number[];
  readonly fromPosition: number[];
  readonly toPosition: number[];
  readonly isWrite: number[];
}

/** Marks of a lane. */
export interface GrowingMarks extends Columns {
  readonly ns: number[];
  readonly position: number[];
  readonly kind: number[];
  readonly text: number[];
}

/** Wake-ups of the run. */
export interface GrowingWakes extends Columns {
  readonly from: number[];
  readonly to: number[];
  readonly wokenNs: number[];
  readonly runsNs: number[];
  readonly position: number[];
}

/** Busy CPUs without lanes. */
export interface GrowingBusy extends Columns {
  readonly fromNs: number[];
  readonly toNs: number[];
}

/** A lane while it grows. */
export interface GrowingLane extends RunLane {
  readonly changes: GrowingChanges;
  readonly holds: GrowingHolds[];
  readonly marks: GrowingMarks;
}

/** How long the columns of a lane are. */
export interface LaneLengths {
  readonly changes: number;
  readonly marks: number;
  /** By lock: how many holds there are, and whether the last one lasts. */
  readonly holds: readonly { readonly count: number; readonly isOpen: boolean }[];
}

/** A lane in which nothing has happened. */
export function emptyLane(id: number, name: string, cpu: number | undefined): GrowingLane {
  return {
    id,
    name,
    ...(cpu === undefined ? {} : { cpu }),
    changes: { ns: [], position: [], kind: [], about: [] },
    holds: [],
    marks: { ns: [], position: [], kind: [], text: [] },
  };
}

/** No holds of a lock. */
export function emptyHolds(lock: string): GrowingHolds {
  return { lock, fromNs: [], toNs: [], fromPosition: [], toPosition: [], isWrite: [] };
}

/** Shortens all of the columns. */
export function shorten(columns: Columns, length: number): void {
  for (const column of Object.values(columns)) column.length = length;
}

/** How long a lane is now. */
export function lengthsOf({ changes, marks, holds }: GrowingLane): LaneLengths {
  return {
    changes: changes.ns.length,
    marks: marks.ns.length,
    holds: holds.map(({ fromNs, toNs }) => ({
      count: fromNs.length,
      isOpen: toNs.at(-1) === NONE,
    })),
  };
}

/** Cuts a lane back. What lasted then lasts again. */
export function cutLane(lane: GrowingLane, lengths: LaneLengths): void {
  shorten(lane.changes, lengths.changes);
  shorten(lane.marks, lengths.marks);
  lane.holds.length = lengths.holds.length;
  for (const [index, { count, isOpen }] of lengths.holds.entries()) {
    const holds = lane.holds[index];
    if (holds === undefined) continue;
    const { fromNs, toNs, fromPosition, toPosition, isWrite } = holds;
    shorten({ fromNs, toNs, fromPosition, toPosition, isWrite }, count);
    if (!isOpen) continue;
    toNs[count - 1] = NONE;
    toPosition[count - 1] = NONE;
  }
}
