// The timeline's layout: times to pixels and back, ticks, folds, paths, marks.
import { describe, expect, it } from 'vitest';
import type { Stretch, TimelineLane, TimeMark } from '../../../src/view/timelineModel.ts';
import { geometryOf } from '../../../src/webview/timeline/geometry.ts';
import { drawMarks, markNear } from '../../../src/webview/timeline/marks.ts';
import {
  holdPaths,
  laneLabels,
  stretchPaths,
  wakePath,
} from '../../../src/webview/timeline/paths.ts';
import { preciseTime, scaleOf } from '../../../src/webview/timeline/scale.ts';
import { foldMarks, niceStep, ticksOf } from '../../../src/webview/timeline/ticks.ts';

/** 10 µs, then 12.4 ms in a tenth of the width, then 10 µs: 1,000 pixels from 100 on. */
const FOLD = { fromNs: 10_000, toNs: 12_410_000 };
const KNOTS = [
  { ns: 0, x: 0 },
  { ns: FOLD.fromNs, x: 0.45 },
  { ns: FOLD.toNs, x: 0.55 },
  { ns: FOLD.toNs + 10_000, x: 1 },
];
const SCALE = scaleOf(KNOTS, 100, 1000);
const LINEAR = scaleOf(
  [
    { ns: 0, x: 0 },
    { ns: 1000, x: 1 },
  ],
  0,
  1000,
);
const BAND = { bandTop: 10, bandHeight: 16 };

function lane(parts: Partial<TimelineLane>): TimelineLane {
  return { id: 1, name: 'toucher', cpu: 0, stretches: [], holds: [], marks: [], ...parts };
}

function marksAt(...places: readonly (readonly [number, TimeMark['kind']])[]): TimeMark[] {
  return places.map(([ns, kind], position) => ({ ns, position, kind, text: kind }));
}

describe('the scale', () => {
  it('goes to pixels and back on both sides of a fold and in it', () => {
    expect([0, 5000, 10_000, 6_210_000, 12_410_000, 12_420_000].map(SCALE.x)).toEqual([
      100, 325, 550, 600, 650, 1100,
    ]);
    for (const x of [100, 325, 550, 600, 650, 1100]) {
      expect(SCALE.x(SCALE.ns(x))).toBeCloseTo(x, 6);
    }
  });

  it('stops at the borders', () => {
    expect([SCALE.x(-5), SCALE.x(1e9), SCALE.ns(0), SCALE.ns(5000)]).toEqual([
      100, 1100, 0, 12_420_000,
    ]);
  });

  it('bears a run that has just begun', () => {
    const scale = scaleOf(
      [
        { ns: 0, x: 0 },
        { ns: 0, x: 1 },
      ],
      10,
      100,
    );
    expect(Number.isFinite(scale.x(0))).toBe(true);
    expect(scale.ns(60)).toBe(0);
  });

  it('writes the digits that the resolution needs', () => {
    expect(preciseTime(12_427_350, 50)).toBe('12.42735 ms');
    expect(preciseTime(12_427_350, 100_000)).toBe('12.4 ms');
    expect(preciseTime(25_820, 1)).toBe('25.82 µs');
    expect(preciseTime(2_000_000_000, 1_000_000)).toBe('2 s');
    expect(preciseTime(640, 1)).toBe('640 ns');
    expect(preciseTime(0, 1)).toBe('0');
  });
});

