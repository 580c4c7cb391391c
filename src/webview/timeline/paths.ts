/**
 * What a lane shows, as the text of SVG paths: one path for each kind, however many stretches there are.
 *
 * So a picture of a hundred thousand events has as many SVG nodes as one of ten. What is narrower than a pixel is
 * drawn one pixel wide.
 */
import type {
  HoldStretch,
  Stretch,
  StretchKind,
  TimelineLane,
  TimelineModel,
} from '../../view/timelineModel.ts';
import { OUTLINE_GAP, type Geometry, type LaneBox } from './geometry.ts';
import type { TimeScale } from './scale.ts';
import { lengthWords, type ShownRange } from './words.ts';

/** Everything of one kind in one lane. */
export interface KindPath {
  readonly kind: StretchKind;
  readonly d: string;
}

/** The outlines of one mode in one lane. */
export interface HoldPath {
  readonly mode: HoldStretch['mode'];
  readonly d: string;
  /** What the outlines enclose. */
  readonly ground: string;
}

/** A short text under the band: how long a lock is held, how long a task waits. */
export interface LaneLabel {
  readonly x: number;
  readonly text: string;
  readonly kind: 'read' | 'write' | 'wait';
}

/** The height and place of a band. */
export type Band = Pick<LaneBox, 'bandTop' | 'bandHeight'>;

const LETTER = 6.2;

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The pixels of what lasts from one time to another, at least one wide; `undefined` when it is out of sight. */
function extent(
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
  scale: TimeScale,
): { readonly left: number; readonly right: number } | undefined {
  if (toNs < scale.fromNs || fromNs > scale.toNs) return undefined;
  const left = scale.x(fromNs);
  return { left, right: Math.max(scale.x(toNs), left + 1) };
}

function box(left: number, top: number, right: number, bottom: number): string {
  return `M${at(left)} ${at(top)}H${at(right)}V${at(bottom)}H${at(left)}Z`;
}

/** A rectangle with round corners; where it is narrow the corners are smaller. */
function roundBox(left: number, top: number, right: number, bottom: number): string {
  const r = Math.min(5, (right - left) / 2, (bottom - top) / 2);
  const arc = (x: number, y: number): string => `A${at(r)} ${at(r)} 0 0 1 ${at(x)} ${at(y)}`;
  return [
    `M${at(left + r)} ${at(top)}H${at(right - r)}${arc(right, top + r)}`,
    `V${at(bottom - r)}${arc(right - r, bottom)}`,
    `H${at(left + r)}${arc(left, bottom - r)}V${at(top + r)}${arc(left + r, top)}Z`,
  ].join('');
}

function drawStretch(kind: StretchKind, left: number, right: number, band: Band): string {
  const { bandTop, bandHeight } = band;
  const bottom = bandTop + bandHeight;
  switch (kind) {
    case 'ready':
    case 'asleep':
      return `M${at(left)} ${at(bandTop + bandHeight / 2)}H${at(right)}`;
    case 'interrupt':
      return box(left, bandTop - 2, right, bottom + 2);
    case 'user':
      return box(left, bandTop + bandHeight * 0.25, right, bottom);
    case 'kernel':
    case 'lockWait':
    case 'pageWait':
    case 'reading':
      return box(left, bandTop, right, bottom);
  }
}

/** The paths of stretches in a band, one for each kind that occurs. */
export function stretchPaths(
  stretches: readonly Stretch[],
  band: Band,
  scale: TimeScale,
): KindPath[] {
  const parts = new Map<StretchKind, string[]>();
  for (const stretch of stretches) {
    const pixels = extent(stretch, scale);
    if (pixels === undefined) continue;
    const part = drawStretch(stretch.kind, pixels.left, pixels.right, band);
    const list = parts.get(stretch.kind);
    if (list === undefined) parts.set(stretch.kind, [part]);
    else list.push(part);
  }
  return Array.from(parts, ([kind, list]) => ({ kind, d: list.join('') }));
}

/** The outlines of a lane's holds: one line with round corners to read, two square ones to write. */
export function holdPaths(holds: readonly HoldStretch[], band: Band, scale: TimeScale): HoldPath[] {
  const paths = { read: { d: '', ground: '' }, write: { d: '', ground: '' } };
  const top = band.bandTop - OUTLINE_GAP;
  const bottom = band.bandTop + band.bandHeight + OUTLINE_GAP;
  for (const hold of holds) {
    const pixels = extent(hold, scale);
    if (pixels === undefined) continue;
    const left = pixels.left - 1;
    const right = Math.max(pixels.right + 1, left + 4);
    const path = paths[hold.mode];
    if (hold.mode === 'read') {
      const outline = roundBox(left, top, right, bottom);
      path.d += outline;
      path.ground += outline;
      continue;
    }
    path.ground += box(left, top, right, bottom);
    path.d += box(left - 1, top - 1, right + 1, bottom + 1);
    if (right - left > 6) path.d += box(left + 2, top + 2, right - 2, bottom - 2);
  }
  return (['read', 'write'] as const).flatMap((mode) =>
    paths[mode].d === '' ? [] : [{ mode, ...paths[mode] }],
  );
}

interface Candidate {
  readonly left: number;
  readonly right: number;
  readonly texts: readonly string[];
  readonly kind: LaneLabel['kind'];
  readonly isMerged: boolean;
}

