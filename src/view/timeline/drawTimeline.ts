/**
 * Draws recorded runs as timelines of a given width: chooses the scale, and a grain at which the picture has no
 * more elements than a web page can move quickly.
 *
 * Needs nothing but the lanes, so a static page can draw by itself. Several runs share one scale, so that one place
 * of their pictures is one time.
 */
import { defined } from '../../base/errors.ts';
import type { TimelineLane, TimelineModel, TimelineQuery, WakeArrow } from '../timelineModel.ts';
import { drawHolds, drawMarks, drawStretches, type Canvas } from './drawLane.ts';
import { NONE, type RunLanes } from './runLanes.ts';
import { makeScale, widthAt, type TimeRange } from './timeScale.ts';

const USUAL_PIXELS = 1000;
const MOST_PIXELS = 4000;
/** How many elements all pictures of a call may have, by what they are. */
const MOST_ELEMENTS = { stretches: 1500, holds: 500, marks: 600, wakes: 250 } as const;

/** The picture of one run. Cost: what happened in the stretch of time that is asked for, a few times. */
export function drawTimeline(run: RunLanes, query: TimelineQuery = {}): TimelineModel {
  return defined(drawTimelines([run], query)[0], 'picture of a run');
}

/**
 * The pictures of several runs on one scale, over the same stretch of time. Time is folded only where nobody runs in
 * any of them.
 */
export function drawTimelines(
  runs: readonly RunLanes[],
  query: TimelineQuery = {},
): readonly TimelineModel[] {
  const range = rangeOf(runs, query);
  const pixels = Math.min(MOST_PIXELS, Math.max(1, query.max ?? USUAL_PIXELS));
  const kind = query.scale ?? 'folded';
  const scale = makeScale(runs, range, kind, pixels);
  return runs.map((run) => {
    const { rev, startNs, endNs, isOver, events, lostFromNs } = run;
    const canvas: Canvas = { run, range, scale, pixels };
    return {
      rev,
      ...range,
      startNs,
      endNs,
      isOver,
      scale: kind,
      ...scale,
      ...drawRun(canvas, runs.length),
      events,
      ...(lostFromNs === undefined ? {} : { lostFromNs }),
    };
  });
}

function rangeOf(runs: readonly RunLanes[], query: TimelineQuery): TimeRange {
  const first = Math.min(...runs.map(({ startNs }) => startNs));
  const last = Math.max(first + 1, ...runs.map(({ endNs }) => endNs));
  const within = (ns: number): number => Math.min(last, Math.max(first, ns));
  const fromNs = Math.min(within(query.fromNs ?? first), last - 1);
  return { fromNs, toNs: Math.max(fromNs + 1, within(query.toNs ?? last)) };
}

function drawRun(canvas: Canvas, runs: number): Pick<TimelineModel, 'lanes' | 'wakes'> {
  const { lanes } = canvas.run;
  const all = <Item>(
    draw: (lane: RunLanes['lanes'][number], canvas: Canvas, grain: number) => readonly Item[],
    most: number,
  ): readonly (readonly Item[])[] =>
    fit(
      (grain) => lanes.map((lane) => draw(lane, canvas, grain)),
      (drawn) => drawn.reduce((sum, items) => sum + items.length, 0),
      most / runs,
    );
  const stretches = all(drawStretches, MOST_ELEMENTS.stretches);
  const holds = all(drawHolds, MOST_ELEMENTS.holds);
  const marks = all(drawMarks, MOST_ELEMENTS.marks);
  const wakes = fit(
    (grain) => drawWakes(canvas, grain),
    (drawn) => drawn.length,
    MOST_ELEMENTS.wakes / runs,
  );
  const drawn = lanes.map(({ id, name, cpu }, index): TimelineLane => {
    const shown = {
      stretches: stretches[index] ?? [],
      holds: holds[index] ?? [],
      marks: marks[index] ?? [],
    };
    return { id, name, ...(cpu === undefined ? {} : { cpu }), ...shown };
  });
  return { lanes: drawn, wakes };
}

/** Draws with a grain of a pixel, or the first multiple of it at which there are few enough. */
function fit<Drawn>(
  draw: (grain: number) => Drawn,
  count: (drawn: Drawn) => number,
  most: number,
): Drawn {
  let grain = 1;
  let drawn = draw(grain);
  while (count(drawn) > most && grain < MOST_PIXELS) {
    grain *= 2;
    drawn = draw(grain);
  }
  return drawn;
}

/** The wake-ups in the range; of those between the same lanes within a grain the first one. */
function drawWakes({ run, range, scale, pixels }: Canvas, grain: number): readonly WakeArrow[] {
  const { from, to, wokenNs, runsNs, position } = run.wakes;
  const done: WakeArrow[] = [];
  const seen = new Set<string>();
  for (const [row, woken] of wokenNs.entries()) {
    const runs = runsNs[row] ?? NONE;
    if (woken > range.toNs || (runs === NONE ? woken : runs) < range.fromNs) continue;
    const waker = from[row] ?? NONE;
    const lane = to[row] ?? NONE;
    const pixel = Math.floor((widthAt(scale, woken) * pixels) / grain);
    const key = `${String(waker)} ${String(lane)} ${String(pixel)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    done.push({
      ...(waker === NONE ? {} : { from: waker }),
      to: lane,
      wokenNs: woken,
      ...(runs === NONE ? {} : { runsNs: runs }),
      position: position[row] ?? 0,
    });
  }
  return done;
}
