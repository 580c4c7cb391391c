/**
 * The kinds of events at which a run can stop besides breakpoints; for DAP they are exception filters.
 *
 * Most are places in the kernel's code, some with a test of what is returned there; going to sleep and
 * being woken the machine tells itself; a fault or a deadlock ends the run in any case, and its filter
 * says only whether the user wants to look at it.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import { returnsOf, type Program } from '../bytecode/program.ts';
import { VARIANT_CONSTANTS } from '../kernel/kernelNames.ts';
import { describeWait, signalName } from '../kernel/taskWords.ts';
import type { MachineFaultKind } from '../machine/faults.ts';
import type { FinalStop } from '../machine/stop.ts';
import { contendedLock, contendedName } from './contendedLock.ts';
import { kernelView, taskName, type DebugTarget } from './debugTarget.ts';
import { readReturned } from './returnedValue.ts';

/** What the user can switch on. */
export type StopFilterId =
  | 'steppedTaskSleeps'
  | 'taskSleeps'
  | 'taskWakes'
  | 'lockContended'
  | 'released'
  | 'signal'
  | 'oops'
  | 'violation'
  | 'deadlock';

/** A kind of event. */
export interface StopFilter {
  readonly id: StopFilterId;
  readonly label: string;
  readonly description: string;
  readonly isDefault: boolean;
  /** How it is noticed: at `places`, by the machine, by the end of the run, or by a step. */
  readonly event: 'place' | 'sleep' | 'wake' | 'final' | 'step';
  /** Code places, for `place`. */
  places(target: DebugTarget): readonly Pc[];
  /** Whether the event happens here, where a task stands at one of the places. */
  applies(target: DebugTarget, task: TaskId): boolean;
  /** What happens, as a sentence. */
  describe(target: DebugTarget, task: TaskId): string;
}

/** What the task is about to return, as a number of 32 bits; 0 where it returns nothing. */
function returnedNumber(target: DebugTarget, task: TaskId): number {
  return Number(BigInt.asUintN(32, readReturned(target, task) ?? 0n));
}

function returnsOfFunction(program: Program, name: string): readonly Pc[] {
  return program.functions
    .filter((info) => info.name === name)
    .flatMap((info) => returnsOf(program, info));
}

/** The value of the macro that is defined in this kernel, 0 where none is. */
function constant({ program }: DebugTarget, names: readonly string[]): number {
  for (const name of names) {
    const value = program.macros.get(name)?.value;
    if (value !== undefined) return Number(value);
  }
  return 0;
}

const none = (): readonly Pc[] => [];
const always = (): boolean => true;

function sentence(target: DebugTarget, task: TaskId, what: string): string {
  return `${taskName(target, task)} ${what}.`;
}

function waitSentence(target: DebugTarget, task: TaskId, what: string): string {
  const wait = describeWait(kernelView(target), task);
  return sentence(target, task, wait === undefined ? what : `${what}: it waits for ${wait}`);
}

const LOCK_CONTENDED: StopFilter = {
  id: 'lockContended',
  label: 'A task has to wait for a lock',
  description: 'Stops where a task finds mmap_sem or a page lock taken and begins to wait for it.',
  isDefault: false,
  event: 'place',
  places: ({ program }) =>
    program.annotations.flatMap(({ action, pc }) =>
      action === 'wait' && pc !== undefined ? [pc] : [],
    ),
  applies: always,
  describe: (target, task) =>
    sentence(
      target,
      task,
      `finds a lock taken and begins to wait for it${contendedLock(target, task)}`,
    ),
};

/** The same for some locks only, by the names that `describeLock` gives them. */
export function lockContendedFor(names: ReadonlySet<string>): StopFilter {
  return {
    ...LOCK_CONTENDED,
    applies: (target, task) => {
      const name = contendedName(target, task);
      return name !== undefined && names.has(name);
    },
  };
}

/** All filters in the order in which clients list them. */
export const STOP_FILTERS: readonly StopFilter[] = [
  {
    id: 'steppedTaskSleeps',
    label: 'Stepped task goes to sleep',
    description: 'Ends a step at the moment when its task goes to sleep.',
    isDefault: true,
    event: 'step',
    places: none,
    applies: always,
    describe: (target, task) => waitSentence(target, task, 'goes to sleep'),
  },
  {
    id: 'taskSleeps',
    label: 'Any task goes to sleep',
    description: 'Stops whenever a task gives up its CPU to wait for something.',
    isDefault: false,
    event: 'sleep',
    places: none,
    applies: always,
    describe: (target, task) => waitSentence(target, task, 'goes to sleep'),
  },
  {
    id: 'taskWakes',
    label: 'Any task is woken up',
    description: 'Stops when a task that slept can run again.',
    isDefault: false,
    event: 'wake',
    places: none,
    applies: always,
    describe: (target, task) => sentence(target, task, 'has been woken up'),
  },
  LOCK_CONTENDED,
  {
    id: 'released',
    label: 'A fault has dropped mmap_sem',
    description:
      'Stops where handle_mm_fault returns VM_FAULT_RELEASED: mmap_sem was dropped on the way (VM_FAULT_RETRY in 2.6.37).',
    isDefault: false,
    event: 'place',
    places: ({ program }) => returnsOfFunction(program, 'handle_mm_fault'),
    applies: (target, task) => {
      const mask = constant(target, VARIANT_CONSTANTS.releaseAnswer);
      return (returnedNumber(target, task) & mask) !== 0;
    },
    describe: (target, task) =>
      sentence(target, task, 'comes back without mmap_sem: the fault will be tried again'),
  },
  {
    id: 'signal',
    label: 'A signal is delivered',
    description: 'Stops where a task that returns to user mode finds a signal.',
    isDefault: false,
    event: 'place',
    places: ({ program }) => returnsOfFunction(program, 'next_signal'),
    applies: (target, task) => returnedNumber(target, task) !== 0,
    describe: (target, task) => {
      const number = returnedNumber(target, task);
      const name = signalName(target.program, number);
      return sentence(target, task, `gets ${name} (signal ${String(number)})`);
    },
  },
  {
    id: 'oops',
    label: 'The kernel crashes (oops, BUG)',
    description:
      'Stops where the kernel does something impossible: a wild pointer, a failed BUG_ON.',
    isDefault: true,
    event: 'final',
    places: none,
    applies: always,
    describe: () => '',
  },
  {
    id: 'violation',
    label: 'A rule of the kernel is broken',
    description:
      'Stops where an annotation fails or an invariant of locks and references is broken.',
    isDefault: true,
    event: 'final',
    places: none,
    applies: always,
    describe: () => '',
  },
  {
    id: 'deadlock',
    label: 'Deadlock: nothing can go on',
    description: 'Stops when nothing can ever happen again.',
    isDefault: true,
    event: 'final',
    places: none,
    applies: always,
    describe: () => '',
  },
];

/** The filter with an id. */
export function findStopFilter(id: string): StopFilter | undefined {
  return STOP_FILTERS.find((filter) => filter.id === id);
}

/** Faults that say that a rule was broken; the others are what hardware or a BUG_ON finds. */
const VIOLATIONS: ReadonlySet<MachineFaultKind> = new Set(['lock', 'reference', 'rule', 'assert']);

/** The filter that the end of a run belongs to; `undefined` when the run is simply over. */
export function filterOfEnd(final: FinalStop): StopFilterId | undefined {
  if (final.kind === 'finished') return undefined;
  if (final.kind === 'deadlock') return 'deadlock';
  return VIOLATIONS.has(final.fault.kind) ? 'violation' : 'oops';
}
