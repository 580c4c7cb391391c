/**
 * The marks of a lane: a small sign for each kind of event, thinned where they would cover each other.
 *
 * A mark that has no room for its sign is a short stroke; none is left out. Signs are known by their shapes, not by colors.
 */
import type { MarkKind, TimeMark } from '../../view/timelineModel.ts';
import type { TimeScale } from './scale.ts';

/** All signs of one kind in one lane. */
export interface MarkPath {
  readonly kind: MarkKind;
  readonly d: string;
}

/** What is drawn of a lane's marks. */
export interface DrawnMarks {
  readonly signs: readonly MarkPath[];
  /** Strokes for marks without a sign. */
  readonly strokes: string;
}

/** Kinds, the most telling first: that is the order in which they get room. */
const RANKS: readonly MarkKind[] = [
  'retry',
  'whatIf',
  'signal',
  'fault',
  'moment',
  'exit',
  'start',
  'systemCall',
  'interrupt',
];

/** Kinds whose sign is filled; those of others are drawn by lines. */
export const FILLED: ReadonlySet<MarkKind> = new Set<MarkKind>(['moment', 'fault', 'start']);

/** The sign of each kind around (0, 0), at most 9 pixels wide and high; `x` and `y` move it. */
function sign(kind: MarkKind, x: number, y: number): string {
  const p = (dx: number, dy: number): string =>
    `${String(Math.round((x + dx) * 10) / 10)} ${String(Math.round((y + dy) * 10) / 10)}`;
  switch (kind) {
    case 'moment':
      return `M${p(0, -5)}L${p(4.5, 0)}L${p(0, 5)}L${p(-4.5, 0)}Z`;
    case 'fault':
      return `M${p(-4.5, -4)}L${p(4.5, -4)}L${p(0, 4.5)}Z`;
    case 'retry':
      return `M${p(3.6, -1.6)}A4 4 0 1 0 ${p(3.9, 1.4)}M${p(4.3, -4.6)}L${p(3.8, -1.2)}L${p(0.6, -2)}`;
    case 'systemCall':
      return `M${p(-3, -3)}L${p(3, -3)}L${p(3, 3)}L${p(-3, 3)}Z`;
    case 'interrupt':
      return `M${p(1.8, -4.5)}L${p(-2, 0.4)}L${p(2, -0.4)}L${p(-1.8, 4.5)}`;
    case 'signal':
      return `M${p(0, -4.5)}L${p(0, 1.2)}M${p(0, 3.2)}L${p(0, 4.4)}`;
    case 'whatIf':
      return `M${p(0, -4.5)}L${p(0, 4.5)}M${p(-3.9, -2.2)}L${p(3.9, 2.2)}M${p(-3.9, 2.2)}L${p(3.9, -2.2)}`;
    case 'start':
      return `M${p(-3, -4.5)}L${p(4.5, 0)}L${p(-3, 4.5)}Z`;
    case 'exit':
      return `M${p(-3.4, -3.4)}L${p(3.4, 3.4)}M${p(-3.4, 3.4)}L${p(3.4, -3.4)}`;
  }
}

/** Half the room that a sign takes. */
const REACH = 5;

/** The signs and strokes of a lane. Cost: linear in marks and pixels. */
export function drawMarks(marks: readonly TimeMark[], y: number, scale: TimeScale): DrawnMarks {
  const parts = new Map<MarkKind, string>();
  const taken = new Uint8Array(Math.ceil(scale.left + scale.width) + 2 * REACH + 2);
  const strokes = new Set<number>();
  const seen = marks.filter(({ ns }) => ns >= scale.fromNs && ns <= scale.toNs);
  for (const kind of RANKS) {
    for (const mark of seen) {
      if (mark.kind !== kind) continue;
      const x = scale.x(mark.ns);
      const from = Math.max(0, Math.round(x) - REACH);
      const to = Math.round(x) + REACH;
      if (taken[from] === 1 || taken[to] === 1) {
        strokes.add(Math.round(x));
        continue;
      }
      taken.fill(1, from, to + 1);
      parts.set(kind, (parts.get(kind) ?? '') + sign(kind, x, y));
    }
  }
  return {
    signs: Array.from(parts, ([kind, d]) => ({ kind, d })),
    strokes: Array.from(strokes, (x) => `M${x} ${y + 3}v4`).join(''),
  };
}

/** The mark nearest to a place in the lane, within `reach` pixels; of equally near ones the more telling. */
export function markNear(
  marks: readonly TimeMark[],
  x: number,
  scale: TimeScale,
  reach: number,
): TimeMark | undefined {
  let best: TimeMark | undefined;
  let bestOrder = Infinity;
  for (const mark of marks) {
    if (mark.ns < scale.fromNs || mark.ns > scale.toNs) continue;
    const distance = Math.abs(scale.x(mark.ns) - x);
    if (distance > reach) continue;
    const order = Math.round(distance) * RANKS.length + RANKS.indexOf(mark.kind);
    if (order < bestOrder) {
      best = mark;
      bestOrder = order;
    }
  }
  return best;
}
