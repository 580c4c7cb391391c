/**
 * Moments of a run as text: writing the one where a run stands, and going to the one that a launch names.
 */
import { asTaskId } from '../base/brand.ts';
import type { Operation } from '../debugger/operation.ts';
import { writeMoment, type Moment } from '../scenario/momentText.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { toThreadId } from './threadIds.ts';
import type { SessionControl } from './sessionControl.ts';

/** The text that names where a run stands. Cost: the departures and changes of the run. */
export function writeMomentOf({ launch, debugger: debug }: LaunchedRun): string {
  const { scenario, kernel, patches, set, checks, rules } = launch;
  const { machine } = debug.target;
  const { task } = debug.lastStop;
  return writeMoment({
    scenario,
    kernel,
    patches,
    set,
    checks,
    rules,
    schedule: debug.wholeSchedule,
    position: machine.position,
    hasEnded: machine.places.hasEnded,
    taskId: task === undefined ? undefined : toThreadId(task),
  });
}

/** Goes to a moment of the run that was launched with it. */
export function openMoment({ debugger: debug }: LaunchedRun, moment: Moment): Operation {
  const { position, hasEnded, taskId = 0 } = moment;
  const isTask = taskId >= 1 && taskId <= debug.target.machine.taskCount;
  return debug.arriveAt({ position, hasEnded, task: isTask ? asTaskId(taskId - 1) : undefined });
}

/** Tells the client of a session that is about to end where the run stands, so that it can be looked at again. */
export function announceLastMoment(session: SessionControl, run: LaunchedRun): void {
  session.emitEvent('faultline/lastMoment', { text: writeMomentOf(run) });
}
