/**
 * Both timelines on one scale, one above the other, and how to zoom in them together.
 */
import type { RunModel, TwoRunsModel } from '../../view/twoRunsModel.ts';
import { geometryOf, type Geometry } from '../timeline/geometry.ts';
import { Patterns } from '../timeline/patterns.tsx';
import { LaneRows, Picture } from '../timeline/picture.tsx';
import { scaleOf } from '../timeline/scale.ts';
import { TimelineTable } from '../timeline/timelineTable.tsx';
import { view } from './comparison.ts';
import { shortTitle } from './headline.tsx';
import { moveStretch, zoomStretch } from './stretch.ts';
import '../timeline/timeline.css';

/** The names of the lanes and, where there is room, their CPUs. */
function LaneNames({ geometry }: { geometry: Geometry }) {
  return (
    <g aria-hidden="true">
      {geometry.lanes.map(({ id, name, aside, bandTop, bandHeight, labelY }) => (
        <g key={id}>
          <text class="tl-name" x="10" y={bandTop + bandHeight - 3}>
            {name}
          </text>
          {aside === undefined || labelY === undefined ? null : (
            <text class="tl-aside" x="10" y={labelY}>
              {aside}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

function RunPicture({ run, width, side }: { run: RunModel; width: number; side: 'one' | 'other' }) {
  const { timeline } = run;
  const geometry = geometryOf(timeline.lanes, width);
  const scale = scaleOf(timeline.knots, geometry.left, geometry.plotWidth);
  const prefix = `tworuns-${side}`;
  return (
    <figure class={`tworuns-run tworuns-run-${side}`}>
      <figcaption>
        <strong>{shortTitle(run.title)}</strong> <span class="tworuns-aside">{run.outcome}</span>
      </figcaption>
      <svg
        class="tl-picture"
        width={width}
        height={geometry.height}
        viewBox={`0 0 ${String(width)} ${String(geometry.height)}`}
        role="img"
        aria-label={`Timeline of ${shortTitle(run.title)}; its table is below.`}
      >
        <Patterns prefix={prefix} />
        <LaneRows geometry={geometry} selected={undefined} />
        <LaneNames geometry={geometry} />
        <Picture model={timeline} geometry={geometry} scale={scale} prefix={prefix} />
      </svg>
      <details class="tworuns-details">
        <summary>{shortTitle(run.title)} as a table</summary>
        <TimelineTable
          model={timeline}
          label={`Table of what happens on ${shortTitle(run.title)}`}
        />
      </details>
    </figure>
  );
}

function ZoomButtons({ model }: { model: TwoRunsModel }) {
  const { timeline } = model.one;
  const { runs, scale, stretch } = view.value;
  const isWhole = stretch === undefined;
  const buttons: readonly (readonly [string, string, boolean, () => typeof stretch])[] = [
    ['+', 'Zoom both in', false, () => zoomStretch(timeline, 0.5)],
    ['−', 'Zoom both out', isWhole, () => zoomStretch(timeline, 2)],
    ['◀', 'Both earlier', isWhole, () => moveStretch(timeline, -0.5)],
    ['▶', 'Both later', isWhole, () => moveStretch(timeline, 0.5)],
    ['All', 'Show both as a whole', isWhole, () => undefined],
  ];
  return (
    <div class="tworuns-zoom" role="group" aria-label="Stretch of time">
      {buttons.map(([text, label, isDisabled, next]) => (
        <button
          key={label}
          type="button"
          title={label}
          aria-label={label}
          disabled={isDisabled}
          onClick={() => {
            view.value = { runs, scale, stretch: next() };
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** Both pictures; nothing while there is no width to draw in. */
export function RunPictures({ model, width }: { model: TwoRunsModel; width: number }) {
  if (width <= 0) return null;
  return (
    <div class="tworuns-pictures tl-card">
      <div class="tworuns-pictures-header">
        <h3>Both runs on one time scale</h3>
        <ZoomButtons model={model} />
      </div>
      <RunPicture run={model.one} width={width} side="one" />
      <RunPicture run={model.other} width={width} side="other" />
    </div>
  );
}
