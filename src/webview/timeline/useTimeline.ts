/**
 * The timeline's part that asks and moves: its width, its two models, zooming, scrubbing.
 *
 * Models are asked for when the width, the visible stretch, the scale or the stop changes. A visible stretch that the run
 * leaves follows it, unless the user is dragging.
 */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { runCount } from '../runCount.ts';
import { createFeed, type AskTimeline, type FeedPart, type TimelineFeed } from './feed.ts';
import { geometryOf } from './geometry.ts';
import { scaleOf } from './scale.ts';
import { createScrub, createSeeker, type Scrub, type SeekTarget } from './scrub.ts';
import { detail, look, overview, refusal, scrubNs, showSpan } from './timelineSignals.ts';
import { spanOf, spanWith, WHOLE, windowOf, zoomBy, moveBy, type Window } from './window.ts';
import type { TimelineLane, TimelineModel } from '../../view/timelineModel.ts';

/** What the timeline asks of the run. */
export interface TimelineActions {
  readonly ask: AskTimeline;
  /** Moves the machine; says what happened when it does not get there. Errors: rejects with a sentence when the run refuses. */
  readonly seek: (
    target: SeekTarget,
  ) => Promise<{ readonly reached: boolean; readonly reason: string }>;
  readonly moment: (direction: 'next' | 'previous') => void;
  readonly selectTask: (id: number) => void;
  /** While the user drags: the time to show in the rest of the panel; `undefined` for the present. */
  readonly onScrub: (ns: number | undefined) => void;
}

/** Where the run stands. */
export interface Present {
  readonly position: number;
  readonly clockNs: number;
  /** Another value at each stop. */
  readonly stop: object;
}

/** How large the timeline is: CSS pixels, and how many of them a pixel of the picture takes. */
export interface Size {
  readonly width: number;
  readonly zoom: number;
}

/** The font size for which the picture is drawn, in CSS pixels; larger type makes all of it larger. */
const FONT_SIZE = 13;
const MOST_PIXELS = 4000;

/** The size of an element, also when it changes. */
export function useSize(): { body: RefObject<HTMLDivElement | null>; size: Signal<Size> } {
  const body = useRef<HTMLDivElement>(null);
  const size = useSignal<Size>({ width: 0, zoom: 1 });
  useEffect(() => {
    const element = body.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const font = Number.parseFloat(getComputedStyle(element).fontSize);
      const zoom = Math.min(3, Math.max(0.8, font / FONT_SIZE));
      const width = Math.floor((entry?.contentRect.width ?? 0) / zoom);
      if (width !== size.value.width || zoom !== size.value.zoom) size.value = { width, zoom };
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return { body, size };
}

function take(part: FeedPart, model: TimelineModel): void {
  if (part === 'overview') overview.value = model;
  else {
    detail.value = model;
    if (look.value.span === undefined) overview.value = model;
  }
}

/** Keeps the two models up to date. */
function useModels(actions: TimelineActions, present: Present, plotWidth: number): void {
  const feed = useRef<TimelineFeed>(null);
  const followed = useRef(present.clockNs);
  const { span, scale } = look.value;
  const run = runCount.value;
  useEffect(() => {
    feed.current = createFeed(actions.ask, take, (reason) => {
      // While there is a model it stays; the next stop asks again.
      if (detail.value === undefined) refusal.value = reason;
    });
    return () => feed.current?.close();
  }, [run]);
  const max = Math.min(MOST_PIXELS, Math.max(1, Math.round(plotWidth)));
  const isSized = plotWidth > 0;
  useEffect(() => {
    if (isSized) feed.current?.wish('detail', { ...span, max, scale });
  }, [isSized, max, span?.fromNs, span?.toNs, scale, present.stop, run]);
  useEffect(() => {
    if (isSized && span !== undefined) feed.current?.wish('overview', { max, scale });
  }, [isSized, max, span === undefined, scale, present.stop, run]);
  const whole = overview.value;
  useEffect(() => {
    if (span === undefined || whole === undefined || followed.current === present.clockNs) return;
    if (whole.endNs < present.clockNs) return;
    followed.current = present.clockNs;
    const scaled = scaleOf(whole.knots, 0, 1);
    const window = windowOf(span, scaled);
    const next = spanWith(window, present.clockNs, scaled);
    if (next !== window) showSpan(spanOf(next, scaled));
  }, [whole, present.clockNs]);
}

/** Changes the visible window by a function of the present one. */
export function changeWindow(change: (window: Window) => Window): void {
  const whole = overview.value;
  if (whole === undefined) return;
  const scaled = scaleOf(whole.knots, 0, 1);
  const { span } = look.value;
  showSpan(spanOf(change(span === undefined ? WHOLE : windowOf(span, scaled)), scaled));
}

/** Zooms around a share of the picture, by default around the playhead's time when it is in sight. */
export function zoom(kind: 'in' | 'out' | 'fit', aroundNs: number): void {
  if (kind === 'fit') {
    showSpan(undefined);
    return;
  }
  const model = detail.value;
  if (model === undefined) return;
  const isSeen = aroundNs >= model.fromNs && aroundNs <= model.toNs;
  const around = isSeen ? scaleOf(model.knots, 0, 1).x(aroundNs) : 0.5;
  changeWindow((window) => zoomBy(window, kind === 'in' ? 0.5 : 2, around));
}

/** A wheel over the picture: with Ctrl it zooms at the pointer, sideways or with Shift it pans; else it is the page's. */
export function wheel(event: WheelEvent, around: number): void {
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (event.ctrlKey) {
    const factor = Math.exp(event.deltaY / 300);
    changeWindow((window) => zoomBy(window, factor, around));
  } else if (sideways !== 0) {
    changeWindow((window) => moveBy(window, (sideways / 800) * (window.end - window.start)));
  } else return;
  event.preventDefault();
}

/** Everything that the card needs. */
export interface Timeline {
  readonly body: RefObject<HTMLDivElement | null>;
  readonly size: Size;
  readonly scrub: Scrub;
  readonly go: (target: SeekTarget) => void;
  readonly goIfIdle: (target: SeekTarget) => void;
}

/** The hook of the card. `lanes` give the picture its measures before there is a model. */
export function useTimeline(
  actions: TimelineActions,
  present: Present,
  lanes: readonly TimelineLane[],
): Timeline {
  const { body, size } = useSize();
  const { scrub, go, goIfIdle } = useMemo(() => {
    const show = (ns: number | undefined): void => {
      scrubNs.value = ns;
      actions.onScrub(ns);
    };
    const seeker = createSeeker(async (target) => {
      try {
        const { reached, reason } = await actions.seek(target);
        refusal.value = reached ? '' : reason;
      } catch (error) {
        refusal.value = error instanceof Error ? error.message : String(error);
      }
      if (!made.isDragging()) show(undefined);
    });
    const made = createScrub(show, seeker);
    return { scrub: made, ...seeker };
  }, []);
  const { width } = size.value;
  useModels(actions, present, width === 0 ? 0 : geometryOf(lanes, width).plotWidth);
  return { body, size: size.value, scrub, go, goIfIdle };
}
