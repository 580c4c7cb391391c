/**
 * Setting a value: what the user writes, as something to do to the machine.
 */
import { asAddress, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { isScalar, sizeOf, typeName } from '../bytecode/ctype.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import type { Intervention } from '../machine/intervention.ts';
import type { DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { TaskMemory } from './scopes.ts';
import type { StackRow } from './stackRows.ts';
import { readScalar, type TypedValue } from './typedValue.ts';

/** The number that an expression gives at a row. Errors: a `UserError` that is shown. */
export function numberAt(target: DebugTarget, row: StackRow | undefined, text: string): bigint {
  const value = tryEvaluate(target, row, text);
  const memory = row === undefined ? target.machine : new TaskMemory(target.machine, row.task);
  const number = value.lacksValue === true ? undefined : readScalar(memory, value);
  if (number !== undefined) return number;
  throw new UserError('no-number', `"${text}" is no number.`, 'Write a number or a C expression.');
}

function tryEvaluate(target: DebugTarget, row: StackRow | undefined, text: string): TypedValue {
  try {
    return evaluateAt(target, row, text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `"${text}": ${error.message}`, error.remedy);
  }
}

/** Writes bytes where a task sees an address. */
export function writeAt(
  task: TaskId | undefined,
  address: number,
  bytes: Uint8Array,
): Intervention {
  if (address >= DIRECT_MAP_BASE || task === undefined) {
    return { kind: 'kernel', address: asAddress(address), bytes };
  }
  return { kind: 'user', task, address: asAddress(address), bytes };
}

/**
 * Gives a scalar in memory a value.
 * Errors: `UserError` when it is none or has no place, or the number does not fit.
 */
export function assign(
  target: DebugTarget,
  row: StackRow | undefined,
  item: TypedValue,
  text: string,
): Intervention {
  const { type, address, bits } = item;
  const bytes = sizeOf(type);
  if (!isScalar(type) || bytes === undefined) {
    throw new UserError(
      'not-a-scalar',
      `A value of type ${typeName(type)} cannot be set as a whole.`,
      'Set one of its members.',
    );
  }
  if (address === undefined) {
    throw new UserError('no-place', 'This value has no place in memory.', 'Set a variable.');
  }
  const value = numberAt(target, row, text);
  const width = bits?.width ?? 8 * bytes;
  if (value >= 1n << BigInt(width) || value < -(1n << BigInt(width - 1))) {
    throw new UserError(
      'does-not-fit',
      `${String(value)} does not fit into ${String(width)} bits.`,
      'Write a smaller number.',
    );
  }
  const start = BigInt(bits?.start ?? 0);
  const count = Math.ceil((Number(start) + width) / 8);
  const memory = row === undefined ? target.machine : new TaskMemory(target.machine, row.task);
  let whole = 0n;
  for (let index = count - 1; index >= 0; index -= 1) {
    whole = (whole << 8n) | BigInt(memory.readByte(asAddress(address + index)) ?? 0);
  }
  const mask = ((1n << BigInt(width)) - 1n) << start;
  whole = (whole & ~mask) | ((value << start) & mask);
  const written = Uint8Array.from({ length: count }, (_, index) =>
    Number((whole >> BigInt(8 * index)) & 255n),
  );
  return writeAt(row?.task, address, written);
}
