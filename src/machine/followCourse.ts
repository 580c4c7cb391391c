/**
 * How a machine follows its course: what has been applied, what comes next, and leaving the course.
 */
import { listDepartures, type Course, type MadeDeparture } from './course.ts';
import { TIMES } from './imageLayout.ts';
import type { RecordedIntervention } from './intervention.ts';
import type { MachineState } from './machineState.ts';

/** How many of the course's interventions have been applied. */
export function appliedInterventions(state: MachineState): number {
  return state.double(TIMES.interventionsDouble);
}

/** The intervention that comes next, if any is recorded. */
export function nextIntervention(state: MachineState): RecordedIntervention | undefined {
  return state.course.interventions[appliedInterventions(state)];
}

/** Drops what is recorded behind the present place and adds what comes there now. */
export function changeCourse(state: MachineState, news: Partial<Course>): void {
  const { interventions, departures } = state.course;
  const points = state.double(TIMES.pointsDouble);
  state.course = {
    interventions: [
      ...interventions.slice(0, appliedInterventions(state)),
      ...(news.interventions ?? []),
    ],
    departures: [...departures.filter(({ point }) => point < points), ...(news.departures ?? [])],
  };
}

/**
 * Follows a restored checkpoint: its departures are those that were made. Where it lies on another
 * course, which interventions tell, that course is taken up as far as it goes.
 */
export function takeUpCourse(
  state: MachineState,
  lastDeparture: MadeDeparture | undefined,
  interventions: readonly RecordedIntervention[],
): void {
  state.lastDeparture = lastDeparture;
  const applied = appliedInterventions(state);
  const { [applied - 1]: last, [applied]: next } = state.course.interventions;
  const isPast = next !== undefined && next.position < state.double(TIMES.positionDouble);
  if (last === interventions[applied - 1] && !isPast) return;
  state.course = {
    interventions: interventions.slice(0, applied),
    departures: listDepartures(lastDeparture),
  };
}
