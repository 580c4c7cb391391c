/**
 * From virtual time to pixels and back, along the knots of a model, and times written as precisely as is drawn.
 *
 * Between two knots width grows evenly with time. Outside of the first and the last knot both ways stop at
 * the border, so what reaches beyond the picture is cut there.
 */
import { formatDuration } from '../../base/duration.ts';
import type { TimeKnot } from '../../view/timelineModel.ts';

/** One stretch of time on a stretch of pixels. */
export interface TimeScale {
  readonly fromNs: number;
  readonly toNs: number;
  readonly left: number;
  readonly width: number;
  /** Where a time lies, in pixels. Cost: logarithmic in the number of knots. */
  readonly x: (ns: number) => number;
  /** Which time lies at a pixel; not rounded. */
  readonly ns: (x: number) => number;
}

/** The last index whose value is not above `value`, or 0. */
function indexBelow(knots: readonly TimeKnot[], key: 'ns' | 'x', value: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((knots[middle]?.[key] ?? Infinity) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function along(
  knots: readonly TimeKnot[],
  from: 'ns' | 'x',
  to: 'ns' | 'x',
  value: number,
): number {
  const index = indexBelow(knots, from, value);
  const before = knots[index];
  const after = knots[index + 1];
  if (before === undefined) return 0;
  if (after === undefined || value <= before[from]) return before[to];
  const share = (value - before[from]) / (after[from] - before[from]);
  return before[to] + share * (after[to] - before[to]);
}

/** The scale that draws the knots' time from `left` on, `width` pixels wide. */
export function scaleOf(knots: readonly TimeKnot[], left: number, width: number): TimeScale {
  return {
    fromNs: knots[0]?.ns ?? 0,
    toNs: knots.at(-1)?.ns ?? 0,
    left,
    width,
    x: (ns) => left + width * along(knots, 'ns', 'x', ns),
    ns: (x) => along(knots, 'x', 'ns', (x - left) / width),
  };
}

const UNITS = [
  { name: 's', ns: 1e9 },
  { name: 'ms', ns: 1e6 },
  { name: 'µs', ns: 1e3 },
  { name: 'ns', ns: 1 },
] as const;

/** A time with all the digits that differ between two times `resolutionNs` apart: `12.42735 ms`. */
export function preciseTime(ns: number, resolutionNs: number): string {
  if (ns === 0) return '0';
  const unit = UNITS.find((each) => Math.abs(ns) >= each.ns);
  if (unit === undefined) return formatDuration(ns);
  const digits = Math.ceil(Math.log10(unit.ns / Math.max(1, resolutionNs)) - 1e-9);
  const text = (ns / unit.ns).toFixed(Math.min(9, Math.max(0, digits)));
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text} ${unit.name}`;
}
