/**
 * Custom requests about the recorded run: its timeline, and its state at another moment.
 */
import { UserError } from '../base/errors.ts';
import type { PanelState } from '../view/panelState.ts';
import type { CustomRequests } from '../view/protocol.ts';
import type { TimelineQuery } from '../view/timelineModel.ts';
import { endOf } from './compareRuns.ts';
import type { Handler, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { optionalNumber, optionalText, optionalTime } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';
import { givenUp } from './travelHandlers.ts';

const MOST_PIXELS = 4000;

/** Those of the custom requests that are handled here. */
type TimelineRequest = Extract<keyof CustomRequests, 'faultline/timeline' | 'faultline/peek'>;

function wrong(text: string): UserError {
  return new UserError('bad-argument', text, 'Correct the request.', true);
}

/** How a timeline is to be drawn. Errors: a silent `UserError` for what makes no sense. */
export function readTimelineQuery(raw: RawArguments): TimelineQuery {
  const fromNs = optionalTime(raw, 'fromNs');
  const toNs = optionalTime(raw, 'toNs');
  const max = optionalNumber(raw, 'max');
  const scale = optionalText(raw, 'scale');
  if (fromNs !== undefined && toNs !== undefined && fromNs >= toNs) {
    throw wrong('The time must end behind where it begins.');
  }
  if (max !== undefined && (max < 1 || max > MOST_PIXELS)) {
    throw wrong(`A timeline is from 1 to ${String(MOST_PIXELS)} pixels wide.`);
  }
  if (scale !== undefined && scale !== 'folded' && scale !== 'linear') {
    throw wrong('The scale must be "folded" or "linear".');
  }
  return {
    ...(fromNs === undefined ? {} : { fromNs }),
    ...(toNs === undefined ? {} : { toNs }),
    ...(max === undefined ? {} : { max }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** The position that is asked for. Errors: `UserError` when the run has not been there. */
function peekedPosition({ timeline }: LaunchedRun, raw: RawArguments): number {
  const ns = optionalTime(raw, 'ns');
  const position = optionalNumber(raw, 'position');
  if (ns === undefined && position === undefined)
    throw wrong('Say which moment: `position` or `ns`.');
  const isBeyond =
    position === undefined ? (ns ?? 0) > timeline.endNs : position > timeline.lastPosition;
  if (isBeyond || (position ?? 0) < 0) {
    throw new UserError(
      'beyond-the-record',
      'The run has not been there.',
      'Go on until it has, or ask for an earlier moment.',
      true,
    );
  }
  return position ?? timeline.positionAt(ns ?? 0);
}

async function peek(
  session: SessionControl,
  run: LaunchedRun,
  raw: RawArguments,
): Promise<PanelState> {
  const position = peekedPosition(run, raw);
  const seen = await session.look(
    run.debugger.peek(position, (stop) => ({
      ...run.buildState(stop, session.rev),
      end: endOf(run),
    })),
  );
  if (seen === undefined) throw givenUp();
  return seen.result;
}

export function timelineHandlers(
  session: SessionControl,
): Readonly<Record<TimelineRequest, Handler>> {
  return {
    'faultline/timeline': (raw) => ({
      body: session.requireStopped().timeline.draw(readTimelineQuery(raw)),
    }),
    'faultline/peek': async (raw) => ({
      body: { state: await peek(session, session.requireStopped(), raw) },
    }),
  };
}
