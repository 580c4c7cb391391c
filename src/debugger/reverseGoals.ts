/**
 * Where one wants to go back to: the last change of a value, the moment when a lock was taken.
 */
import { sizeOf } from '../bytecode/ctype.ts';
import { UserError } from '../base/errors.ts';
import { asAddress, type TaskId } from '../base/brand.ts';
import { placeOfValue, type DataPlace } from './dataPlaces.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import type { Debugger } from './debugger.ts';
import { evaluateAt } from './evaluation.ts';
import { latestHolder, lockAddress, takenText, tellHolder } from './lockHolders.ts';
import type { Operation } from './operation.ts';
import { TaskMemory } from './scopes.ts';
import { stackRows, type StackRow } from './stackRows.ts';
import type { TypedValue } from './typedValue.ts';
import { valueContextOf } from './taskWords.ts';
import { valueText } from './valueText.ts';

/** More bytes of a value are not compared. */
const MOST_BYTES = 4096;

/**
 * Goes back to the instruction that changed a value last. Where nobody did, the run stays and says so.
 * Errors: `UserError` when the expression is bad or has no place in memory.
 */
export function reverseToLastChange(
  debug: Debugger,
  row: StackRow | undefined,
  expression: string,
): Operation {
  const { target } = debug;
  const item = evaluateAt(target, row, expression);
  const { address, type } = item;
  const bytes = Math.min(sizeOf(type) ?? 0, MOST_BYTES);
  if (address === undefined || bytes === 0) {
    throw new UserError(
      'no-place',
      `"${expression}" has no place in memory.`,
      'Name a variable or a member.',
    );
  }
  const memory = row === undefined ? target.machine : new TaskMemory(target.machine, row.task);
  const read = (): string => {
    let text = '';
    for (let at = address as number; at < address + bytes; at += 1) {
      text += `${String(memory.readByte(asAddress(at)) ?? -1)} `;
    }
    return text;
  };
  const after = valueText(valueContextOf(target, row), item);
  const textNow = (): string => {
    const there = sameCall(debug, row);
    // Where an initializer is about to run, the name means nothing yet.
    return isNamed(debug, there, expression)
      ? valueText(valueContextOf(target, there), item)
      : 'no value yet';
  };
  const describe = (task: TaskId): string =>
    `${taskName(target, task)} changes ${expression} here, from ${textNow()} to ${after}.`;
  const withoutChange = `${expression} has not changed since the run began.`;
  const place = findDataPlace(target, row, item, expression);
  return place === undefined
    ? debug.reverseToChange(read, describe, withoutChange)
    : debug.reverseToWrite(place, describe, withoutChange);
}

/** What can be watched for a value; `undefined` where nothing can, as for a slot of a call that is over. */
function findDataPlace(
  target: DebugTarget,
  row: StackRow | undefined,
  item: TypedValue,
  expression: string,
): DataPlace | undefined {
  try {
    return placeOfValue(target, row, item, expression);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The row of the same call where its task stands now, which tells what has a value there. */
function sameCall({ target }: Debugger, row: StackRow | undefined): StackRow | undefined {
  if (row?.kind !== 'kernel') return row;
  const { fp, functionIndex } = row.frame;
  const rows = stackRows(target, row.task);
  return rows.find(
    (item) =>
      item.kind === 'kernel' && item.frame.fp === fp && item.frame.functionIndex === functionIndex,
  );
}

function isNamed({ target }: Debugger, row: StackRow | undefined, expression: string): boolean {
  try {
    evaluateAt(target, row, expression);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/**
 * Goes back to where the one who is inside a lock, and came last, took it.
 * Errors: `UserError` when the expression names no lock or nobody is inside.
 */
export function reverseToLock(
  debug: Debugger,
  row: StackRow | undefined,
  expression: string,
): Operation {
  const { target } = debug;
  const lock = lockAddress(target, evaluateAt(target, row, expression), expression);
  const hold = latestHolder(target, lock);
  if (hold === undefined) {
    throw new UserError(
      'not-held',
      `Nobody is inside ${expression} now.`,
      'Go back to a moment when somebody is.',
    );
  }
  return debug.reverseToChange(
    () => tellHolder(target, hold),
    (task) => takenText(target, hold, task),
    `${expression} has been held since the run began.`,
  );
}
