/**
 * One lane of a recorded run as a picture: what is shorter than a grain of so many pixels is merged with its
 * neighbors, and nothing that matters vanishes by it.
 *
 * A merged stretch takes the kind that fills most of it. A wait for `mmap_sem` that would never win is drawn
 * now and then all the same; holds are merged with each other only.
 */
import type { HoldStretch, Stretch, StretchKind, TimeMark } from '../timelineModel.ts';
import {
  LANE_KINDS,
  MARK_KINDS,
  NONE,
  type HoldColumns,
  type RunLane,
  type RunLanes,
} from './runLanes.ts';
import { firstAbove, type TimeRange, type TimeScale } from './timeScale.ts';

/** How far from the last one a wait for `mmap_sem` is drawn although other things fill more, in pixels. */
const WAIT_SPACING = 8;
const LOCK_WAIT = LANE_KINDS.indexOf('lockWait');

/** What a lane is drawn on. */
export interface Canvas {
  readonly run: RunLanes;
  readonly range: TimeRange;
  readonly scale: TimeScale;
  readonly pixels: number;
}

/** Pixels by time, for times that do not fall. Cost: constant on average. */
class PixelCursor {
  private readonly canvas: Canvas;
  private index = 0;

  constructor(canvas: Canvas) {
    this.canvas = canvas;
  }

  at(ns: number): number {
    const { knots } = this.canvas.scale;
    while (this.index < knots.length - 2 && (knots[this.index + 1]?.ns ?? 0) <= ns) this.index += 1;
    const from = knots[this.index];
    const to = knots[this.index + 1];
    if (from === undefined || to === undefined) return 0;
    const part = Math.min(1, Math.max(0, (ns - from.ns) / (to.ns - from.ns)));
    return (from.x + (to.x - from.x) * part) * this.canvas.pixels;
  }
}

/** A row of the changes, clipped to the range. */
interface Piece {
  readonly fromNs: number;
  readonly toNs: number;
  /** How long all of it lasts, as far as the record goes. */
  readonly lastsNs: number;
  /** In pixels. */
  readonly from: number;
  readonly to: number;
  /** Index into `LANE_KINDS`. */
  readonly kind: number;
  readonly about: number;
  readonly isOpen: boolean;
}

/** The stretches of a lane. Cost: what it did in the range. */
export function drawStretches(lane: RunLane, canvas: Canvas, grain: number): readonly Stretch[] {
  const painter = new StretchPainter(canvas.run.texts, grain);
  const { run, range } = canvas;
  const { ns, kind, about } = lane.changes;
  const cursor = new PixelCursor(canvas);
  for (let row = Math.max(0, firstAbove(ns, range.fromNs) - 1); row < ns.length; row += 1) {
    const start = ns[row] ?? 0;
    if (start >= range.toNs) break;
    const end = Math.max(start, ns[row + 1] ?? run.endNs);
    const fromNs = Math.max(start, range.fromNs);
    const toNs = Math.min(end, range.toNs);
    if (toNs <= fromNs) continue;
    const goesOn = row === ns.length - 1 && !run.isOver;
    painter.add({
      fromNs,
      toNs,
      lastsNs: goesOn ? toNs - fromNs : end - start,
      from: cursor.at(fromNs),
      to: cursor.at(toNs),
      kind: kind[row] ?? 0,
      about: about[row] ?? NONE,
      isOpen: goesOn && toNs === end,
    });
  }
  return painter.finish();
}

class StretchPainter {
  private readonly texts: readonly string[];
  private readonly grain: number;
  private readonly done: Stretch[] = [];
  /** Whether the last stretch that is done was merged of short ones, and where it ends, in pixels. */
  private endOfMerged = -1;
  private group: Piece[] = [];
  private groupFrom = 0;
  private lastWait = -Infinity;

  constructor(texts: readonly string[], grain: number) {
    this.texts = texts;
    this.grain = grain;
  }

  add(piece: Piece): void {
    if (piece.to - piece.from >= this.grain) {
      this.flush();
      if (piece.kind === 0) return;
      this.done.push(this.stretch(piece, piece.kind, 1));
      this.endOfMerged = -1;
      if (piece.kind === LOCK_WAIT) this.lastWait = piece.to;
      return;
    }
    if (piece.kind !== 0) {
      if (this.group.length === 0) this.groupFrom = piece.from;
      this.group.push(piece);
    }
    if (this.group.length > 0 && piece.to - this.groupFrom >= this.grain) this.flush();
  }

  finish(): readonly Stretch[] {
    this.flush();
    return this.done;
  }

  private flush(): void {
    const { group } = this;
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return;
    this.group = [];
    const kind = this.kindOf(group, last.to);
    const abouts = new Set(group.filter((item) => item.kind === kind).map((item) => item.about));
    const [about = NONE] = abouts.size === 1 ? abouts : [];
    const whole = { ...first, toNs: last.toNs, to: last.to, about, isOpen: last.isOpen };
    const before = this.done.at(-1);
    const next = this.stretch(whole, kind, group.length);
    const goesOn =
      before?.kind === next.kind &&
      before.about === next.about &&
      first.from - this.endOfMerged < this.grain &&
      this.endOfMerged >= 0;
    this.endOfMerged = last.to;
    if (!goesOn) {
      this.done.push(next);
      return;
    }
    const merged = (before.merged ?? 1) + (next.merged ?? 1);
    this.done[this.done.length - 1] = { ...next, fromNs: before.fromNs, merged };
  }

