/**
 * What a stop at an event means, beyond the sentence that says what happens: how the kernel came to it,
 * who is inside the locks, and who waits for what held by whom.
 *
 * Written for people who know C but no kernel. Everything is read from the machine as it stands.
 */
import type { TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { hex } from '../base/brand.ts';
import { describeHolders } from '../kernel/taskWords.ts';
import { listAddressSpaces, type AddressSpaceLock } from '../kernel/taskWaits.ts';
import { explainWait, formatChain } from '../kernel/whyChain.ts';
import type { MachineFaultKind } from '../machine/faults.ts';
import type { FinalStop } from '../machine/stop.ts';
import { contendedChain } from './contendedLock.ts';
import { kernelView, listedTasks, taskName, type DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { stackRows } from './stackRows.ts';
import type { StopFilterId } from './stopFilters.ts';
import { readScalar } from './typedValue.ts';

/** What Linux would have done, by the kind of fault. */
const LIKE_AN_OOPS =
  'Linux would print an oops here and kill the task, which would keep every lock that it holds.';
const UNNOTICED = 'Linux would not notice and go on with what happens to be there.';
const FAULT_MEANINGS: Readonly<Partial<Record<MachineFaultKind, string>>> = {
  nullPointer: LIKE_AN_OOPS,
  wildPointer: LIKE_AN_OOPS,
  nullCall: LIKE_AN_OOPS,
  wildCall: LIKE_AN_OOPS,
  divideByZero: LIKE_AN_OOPS,
  bug: LIKE_AN_OOPS,
  outOfBounds: UNNOTICED,
  useAfterFree: UNNOTICED,
  uninitialized: UNNOTICED,
  missingReturn: UNNOTICED,
  sleepInAtomic:
    'Whoever may not be interrupted must not sleep: nobody could run on this CPU before it wakes up.',
  assert: 'A comment in the source says what must hold here, and it does not.',
  lock: 'The rules of a lock are broken here; what it protects is protected no longer.',
  reference: 'A count of users is wrong here; what it counts is freed too early or never.',
};

/** What follows from an event, by the filter that stops at it. */
const EVENT_MEANINGS: Readonly<Partial<Record<StopFilterId, string>>> = {
  steppedTaskSleeps: 'Its CPU is free for others until somebody wakes it up.',
  taskSleeps: 'Its CPU is free for others until somebody wakes it up.',
  lockContended: 'It will sleep until the lock is handed to it.',
  released:
    'The lock was free for others while the page was read, so what was looked up before may be out of date.',
};

const SEGV_MAPERR = 1;
const SIGNAL_SEGV = 11;
const SIGNAL_BUS = 7;

function readNumber(target: DebugTarget, task: TaskId, expression: string): number | undefined {
  const row = stackRows(target, task).find(({ kind }) => kind === 'kernel');
  try {
    const value = readScalar(target.machine, evaluateAt(target, row, expression));
    return value === undefined ? undefined : Number(BigInt.asUintN(32, value));
  } catch (error) {
    // The kernel of a lab may keep its signals otherwise.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Why a task gets the signal that it caused itself; `undefined` for one that was sent. */
function signalCause(target: DebugTarget, task: TaskId): string | undefined {
  const read = (field: string): number | undefined =>
    readNumber(target, task, `current->pending.info.${field}`);
  const number = read('si_signo');
  const address = hex(read('si_addr') ?? 0, 8);
  if (number === SIGNAL_SEGV) {
    return read('si_code') === SEGV_MAPERR
      ? `No mapping of the process has the address ${address}.`
      : `The mapping at ${address} does not allow that access.`;
  }
  if (number === SIGNAL_BUS) {
    return `There is no page for ${address}: it is behind the end of the file, or the disk could not read it.`;
  }
  return undefined;
}

/** Who executed the last instruction, when it was not the task itself. */
function wakerText(target: DebugTarget, task: TaskId): string | undefined {
  const { machine } = target;
  for (let id = 0; id < machine.taskCount; id += 1) {
    const other = machine.task(id as TaskId);
    if (other.id === task || machine.ranUntil(other.id) !== machine.position) continue;
    return other.isInInterrupt
      ? `It was woken up by an interrupt on CPU ${String(other.cpu)}.`
      : `It was woken up by ${taskName(target, other.id)}.`;
  }
  return undefined;
}

/** What an event means for those who run, as sentences; empty when the event says it all. */
export function meaningOfEvent(target: DebugTarget, id: StopFilterId, task: TaskId): string {
  if (id === 'signal') {
    return signalCause(target, task) ?? 'It was sent, or its process dies with another task.';
  }
  if (id === 'taskWakes') return wakerText(target, task) ?? '';
  return EVENT_MEANINGS[id] ?? '';
}

/** What a run that cannot go on means; empty for an end that says it all. */
export function meaningOfEnd(target: DebugTarget, final: FinalStop): string {
  if (final.kind === 'deadlock') {
    return 'Each of them waits for something that only another one of them, or nobody, could give.';
  }
  if (final.kind !== 'fault') return '';
  const { annotation, kind } = final.fault;
  const comment =
    annotation === undefined ? undefined : target.program.annotations[annotation]?.roles['text'];
  return [comment, FAULT_MEANINGS[kind]].filter((text) => text !== undefined).join(' ');
}

function lockLine(target: DebugTarget, { mm, name }: AddressSpaceLock): string {
  const { machine, readers } = target;
  const view = kernelView(target);
  const queue = readers.readRwsem(machine, mm.mmapSem).waiters.map(({ task: cookie }) => {
    const task = machine.taskOfCookie(cookie);
    return task === undefined ? 'an unknown task' : view.nameOf(task);
  });
  const holders = describeHolders(view, mm.mmapSem);
  const inside = holders === 'nobody' ? 'nobody is inside' : `held by ${holders}`;
  return `${name}: ${inside}${queue.length === 0 ? '' : `; in its queue: ${queue.join(', ')}`}`;
}

/**
 * Who waits for what held by whom: a line for the task that a stop is about, one for each other task
 * that sleeps, one for each `mmap_sem`.
 */
export function waitingLines(target: DebugTarget, about: TaskId | undefined): readonly string[] {
  const { machine } = target;
  const view = kernelView(target);
  const others = listedTasks(target)
    .map(({ id }) => id)
    .filter((id) => id !== about && machine.task(id).status === 'blocked');
  const tasks = about === undefined ? others : [about, ...others];
  return [
    ...tasks.map((task) => contendedChain(target, task) ?? formatChain(explainWait(view, task))),
    ...listAddressSpaces(view).map((lock) => lockLine(target, lock)),
  ];
}
