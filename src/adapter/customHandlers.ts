/**
 * The custom requests of `src/view/protocol.ts`.
 */
import { UserError } from '../base/errors.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import type { Operation } from '../debugger/operation.ts';
import { describeChoice } from '../debugger/choiceTexts.ts';
import { listedTasks, taskName } from '../debugger/debugTarget.ts';
import { reverseToLastChange, reverseToLock } from '../debugger/reverseGoals.ts';
import { explainTask } from '../debugger/taskWords.ts';
import type { ChoiceView, CustomRequests, MoveResult, WhyResult } from '../view/protocol.ts';
import { findTask } from './consoleCommands.ts';
import { contentionHandlers } from './contentionHandlers.ts';
import type { EditorRequest } from './editorHandlers.ts';
import type { Handler, HandlerTable, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import type { LongWork } from './longWork.ts';
import { toTaskId, toThreadId } from './threadIds.ts';
import {
  optionalNumber,
  optionalObject,
  optionalText,
  optionalTime,
  requireNumber,
  requireText,
} from './rawArguments.ts';
import { writeMomentOf } from './momentHandlers.ts';
import { placeHandlers } from './placeHandlers.ts';
import { rowOfFrame } from './runReferences.ts';
import type { SessionControl } from './sessionControl.ts';
import { timelineHandlers } from './timelineHandlers.ts';
import { travelHandlers } from './travelHandlers.ts';
import { twoRunsHandler } from './twoRunsHandler.ts';

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
    links: links.map(({ task: named, ...link }) =>
      named === undefined ? link : { ...link, taskId: toThreadId(named) },
    ),
    text,
  };
}

function listChoices(run: LaunchedRun): readonly ChoiceView[] {
  const { target } = run.debugger;
  const listed = new Set(listedTasks(target).map(({ id }) => id));
  const choices = target.machine.choices();
  const isDecided = choices.some(({ isTaken }) => isTaken);
  return choices.map((choice): ChoiceView => {
    const { task } = choice;
    const isListed = task !== undefined && listed.has(task);
    return {
      choice: choice.choice,
      ...(isListed ? { task: taskName(target, task), taskId: toThreadId(task) } : {}),
      text: describeChoice(target, choice),
      // What the user has chosen comes next, whatever the policy would take.
      isNext: isDecided ? choice.isTaken : choice.isDefault,
    };
  });
}

function seekOperation(run: LaunchedRun, raw: RawArguments): Operation {
  const position = optionalNumber(raw, 'position');
  if (position !== undefined && position >= 0) return run.debugger.seekPosition(position);
  const ns = optionalTime(raw, 'ns');
  if (ns !== undefined) return run.timeline.seekTime(ns);
  const event = optionalText(raw, 'event');
  if (event === 'next' || event === 'previous') return run.timeline.seekEvent(event);
  if (event !== undefined) {
    throw new UserError('bad-argument', 'The event must be "next" or "previous".', '', true);
  }
  const moment = optionalObject(raw, 'moment');
  const task = optionalText(moment, 'task');
  return run.debugger.seekMoment({
    anchor: requireText(moment, 'anchor'),
    task: task === undefined ? undefined : findTask(run, task),
    occurrence: Math.max(1, optionalNumber(moment, 'occurrence') ?? 1),
  });
}

/** Behind the end there is nothing; to ask for it is no wish to leave the run, as continuing from there is. */
function answerAtEnd(session: SessionControl, run: LaunchedRun): MoveResult | undefined {
  const { lastStop } = run.debugger;
  if (lastStop.final === undefined) return undefined;
  return { ...toMoveResult(session, run, lastStop), reached: false };
}

function reverseOperation(session: SessionControl, run: LaunchedRun, raw: RawArguments): Operation {
  const { debugger: debug } = run;
  const kind = requireText(raw, 'kind');
  if (kind === 'over' || kind === 'out') {
    return debug.stepBack(toTaskId(debug, requireNumber(raw, 'threadId')), kind);
  }
  const expression = requireText(raw, 'expression');
  const row = rowOfFrame(session.references, run, optionalNumber(raw, 'frameId'));
  if (kind === 'lastChange') return reverseToLastChange(debug, row, expression);
  if (kind === 'lockTaken') return reverseToLock(debug, row, expression);
  throw new UserError('bad-argument', `There is no way back called "${kind}".`, '', true);
}

function momentWork({ direction }: RawArguments): LongWork {
  return direction === 'next'
    ? { title: 'Running to the next moment' }
    : { title: 'Looking for the moment before this one', goal: 'start' };
}

