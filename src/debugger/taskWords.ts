/**
 * What the debugger says about tasks: their state, why they wait, what kernel pointers point to.
 */
import type { TaskId } from '../base/brand.ts';
import * as words from '../kernel/taskWords.ts';
import { explainWait, formatChain, type ChainLink } from '../kernel/whyChain.ts';
import { kernelView, type DebugTarget } from './debugTarget.ts';
import { MissingValues } from './missingValues.ts';
import { TaskMemory } from './scopes.ts';
import type { StackRow } from './stackRows.ts';
import { placeOfTask } from './valuePlaces.ts';
import type { ValueContext } from './valueText.ts';

/** The state of a task: `running`, `sleeping: page lock`, `waiting: mmap_sem`, `exited 0`. */
export function describeTaskState(target: DebugTarget, task: TaskId): string {
  return words.describeState(kernelView(target), task);
}

/** Why a task does not run: the chain down to who or what it waits for. */
export function explainTask(
  target: DebugTarget,
  task: TaskId,
): { readonly links: readonly ChainLink[]; readonly text: string } {
  const links = explainWait(kernelView(target), task);
  return { links, text: formatChain(links) };
}

/**
 * The state of a task, and of a sleeping one the whole chain of what it waits for:
 * `waiting: mmap_sem, queued behind mapper → held by toucher → disk read #1, 11.2 ms left`.
 */
export function describeTaskWithReason(target: DebugTarget, task: TaskId): string {
  const state = describeTaskState(target, task);
  if (target.machine.task(task).status !== 'blocked') return state;
  const [, first, ...rest] = explainWait(kernelView(target), task);
  if (first === undefined || first.kind === 'unknown') return state;
  const [activity = state, what = ''] = state.split(': ');
  // The first link mostly names what the state names, with more to say about it.
  const isSame = first.text.startsWith(what);
  const start = isSame ? `${activity}: ${first.text}` : `${state} → ${first.text}`;
  return [start, ...rest.map(({ text }) => text)].join(' → ');
}

/** Where values are read from at a row of the call stack; at none, kernel memory only. */
export function valueContextOf(
  target: DebugTarget,
  row: StackRow | undefined,
  isHex = false,
): ValueContext {
  const { machine, program } = target;
  const missing = new MissingValues(target, row);
  return {
    program,
    isHex,
    memory: row === undefined ? machine : new TaskMemory(machine, row.task),
    isMissing: (item) => missing.isMissing(item),
    describePointer: (type, address) =>
      type.kind === 'record' && type.layout.tag !== undefined
        ? words.describeObject(kernelView(target), type.layout.tag, address)
        : undefined,
    placeOfPointer: (type, address) =>
      type.kind === 'record' && type.layout.tag === 'task_struct'
        ? placeOfTask(target, address)
        : undefined,
  };
}
