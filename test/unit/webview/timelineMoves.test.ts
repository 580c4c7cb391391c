// How the timeline moves: the brush, zooming, keys, scrubbing, and how it asks for models.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TimelineModel, TimelineQuery } from '../../../src/view/timelineModel.ts';
import { createFeed } from '../../../src/webview/timeline/feed.ts';
import { timelineIntent } from '../../../src/webview/timeline/keys.ts';
import { scaleOf } from '../../../src/webview/timeline/scale.ts';
import {
  createScrub,
  createSeeker,
  REST_MS,
  type SeekTarget,
} from '../../../src/webview/timeline/scrub.ts';
import {
  brushKey,
  moveBy,
  moveEdge,
  SHORTEST_NS,
  spanOf,
  spanWith,
  WHOLE,
  windowOf,
  zoomBy,
} from '../../../src/webview/timeline/window.ts';

const OVERVIEW = scaleOf(
  [
    { ns: 0, x: 0 },
    { ns: 1000, x: 0.5 },
    { ns: 1_000_000, x: 0.6 },
    { ns: 1_000_800, x: 1 },
  ],
  0,
  1,
);

describe('the window', () => {
  it('moves and stays inside', () => {
    expect(moveBy({ start: 0.2, end: 0.5 }, 0.25)).toEqual({ start: 0.45, end: 0.75 });
    expect(moveBy({ start: 0.25, end: 0.5 }, 5)).toEqual({ start: 0.75, end: 1 });
    expect(moveBy({ start: 0.25, end: 0.5 }, -5)).toEqual({ start: 0, end: 0.25 });
  });

  it('keeps its edges apart', () => {
    expect(moveEdge({ start: 0.2, end: 0.5 }, 'start', 0.9, 0.01).start).toBeCloseTo(0.49);
    expect(moveEdge({ start: 0.2, end: 0.5 }, 'end', 0.1, 0.01).end).toBeCloseTo(0.21);
    expect(moveEdge({ start: 0.2, end: 0.5 }, 'end', 3)).toEqual({ start: 0.2, end: 1 });
  });

  it('zooms around a place that stays where it is', () => {
    const window = { start: 0.2, end: 0.6 };
    const zoomed = zoomBy(window, 0.5, 0.25);
    expect(zoomed.start + 0.25 * (zoomed.end - zoomed.start)).toBeCloseTo(0.3);
    expect(zoomed.end - zoomed.start).toBeCloseTo(0.2);
    expect(zoomBy(window, 100, 0.25)).toEqual(WHOLE);
  });

  it('is a stretch of time and back, also over a fold', () => {
    const span = { fromNs: 500, toNs: 1_000_400 };
    expect(spanOf(windowOf(span, OVERVIEW), OVERVIEW)).toEqual(span);
    expect(spanOf(WHOLE, OVERVIEW)).toBeUndefined();
  });

  it('is never shorter than what can be told apart', () => {
    const span = spanOf({ start: 0.2, end: 0.2000001 }, OVERVIEW);
    expect((span?.toNs ?? 0) - (span?.fromNs ?? 0)).toBe(SHORTEST_NS);
    const atEnd = spanOf({ start: 0.9999999, end: 1 }, OVERVIEW);
    expect(atEnd).toEqual({ fromNs: 1_000_780, toNs: 1_000_800 });
  });

  it('follows a time that it does not show, and only then', () => {
    const window = { start: 0.1, end: 0.3 };
    expect(spanWith(window, 400, OVERVIEW)).toBe(window);
    const next = spanWith(window, 900, OVERVIEW);
    expect(next.end - next.start).toBeCloseTo(0.2);
    expect(next.start).toBeLessThan(0.45);
    expect(next.end).toBeGreaterThan(0.45);
  });

  it('has keys: arrows move, with Shift they resize, Home and End go to the borders', () => {
    const window = { start: 0.4, end: 0.6 };
    expect(brushKey(window, 'ArrowRight', false)?.start).toBeCloseTo(0.42);
    expect(brushKey(window, 'ArrowLeft', true)).toEqual({ start: 0.4, end: 0.58 });
    expect(brushKey(window, 'Home', false)?.start).toBe(0);
    expect(brushKey(window, 'End', false)?.end).toBe(1);
    expect(brushKey(window, 'x', false)).toBeUndefined();
  });
});

describe('the keys of the playhead', () => {
  const press = (key: string, more: Partial<Record<'shiftKey' | 'ctrlKey', boolean>> = {}) =>
    timelineIntent({
      key,
      shiftKey: false,
      ctrlKey: false,
      altKey: false,
      metaKey: false,
      ...more,
    });

  it('go to events, moments and borders, and zoom', () => {
    expect(press('ArrowLeft')).toEqual({ kind: 'event', direction: 'previous' });
    expect(press('ArrowRight', { shiftKey: true })).toEqual({ kind: 'moment', direction: 'next' });
    expect(press('PageUp')).toEqual({ kind: 'moment', direction: 'previous' });
    expect(press('End')).toEqual({ kind: 'border', border: 'end' });
    expect(press('+', { shiftKey: true })).toEqual({ kind: 'zoom', zoom: 'in' });
    expect(press('0')).toEqual({ kind: 'zoom', zoom: 'fit' });
  });

  it('are left to others with Ctrl, and when they mean nothing', () => {
    expect(press('ArrowLeft', { ctrlKey: true })).toBeUndefined();
    expect(press('Tab')).toBeUndefined();
  });
});

