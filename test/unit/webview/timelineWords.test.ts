// The timeline in words: for the line under it, the slider's value and the table.
import { describe, expect, it } from 'vitest';
import type { TimelineLane, TimelineModel } from '../../../src/view/timelineModel.ts';
import { geometryOf } from '../../../src/webview/timeline/geometry.ts';
import { hitAt } from '../../../src/webview/timeline/hit.ts';
import { MOST_ROWS, timelineRows } from '../../../src/webview/timeline/rows.ts';
import { scaleOf } from '../../../src/webview/timeline/scale.ts';
import { stretchAt, wordsAt } from '../../../src/webview/timeline/words.ts';

const TOUCHER: TimelineLane = {
  id: 1,
  name: 'toucher',
  cpu: 0,
  stretches: [
    { fromNs: 0, toNs: 1000, kind: 'user' },
    { fromNs: 1000, toNs: 3000, kind: 'kernel' },
    { fromNs: 3000, toNs: 10_000, kind: 'pageWait', about: 'data.bin:0', isOpen: true },
  ],
  holds: [{ fromNs: 1500, toNs: 10_000, lock: 'mmap_sem', mode: 'read', isOpen: true }],
  marks: [{ ns: 1000, position: 7, kind: 'fault', text: 'page fault at 0x08050000', merged: 3 }],
};
const MAPPER: TimelineLane = {
  id: 2,
  name: 'mapper',
  cpu: 1,
  stretches: [{ fromNs: 4000, toNs: 10_000, kind: 'lockWait', about: 'mmap_sem' }],
  holds: [],
  marks: [],
};
const DISK: TimelineLane = {
  id: 0,
  name: 'disk',
  stretches: [{ fromNs: 3000, toNs: 10_000, kind: 'reading', about: 'data.bin:0' }],
  holds: [],
  marks: [],
};
const MODEL: TimelineModel = {
  rev: 1,
  fromNs: 0,
  toNs: 10_000,
  startNs: 0,
  endNs: 10_000,
  isOver: false,
  scale: 'folded',
  knots: [
    { ns: 0, x: 0 },
    { ns: 10_000, x: 1 },
  ],
  folds: [{ fromNs: 5000, toNs: 9000 }],
  lanes: [TOUCHER, MAPPER, DISK],
  wakes: [{ from: 1, to: 2, wokenNs: 2500, position: 9 }],
  events: 10,
};

describe('words for a time', () => {
  it('say who holds, who waits and who runs', () => {
    expect(wordsAt(MODEL, 5820)).toBe(
      '5.82 µs, toucher holds mmap_sem to read and waits for the lock of data.bin:0, ' +
        'mapper waits for mmap_sem, disk reads data.bin:0',
    );
    expect(wordsAt(MODEL, 2000)).toBe('2 µs, toucher holds mmap_sem to read');
    expect(wordsAt(MODEL, 500)).toBe('500 ns, toucher runs in user mode');
  });

  it('take the later one of two stretches that meet', () => {
    expect(stretchAt(TOUCHER.stretches, 1000)?.kind).toBe('kernel');
    expect(stretchAt(MAPPER.stretches, 100)).toBeUndefined();
    expect(stretchAt(TOUCHER.stretches, 20_000)).toBeUndefined();
  });
});

describe('what is under the pointer', () => {
  const geometry = geometryOf(MODEL.lanes, 800);
  const scale = scaleOf(MODEL.knots, geometry.left, geometry.plotWidth);
  const [toucher, mapper] = geometry.lanes;

  it('is a mark in the row of marks, else what the lane does', () => {
    const mark = hitAt(MODEL, geometry, scale, scale.x(1000) + 3, toucher?.marksY ?? 0);
    expect(mark.mark?.position).toBe(7);
    expect(mark.text).toBe('1 µs, toucher: page fault at 0x08050000 (and 2 more events close by)');
    const band = hitAt(MODEL, geometry, scale, scale.x(4000), (toucher?.bandTop ?? 0) + 2);
    expect(band.text).toBe(
      '4 µs, toucher: holds mmap_sem to read for 8.5 µs so far; ' +
        'waits for the lock of data.bin:0 for 7 µs so far',
    );
    const folded = hitAt(MODEL, geometry, scale, scale.x(6000), (mapper?.bandTop ?? 0) + 2);
    expect(folded.text).toMatch(/drawn shorter than it is/);
  });

  it('is no lane on the axis', () => {
    const hit = hitAt(MODEL, geometry, scale, scale.x(4000), 5);
    expect(hit.lane).toBeUndefined();
    expect(hit.ns).toBeCloseTo(4000);
  });
});

describe('the table', () => {
  it('has all that begins, in the order of time', () => {
    const { rows, total } = timelineRows(MODEL);
    expect(total).toBe(rows.length);
    expect(rows.map(({ time, lane, what, length }) => [time, lane, what, length])).toEqual([
      ['0', 'toucher', 'runs in user mode', '1 µs'],
      ['1 µs', 'toucher', 'page fault at 0x08050000', undefined],
      ['1 µs', 'toucher', 'runs in the kernel', '2 µs'],
      ['1.5 µs', 'toucher', 'holds mmap_sem to read', '8.5 µs so far'],
      ['2.5 µs', 'mapper', 'is woken by toucher', undefined],
      ['3 µs', 'toucher', 'waits for the lock of data.bin:0', '7 µs so far'],
      ['3 µs', 'disk', 'reads data.bin:0', '7 µs'],
      ['4 µs', 'mapper', 'waits for mmap_sem', '6 µs'],
    ]);
  });

  it('is bounded, and says how much there is', () => {
    const stretches = Array.from({ length: 500 }, (_, index) => ({
      fromNs: index,
      toNs: index + 1,
      kind: 'kernel' as const,
    }));
    const { rows, total } = timelineRows({
      ...MODEL,
      wakes: [],
      lanes: [{ ...MAPPER, stretches }],
    });
    expect(rows).toHaveLength(MOST_ROWS);
    expect(total).toBe(500);
  });
});
