/**
 * Who decides what is undecided: the one narrow interface between a run and chance or a record.
 *
 * `choose` is asked at every point with more than one option, and notes what departs from the default.
 * A CPU that the user prefers comes first and leaves the course; then what the course has recorded for the
 * point, then the policy.
 */
import { UserError } from '../base/errors.ts';
import { recordedChoice } from './course.ts';
import { changeCourse } from './followCourse.ts';
import { TIMES } from './imageLayout.ts';
import type { SchedulePolicy } from './machineConfig.ts';
import type { MachineState } from './machineState.ts';
import { CHOICE_EVENT } from './scheduleText.ts';

/** The seed that a schedule tells: that of the policy, or of the run that is replayed; 0 when nothing is random. */
export function seedOf(policy: SchedulePolicy): number {
  if (policy.kind === 'random') return policy.seed;
  return policy.kind === 'replay' ? policy.schedule.seed : 0;
}

/**
 * Decides one point. `options` has a bit for each CPU that can run and bit `CHOICE_EVENT` when an event
 * is pending; `isDue` tells whether the event is due by now.
 * Errors: `UserError` when a schedule names a choice that does not exist there.
 */
export function choose(
  state: MachineState,
  byDefault: number,
  options: number,
  isDue: boolean,
): number {
  const point = state.double(TIMES.pointsDouble);
  const choice = ask(state, point, byDefault, options, isDue);
  state.doubles[TIMES.pointsDouble] = point + 1;
  if (choice !== byDefault) {
    state.lastDeparture = { point, choice, before: state.lastDeparture };
  }
  return choice;
}

function ask(
  state: MachineState,
  point: number,
  byDefault: number,
  options: number,
  isDue: boolean,
): number {
  const { policy, course, preferredCpu } = state;
  if (preferredCpu >= 0 && ((options >> preferredCpu) & 1) !== 0) {
    const departures = preferredCpu === byDefault ? [] : [{ point, choice: preferredCpu }];
    changeCourse(state, { departures });
    return preferredCpu;
  }
  const recorded = recordedChoice(course, point);
  if (recorded !== undefined) {
    requireOption(options, recorded, point);
    return recorded;
  }
  if (policy.kind !== 'random') return byDefault;
  return pickBit(isDue ? options : options & ~(1 << CHOICE_EVENT), randomAt(policy.seed, point));
}

function requireOption(options: number, choice: number, point: number): void {
  if (((options >> choice) & 1) !== 0) return;
  throw new UserError(
    'schedule-does-not-fit',
    `The schedule asks for choice ${String(choice)} at point ${String(point)}, where there is none.`,
    'Pass a schedule as Faultline printed it; this one was changed.',
  );
}

/**
 * A 32-bit random number for a point (a Weyl sequence, mixed). It depends on the seed and the point
 * only, so a replay, which draws none, ends in the same state. Seeds count modulo 2^32.
 * Source: the mixing constants of a 32-bit integer hash with low bias (two multiplications, three shifts).
 */
function randomAt(seed: number, point: number): number {
  const next = (seed + Math.imul(point + 1, 0x9e3779b9)) >>> 0;
  let mixed = Math.imul(next ^ (next >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** One of the set bits of `options`, each equally likely. */
function pickBit(options: number, random: number): number {
  let count = 0;
  for (let rest = options; rest !== 0; rest &= rest - 1) count += 1;
  let skip = random % count;
  for (let bit = 0; ; bit += 1) {
    if (((options >> bit) & 1) === 0) continue;
    if (skip === 0) return bit;
    skip -= 1;
  }
}
