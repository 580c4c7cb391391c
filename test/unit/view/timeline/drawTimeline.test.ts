/**
 * Pictures of the headline scenario: lanes, scale, marks and arrows, and that the patch shows in them.
 */
import { describe, expect, it } from 'vitest';
import { drawTimeline, drawTimelines } from '../../../../src/view/timeline/drawTimeline.ts';
import { LANE_KINDS, type RunLanes } from '../../../../src/view/timeline/runLanes.ts';
import { timeAt, widthAt } from '../../../../src/view/timeline/timeScale.ts';
import type { TimelineLane, TimelineModel } from '../../../../src/view/timelineModel.ts';
import { prepare, shippedTree } from '../../../support/preparedRun.ts';
import { recordLanes } from '../../../support/recordedLanes.ts';

const runs = new Map<string, RunLanes>();

/** Recorded once for all tests. */
function lanesOf(kernel: string): RunLanes {
  const known = runs.get(kernel);
  if (known !== undefined) return known;
  const run = prepare('cold-fault-with-mmap', shippedTree(kernel));
  const lanes = recordLanes(run).lanes(run.machine.nowNs(), true);
  runs.set(kernel, lanes);
  return lanes;
}

function lane({ lanes }: TimelineModel, name: string): TimelineLane {
  const found = lanes.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no lane ${name}`);
  return found;
}

describe('a timeline of the headline scenario', () => {
  it('has a lane for each task in the order of the scenario, then the disk', () => {
    const { lanes } = drawTimeline(lanesOf('patched'));
    expect(lanes.map(({ name }) => name)).toEqual(['toucher', 'mapper', 'bystander', 'disk']);
  });

  it('shows that the patch shortens the hold and the waits from a seek to microseconds', () => {
    const longest = (kernel: string, name: string): number => {
      const { stretches } = lane(drawTimeline(lanesOf(kernel)), name);
      const waits = stretches.filter(({ kind }) => kind === 'lockWait');
      return Math.max(0, ...waits.map(({ fromNs, toNs }) => toNs - fromNs));
    };
    const hold = (kernel: string): number => {
      const [first] = lane(drawTimeline(lanesOf(kernel)), 'toucher').holds;
      return (first?.toNs ?? 0) - (first?.fromNs ?? 0);
    };
    expect(hold('unpatched')).toBeGreaterThan(12_000_000);
    expect(hold('patched')).toBeLessThan(30_000);
    for (const name of ['mapper', 'bystander']) {
      expect(longest('unpatched', name)).toBeGreaterThan(12_000_000);
      expect(longest('patched', name)).toBeLessThan(40_000);
    }
  });

  it('marks the second attempt, and only where the kernel makes one', () => {
    const retries = (kernel: string): readonly string[] =>
      drawTimeline(lanesOf(kernel), { max: 4000 }).lanes.flatMap(({ marks }) =>
        marks.filter(({ kind }) => kind === 'retry').map(({ text }) => text),
      );
    expect(retries('patched')).toEqual(['attempt 2 at the fault']);
    expect(retries('unpatched')).toEqual([]);
  });

  it('names faults, system calls, reads and who wakes whom', () => {
    const model = drawTimeline(lanesOf('patched'), { max: 4000, toNs: 70_000 });
    const texts = model.lanes.flatMap(({ marks }) => marks.map(({ text }) => text));
    expect(texts).toContain('page fault at 0x40014123');
    expect(texts).toContain('mmap2()');
    expect(texts).toContain('exit 0');
    expect(lane(model, 'disk').stretches.map(({ about }) => about)).toEqual(['data.bin:4–35']);
    const whole = drawTimeline(lanesOf('patched'));
    const idOf = (name: string): number => lane(whole, name).id;
    expect(whole.wakes.map(({ from, to }) => [from, to])).toEqual([
      [idOf('toucher'), idOf('mapper')],
      [idOf('mapper'), idOf('bystander')],
      [idOf('disk'), idOf('toucher')],
    ]);
  });

  it('folds the seek, says so, and leaves the rest most of the width', () => {
    const { folds, knots } = drawTimeline(lanesOf('patched'));
    expect(folds).toHaveLength(1);
    const [fold = { fromNs: 0, toNs: 0 }] = folds;
    expect(fold.toNs - fold.fromNs).toBeGreaterThan(12_000_000);
    const scale = { knots, folds };
    expect(widthAt(scale, fold.toNs) - widthAt(scale, fold.fromNs)).toBeCloseTo(0.06);
    for (const x of [0, 0.1, 0.5, 0.72, 1]) expect(widthAt(scale, timeAt(scale, x))).toBeCloseTo(x);
  });

  it('draws evenly when asked to, and no hold vanishes', () => {
    const { folds, knots, lanes } = drawTimeline(lanesOf('patched'), { scale: 'linear', max: 600 });
    expect(folds).toEqual([]);
    expect(knots.map(({ x }) => x)).toEqual([0, 1]);
    expect(lanes.slice(0, 3).map(({ holds }) => holds.length)).toEqual([2, 2, 1]);
    expect(lanes[1]?.stretches.some(({ kind }) => kind === 'lockWait')).toBe(true);
  });

  it('draws two runs on one scale and folds only where both are idle', () => {
    const models = drawTimelines([lanesOf('unpatched'), lanesOf('patched')]);
    const [first, second] = models;
    expect(first?.knots).toEqual(second?.knots);
    expect(first?.toNs).toBe(Math.max(...models.map(({ endNs }) => endNs)));
    // In the patched run the mapper and the bystander go on up to 67 µs.
    expect(first?.folds[0]?.fromNs).toBeGreaterThan(60_000);
    expect(first?.folds[0]?.toNs).toBeLessThan(12_530_000);
  });

  it('answers for a stretch of time, clipped to it', () => {
    const { fromNs, toNs, lanes } = drawTimeline(lanesOf('patched'), {
      fromNs: 20_000,
      toNs: 40_000,
    });
    expect([fromNs, toNs]).toEqual([20_000, 40_000]);
    const times = lanes.flatMap(({ stretches, holds }) =>
      [...stretches, ...holds].flatMap((item) => [item.fromNs, item.toNs]),
    );
    expect(Math.min(...times)).toBe(20_000);
    expect(Math.max(...times)).toBe(40_000);
  });

  it('says how long a clipped hold and a clipped wait last altogether', () => {
    const wholes = drawTimeline(lanesOf('patched'), { max: 4000 });
    const clipped = drawTimeline(lanesOf('patched'), { fromNs: 20_000, toNs: 30_000, max: 4000 });
    const hold = lane(wholes, 'toucher').holds[0];
    const wait = lane(wholes, 'mapper').stretches.find(({ kind }) => kind === 'lockWait');
    const seenHold = lane(clipped, 'toucher').holds[0];
    const seenWait = lane(clipped, 'mapper').stretches.find(({ kind }) => kind === 'lockWait');
    expect(seenHold).toMatchObject({ fromNs: 20_000, toNs: hold?.toNs });
    expect(seenHold?.lastsNs).toBe((hold?.toNs ?? 0) - (hold?.fromNs ?? 0));
    expect(seenWait?.lastsNs).toBe((wait?.toNs ?? 0) - (wait?.fromNs ?? 0));
    expect(hold?.lastsNs).toBeUndefined();
  });

  it('does not say it of what has not ended', () => {
    const run = lanesOf('patched');
    const lanes = run.lanes.map((each) => {
      const { ns, kind } = each.changes;
      const rows = kind.indexOf(LANE_KINDS.indexOf('lockWait')) + 1;
      const changes = { ...each.changes, ns: ns.slice(0, rows), kind: kind.slice(0, rows) };
      return { ...each, changes };
    });
    const drawn = drawTimeline({ ...run, lanes, isOver: false }, { fromNs: 20_000, toNs: 21_000 });
    const [wait] = lane(drawn, 'mapper').stretches;
    expect(wait).toEqual({ fromNs: 20_000, toNs: 21_000, kind: 'lockWait', about: 'mmap_sem' });
  });

  it('survives being plain data', () => {
    const copy = JSON.parse(JSON.stringify(lanesOf('patched'))) as RunLanes;
    expect(drawTimeline(copy)).toEqual(drawTimeline(lanesOf('patched')));
  });
});

describe('a record', () => {
  it('says from where on it has no room', () => {
    const run = prepare('cold-fault-with-mmap', shippedTree('patched'));
    const { events, lostFromNs } = drawTimeline(recordLanes(run, 100).lanes());
    expect(events).toBe(100);
    expect(lostFromNs).toBeGreaterThan(0);
  });

  it('of nothing has a picture', () => {
    const run = prepare('cold-fault-with-mmap', shippedTree('patched'));
    const { knots, lanes } = drawTimeline(recordLanes(run, 0).lanes());
    expect(knots).toHaveLength(2);
    expect(lanes.flatMap(({ stretches }) => stretches)).toEqual([]);
  });
});