describe('the axis', () => {
  it('has round steps', () => {
    expect([0.3, 1, 1.5, 3, 7, 10, 84, 130, 2001].map(niceStep)).toEqual([
      1, 1, 2, 5, 10, 10, 100, 200, 5000,
    ]);
  });

  it('puts round times on both sides of a fold and none into it', () => {
    const texts = ticksOf(SCALE, [FOLD]).map(({ text }) => text);
    expect(texts).toEqual([
      '0',
      '2 µs',
      '4 µs',
      '6 µs',
      '8 µs',
      '10 µs',
      '12.41 ms',
      '12.412 ms',
      '12.414 ms',
      '12.416 ms',
      '12.418 ms',
    ]);
  });

  it('says how much later where a time needs many digits', () => {
    const knots = [
      { ns: 12_427_300, x: 0 },
      { ns: 12_427_800, x: 1 },
    ];
    const texts = ticksOf(scaleOf(knots, 0, 500), []).map(({ text }) => text);
    expect(texts).toEqual(['12.4273 ms', '+100 ns', '+200 ns', '+300 ns', '+400 ns']);
    const mixed = ticksOf(
      scaleOf(
        [
          { ns: 12_536_655, x: 0 },
          { ns: 12_541_002, x: 1 },
        ],
        0,
        500,
      ),
      [],
    );
    expect(mixed.map(({ text }) => text)).toEqual([
      '12.537 ms',
      '12.538 ms',
      '12.539 ms',
      '12.54 ms',
    ]);
  });

  it('lets no two texts touch, whatever the stretch', () => {
    for (let length = 20; length < 1e10; length *= 3) {
      const knots = [
        { ns: 777, x: 0 },
        { ns: 777 + length, x: 1 },
      ];
      const ticks = ticksOf(scaleOf(knots, 80, 600), []);
      expect(ticks.length).toBeGreaterThan(1);
      ticks.forEach(({ x, text }, index) => {
        expect(x + text.length * 6).toBeLessThan(ticks[index + 1]?.x ?? 700);
      });
    }
  });

  it('names the folds, shorter or not at all where there is no room', () => {
    const text = (folds: readonly { fromNs: number; toNs: number }[]): (string | undefined)[] =>
      foldMarks(SCALE, folds).map((mark) => mark.text);
    expect(text([FOLD])).toEqual(['12.4 ms folded']);
    expect(
      text([
        { fromNs: 1000, toNs: 2000 },
        { fromNs: 2100, toNs: 3200 },
        { fromNs: 3300, toNs: 4400 },
      ]),
    ).toEqual(['1 µs folded', undefined, '1.1 µs folded']);
  });
});

