/**
 * The wordings of stops, all in this file. Sentences for people who know C but no kernel.
 */
import type { TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { describeExpressionAt } from '../bytecode/faultPlace.ts';
import { describeWait } from '../kernel/taskWords.ts';
import type { Stop } from '../machine/stop.ts';
import { kernelView, taskName, type DebugTarget } from './debugTarget.ts';

/** Who executes the next instruction, as a sentence. */
function describeNextRunner(target: DebugTarget): string {
  const cpu = target.machine.cpu(target.machine.currentCpu);
  if (!cpu.isIdle || cpu.isInInterrupt) {
    const what = cpu.isInInterrupt ? 'an interrupt' : taskName(target, cpu.task);
    return `Next to run: ${what} on CPU ${String(cpu.id)}.`;
  }
  const busy = target.machine.disk.queue().length > 0;
  return busy
    ? 'Nobody can run until the disk has finished a read.'
    : 'Nobody can run at the moment.';
}

/** The stepped task goes to sleep: for what, and who runs next. */
export function sleepText(target: DebugTarget, task: TaskId): string {
  const wait = describeWait(kernelView(target), task);
  const what = wait === undefined ? '' : `: it waits for ${wait}`;
  return `${taskName(target, task)} goes to sleep${what}. ${describeNextRunner(target)}`;
}

/** The task that was stepped in its sleep has been woken. */
export function wakeText(target: DebugTarget, task: TaskId): string {
  return `${taskName(target, task)} has been woken up. ${describeNextRunner(target)}`;
}

/** The stepped task has ended. */
export function exitText(target: DebugTarget, task: TaskId): string {
  return `${taskName(target, task)} has ended.`;
}

/** Faults of an access or computation that the source names; others say where they are themselves. */
const FAULTS_OF_EXPRESSIONS: ReadonlySet<string> = new Set([
  'nullPointer',
  'wildPointer',
  'outOfBounds',
  'useAfterFree',
  'uninitialized',
  'divideByZero',
  'nullCall',
  'wildCall',
]);

/** What the modelled kernel did wrong, with the expression that did it unless the message names it. */
export function faultText(
  { program }: DebugTarget,
  { fault, pc }: Stop & { readonly kind: 'fault' },
): string {
  const where = FAULTS_OF_EXPRESSIONS.has(fault.kind) ? describeExpressionAt(program, pc) : '';
  const [named = ''] = /`[^`]*`/.exec(where) ?? [];
  return where === '' || fault.message.includes(named)
    ? fault.message
    : `${fault.message} ${where}`;
}

/** Nothing can happen any more. */
export function deadlockText(target: DebugTarget, tasks: readonly TaskId[]): string {
  const names = tasks.map((task) => {
    const wait = describeWait(kernelView(target), task);
    return `${taskName(target, task)}${wait === undefined ? '' : ` (waits for ${wait})`}`;
  });
  return `Deadlock: nothing can happen any more. Asleep for ever: ${names.join(', ')}.`;
}

/** The run is over. */
export function finishedText(outcome: 'completed' | 'limit'): string {
  return outcome === 'completed'
    ? 'The run is over.'
    : 'The run met its limit of instructions and was stopped.';
}

export const START_TEXT = 'This is the start of the run; there is nothing before it.';
export const PAUSE_TEXT = 'Paused.';
export const NO_EARLIER_BREAKPOINT_TEXT =
  'No breakpoint was passed before this moment: this is the start of the run.';
export const INTERRUPT_OVER_TEXT = 'The interrupt is over.';

/** Step Back where the task has done nothing yet. */
export function firstStepText(target: DebugTarget, task: TaskId): string {
  return `${taskName(target, task)} has done nothing before this.`;
}

/** The change that lets a task run while the others stand still. */
export function aloneText(target: DebugTarget, task: TaskId): string {
  return `${taskName(target, task)} runs alone`;
}

/** The run has come to a waypoint; `left` are the changes that do not lie on its course. */
export function waypointText(name: string, left: readonly string[] = []): string {
  const without =
    left.length === 0 ? '' : ` The run is as it was then, without ${left.join(', ')}.`;
  return `The run stands at checkpoint "${name}".${without}`;
}

/** A stop about which nothing else is to be said. */
export function standsText(target: DebugTarget, task: TaskId | undefined): string {
  return task === undefined ? 'Stopped.' : `${taskName(target, task)} stands here.`;
}

/** A moment was asked for that the run does not have. */
export function noSuchMomentText(anchor: string): string {
  return `The run never reaches "${anchor}" in that way.`;
}

/** A change was taken back. */
export function undoneText(change: string): string {
  return `Taken back: ${change}. The run stands where the change was made, as before it.`;
}

/** Nobody can be let go on in another order. */
export function noChoiceText(target: DebugTarget, task: TaskId | undefined): string {
  return task === undefined
    ? 'Nothing is pending: time passes only as tasks run.'
    : `${taskName(target, task)} cannot go on before another task has: it never comes to a choice.`;
}

/** A text names a place that the run does not have. */
export function placeNotInRun(position: number, end: number): UserError {
  return new UserError(
    'not-in-run',
    `The moment is at position ${String(position)}, and the run ends at position ${String(end)}.`,
    'Copy the moment again; this one does not belong to its schedule.',
  );
}

/** A text says that the run ends at a place, and it goes on there. */
export function runDoesNotEndThere(position: number): UserError {
  return new UserError(
    'not-in-run',
    `The moment is the end of a run, and this run goes on at position ${String(position)}.`,
    'Copy the moment again; this one does not belong to its schedule.',
  );
}
