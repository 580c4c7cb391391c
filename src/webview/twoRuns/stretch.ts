/**
 * The stretch of time that two runs are shown in: zooming and moving, as wide in pixels wherever it is.
 */
import type { TimelineModel } from '../../view/timelineModel.ts';
import { scaleOf } from '../timeline/scale.ts';

/** A stretch of time, in whole ns. */
export interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
}

/** No stretch is shorter: ten source statements. */
const SHORTEST_NS = 20;

type Shown = Pick<TimelineModel, 'fromNs' | 'toNs' | 'knots' | 'startNs' | 'endNs'>;

/** The middle of what is shown, `factor` times as wide; `undefined` when that is everything. */
export function zoomStretch(shown: Shown, factor: number): Stretch | undefined {
  if (factor >= 1) {
    const middle = (shown.fromNs + shown.toNs) / 2;
    const half = ((shown.toNs - shown.fromNs) * factor) / 2;
    return within(shown, middle - half, middle + half);
  }
  const scale = scaleOf(shown.knots, 0, 1);
  return within(shown, scale.ns(0.5 - factor / 2), scale.ns(0.5 + factor / 2));
}

/** As long a stretch, later by a share of its length, or earlier. */
export function moveStretch(shown: Shown, share: number): Stretch | undefined {
  const length = shown.toNs - shown.fromNs;
  const by = share * length;
  const most = Math.max(shown.endNs, shown.toNs) - length;
  const from = Math.max(shown.startNs, Math.min(shown.fromNs + by, most));
  return within(shown, from, from + length);
}

function within({ startNs, endNs }: Shown, fromNs: number, toNs: number): Stretch | undefined {
  const from = Math.max(startNs, Math.floor(fromNs));
  const to = Math.max(from + SHORTEST_NS, Math.ceil(toNs));
  return from <= startNs && to >= endNs ? undefined : { fromNs: from, toNs: to };
}
