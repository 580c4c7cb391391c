/**
 * What the client hears when the machine stands: `stopped` with the panel's state, or the end.
 */
import type { DebugStop, StopReason } from '../debugger/debugStop.ts';
import { findStopFilter } from '../debugger/stopFilters.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { announceLastMoment } from './momentHandlers.ts';
import type { SessionControl } from './sessionControl.ts';
import { toThreadId } from './threadIds.ts';

/** DAP's reasons; clients know some of them and show the others as they are. */
const DAP_REASONS: Readonly<Record<StopReason, string>> = {
  entry: 'entry',
  step: 'step',
  breakpoint: 'breakpoint',
  data: 'data breakpoint',
  filter: 'exception',
  pause: 'pause',
  sleep: 'sleep',
  wake: 'wake',
  moment: 'moment',
  goto: 'goto',
  exit: 'step',
  start: 'entry',
  fault: 'exception',
  deadlock: 'exception',
  finished: 'end',
};

/** Stops whose text says more than the place does. */
const SPOKEN: ReadonlySet<StopReason> = new Set([
  'data',
  'filter',
  'sleep',
  'wake',
  'exit',
  'start',
  'fault',
  'deadlock',
]);

/**
 * The few words beside the task in the call stack, where DAP's reason would say too little. The whole
 * text would push the task's name out of the row; clients show it on request.
 */
const DESCRIPTIONS: Readonly<Partial<Record<StopReason, string>>> = {
  data: 'Data breakpoint',
  moment: 'Moment',
  sleep: 'Goes to sleep',
  wake: 'Woken up',
  exit: 'Task has ended',
  start: 'Start of the run',
  fault: 'Stopped by a fault',
  deadlock: 'Deadlock',
  finished: 'End of the run',
};

/** The thread that a stop is about; where it is about none, the one that would run next. */
export function threadOfStop({ debugger: debug }: LaunchedRun, stop: DebugStop): number {
  const { machine } = debug.target;
  return toThreadId(stop.task ?? machine.cpu(machine.currentCpu).task);
}

const AT_END_TEXT = 'Step back to look again, or continue to end the session.';

/** Announces a stop after which the run can go on. */
export function announceStop(session: SessionControl, run: LaunchedRun, stop: DebugStop): void {
  run.trace.flush();
  if (SPOKEN.has(stop.reason)) session.tell(`${stop.text}\n`);
  const description =
    stop.filter === undefined ? DESCRIPTIONS[stop.reason] : findStopFilter(stop.filter)?.label;
  session.emitEvent('stopped', {
    reason: DAP_REASONS[stop.reason],
    ...(description === undefined ? {} : { description }),
    text: stop.text,
    threadId: threadOfStop(run, stop),
    allThreadsStopped: true,
    ...(stop.breakpointIds.length > 0 ? { hitBreakpointIds: [...stop.breakpointIds] } : {}),
  });
  session.emitEvent('faultline/state', run.buildState(stop, session.rev));
}

/** Tells how a run has finished at whose end the session stays; `false` when it is gone meanwhile. */
export async function reportFinish(
  session: SessionControl,
  run: LaunchedRun,
  stop: DebugStop,
): Promise<boolean> {
  const { text, exitCode } = await run.reportEnd(stop);
  if (session.run !== run || session.phase === 'ended') return false;
  run.told = { final: stop.final, exitCode, text: '' };
  session.tell(`${text}${AT_END_TEXT}\n`);
  return true;
}

/** Announces the end of the session: the panel's last state, the summary unless it was told, then DAP's events. */
export async function announceEnd(
  session: SessionControl,
  run: LaunchedRun,
  stop: DebugStop,
): Promise<void> {
  const told = run.told?.final === stop.final ? run.told : undefined;
  run.trace.flush();
  session.emitEvent('faultline/state', run.buildState(stop, session.rev));
  announceLastMoment(session, run);
  const { text, exitCode } = told ?? (await run.reportEnd(stop));
  if (session.run !== run || session.phase === 'ended') return;
  session.tell(text);
  session.phase = 'ended';
  session.emitEvent('exited', { exitCode });
  session.emitEvent('terminated');
}
