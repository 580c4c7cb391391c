/**
 * Which lock a task is about to wait for, where an annotation `//@ wait MODE LOCK` says so.
 */
import type { TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { describeHolders, describeLock } from '../kernel/taskWords.ts';
import { explainHold, formatChain } from '../kernel/whyChain.ts';
import { kernelView, taskName, type DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { lockAddress } from './lockHolders.ts';
import { stackRows } from './stackRows.ts';

/** A lock that was found taken. */
interface ContendedLock {
  readonly address: number;
  /** `mmap_sem`, or `the page lock of data.bin:0`. */
  readonly name: string;
  /** How it is wanted. A page lock has only one way. */
  readonly mode: string;
}

function findContended(target: DebugTarget, task: TaskId): ContendedLock | undefined {
  const { pc } = target.machine.task(task);
  const wait = target.program.annotations.find(
    (item) => item.action === 'wait' && item.pc !== undefined && item.pc === pc,
  );
  const { lock, mode } = wait?.roles ?? {};
  if (lock === undefined || mode === undefined) return undefined;
  const address = addressOf(target, task, lock);
  const name = address === undefined ? undefined : describeLock(kernelView(target), address);
  return address === undefined || name === undefined ? undefined : { address, name, mode };
}

function addressOf(target: DebugTarget, task: TaskId, lock: string): number | undefined {
  const [row] = stackRows(target, task);
  try {
    return lockAddress(target, evaluateAt(target, row, lock), lock);
  } catch (error) {
    // Not every lock of an edited kernel can be named where its task begins to wait.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The lock that a task is about to wait for: `mmap_sem`, `the page lock of data.bin:0`; `undefined` where none is known. */
export function contendedName(target: DebugTarget, task: TaskId): string | undefined {
  return findContended(target, task)?.name;
}

/** `: mmap_sem, to write, held by toucher (to read)`; empty where the lock is not known. */
export function contendedLock(target: DebugTarget, task: TaskId): string {
  const found = findContended(target, task);
  if (found === undefined) return '';
  const how = found.name.endsWith('mmap_sem') ? `, to ${found.mode}` : '';
  const holders = describeHolders(kernelView(target), found.address);
  return `: ${found.name}${how}, held by ${holders}`;
}

/** `mapper → mmap_sem → held by toucher → disk read #1, 11.2 ms left`; `undefined` where it begins no wait. */
export function contendedChain(target: DebugTarget, task: TaskId): string | undefined {
  const found = findContended(target, task);
  if (found === undefined) return undefined;
  const { machine } = target;
  if (machine.task(task).status === 'blocked') return undefined;
  const rest = formatChain(explainHold(kernelView(target), task, found.address));
  const chain = `${taskName(target, task)} → ${found.name}`;
  return rest === '' ? chain : `${chain} → ${rest}`;
}
