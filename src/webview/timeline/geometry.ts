/**
 * Where things stand in the timeline's picture, in pixels: the axis on top, one row for each lane, names to the left.
 *
 * It depends on the width and the lanes only, which do not change during a run, so nothing jumps between two steps.
 */
import { DISK_LANE, type TimelineLane } from '../../view/timelineModel.ts';

/** The row of one lane. */
export interface LaneBox {
  readonly id: number;
  readonly name: string;
  /** What stands under the name; left out where there is no room. */
  readonly aside: string | undefined;
  readonly top: number;
  readonly height: number;
  /** The middle of the row of marks. */
  readonly marksY: number;
  readonly bandTop: number;
  readonly bandHeight: number;
  /** The base line of times; left out where there is no room. */
  readonly labelY: number | undefined;
}

/** The whole picture. */
export interface Geometry {
  readonly width: number;
  readonly height: number;
  /** The stretch of pixels for time. */
  readonly left: number;
  readonly plotWidth: number;
  /** The lower end of the axis, where the lanes begin. */
  readonly axisBottom: number;
  readonly lanes: readonly LaneBox[];
}

/** The height of the axis. */
export const AXIS_HEIGHT = 38;
/** How far an outline stands off the band of its lane. */
export const OUTLINE_GAP = 3;
/** From this many lanes on rows are low. */
const MANY_LANES = 8;
/** Pixels for a letter of a name, also in bold. */
const LETTER = 7.4;
const NAME_LETTERS = 18;
const MARGIN = 8;
const NARROW = 480;

const ROOMY = { height: 52, marksY: 8, bandTop: 18, bandHeight: 15, labelY: 47 };
const LOW = { height: 30, marksY: 6, bandTop: 14, bandHeight: 10, labelY: undefined };

function shorten(name: string, letters: number): string {
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}

/** The picture's measures for a width. */
export function geometryOf(lanes: readonly TimelineLane[], width: number): Geometry {
  const row = lanes.length >= MANY_LANES ? LOW : ROOMY;
  const most = width < NARROW ? 10 : NAME_LETTERS;
  const longest = Math.max(6, ...lanes.map(({ name }) => Math.min(most, name.length)));
  const left = Math.round(16 + longest * LETTER);
  const boxes = lanes.map((lane, index): LaneBox => {
    const top = AXIS_HEIGHT + index * row.height;
    const hasAside = row.labelY !== undefined && lane.cpu !== undefined && lane.id !== DISK_LANE;
    return {
      id: lane.id,
      name: shorten(lane.name, longest),
      aside: hasAside ? `CPU ${String(lane.cpu)}` : undefined,
      top,
      height: row.height,
      marksY: top + row.marksY,
      bandTop: top + row.bandTop,
      bandHeight: row.bandHeight,
      labelY: row.labelY === undefined ? undefined : top + row.labelY,
    };
  });
  return {
    width,
    height: AXIS_HEIGHT + lanes.length * row.height + 1,
    left,
    plotWidth: Math.max(40, width - left - MARGIN),
    axisBottom: AXIS_HEIGHT,
    lanes: boxes,
  };
}
