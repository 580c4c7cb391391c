/**
 * Lanes and pictures of any stream of events: well formed, the same however the record came about, and bounded.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LockName } from '../../src/kernel/lockNames.ts';
import { LEFT, TRACE, type TraceEvent, type TraceKind } from '../../src/machine/trace.ts';
import { drawTimeline, drawTimelines } from '../../src/view/timeline/drawTimeline.ts';
import { LANE_KINDS } from '../../src/view/timeline/runLanes.ts';
import { RunRecord } from '../../src/view/timeline/runRecord.ts';
import { tracedProgram } from '../support/recordedRun.ts';

const SEMAPHORE: LockName = { name: 'mmap_sem', className: 'mmap_sem', isPageLock: false };
const PAGE: LockName = { name: 'page data.bin:1', className: 'PG_locked', isPageLock: true };
const TASKS = [2, 3, 4];

interface Told {
  readonly event: TraceEvent;
  readonly lock: LockName | undefined;
}

/** Any events, sensible or not, in the order of their positions; times of different CPUs jump about. */
const told = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...(Object.values(TRACE) as TraceKind[])),
      cpu: fc.integer({ min: 0, max: 1 }),
      task: fc.constantFrom(-1, 0, 1, ...TASKS),
      dns: fc.oneof(fc.integer({ min: -50, max: 400 }), fc.constant(9_000_000)),
      dposition: fc.integer({ min: 0, max: 3 }),
      a: fc.constantFrom(0, 1, 2, 3, 4),
      b: fc.integer({ min: 0, max: 3 }),
      isPage: fc.boolean(),
    }),
    { maxLength: 1500 },
  )
  .map((items) => {
    let ns = 0;
    let position = 0;
    return items.map(({ kind, cpu, task, dns, dposition, a, b, isPage }): Told => {
      ns = Math.max(0, ns + dns);
      position += dposition;
      const isLock = ([TRACE.acquire, TRACE.drop, TRACE.wait, TRACE.resume] as number[]).includes(
        kind,
      );
      const event = { kind, cpu, task, ns, position, a: isLock ? (isPage ? 7 : 8) : a, b, c: 0 };
      return { event, lock: isLock ? (isPage ? PAGE : SEMAPHORE) : undefined };
    });
  });

function newRecord(): RunRecord {
  const tasks = TASKS.map((task) => ({ task, id: task, name: `t${String(task)}`, cpu: task % 2 }));
  return new RunRecord({ program: tracedProgram, tasks, files: [] });
}

function recordOf(events: readonly Told[]): RunRecord {
  const record = newRecord();
  for (const { event, lock } of events) record.note(event, lock);
  return record;
}