  /** The kind that fills most of a group, or a wait that has not been seen for long. */
  private kindOf(group: readonly Piece[], end: number): number {
    const times = new Array<number>(LANE_KINDS.length).fill(0);
    for (const { kind, fromNs, toNs } of group) times[kind] = (times[kind] ?? 0) + toNs - fromNs;
    let most = group[0]?.kind ?? 0;
    for (const [kind, time] of times.entries()) if (time > (times[most] ?? 0)) most = kind;
    const hasWait = (times[LOCK_WAIT] ?? 0) > 0;
    if (hasWait && (end - this.lastWait >= WAIT_SPACING || most === LOCK_WAIT)) {
      this.lastWait = end;
      return LOCK_WAIT;
    }
    return most;
  }

  private stretch(piece: Piece, kind: number, count: number): Stretch {
    const about = this.texts[piece.about];
    return {
      fromNs: piece.fromNs,
      toNs: piece.toNs,
      kind: LANE_KINDS[kind] as StretchKind,
      ...(about === undefined ? {} : { about }),
      ...(count > 1 ? { merged: count } : wholeOf(piece)),
      ...(piece.isOpen ? { isOpen: true } : {}),
    };
  }
}

/** How long something lasts altogether, if that is more than what is in sight. */
function wholeOf(piece: Pick<Piece, 'fromNs' | 'toNs' | 'lastsNs'>): { readonly lastsNs?: number } {
  const { fromNs, toNs, lastsNs } = piece;
  return lastsNs > toNs - fromNs ? { lastsNs } : {};
}

/** The holds of a lane, lock by lock. Cost: those in the range. */
export function drawHolds(lane: RunLane, canvas: Canvas, grain: number): readonly HoldStretch[] {
  return lane.holds.flatMap((holds) => drawHoldsOf(holds, canvas, grain));
}

/** Short holds that are drawn as one. */
interface HoldGroup {
  readonly fromNs: number;
  toNs: number;
  /** Of its only hold, how long all of it lasts. */
  readonly lastsNs: number;
  readonly from: number;
  count: number;
  readTime: number;
  writeTime: number;
  isOpen: boolean;
}

function drawHoldsOf(holds: HoldColumns, canvas: Canvas, grain: number): readonly HoldStretch[] {
  const { run, range } = canvas;
  const { lock, fromNs: starts, toNs: ends, isWrite } = holds;
  const done: HoldStretch[] = [];
  const cursor = new PixelCursor(canvas);
  let group: HoldGroup | undefined;
  const flush = (): void => {
    if (group !== undefined) done.push(holdOf(lock, group));
    group = undefined;
  };
  for (let row = Math.max(0, firstAbove(starts, range.fromNs) - 1); row < starts.length; row += 1) {
    const start = starts[row] ?? 0;
    if (start > range.toNs) break;
    const isHeld = (ends[row] ?? NONE) === NONE;
    const end = isHeld ? Math.max(start, run.endNs) : (ends[row] ?? start);
    if (end < range.fromNs) continue;
    const fromNs = Math.max(start, range.fromNs);
    const toNs = Math.min(end, range.toNs);
    const from = cursor.at(fromNs);
    const to = cursor.at(toNs);
    if (group !== undefined && to - group.from >= grain) flush();
    const goesOn = isHeld && !run.isOver;
    const lastsNs = goesOn ? toNs - fromNs : end - start;
    group ??= { fromNs, toNs, lastsNs, from, count: 0, readTime: 0, writeTime: 0, isOpen: false };
    group.toNs = toNs;
    group.count += 1;
    group.isOpen = goesOn && toNs === end;
    // A hold of no time counts too.
    if (isWrite[row] === 1) group.writeTime += toNs - fromNs + 1;
    else group.readTime += toNs - fromNs + 1;
  }
  flush();
  return done;
}

function holdOf(lock: string, group: HoldGroup): HoldStretch {
  const { fromNs, toNs, count, readTime, writeTime, isOpen } = group;
  return {
    fromNs,
    toNs,
    lock,
    mode: writeTime > readTime ? 'write' : 'read',
    ...(count > 1 ? { merged: count } : wholeOf(group)),
    ...(isOpen ? { isOpen: true } : {}),
  };
}

/** Marks that lie close together: how many, and the row of the most telling one with its rank. */
interface MarkGroup {
  readonly from: number;
  row: number;
  rank: number;
  count: number;
}

/** The marks of a lane. Of marks that lie closer than the grain the most telling one is drawn. */
export function drawMarks(lane: RunLane, canvas: Canvas, grain: number): readonly TimeMark[] {
  const { run, range } = canvas;
  const { ns, kind } = lane.marks;
  const done: TimeMark[] = [];
  const cursor = new PixelCursor(canvas);
  let group: MarkGroup | undefined;
  for (let row = firstAbove(ns, range.fromNs - 1); row < ns.length; row += 1) {
    const at = ns[row] ?? 0;
    if (at > range.toNs) break;
    const pixel = cursor.at(at);
    const rank = kind[row] ?? 0;
    if (group === undefined || pixel - group.from >= grain) {
      if (group !== undefined) done.push(markOf(lane, run.texts, group));
      group = { from: pixel, row, rank, count: 1 };
      continue;
    }
    group.count += 1;
    if (rank >= group.rank) continue;
    group.row = row;
    group.rank = rank;
  }
  if (group !== undefined) done.push(markOf(lane, run.texts, group));
  return done;
}

function markOf(
  { marks }: RunLane,
  texts: readonly string[],
  { row, rank, count }: MarkGroup,
): TimeMark {
  return {
    ns: marks.ns[row] ?? 0,
    position: marks.position[row] ?? 0,
    kind: MARK_KINDS[rank] ?? 'moment',
    text: texts[marks.text[row] ?? NONE] ?? '',
    ...(count > 1 ? { merged: count } : {}),
  };
}
