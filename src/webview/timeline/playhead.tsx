/**
 * The playhead: where the run stands, or where the user drags it. It is a slider for the keyboard and for screen readers.
 *
 * What lies to its right, recorded before the user went back, is veiled. A drag renders this file alone.
 */
import type { TimelineModel } from '../../view/timelineModel.ts';
import type { Geometry } from './geometry.ts';
import { preciseTime, type TimeScale } from './scale.ts';
import { scrubNs } from './timelineSignals.ts';
import { wordsAt } from './words.ts';

/** What a playhead is drawn from. */
export interface PlayheadProps {
  readonly model: TimelineModel;
  readonly geometry: Geometry;
  readonly scale: TimeScale;
  /** Where the run stands. */
  readonly presentNs: number;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

const LETTER = 6.6;

/** Lightens what is ahead of the playhead. */
export function Veil({ model, geometry, scale, presentNs }: PlayheadProps) {
  const ns = scrubNs.value ?? presentNs;
  const x = scale.x(ns);
  const right = scale.left + scale.width;
  const isAhead = ns < model.endNs && right - x > 0.5;
  return (
    <rect
      class="tl-veil"
      x={x.toFixed(1)}
      y={geometry.axisBottom}
      width={isAhead ? (right - x + 6).toFixed(1) : '0'}
      height={geometry.height - geometry.axisBottom - 1}
      aria-hidden="true"
    />
  );
}

function Flag({ x, text, geometry }: { x: number; text: string; geometry: Geometry }) {
  const width = text.length * LETTER + 10;
  const left = Math.min(Math.max(x - width / 2, geometry.left), geometry.width - width - 1);
  return (
    <>
      <path class="tl-playhead-line" d={`M${x.toFixed(1)} 15V${geometry.height - 1}`} />
      <path
        class="tl-playhead-flag"
        d={`M${left.toFixed(1)} 1.5h${width.toFixed(1)}v14H${(x + 4).toFixed(1)}l-4 5l-4 -5H${left.toFixed(1)}Z`}
      />
      <text class="tl-playhead-text" x={(left + width / 2).toFixed(1)} y="12">
        {text}
      </text>
    </>
  );
}

/** The line with its time. Out of sight it stands at the border, without its line. */
export function Playhead({ model, geometry, scale, presentNs, onKeyDown }: PlayheadProps) {
  const ns = scrubNs.value ?? presentNs;
  const isSeen = ns >= scale.fromNs && ns <= scale.toNs;
  const x = scale.x(ns);
  const resolution = Math.max(1, scale.ns(x + 1) - scale.ns(x - 1));
  return (
    <g
      class={isSeen ? 'tl-playhead' : 'tl-playhead tl-out-of-sight'}
      role="slider"
      tabindex={0}
      aria-label="Time of the run"
      aria-valuemin={model.startNs}
      aria-valuemax={Math.max(model.endNs, ns)}
      aria-valuenow={ns}
      aria-valuetext={wordsAt(model, ns)}
      onKeyDown={onKeyDown}
    >
      <rect
        class="tl-focus"
        x={geometry.left - 3}
        y="0.5"
        width={geometry.plotWidth + 6}
        height={geometry.height - 1}
      />
      <Flag x={x} text={preciseTime(ns, resolution)} geometry={geometry} />
    </g>
  );
}
