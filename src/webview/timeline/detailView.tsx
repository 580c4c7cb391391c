/**
 * The detail: the picture of the visible stretch with the playhead, and what pointer, wheel and keys do in it.
 */
import { useMemo, useRef } from 'preact/hooks';
import type { TimelineModel } from '../../view/timelineModel.ts';
import type { Geometry } from './geometry.ts';
import { hitAt, type Hit } from './hit.ts';
import { timelineIntent } from './keys.ts';
import { LaneRows, Picture } from './picture.tsx';
import { Patterns } from './patterns.tsx';
import { Playhead, Veil } from './playhead.tsx';
import { scaleOf, type TimeScale } from './scale.ts';
import { line } from './timelineSignals.ts';
import { wheel, zoom, type Present, type Timeline, type TimelineActions } from './useTimeline.ts';

/** What the detail is drawn from. */
export interface DetailProps {
  readonly model: TimelineModel;
  readonly geometry: Geometry;
  readonly prefix: string;
  readonly present: Present;
  readonly selected: number | undefined;
  readonly timeline: Timeline;
  readonly actions: TimelineActions;
}

type PlotEvent = PointerEvent & { readonly currentTarget: SVGGElement };

interface Press {
  /** The picture's place on the page, taken once for a drag. */
  readonly left: number;
  readonly x: number;
  readonly hit: Hit;
  isDrag: boolean;
}

/** The pointer has to move so far before a press is a drag, in pixels. */
const SLOP = 3;

function usePointer({ model, geometry, present, timeline }: DetailProps, scale: TimeScale) {
  const press = useRef<Press>(null);
  const { scrub, go } = timeline;
  const { zoom: pixel } = timeline.size;
  const hitOf = (event: PlotEvent, box: DOMRect): Hit =>
    hitAt(
      model,
      geometry,
      scale,
      (event.clientX - box.left) / pixel,
      (event.clientY - box.top) / pixel,
    );
  const boxOf = (event: PlotEvent): DOMRect | undefined =>
    event.currentTarget.ownerSVGElement?.getBoundingClientRect();
  const nsAt = (event: PlotEvent, { left }: Press): number =>
    scale.ns((event.clientX - left) / pixel);
  const end = (): void => {
    press.current = null;
  };
  return {
    onPointerDown: (event: PlotEvent) => {
      const box = boxOf(event);
      if (event.button !== 0 || box === undefined) return;
      if ((event.clientX - box.left) / pixel < geometry.left - SLOP) return;
      press.current = { left: box.left, x: event.clientX, hit: hitOf(event, box), isDrag: false };
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.querySelector<SVGElement>('.tl-playhead')?.focus({ preventScroll: true });
      event.preventDefault();
    },
    onPointerMove: (event: PlotEvent) => {
      if (press.current === null) {
        const box = boxOf(event);
        if (box !== undefined) line.value = hitOf(event, box).text;
        return;
      }
      if (!press.current.isDrag) {
        if (Math.abs(event.clientX - press.current.x) < SLOP) return;
        press.current.isDrag = true;
        scrub.begin(present.position);
      }
      if (scrub.isDragging()) scrub.moveTo(nsAt(event, press.current));
    },
    onPointerUp: (event: PlotEvent) => {
      const pressed = press.current;
      end();
      if (pressed === null) return;
      if (scrub.isDragging()) scrub.release();
      else if (pressed.isDrag) return;
      else if (pressed.hit.mark !== undefined) go({ position: pressed.hit.mark.position });
      else {
        scrub.begin(present.position);
        scrub.moveTo(nsAt(event, pressed));
        scrub.release();
      }
    },
    onPointerCancel: () => {
      end();
      if (scrub.isDragging()) scrub.cancel();
    },
    onPointerLeave: () => {
      if (press.current === null) line.value = '';
    },
  };
}

function useKeys({ model, present, timeline, actions }: DetailProps) {
  return (event: KeyboardEvent): void => {
    const { scrub, goIfIdle } = timeline;
    if (event.key === 'Escape' && scrub.isDragging()) {
      scrub.cancel();
      event.preventDefault();
      return;
    }
    const intent = timelineIntent(event);
    if (intent === undefined) return;
    event.preventDefault();
    switch (intent.kind) {
      case 'event':
        goIfIdle({ event: intent.direction });
        return;
      case 'moment':
        actions.moment(intent.direction);
        return;
      case 'border':
        goIfIdle({ ns: intent.border === 'start' ? model.startNs : model.endNs });
        return;
      case 'zoom':
        zoom(intent.zoom, present.clockNs);
        return;
    }
  };
}

function Names({
  geometry,
  selected,
  actions,
}: Pick<DetailProps, 'geometry' | 'selected' | 'actions'>) {
  return (
    <>
      {geometry.lanes.map(({ id, name, aside, top, height, bandTop, bandHeight }) => {
        const y = bandTop + bandHeight / 2 + 4;
        const text = (
          <text class={id === selected ? 'tl-name tl-name-selected' : 'tl-name'} x="10" y={y}>
            {name}
          </text>
        );
        const below =
          aside === undefined ? null : (
            <text class="tl-aside" x="10" y={y + 14}>
              {aside}
            </text>
          );
        if (id === 0) return <g key={id}>{text}</g>;
        const select = (): void => {
          actions.selectTask(id);
        };
        return (
          <g
            key={id}
            class="tl-name-button"
            role="button"
            tabindex={0}
            aria-label={`Select ${name}`}
            aria-pressed={id === selected}
            onClick={select}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              select();
            }}
          >
            <rect
              class="tl-name-box"
              x="1"
              y={top + 1}
              width={geometry.left - 6}
              height={height - 2}
            />
            {id === selected ? (
              <path class="tl-here" d={`M1 ${top + 1}h3v${height - 2}h-3Z`} />
            ) : null}
            {text}
            {below}
          </g>
        );
      })}
    </>
  );
}

/** The detail. */
export function Detail(props: DetailProps) {
  const { model, geometry, prefix, present, selected, timeline, actions } = props;
  const scale = useMemo(
    () => scaleOf(model.knots, geometry.left, geometry.plotWidth),
    [model, geometry],
  );
  const pointer = usePointer(props, scale);
  const onKeyDown = useKeys(props);
  // Kept while nothing of it changes, so that a drag does not look at it.
  const picture = useMemo(
    () => (
      <>
        <Patterns prefix={prefix} />
        <LaneRows geometry={geometry} selected={selected} />
        <Picture model={model} geometry={geometry} scale={scale} prefix={prefix} />
      </>
    ),
    [model, geometry, scale, prefix, selected],
  );
  const { width, height, left, plotWidth } = geometry;
  const { zoom: pixel } = timeline.size;
  const play = { model, geometry, scale, presentNs: present.clockNs };
  return (
    <svg
      class="tl-detail"
      data-export="timeline"
      width={width * pixel}
      height={height * pixel}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      role="group"
      aria-label="Timeline"
      onWheel={(event) => {
        const { left: edge } = event.currentTarget.getBoundingClientRect();
        wheel(event, ((event.clientX - edge) / pixel - left) / plotWidth);
      }}
    >
      <g class="tl-plot" {...pointer}>
        {picture}
        <Veil {...play} />
        <Playhead {...play} onKeyDown={onKeyDown} />
      </g>
      <Names geometry={geometry} selected={selected} actions={actions} />
    </svg>
  );
}