it('lanes are in order, do not overlap, and pictures have all of a life', () => {
  fc.assert(
    fc.property(told, (events) => {
      const lanes = recordOf(events).lanes();
      for (const { changes, holds, marks } of lanes.lanes) {
        for (const { ns } of [changes, marks]) {
          expect([...ns].sort((one, other) => one - other)).toEqual(ns);
        }
        for (const { fromNs, toNs } of holds) {
          for (const [row, from] of fromNs.entries()) {
            const to = toNs[row] ?? 0;
            expect(to === -1 ? row === fromNs.length - 1 : to >= from).toBe(true);
            expect(from).toBeGreaterThanOrEqual(row === 0 ? 0 : (toNs[row - 1] ?? 0));
          }
        }
      }
      const { lanes: drawn, knots } = drawTimeline(lanes, { max: 4000, scale: 'linear' });
      for (const { stretches } of drawn) {
        for (const [index, { fromNs, toNs }] of stretches.entries()) {
          expect(toNs).toBeGreaterThan(fromNs);
          if (index > 0) expect(fromNs).toBeGreaterThanOrEqual(stretches[index - 1]?.toNs ?? 0);
        }
      }
      expect(knots.every(({ x }, index) => x >= (knots[index - 1]?.x ?? 0))).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('what is cut and noted again is what is noted once', () => {
  fc.assert(
    fc.property(
      told,
      told,
      fc.array(fc.nat({ max: 3000 }), { maxLength: 4 }),
      (one, other, cuts) => {
        const record = recordOf(one);
        let kept = [...one];
        for (const position of cuts) {
          record.cutFrom(position);
          kept = kept.filter(({ event }) => event.position < position);
          const add = other.filter(({ event }) => event.position >= position).slice(0, 700);
          for (const { event, lock } of add) record.note(event, lock);
          kept.push(...add);
        }
        const { rev: first, ...lanes } = record.lanes();
        const { rev: second, ...expected } = recordOf(kept).lanes();
        expect(first).toBeGreaterThanOrEqual(second);
        expect(lanes).toEqual(expected);
      },
    ),
    { numRuns: 100 },
  );
});

it('a picture keeps the time of each kind but for what is shorter than its grain', () => {
  fc.assert(
    fc.property(told, fc.integer({ min: 50, max: 1200 }), (events, max) => {
      const lanes = recordOf(events).lanes();
      const { lanes: drawn } = drawTimeline(lanes, { max, scale: 'linear' });
      const grain = Math.max(1, lanes.endNs) / max;
      for (const [index, { changes }] of lanes.lanes.entries()) {
        const stretches = drawn[index]?.stretches ?? [];
        const isMerged = stretches.some(({ merged }) => merged !== undefined);
        for (const [number, kind] of LANE_KINDS.entries()) {
          if (kind === 'none') continue;
          let long = 0;
          let all = 0;
          for (const [row, ns] of changes.ns.entries()) {
            const time = (changes.ns[row + 1] ?? lanes.endNs) - ns;
            if (changes.kind[row] !== number) continue;
            all += time;
            if (time > 16 * grain) long += time;
          }
          const shown = stretches
            .filter((item) => item.kind === kind)
            .reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
          expect(shown).toBeGreaterThanOrEqual(long - 1e-6);
          if (!isMerged) expect(shown).toBeCloseTo(all);
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('a picture has no more elements than a page can move, and loses no lock', () => {
  const busy: Told[] = [];
  let ns = 0;
  const say = (kind: TraceKind, task: number, a = 0, b = 0, lock?: LockName): void => {
    ns += 37;
    const event = { kind, cpu: task % 2, task, ns, position: busy.length, a, b, c: 0 };
    busy.push({ event, lock });
  };
  for (const task of TASKS) say(TRACE.start, task);
  for (let round = 0; round < 8000; round += 1) {
    const task = TASKS[round % TASKS.length] ?? 2;
    say(TRACE.switch, task, 0, LEFT.idle);
    say(TRACE.trap, task, 1);
    say(TRACE.wait, task, 8, 1, SEMAPHORE);
    say(TRACE.switch, 0, task, LEFT.asleep);
    say(TRACE.wake, task, 3);
    say(TRACE.switch, task, 0, LEFT.idle);
    say(TRACE.acquire, task, 8, 1, SEMAPHORE);
    say(TRACE.resume, task, 8, 0, SEMAPHORE);
    say(TRACE.drop, task, 8, 1, SEMAPHORE);
    say(TRACE.user, task);
    say(TRACE.switch, 0, task, LEFT.preempted);
  }
  const run = recordOf(busy).lanes();
  for (const scale of ['linear', 'folded'] as const) {
    for (const models of [
      [drawTimeline(run, { scale, max: 1200 })],
      drawTimelines([run, run], { scale, max: 1200 }),
    ]) {
      let count = 0;
      for (const { lanes, wakes, folds } of models) {
        count += wakes.length + folds.length;
        for (const { stretches, holds, marks } of lanes) {
          count += stretches.length + holds.length + marks.length;
        }
        for (const { holds, stretches } of lanes.filter(({ id }) => id !== 0)) {
          expect(holds.length).toBeGreaterThan(20);
          expect(stretches.some(({ kind }) => kind === 'lockWait')).toBe(true);
        }
      }
      expect(count).toBeLessThanOrEqual(3000);
    }
  }
});
