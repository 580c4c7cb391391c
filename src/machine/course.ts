/**
 * The course of a run: what users decided and did, or a replayed schedule says that they did.
 *
 * The policy decides all else. A course covers past and future: after going back, running on meets what
 * is recorded behind the present place again. Who does something new there leaves the old course: what
 * was recorded behind that place is dropped.
 */
import type { RecordedIntervention } from './intervention.ts';
import type { Departure } from './scheduleText.ts';

/** What is recorded, past and future. Never changed in place. */
export interface Course {
  /** By growing position. */
  readonly interventions: readonly RecordedIntervention[];
  /** Choices that the policy is not asked about, by growing point. */
  readonly departures: readonly Departure[];
}

/** A choice that was made and differs from the default policy's, and those before it. */
export interface MadeDeparture extends Departure {
  readonly before: MadeDeparture | undefined;
}

/** Nothing recorded. */
export const EMPTY_COURSE: Course = { interventions: [], departures: [] };

/** The choice recorded for a point. Cost: logarithmic. */
export function recordedChoice({ departures }: Course, point: number): number | undefined {
  let low = 0;
  let high = departures.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const departure = departures[middle];
    if (departure === undefined) return undefined;
    if (departure.point === point) return departure.choice;
    if (departure.point < point) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** The departures that were made, first one first. */
export function listDepartures(last: MadeDeparture | undefined): readonly Departure[] {
  const departures: Departure[] = [];
  for (let made = last; made !== undefined; made = made.before) {
    departures.push({ point: made.point, choice: made.choice });
  }
  return departures.reverse();
}

/** Whether two courses record the same. */
export function isSameCourse(one: Course, other: Course): boolean {
  if (one === other) return true;
  const { interventions, departures } = one;
  return (
    interventions.length === other.interventions.length &&
    departures.length === other.departures.length &&
    interventions.every((item, index) => item === other.interventions[index]) &&
    departures.every(({ point, choice }, index) => {
      const there = other.departures[index];
      return there?.point === point && there.choice === choice;
    })
  );
}
