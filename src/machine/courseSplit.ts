/**
 * Where two courses part: the one that a machine follows, and one that a schedule tells.
 *
 * Interventions have a position, decisions a number; so a split is told by both, and everything before both is
 * common.
 */
import { type Course, listDepartures } from './course.ts';
import { TIMES } from './imageLayout.ts';
import { formatIntervention } from './interventionText.ts';
import type { MachineState } from './machineState.ts';
import type { Departure } from './scheduleText.ts';

/** A place of a run, and the number of decisions that had been made there. */
export interface CoursePlace {
  readonly position: number;
  readonly decisions: number;
}

/** A split: what is common, and the first difference. */
export interface CourseSplit extends CoursePlace {
  /** Interventions that both have. */
  readonly interventions: number;
}

/** All departures of the course that a machine follows: those that were made, then those that are recorded. */
export function departuresOf(state: MachineState): readonly Departure[] {
  const points = state.double(TIMES.pointsDouble);
  const made = listDepartures(state.lastDeparture).filter(({ point }) => point < points);
  return [...made, ...state.course.departures.filter(({ point }) => point >= points)];
}

/**
 * Where the course that the machine follows, recorded future included, parts from another one on the way to a place
 * of the other one; `undefined` when it leads there itself.
 */
export function findSplit(
  state: MachineState,
  other: Course,
  place: CoursePlace,
): CourseSplit | undefined {
  const { interventions } = state.course;
  const common = other.interventions.findIndex((item, index) => {
    const own = interventions[index];
    return own === undefined || formatIntervention(own) !== formatIntervention(item);
  });
  const count = common < 0 ? other.interventions.length : common;
  const own = interventions[count];
  const isMore = own !== undefined && own.position <= place.position;
  const intervention =
    count < other.interventions.length || isMore
      ? Math.min(own?.position ?? Infinity, other.interventions[count]?.position ?? Infinity)
      : Infinity;
  const here = departuresOf(state).filter(({ point }) => point < place.decisions);
  const length = Math.max(here.length, other.departures.length);
  let decisions = Infinity;
  for (let index = 0; index < length; index += 1) {
    const [one, two] = [here[index], other.departures[index]];
    if (one?.point === two?.point && one?.choice === two?.choice) continue;
    decisions = Math.min(one?.point ?? Infinity, two?.point ?? Infinity);
    break;
  }
  if (intervention === Infinity && decisions === Infinity) return undefined;
  return { position: intervention, decisions, interventions: count };
}
