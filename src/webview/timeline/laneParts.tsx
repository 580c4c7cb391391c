/**
 * The parts of a lane as SVG: the timeline, the overview and the legend draw with the same ones.
 */
import type { Stretch, HoldStretch, TimeMark } from '../../view/timelineModel.ts';
import { drawMarks, FILLED } from './marks.ts';
import { holdPaths, stretchPaths, type Band } from './paths.ts';
import { patternOf } from './patterns.tsx';
import type { TimeScale } from './scale.ts';

/** The stretches of a lane, one path for each kind. */
export function Stretches({
  stretches,
  band,
  scale,
  prefix,
}: {
  stretches: readonly Stretch[];
  band: Band;
  scale: TimeScale;
  prefix: string;
}) {
  return (
    <>
      {stretchPaths(stretches, band, scale).map(({ kind, d }) => (
        <path
          key={kind}
          class={`tl-${kind}`}
          d={d}
          fill={kind === 'lockWait' || kind === 'pageWait' ? patternOf(prefix, kind) : undefined}
        />
      ))}
    </>
  );
}

interface HoldsProps {
  readonly holds: readonly HoldStretch[];
  readonly band: Band;
  readonly scale: TimeScale;
}

/** A light ground under the stretches in which a lane holds a lock. */
export function HoldGrounds({ holds, band, scale }: HoldsProps) {
  return (
    <>
      {holdPaths(holds, band, scale).map(({ mode, ground }) => (
        <path key={mode} class="tl-hold-ground" d={ground} />
      ))}
    </>
  );
}

/** The outlines of a lane's holds. */
export function Holds({ holds, band, scale }: HoldsProps) {
  return (
    <>
      {holdPaths(holds, band, scale).map(({ mode, d }) => (
        <path key={mode} class={`tl-hold-${mode}`} d={d} />
      ))}
    </>
  );
}

/** The marks of a lane. */
export function Marks({
  marks,
  y,
  scale,
}: {
  marks: readonly TimeMark[];
  y: number;
  scale: TimeScale;
}) {
  const { signs, strokes } = drawMarks(marks, y, scale);
  return (
    <>
      {strokes === '' ? null : <path class="tl-mark" d={strokes} />}
      {signs.map(({ kind, d }) => (
        <path
          key={kind}
          class={`tl-mark tl-mark-${kind}${FILLED.has(kind) ? ' tl-filled' : ''}`}
          d={d}
        />
      ))}
    </>
  );
}
