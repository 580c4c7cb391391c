// Where a report looks at its run, and what it leaves out when there is too much.
import { describe, expect, it } from 'vitest';
import { choosePlaces, describeCut, type ReportPlace } from '../../../src/cli/reportPlaces.ts';
import type { RunLanes } from '../../../src/view/timeline/runLanes.ts';
import { LANE_KINDS, MARK_KINDS, NONE } from '../../../src/view/timeline/runLanes.ts';

const END: ReportPlace = { position: 100_000, threadId: undefined, text: 'over', isEnd: true };

/** A run in which a task takes and drops a lock `count` times, ten steps apart, with moments now and then. */
function lanes(count: number): RunLanes {
  const from = Array.from({ length: count }, (_, index) => 10 * index + 10);
  const to = from.map((position) => position + 5);
  const kernel = LANE_KINDS.indexOf('kernel');
  const moments = from
    .filter((_position, index) => index % 100 === 0)
    .map((position) => position + 2);
  return {
    ...{ rev: 1, startNs: 0, endNs: 5_000_000, isOver: true, events: 3 * count },
    texts: ['a moment'],
    lanes: [
      {
        ...{ id: 3, name: 'one', cpu: 0 },
        changes: {
          ns: from,
          position: from.map((position) => position + 3),
          kind: from.map(() => kernel),
          about: from.map(() => NONE),
        },
        holds: [
          {
            ...{ lock: 'mmap_sem', fromNs: from, toNs: to, fromPosition: from, toPosition: to },
            isWrite: from.map((_position, index) => index % 2),
          },
        ],
        marks: {
          ns: moments,
          position: moments,
          kind: moments.map(() => MARK_KINDS.indexOf('moment')),
          text: moments.map(() => 0),
        },
      },
    ],
    wakes: { from: [], to: [], wokenNs: [], runsNs: [], position: [] },
    busy: { fromNs: [], toNs: [] },
  };
}

describe('the places of a report', () => {
  it('are all of them where they fit, from the start to the end', () => {
    const chosen = choosePlaces(lanes(2), END, 500);
    expect(chosen.places.map(({ position, text }) => [position, text])).toEqual([
      [0, 'The start of the run.'],
      [11, 'one takes mmap_sem for reading.'],
      [12, 'one: a moment'],
      [14, 'one runs in the kernel.'],
      [16, 'one drops mmap_sem.'],
      [21, 'one takes mmap_sem for writing.'],
      [24, 'one runs in the kernel.'],
      [26, 'one drops mmap_sem.'],
      [100_000, 'over'],
    ]);
    expect(describeCut(chosen, 5_000_000)).toBeUndefined();
  });

  it('are thinned out evenly, the least telling first', () => {
    const chosen = choosePlaces(lanes(1000), END, 100);
    expect(chosen.places).toHaveLength(100);
    const texts = chosen.places.map(({ text }) => text);
    expect(texts.filter((text) => text === 'one: a moment')).toHaveLength(10);
    expect(texts.filter((text) => text.includes('runs in'))).toEqual([]);
    const positions = chosen.places.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    const halves = positions.slice(0, -1).filter((position) => position < 5000).length;
    expect(halves).toBeGreaterThan(45);
    expect(halves).toBeLessThan(55);
    expect(describeCut(chosen, 5_000_000)).toBe(
      'This report has the state at 100 of 3012 places of the run of 5 ms.',
    );
  });
});
