/**
 * The answer to `exceptionInfo`: what happened in plain words, who waits for what held by whom, and the
 * schedule that led here.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../base/errors.ts';
import type { Debugger } from '../debugger/debugger.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import { meaningOfEnd, meaningOfEvent, waitingLines } from '../debugger/eventStory.ts';
import { filterOfEnd, type StopFilterId } from '../debugger/stopFilters.ts';

/** A longer schedule is cut: it is for reading here, for replaying the whole text is asked for. */
const SCHEDULE_LIMIT = 1500;

/** The filter that a stop belongs to, whether it stopped the run or ended a step. */
function filterOf({ breakpoints }: Debugger, stop: DebugStop): StopFilterId | undefined {
  if (stop.filter !== undefined) return stop.filter;
  if (stop.final !== undefined) return filterOfEnd(stop.final);
  if (stop.reason === 'wake') return 'taskWakes';
  if (stop.reason !== 'sleep') return undefined;
  return breakpoints.hasFilter('taskSleeps') ? 'taskSleeps' : 'steppedTaskSleeps';
}

function scheduleText({ target }: Debugger): string {
  const text = target.machine.schedule().trimEnd();
  if (text.length <= SCHEDULE_LIMIT) return text;
  return `${text.slice(0, SCHEDULE_LIMIT)}\n… (all of it: "schedule" in the debug console)`;
}

/** Explains the stop at which a run stands. Errors: a silent `UserError` where no event stopped it. */
export function explainException(
  debug: Debugger,
): DebugProtocol.ExceptionInfoResponse['body'] & object {
  const stop = debug.lastStop;
  const { target } = debug;
  const id = filterOf(debug, stop);
  if (id === undefined) {
    throw new UserError('no-exception', 'No exception has occurred.', 'Continue.', true);
  }
  const { final, task, text } = stop;
  const fault = final?.kind === 'fault' ? final.fault : undefined;
  const event = task === undefined ? '' : meaningOfEvent(target, id, task);
  const meaning = final === undefined ? event : meaningOfEnd(target, final);
  const description = meaning === '' ? text : `${text} ${meaning}`;
  const story = [
    'Who waits for what:',
    ...waitingLines(target, task).map((line) => `  ${line}`),
    `The schedule that led here, to step ${String(stop.position)} (launch argument "schedule"):`,
    ...scheduleText(debug)
      .split('\n')
      .map((line) => `  ${line}`),
  ];
  return {
    exceptionId: fault?.rule ?? fault?.kind ?? id,
    description,
    breakMode: 'always',
    details: {
      message: description,
      typeName: fault?.rule ?? fault?.kind ?? id,
      stackTrace: story.join('\n'),
    },
  };
}