describe('scrubbing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function record() {
    const shown: (number | undefined)[] = [];
    const sought: SeekTarget[] = [];
    let isMoving = false;
    const seeker = {
      isMoving: () => isMoving,
      go: (target: SeekTarget) => {
        sought.push(target);
        isMoving = true;
      },
    };
    const scrub = createScrub((ns) => shown.push(ns), seeker);
    const arrive = (): void => {
      isMoving = false;
    };
    return { scrub, shown, sought, arrive };
  }

  it('moves only the panel until the pointer is let go', () => {
    const { scrub, shown, sought } = record();
    scrub.begin(900);
    for (const ns of [800, 700.4, 600]) scrub.moveTo(ns);
    expect(shown).toEqual([800, 700, 600]);
    expect(sought).toEqual([]);
    scrub.release();
    expect(sought).toEqual([{ ns: 600 }]);
    expect(scrub.isDragging()).toBe(false);
    // What the user pointed at stays until the machine is there.
    expect(shown.at(-1)).toBe(600);
  });

  it('lets the machine follow where the pointer rests, and once', () => {
    const { scrub, shown, sought, arrive } = record();
    scrub.begin(900);
    scrub.moveTo(800);
    vi.advanceTimersByTime(REST_MS - 1);
    scrub.moveTo(700);
    vi.advanceTimersByTime(REST_MS - 1);
    expect(sought).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sought).toEqual([{ ns: 700 }]);
    arrive();
    scrub.release();
    expect(sought).toEqual([{ ns: 700 }]);
    expect(shown.at(-1)).toBeUndefined();
  });

  it('goes back to where it began when it is given up', () => {
    const { scrub, shown, sought } = record();
    scrub.begin(900);
    scrub.moveTo(800);
    scrub.cancel();
    vi.advanceTimersByTime(REST_MS);
    expect(sought).toEqual([]);
    expect(shown.at(-1)).toBeUndefined();

    scrub.begin(900);
    scrub.moveTo(800);
    vi.advanceTimersByTime(REST_MS);
    scrub.cancel();
    // Not to a time: the run may have stood between two events of one.
    expect(sought).toEqual([{ ns: 800 }, { position: 900 }]);
  });
});

/** A promise that is settled by hand. */
function createDoors<A, R>() {
  const asked: A[] = [];
  const open: ((result: R) => void)[] = [];
  return {
    asked,
    ask: (argument: A): Promise<R> => {
      asked.push(argument);
      return new Promise((resolve) => open.push(resolve));
    },
    answer: async (result: R): Promise<void> => {
      open.shift()?.(result);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

describe('seeking', () => {
  it('has one way at a time; of those who wait the latest goes', async () => {
    const doors = createDoors<SeekTarget, undefined>();
    const { go, goIfIdle } = createSeeker(doors.ask);
    for (const ns of [1, 2, 3]) go({ ns });
    goIfIdle({ event: 'next' });
    expect(doors.asked).toEqual([{ ns: 1 }]);
    await doors.answer(undefined);
    expect(doors.asked).toEqual([{ ns: 1 }, { ns: 3 }]);
    await doors.answer(undefined);
    goIfIdle({ event: 'next' });
    expect(doors.asked).toHaveLength(3);
  });
});

describe('asking for models', () => {
  it('has one query on its way, and of each part only the latest wish waits', async () => {
    const doors = createDoors<TimelineQuery, TimelineModel>();
    const taken: string[] = [];
    const feed = createFeed(
      doors.ask,
      (part) => taken.push(part),
      () => undefined,
    );
    feed.wish('overview', { max: 1 });
    feed.wish('overview', { max: 2 });
    feed.wish('detail', { max: 3 });
    feed.wish('detail', { max: 4 });
    const model = {} as TimelineModel;
    for (let answers = 0; answers < 3; answers++) await doors.answer(model);
    expect(doors.asked.map(({ max }) => max)).toEqual([1, 4, 2]);
    expect(taken).toEqual(['overview', 'detail', 'overview']);
  });

  it('says why it was refused and goes on', async () => {
    const reasons: string[] = [];
    const taken: string[] = [];
    let isFirst = true;
    const feed = createFeed(
      () => {
        const isRefused = isFirst;
        isFirst = false;
        return isRefused
          ? Promise.reject(new Error('The machine runs.'))
          : Promise.resolve({} as TimelineModel);
      },
      (part) => taken.push(part),
      (reason) => reasons.push(reason),
    );
    feed.wish('detail', {});
    await new Promise((resolve) => setTimeout(resolve));
    feed.wish('detail', {});
    await new Promise((resolve) => setTimeout(resolve));
    expect(reasons).toEqual(['The machine runs.']);
    expect(taken).toEqual(['detail']);
  });
});