describe('a lane', () => {
  it('is one path for each kind, however many stretches it has', () => {
    const stretches = Array.from({ length: 1000 }, (_, index): Stretch => {
      const kind = index % 2 === 0 ? 'user' : 'kernel';
      return { fromNs: index, toNs: index + 1, kind };
    });
    expect(stretchPaths(stretches, BAND, LINEAR).map(({ kind }) => kind)).toEqual([
      'user',
      'kernel',
    ]);
  });

  it('draws what is shorter than a pixel one pixel wide and leaves out what is not in sight', () => {
    const kernel = (fromNs: number, toNs: number): Stretch => ({ fromNs, toNs, kind: 'kernel' });
    expect(stretchPaths([kernel(10, 10), kernel(2000, 3000)], BAND, LINEAR)).toEqual([
      { kind: 'kernel', d: 'M10 10H11V26H10Z' },
    ]);
  });

  it('tells reading from writing by the number of lines', () => {
    const hold = { fromNs: 100, toNs: 200, lock: 'mmap_sem' };
    const lines = (mode: 'read' | 'write'): number =>
      holdPaths([{ ...hold, mode }], BAND, LINEAR)[0]?.d.split('Z').length ?? 0;
    expect(lines('read')).toBe(2);
    expect(lines('write')).toBe(3);
  });

  it('says how long a lock is held and a task waits, where there is room', () => {
    const labels = laneLabels(
      lane({
        holds: [{ fromNs: 100, toNs: 300, lock: 'mmap_sem', mode: 'read' }],
        stretches: [
          { fromNs: 0, toNs: 100, kind: 'lockWait', about: 'mmap_sem' },
          { fromNs: 120, toNs: 290, kind: 'pageWait', about: 'data.bin:0' },
          { fromNs: 400, toNs: 600, kind: 'lockWait', isOpen: true },
        ],
      }),
      LINEAR,
      { fromNs: 0, toNs: 1000, startNs: 0, endNs: 1000 },
    );
    expect(labels.map(({ text }) => text)).toEqual([
      'R 200 ns',
      'waits 100 ns',
      'waits 170 ns',
      'waits 200 ns …',
    ]);
  });

  it('says how long a wait is in its middle when its beginning is taken', () => {
    const time = { fromNs: 100, toNs: 900 };
    const labels = laneLabels(
      lane({
        holds: [{ ...time, lock: 'mmap_sem', mode: 'read' }],
        stretches: [{ ...time, kind: 'pageWait' }],
      }),
      LINEAR,
      { fromNs: 0, toNs: 1000, startNs: 0, endNs: 1000 },
    );
    expect(labels.map(({ text }) => text)).toEqual(['R 800 ns', 'waits 800 ns']);
    expect(labels[1]?.x).toBeGreaterThan(400);
  });

  it('says how long it lasts where it goes out of sight, or that it is longer', () => {
    const text = (fromNs: number, toNs: number, lastsNs?: number): string | undefined => {
      const whole = lastsNs === undefined ? {} : { lastsNs };
      const hold = { fromNs, toNs, lock: 'mmap_sem', mode: 'write', ...whole } as const;
      const range = { fromNs: 0, toNs: 1000, startNs: -500, endNs: 2000 };
      return laneLabels(lane({ holds: [hold] }), LINEAR, range)[0]?.text;
    };
    expect([text(0, 300, 700), text(0, 300), text(400, 1000), text(400, 600)]).toEqual([
      'W 700 ns',
      'W ≥ 300 ns',
      'W ≥ 600 ns',
      'W 200 ns',
    ]);
    expect(text(-100, 300)).toBe('W 400 ns');
  });

  it('points from the waker to the woken task, downwards and upwards', () => {
    const lanes = [lane({}), lane({ id: 2 }), lane({ id: 0, name: 'disk' })];
    const geometry = geometryOf(lanes, 800);
    const [first, second] = geometry.lanes;
    const wake = { wokenNs: 50, position: 1 };
    const end = (d: string): number => Number(/V([\d.]+)/.exec(d)?.[1]);
    const down = wakePath([{ ...wake, from: 1, to: 2 }], geometry, LINEAR);
    const up = wakePath([{ ...wake, from: 2, to: 1 }], geometry, LINEAR);
    expect(end(down)).toBeLessThanOrEqual(second?.bandTop ?? 0);
    expect(end(up)).toBeGreaterThanOrEqual((first?.bandTop ?? 0) + (first?.bandHeight ?? 0));
    expect(wakePath([{ ...wake, wokenNs: 5000, to: 1 }], geometry, LINEAR)).toBe('');
  });
});

describe('marks', () => {
  it('give room to the most telling one and leave a stroke for each other', () => {
    const { signs, strokes } = drawMarks(
      marksAt([500, 'systemCall'], [503, 'fault'], [506, 'moment'], [700, 'exit']),
      8,
      LINEAR,
    );
    expect(signs.map(({ kind }) => kind)).toEqual(['fault', 'exit']);
    expect(strokes).toBe('M506 11v4M500 11v4');
  });

  it('are found by the pointer, the nearer and then the more telling first', () => {
    const marks = marksAt([500, 'systemCall'], [500, 'moment'], [504, 'fault']);
    expect(markNear(marks, 501, LINEAR, 6)?.kind).toBe('moment');
    expect(markNear(marks, 504, LINEAR, 6)?.kind).toBe('fault');
    expect(markNear(marks, 520, LINEAR, 6)).toBeUndefined();
  });
});

describe('the measures', () => {
  it('depend on nothing but the width and the lanes', () => {
    const quiet = geometryOf([lane({}), lane({ id: 0, name: 'disk' })], 640);
    const busy = geometryOf(
      [lane({ marks: marksAt([1, 'fault']) }), lane({ id: 0, name: 'disk' })],
      640,
    );
    expect(busy).toEqual(quiet);
  });

  it('shorten long names and lower the rows of many lanes', () => {
    const few = geometryOf([lane({ name: 'a-task-with-a-very-long-name' })], 400);
    expect(few.lanes[0]?.name).toBe('a-task-wi…');
    const many = geometryOf(
      Array.from({ length: 12 }, (_, id) => lane({ id: id + 1 })),
      640,
    );
    expect(many.lanes[1]?.height).toBeLessThan(few.lanes[0]?.height ?? 0);
  });
});
