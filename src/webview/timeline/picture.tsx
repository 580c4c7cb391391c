/**
 * The timeline's picture of one model: the axis, the lanes with their names, wake-ups and breaks. It knows no signal and
 * no present, so whoever has a model and a width can draw it.
 */
import type { TimelineLane, TimelineModel } from '../../view/timelineModel.ts';
import type { Geometry, LaneBox } from './geometry.ts';
import { HoldGrounds, Holds, Marks, Stretches } from './laneParts.tsx';
import { breakPath, laneLabels, wakePath } from './paths.ts';
import type { TimeScale } from './scale.ts';
import { foldMarks, ticksOf } from './ticks.ts';

/** What a picture is drawn from. */
export interface PictureProps {
  readonly model: TimelineModel;
  readonly geometry: Geometry;
  readonly scale: TimeScale;
  /** Begins the ids of the patterns; `Patterns` with the same prefix has to be in the page. */
  readonly prefix: string;
}

const BREAK_WIDTH = 7;
const NARROWEST_BREAK = 6;

/** The axis: ticks, and how long the folded stretches are. */
export function Axis({ model, geometry, scale }: Omit<PictureProps, 'prefix'>) {
  const { axisBottom, left, plotWidth } = geometry;
  return (
    <g class="tl-axis" aria-hidden="true">
      <rect class="tl-axis-ground" x={left} y="0" width={plotWidth} height={axisBottom} />
      <path class="tl-axis-line" d={`M${left} ${axisBottom - 0.5}h${plotWidth}`} />
      {ticksOf(scale, model.folds).map(({ x, text }) => (
        <g key={x}>
          <path class="tl-axis-line" d={`M${x.toFixed(1)} ${axisBottom}v-6`} />
          <text class="tl-tick" x={x.toFixed(1)} y={axisBottom - 9}>
            {text}
          </text>
        </g>
      ))}
      {foldMarks(scale, model.folds).map((fold) =>
        fold.text === undefined ? null : (
          <text
            key={fold.left}
            class="tl-fold-text"
            x={((fold.left + fold.right) / 2).toFixed(1)}
            y="11"
          >
            {fold.text}
          </text>
        ),
      )}
    </g>
  );
}

/** The breaks where idle time is folded, over everything but the playhead. */
export function Breaks({ model, geometry, scale }: Omit<PictureProps, 'prefix'>) {
  const top = geometry.axisBottom - 8;
  const breaks = foldMarks(scale, model.folds)
    .filter(({ left, right }) => right - left >= NARROWEST_BREAK)
    .map(({ left, right }) => breakPath((left + right) / 2, top, geometry.height - 1, BREAK_WIDTH));
  if (breaks.length === 0) return null;
  return (
    <g aria-hidden="true">
      <path class="tl-break" d={breaks.map(({ strip }) => strip).join('')} />
      <path class="tl-break-edge" d={breaks.map(({ edges }) => edges).join('')} />
    </g>
  );
}

function Lane({
  lane,
  box,
  scale,
  prefix,
}: {
  lane: TimelineLane;
  box: LaneBox;
  scale: TimeScale;
  prefix: string;
}) {
  return (
    <g data-lane={lane.name} aria-hidden="true">
      <HoldGrounds holds={lane.holds} band={box} scale={scale} />
      <Stretches stretches={lane.stretches} band={box} scale={scale} prefix={prefix} />
      <Holds holds={lane.holds} band={box} scale={scale} />
      <Marks marks={lane.marks} y={box.marksY} scale={scale} />
    </g>
  );
}

/** The times under the bands, over everything that could cross them. */
function Labels({ model, geometry, scale }: Omit<PictureProps, 'prefix'>) {
  return (
    <g aria-hidden="true">
      {geometry.lanes.map(({ id, labelY }, index) => {
        const lane = model.lanes[index];
        if (lane === undefined || labelY === undefined) return null;
        return laneLabels(lane, scale, model).map(({ x, text, kind }) => (
          <text key={`${id}-${x}`} class={`tl-label tl-label-${kind}`} x={x.toFixed(1)} y={labelY}>
            {text}
          </text>
        ));
      })}
    </g>
  );
}

/** The ground of the lanes: a row for each, that of the selected task marked. */
export function LaneRows({
  geometry,
  selected,
}: {
  geometry: Geometry;
  selected: number | undefined;
}) {
  return (
    <g aria-hidden="true">
      {geometry.lanes.map(({ id, top, height }) => (
        <g key={id}>
          <rect
            class={id === selected ? 'tl-row tl-row-selected' : 'tl-row'}
            x="0.5"
            y={top + 0.5}
            width={geometry.width - 1}
            height={height - 1}
          />
          <path class="tl-row-line" d={`M0 ${top + height - 0.5}H${geometry.width}`} />
        </g>
      ))}
    </g>
  );
}

/** Everything that is drawn of the model. */
export function Picture({ model, geometry, scale, prefix }: PictureProps) {
  const wakes = wakePath(model.wakes, geometry, scale);
  return (
    <>
      <Axis model={model} geometry={geometry} scale={scale} />
      {geometry.lanes.map((box, index) => {
        const lane = model.lanes[index];
        if (lane?.id !== box.id) return null;
        return <Lane key={box.id} lane={lane} box={box} scale={scale} prefix={prefix} />;
      })}
      {wakes === '' ? null : <path class="tl-wake" d={wakes} aria-hidden="true" />}
      <Breaks model={model} geometry={geometry} scale={scale} />
      <Labels model={model} geometry={geometry} scale={scale} />
    </>
  );
}
