/**
 * Custom requests about places and branches of the run: checkpoints of the user, and the comparison with the run
 * as it would have been.
 */
import { UserError } from '../base/errors.ts';
import type { Operation } from '../debugger/operation.ts';
import type { Waypoint } from '../debugger/waypoints.ts';
import type { CheckpointView, CustomRequests } from '../view/protocol.ts';
import { compareRuns } from './compareRuns.ts';
import type { Handler, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { optionalText, requireText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

/** Those of the custom requests that are handled here. */
export type TravelRequest = Extract<
  keyof CustomRequests,
  | 'faultline/changes'
  | 'faultline/compare'
  | 'faultline/setCheckpoint'
  | 'faultline/checkpoints'
  | 'faultline/goToCheckpoint'
>;

/** A checkpoint as clients see it. */
function viewCheckpoint(run: LaunchedRun, waypoint: Waypoint): CheckpointView {
  const { name, text, position } = waypoint;
  return { name, text, position, lies: run.debugger.whereIs(waypoint) ?? 'other' };
}

function oneOf<T extends string>(raw: RawArguments, key: string, values: readonly [T, ...T[]]): T {
  const given = optionalText(raw, key) ?? values[0];
  const found = values.find((value) => value === given);
  if (found !== undefined) return found;
  throw new UserError('bad-argument', `"${key}" must be ${values.join(' or ')}.`, '', true);
}

/** The operation that goes to the checkpoint with a name. Errors: `UserError` when there is none. */
export function goToCheckpoint(session: SessionControl, run: LaunchedRun, name: string): Operation {
  return run.debugger.goToWaypoint(session.waypoints.find(name));
}

/** Says that a comparison did not come to its end. */
export function givenUp(): UserError {
  return new UserError('given-up', 'It was given up.', 'Ask again.', true);
}

export function travelHandlers(
  session: SessionControl,
  mover: (start: (run: LaunchedRun, raw: RawArguments) => Operation) => Handler,
): Readonly<Record<TravelRequest, Handler>> {
  return {
    'faultline/changes': () => {
      const { changesBefore: changes, comparedPlace: place } = session.requireStopped().debugger;
      return { body: { changes, ...(place === undefined ? {} : { place }) } };
    },
    'faultline/compare': async (raw) => {
      const run = session.requireStopped();
      const since = oneOf(raw, 'since', ['last', 'first']);
      const at = oneOf(raw, 'at', ['time', 'place']);
      const result = await compareRuns(session, run, { since, at });
      if (result === undefined) throw givenUp();
      return { body: result };
    },
    'faultline/setCheckpoint': (raw) => {
      const run = session.requireStopped();
      const { target, lastStop } = run.debugger;
      const waypoint = session.waypoints.set(target, lastStop.task, optionalText(raw, 'name'));
      return { body: viewCheckpoint(run, waypoint) };
    },
    'faultline/checkpoints': () => {
      const run = session.requireStopped();
      return {
        body: { checkpoints: session.waypoints.all.map((item) => viewCheckpoint(run, item)) },
      };
    },
    'faultline/goToCheckpoint': mover((run, raw) =>
      goToCheckpoint(session, run, requireText(raw, 'name')),
    ),
  };
}