function seekWork({ position }: RawArguments): LongWork {
  const title = 'Going to that moment';
  return typeof position === 'number' ? { title, goal: position } : { title };
}

function reverseWork({ kind, expression }: RawArguments): LongWork {
  const titles: Readonly<Record<string, string>> = {
    lastChange: `Looking for the last change of ${String(expression)}`,
    lockTaken: `Looking for where ${String(expression)} was taken`,
  };
  return { title: titles[String(kind)] ?? 'Stepping back', goal: 'start' };
}

/** A handler for each custom request but those of `editorHandlers.ts`, so that none can be forgotten. */
type CustomHandlers = Readonly<Record<Exclude<keyof CustomRequests, EditorRequest>, Handler>>;

export function customHandlers(session: SessionControl): HandlerTable {
  function mover(
    start: (run: LaunchedRun, raw: RawArguments) => Operation,
    workOf?: (raw: RawArguments) => LongWork,
  ): Handler {
    return async (raw) => {
      const run = session.requireStopped();
      const stop = await session.move(start(run, raw), true, workOf?.(raw));
      return { body: toMoveResult(session, run, stop) };
    };
  }
  /** The same for moves of which some go on from where the run stands. */
  function moverToEnd(move: Handler, goesOn: (raw: RawArguments) => boolean): Handler {
    return async (raw, seq) => {
      const over = goesOn(raw) ? answerAtEnd(session, session.requireStopped()) : undefined;
      return over === undefined ? await move(raw, seq) : { body: over };
    };
  }
  const handlers: CustomHandlers = {
    ...placeHandlers(session),
    ...travelHandlers(session, mover),
    ...contentionHandlers(session),
    ...timelineHandlers(session),
    'faultline/state': (raw) => {
      const run = session.requireStopped();
      if (optionalNumber(raw, 'rev') === session.rev) return { body: {} };
      return { body: { state: run.buildState(run.debugger.lastStop, session.rev) } };
    },
    'faultline/moment': moverToEnd(
      mover((run, raw) => {
        const direction = requireText(raw, 'direction');
        if (direction === 'next' || direction === 'previous') return run.debugger.moment(direction);
        throw new UserError(
          'bad-argument',
          'The direction must be "next" or "previous".',
          '',
          true,
        );
      }, momentWork),
      ({ direction }) => direction === 'next',
    ),
    'faultline/seek': moverToEnd(
      mover(seekOperation, seekWork),
      ({ event, position, ns }) => event === 'next' && position === undefined && ns === undefined,
    ),
    'faultline/reverse': mover((run, raw) => reverseOperation(session, run, raw), reverseWork),
    'faultline/switchTo': mover((run, raw) => {
      const threadId = optionalNumber(raw, 'threadId');
      const task = threadId === undefined ? undefined : toTaskId(run.debugger, threadId);
      return run.debugger.switchTo(task);
    }),
    'faultline/runUntilBlocked': mover((run, raw) =>
      run.debugger.runUntilBlocked(toTaskId(run.debugger, requireNumber(raw, 'threadId'))),
    ),
    'faultline/undo': mover((run) => run.debugger.undo()),
    'faultline/choices': () => {
      const run = session.requireStopped();
      return { body: { choices: listChoices(run) } };
    },
    'faultline/choose': (raw) => {
      const run = session.requireStopped();
      run.debugger.choose(requireNumber(raw, 'choice'));
      const stop = run.debugger.standAt();
      session.announceStop(run, stop);
      return { body: toMoveResult(session, run, stop) };
    },
    'faultline/why': (raw) => {
      const run = session.requireStopped();
      const word = typeof raw['task'] === 'number' ? raw['task'] : requireText(raw, 'task');
      return { body: explain(run, word) };
    },
    'faultline/format': (raw) => {
      const { hex } = raw;
      session.isHex = typeof hex === 'boolean' ? hex : !session.isHex;
      if (session.client.takesInvalidations) {
        session.emitEvent('invalidated', { areas: ['variables'] });
      }
      return { body: { hex: session.isHex } };
    },
    'faultline/twoRuns': twoRunsHandler(session),
    'faultline/momentText': () => ({ body: { text: writeMomentOf(session.requireStopped()) } }),
    'faultline/schedule': () => ({
      body: { schedule: session.requireStopped().debugger.target.machine.schedule() },
    }),
  };
  return handlers;
}
