/**
 * The custom requests of `src/view/protocol.ts`.
 */
import { UserError } from '../base/errors.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import type { Operation } from '../debugger/operation.ts';
import { taskName } from '../debugger/debugTarget.ts';
import { explainTask } from '../debugger/taskWords.ts';
import type { CustomRequests, MoveResult, WhyResult } from '../view/protocol.ts';
import { findTask } from './consoleCommands.ts';
import type { Handler, HandlerTable, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { toThreadId } from './motionHandlers.ts';
import { optionalNumber, optionalObject, optionalText, requireText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

function toMoveResult(
  session: SessionControl,
  run: LaunchedRun,
  stop: DebugStop | undefined,
): MoveResult {
  const { machine } = run.debugger.target;
  if (stop === undefined) {
    const reason = 'The session ended.';
    return { reached: false, reason, position: 0, clockNs: 0, moment: undefined };
  }
  const state = run.buildState(stop, session.rev);
  return {
    reached: stop.reason === 'moment' || stop.reason === 'goto',
    reason: stop.text,
    position: stop.position,
    clockNs: machine.nowNs(),
    moment: state.moment,
  };
}

function explain(run: LaunchedRun, word: string | number): WhyResult {
  const task = findTask(run, word);
  const { target } = run.debugger;
  const { links, text } = explainTask(target, task);
  return {
    task: taskName(target, task),
    links: links.map(({ kind, text: words, task: named }) =>
      named === undefined
        ? { kind, text: words }
        : { kind, text: words, taskId: toThreadId(named) },
    ),
    text,
  };
}

function seekOperation(run: LaunchedRun, raw: RawArguments): Operation {
  const position = optionalNumber(raw, 'position');
  if (position !== undefined && position >= 0) return run.debugger.seekPosition(position);
  const moment = optionalObject(raw, 'moment');
  const task = optionalText(moment, 'task');
  return run.debugger.seekMoment({
    anchor: requireText(moment, 'anchor'),
    task: task === undefined ? undefined : findTask(run, task),
    occurrence: Math.max(1, optionalNumber(moment, 'occurrence') ?? 1),
  });
}

/** A handler for each custom request, so that none can be forgotten. */
type CustomHandlers = Readonly<Record<keyof CustomRequests, Handler>>;

export function customHandlers(session: SessionControl): HandlerTable {
  function mover(start: (run: LaunchedRun, raw: RawArguments) => Operation): Handler {
    return async (raw) => {
      const run = session.requireStopped();
      const stop = await session.move(start(run, raw), true);
      return { body: toMoveResult(session, run, stop) };
    };
  }
  const handlers: CustomHandlers = {
    'faultline/state': (raw) => {
      const run = session.requireStopped();
      if (optionalNumber(raw, 'rev') === session.rev) return { body: {} };
      return { body: { state: run.buildState(run.debugger.lastStop, session.rev) } };
    },
    'faultline/moment': mover((run, raw) => {
      const direction = requireText(raw, 'direction');
      if (direction === 'next' || direction === 'previous') return run.debugger.moment(direction);
      throw new UserError('bad-argument', 'The direction must be "next" or "previous".', '', true);
    }),
    'faultline/seek': mover(seekOperation),
    'faultline/why': (raw) => {
      const run = session.requireStopped();
      const word = typeof raw['task'] === 'number' ? raw['task'] : requireText(raw, 'task');
      return { body: explain(run, word) };
    },
    'faultline/schedule': () => ({
      body: { schedule: session.requireStopped().debugger.target.machine.schedule() },
    }),
  };
  return handlers;
}
