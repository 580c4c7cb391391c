/**
 * The visible stretch as a window over the whole run: zooming, panning, and the arithmetic of the brush.
 *
 * A window is two shares, from 0 to 1, of the overview's width; the overview's scale makes times of them. So a step of the
 * brush is as wide wherever it stands, also where idle time is folded.
 */
import type { TimeScale } from './scale.ts';

/** The visible share of the overview. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** A stretch of time. */
export interface TimeSpan {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Everything. */
export const WHOLE: Window = { start: 0, end: 1 };
/** No stretch shorter than this is shown: ten source statements. */
export const SHORTEST_NS = 20;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Moves the window by a share of the overview; it stays inside and keeps its width. */
export function moveBy(window: Window, by: number): Window {
  const width = window.end - window.start;
  const start = clamp(window.start + by, 0, 1 - width);
  return { start, end: start + width };
}

/** Moves one edge to a share; the edges stay `least` apart. */
export function moveEdge(window: Window, edge: 'start' | 'end', to: number, least = 0.002): Window {
  return edge === 'start'
    ? { start: clamp(to, 0, window.end - least), end: window.end }
    : { start: window.start, end: clamp(to, window.start + least, 1) };
}

/** Makes the window `factor` times as wide; the share `around` of the window keeps its place. */
export function zoomBy(window: Window, factor: number, around: number): Window {
  const old = window.end - window.start;
  const width = clamp(old * factor, 0, 1);
  const start = clamp(window.start + around * (old - width), 0, 1 - width);
  return { start, end: start + width };
}

/** The window onto a stretch of time. */
export function windowOf(span: TimeSpan, overview: TimeScale): Window {
  const share = (ns: number): number => (overview.x(ns) - overview.left) / overview.width;
  return { start: share(span.fromNs), end: share(span.toNs) };
}

/** The stretch of time in a window, in whole nanoseconds; `undefined` when that is everything. */
export function spanOf(window: Window, overview: TimeScale): TimeSpan | undefined {
  if (window.start <= 1e-6 && window.end >= 1 - 1e-6) return undefined;
  const ns = (share: number): number => overview.ns(overview.left + share * overview.width);
  const fromNs = Math.round(ns(window.start));
  const toNs = Math.round(ns(window.end));
  if (toNs - fromNs >= SHORTEST_NS) return { fromNs, toNs };
  const length = Math.min(SHORTEST_NS, overview.toNs - overview.fromNs);
  const from = clamp(fromNs, overview.fromNs, overview.toNs - length);
  return { fromNs: from, toNs: from + length };
}

/** The stretch that shows a time: the same one when it does, else one as wide with the time at three quarters. */
export function spanWith(window: Window, ns: number, overview: TimeScale): Window {
  const share = windowOf({ fromNs: ns, toNs: ns }, overview).start;
  if (share >= window.start && share <= window.end) return window;
  const width = window.end - window.start;
  return moveBy({ start: 0, end: width }, share - width * 0.75);
}

/** What a key does to the brush: arrows move it, with Shift they move its end; Home and End go to the borders. */
export function brushKey(window: Window, key: string, isShift: boolean): Window | undefined {
  const step = Math.max(0.01, (window.end - window.start) / 10);
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return isShift ? moveEdge(window, 'end', window.end - step) : moveBy(window, -step);
    case 'ArrowRight':
    case 'ArrowUp':
      return isShift ? moveEdge(window, 'end', window.end + step) : moveBy(window, step);
    case 'Home':
      return moveBy(window, -1);
    case 'End':
      return moveBy(window, 1);
    default:
      return undefined;
  }
}
