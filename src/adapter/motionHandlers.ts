/**
 * Requests that move the machine: continue, steps in both directions, pause.
 */
import type { TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { Debugger } from '../debugger/debugger.ts';
import type { Operation } from '../debugger/operation.ts';
import type { Handler, HandlerTable, RawArguments, Reply } from './handler.ts';
import type { LongWork } from './longWork.ts';
import { optionalNumber, optionalText, requireNumber } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';
import { toTaskId } from './threadIds.ts';

export function motionHandlers(session: SessionControl): HandlerTable {
  function motion(
    start: (debug: Debugger, raw: RawArguments) => Operation,
    { body, work }: { readonly body?: unknown; readonly work?: LongWork } = {},
  ): Handler {
    return (raw): Reply => {
      const operation = start(session.requireStopped().debugger, raw);
      // From here on other motions are refused, although the response goes out first.
      session.phase = 'running';
      return { body, afterwards: () => session.move(operation, false, work) };
    };
  }
  function taskOf(debug: Debugger, raw: RawArguments): TaskId {
    return toTaskId(debug, requireNumber(raw, 'threadId'));
  }
  /** Whether only the task of the request is to run. */
  function isAlone(raw: RawArguments): boolean {
    return raw['singleThread'] === true;
  }
  /** Whether a step is one instruction, as from a disassembly view. */
  function isByInstruction(raw: RawArguments): boolean {
    return raw['granularity'] === 'instruction';
  }
  return {
    continue: motion(
      (debug, raw) => (isAlone(raw) ? debug.runUntilBlocked(taskOf(debug, raw)) : debug.resume()),
      { body: { allThreadsContinued: true } },
    ),
    next: motion((debug, raw) =>
      isByInstruction(raw)
        ? debug.stepInstruction(taskOf(debug, raw))
        : debug.step('over', taskOf(debug, raw), isAlone(raw)),
    ),
    stepIn: motion((debug, raw) => {
      const targetId = optionalNumber(raw, 'targetId');
      const task = taskOf(debug, raw);
      if (isByInstruction(raw)) return debug.stepInstruction(task);
      return targetId === undefined
        ? debug.step('into', task, isAlone(raw))
        : debug.stepIntoCall(task, targetId - 1);
    }),
    stepOut: motion((debug, raw) => debug.step('out', taskOf(debug, raw), isAlone(raw))),
    stepBack: motion(
      (debug, raw) =>
        isByInstruction(raw)
          ? debug.stepBackInstruction(taskOf(debug, raw))
          : debug.stepBack(taskOf(debug, raw)),
      { work: { title: 'Stepping back', goal: 'start' } },
    ),
    reverseContinue: motion((debug) => debug.reverse(), {
      work: { title: 'Looking for the last breakpoint before this moment', goal: 'start' },
    }),
    restartFrame: motion(
      (debug, raw) => {
        const row = session.references.frames.get(requireNumber(raw, 'frameId'));
        if (row?.kind === 'kernel') return debug.restartFrame(row.task, row.frame);
        throw new UserError(
          'no-call',
          'Only a call of a kernel function can be restarted.',
          'Select a frame of the kernel.',
        );
      },
      { work: { title: 'Looking for the start of this call', goal: 'start' } },
    ),
    // Only what is answered on arrival can still be cancelled; clients also cancel hovers while a task runs.
    cancel: (raw) => {
      const requestId = optionalNumber(raw, 'requestId');
      const progressId = optionalText(raw, 'progressId');
      if (progressId !== undefined) session.progress.cancel(progressId);
      if (requestId === undefined || !session.isUnanswered(requestId)) return {};
      if (session.phase === 'running') session.requestPause();
      else session.lookBacks.cancel(requestId);
      return {};
    },
    pause: () => {
      if (session.phase !== 'running') {
        throw new UserError('not-running', 'The machine stands already.', 'Continue first.', true);
      }
      return {
        afterwards: () => {
          session.requestPause();
        },
      };
    },
  };
}
