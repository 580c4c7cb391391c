/**
 * What lies under the pointer, found by arithmetic: the picture has no node for a single stretch or mark.
 */
import type { TimelineLane, TimelineModel, TimeMark } from '../../view/timelineModel.ts';
import type { Geometry } from './geometry.ts';
import { markNear } from './marks.ts';
import type { TimeScale } from './scale.ts';
import { markWords, placeWords } from './words.ts';

/** What is there. */
export interface Hit {
  readonly ns: number;
  readonly lane?: TimelineLane;
  readonly mark?: TimeMark;
  readonly text: string;
}

/** How near a mark has to be, in pixels. */
const REACH = 6;

/** What is at a place of the picture. Cost: linear in the marks of one lane. */
export function hitAt(
  model: TimelineModel,
  geometry: Geometry,
  scale: TimeScale,
  x: number,
  y: number,
): Hit {
  const ns = scale.ns(x);
  const resolutionNs = Math.max(1, scale.ns(x + 1) - scale.ns(x - 1));
  const fold = model.folds.find(({ fromNs, toNs }) => fromNs < ns && ns < toNs);
  const index = geometry.lanes.findIndex(({ top, height }) => y >= top && y < top + height);
  const lane = model.lanes[index];
  const box = geometry.lanes[index];
  if (lane === undefined || box === undefined) {
    return { ns, text: 'Drag to move through the run; the editor follows when you let go.' };
  }
  const isAtMarks = y < box.bandTop;
  const mark = isAtMarks ? markNear(lane.marks, x, scale, REACH) : undefined;
  if (mark !== undefined) return { ns: mark.ns, lane, mark, text: markWords(lane, mark) };
  const folded = fold === undefined ? '' : ' (this stretch is drawn shorter than it is)';
  return { ns, lane, text: `${placeWords(lane, ns, resolutionNs, model)}${folded}` };
}