function holdCandidate(
  hold: HoldStretch,
  scale: TimeScale,
  range: ShownRange,
): Candidate | undefined {
  const pixels = extent(hold, scale);
  if (pixels === undefined) return undefined;
  const letter = hold.mode === 'read' ? 'R' : 'W';
  const whole = `${letter} ${lengthWords(hold, range, ' …')}`;
  return {
    ...pixels,
    texts: hold.merged === undefined ? [whole, letter] : [letter],
    kind: hold.mode,
    isMerged: hold.merged !== undefined,
  };
}

function waitCandidate(
  stretch: Stretch,
  scale: TimeScale,
  range: ShownRange,
): Candidate | undefined {
  const isWait = stretch.kind === 'lockWait' || stretch.kind === 'pageWait';
  const pixels = extent(stretch, scale);
  if (!isWait || pixels === undefined || stretch.merged !== undefined) return undefined;
  const time = lengthWords(stretch, range, ' …');
  return { ...pixels, texts: [`waits ${time}`, time], kind: 'wait', isMerged: false };
}

/** Texts under a lane's band, those of holds first; none touches another, and those of waits fit under theirs. */
export function laneLabels(lane: TimelineLane, scale: TimeScale, range: ShownRange): LaneLabel[] {
  const holds = lane.holds.map((hold) => holdCandidate(hold, scale, range));
  const waits = lane.stretches.map((stretch) => waitCandidate(stretch, scale, range));
  const labels: LaneLabel[] = [];
  const taken: { readonly left: number; readonly right: number }[] = [];
  const end = scale.left + scale.width;
  for (const candidate of [...holds, ...waits]) {
    if (candidate === undefined || taken.length > MOST_LABELS) continue;
    const label = placeLabel(candidate, taken, end);
    if (label === undefined) continue;
    taken.push({ left: label.x, right: label.x + label.text.length * LETTER });
    labels.push(label);
  }
  return labels;
}

/** The longest text of a candidate that has room: where it begins, or, for a wait, in its middle. */
function placeLabel(
  { left, right, texts, kind, isMerged }: Candidate,
  taken: readonly { readonly left: number; readonly right: number }[],
  end: number,
): LaneLabel | undefined {
  const gap = isMerged ? MERGED_GAP : LABEL_GAP;
  const isWait = kind === 'wait';
  for (const text of texts) {
    const width = text.length * LETTER;
    for (const x of isWait ? [left, (left + right - width) / 2] : [left]) {
      const isFree = taken.every((other) => x + width + gap < other.left || x > other.right + gap);
      const isIn = x >= left && x + width <= (isWait ? Math.max(right, left + 12) : end);
      if (isFree && (isIn || text.length === 1)) return { x, text, kind };
    }
  }
  return undefined;
}

/** No more texts in one lane than fit into a wide picture; bounds the work too. */
const MOST_LABELS = 150;
/** Pixels between two texts; more where letters stand for many holds and would make a row of their own. */
const LABEL_GAP = 5;
const MERGED_GAP = 24;

/** Wake-ups as one path: a line from the waker's band to the band of the woken task, with a head. */
export function wakePath(
  wakes: TimelineModel['wakes'],
  geometry: Geometry,
  scale: TimeScale,
): string {
  let d = '';
  for (const wake of wakes) {
    if (wake.wokenNs < scale.fromNs || wake.wokenNs > scale.toNs) continue;
    const to = geometry.lanes.find(({ id }) => id === wake.to);
    const from = geometry.lanes.find(({ id }) => id === wake.from);
    if (to === undefined || from === to) continue;
    const x = scale.x(wake.wokenNs);
    const isDown = from === undefined || from.top < to.top;
    const end = isDown ? to.bandTop - OUTLINE_GAP : to.bandTop + to.bandHeight + OUTLINE_GAP;
    const start =
      from === undefined
        ? to.top
        : isDown
          ? from.bandTop + from.bandHeight + OUTLINE_GAP
          : from.bandTop - OUTLINE_GAP;
    const head = isDown ? -6 : 6;
    d += `M${at(x)} ${at(start)}V${at(end)}`;
    d += `M${at(x - 3.5)} ${at(end + head)}L${at(x)} ${at(end)}L${at(x + 3.5)} ${at(end + head)}`;
  }
  return d;
}

/** The break that says that time was left out: a strip with zigzag edges down the picture. */
export interface BreakPath {
  /** The strip, to be filled like the ground. */
  readonly strip: string;
  readonly edges: string;
}

const TOOTH = 5;

function zigzagEdge(x: number, top: number, bottom: number): string[] {
  const points: string[] = [];
  for (let y = top, isOut = false; ; y += TOOTH, isOut = !isOut) {
    points.push(`${at(x + (isOut ? 3 : 0))} ${at(Math.min(y, bottom))}`);
    if (y >= bottom) return points;
  }
}

/** A break around `x`, `width` pixels wide. */
export function breakPath(x: number, top: number, bottom: number, width: number): BreakPath {
  const left = zigzagEdge(x - width / 2 - 1.5, top, bottom);
  const right = zigzagEdge(x + width / 2 - 1.5, top, bottom);
  return {
    strip: `M${[...left, ...right.toReversed()].join('L')}Z`,
    edges: `M${left.join('L')}M${right.join('L')}`,
  };
}
