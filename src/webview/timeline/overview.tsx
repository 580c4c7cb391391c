/**
 * The overview: the whole run in a low strip, and on it the brush, which says what the detail shows and moves it.
 */
import { useRef } from 'preact/hooks';
import type { TimelineModel } from '../../view/timelineModel.ts';
import { Stretches } from './laneParts.tsx';
import { scaleOf, preciseTime, type TimeScale } from './scale.ts';
import { scrubNs } from './timelineSignals.ts';
import {
  brushKey,
  moveBy,
  moveEdge,
  spanOf,
  WHOLE,
  windowOf,
  type TimeSpan,
  type Window,
} from './window.ts';

/** What the overview is drawn from. */
export interface OverviewProps {
  readonly model: TimelineModel;
  readonly left: number;
  readonly plotWidth: number;
  readonly width: number;
  readonly zoom: number;
  readonly prefix: string;
  readonly presentNs: number;
  readonly span: TimeSpan | undefined;
  readonly onSpan: (span: TimeSpan | undefined) => void;
}

const LANE = 7;
const TOP = 4;
const HANDLE = 7;

/** How high the overview of so many lanes is. */
export function overviewHeight(lanes: number): number {
  return 2 * TOP + lanes * LANE;
}

type Grip = 'start' | 'end' | 'body' | 'draw';

interface Drag {
  readonly grip: Grip;
  readonly from: number;
  readonly window: Window;
}

function dragged(drag: Drag, to: number): Window {
  switch (drag.grip) {
    case 'start':
    case 'end':
      return moveEdge(drag.window, drag.grip, to);
    case 'body':
      return moveBy(drag.window, to - drag.from);
    case 'draw':
      return moveEdge(
        { start: Math.min(drag.from, to), end: Math.max(drag.from, to) },
        'end',
        Math.max(drag.from, to),
      );
  }
}

function gripAt(window: Window, share: number, reach: number): Grip {
  if (Math.abs(share - window.start) <= reach) return 'start';
  if (Math.abs(share - window.end) <= reach) return 'end';
  const isWhole = window.start <= 0 && window.end >= 1;
  return !isWhole && share > window.start && share < window.end ? 'body' : 'draw';
}

function Brush({
  window,
  scale,
  height,
  span,
  onKeyDown,
}: {
  window: Window;
  scale: TimeScale;
  height: number;
  span: TimeSpan;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const left = scale.left + window.start * scale.width;
  const right = scale.left + window.end * scale.width;
  const end = scale.left + scale.width;
  const words = `from ${preciseTime(span.fromNs, 1)} to ${preciseTime(span.toNs, 1)}`;
  const handle = (x: number): string =>
    `M${(x - 2.5).toFixed(1)} ${height / 2 - HANDLE}h5v${2 * HANDLE}h-5Z`;
  return (
    <g
      class="tl-brush"
      role="slider"
      tabindex={0}
      aria-label="Visible stretch of the run"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * window.start)}
      aria-valuetext={words}
      onKeyDown={onKeyDown}
    >
      <rect class="tl-brush-out" x={scale.left} y="0" width={left - scale.left} height={height} />
      <rect class="tl-brush-out" x={right} y="0" width={end - right} height={height} />
      <rect
        class="tl-brush-frame"
        x={left.toFixed(1)}
        y="1"
        width={Math.max(1, right - left).toFixed(1)}
        height={height - 2}
        rx="2"
      />
      <path class="tl-brush-handle" d={handle(left) + handle(right)} />
    </g>
  );
}

function OverviewPlayhead({
  scale,
  height,
  presentNs,
}: {
  scale: TimeScale;
  height: number;
  presentNs: number;
}) {
  const x = scale.x(scrubNs.value ?? presentNs).toFixed(1);
  return <path class="tl-playhead-line" d={`M${x} 0V${height}`} aria-hidden="true" />;
}

/** The strip. Dragging the brush moves it, dragging its edges resizes it, dragging beside it draws another one. */
export function Overview(props: OverviewProps) {
  const { model, left, plotWidth, width, zoom, prefix, presentNs, span, onSpan } = props;
  const drag = useRef<Drag>(null);
  const scale = scaleOf(model.knots, left, plotWidth);
  const window = span === undefined ? WHOLE : windowOf(span, scale);
  const height = overviewHeight(model.lanes.length);
  const show = (next: Window): void => {
    onSpan(spanOf(next, scale));
  };
  const shareOf = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): number => {
    const x = (event.clientX - event.currentTarget.getBoundingClientRect().left) / zoom;
    return Math.min(1, Math.max(0, (x - left) / plotWidth));
  };
  return (
    <svg
      class="tl-overview"
      width={width * zoom}
      height={height * zoom}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      role="group"
      aria-label="Overview of the whole run"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const from = shareOf(event);
        drag.current = { grip: gripAt(window, from, HANDLE / plotWidth), from, window };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (drag.current === null) return;
        const to = shareOf(event);
        if (Math.abs(to - drag.current.from) * plotWidth >= 2) show(dragged(drag.current, to));
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onDblClick={() => {
        onSpan(undefined);
      }}
    >
      <text class="tl-aside" x="8" y={height / 2 + 4} aria-hidden="true">
        Whole run
      </text>
      <rect class="tl-overview-ground" x={left} y="0" width={plotWidth} height={height} />
      <g aria-hidden="true">
        {model.lanes.map((lane, index) => (
          <Stretches
            key={lane.id}
            stretches={lane.stretches}
            band={{ bandTop: TOP + index * LANE + 1, bandHeight: LANE - 2 }}
            scale={scale}
            prefix={prefix}
          />
        ))}
      </g>
      <OverviewPlayhead scale={scale} height={height} presentNs={presentNs} />
      <Brush
        window={window}
        scale={scale}
        height={height}
        span={span ?? model}
        onKeyDown={(event) => {
          const next = brushKey(window, event.key, event.shiftKey);
          if (next === undefined) return;
          event.preventDefault();
          show(next);
        }}
      />
    </svg>
  );
}
