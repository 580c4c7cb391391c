/**
 * Where a value leads in the sources: a function or a pointer to one to its definition, a pointer to a
 * task to where that task stands.
 */
import { asPc, type Address } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { CODE_BASE, functionAt, statementAt, type Program } from '../bytecode/program.ts';
import type { DebugTarget } from './debugTarget.ts';
import { findTaskSpot } from './stackRows.ts';
import { readScalar, type TypedValue } from './typedValue.ts';
import type { ValueContext } from './valueText.ts';

const WORD_BYTES = 4;

/** The source of a code address: a function's name at its entry, the statement inside of it. */
export function placeOfCode(program: Program, address: number): Span | undefined {
  const pc = ((address >>> 0) - CODE_BASE) / WORD_BYTES;
  if (pc < 0 || !Number.isInteger(pc)) return undefined;
  const found = functionAt(program, asPc(pc));
  if (found === undefined) return undefined;
  return found.entry === pc ? found.nameSpan : statementAt(program, asPc(pc))?.span;
}

/** Where the task stands that a `struct task_struct *` points to. */
export function placeOfTask(target: DebugTarget, address: Address): Span | undefined {
  const task = target.machine.taskOfCookie(address);
  return task === undefined ? undefined : findTaskSpot(target, task).span;
}

/** Where a value leads; `undefined` for values that name no place, and for those that are not there yet. */
export function placeOfValue(context: ValueContext, item: TypedValue): Span | undefined {
  const { type, address } = item;
  if (type.kind === 'function') {
    return address === undefined ? undefined : placeOfCode(context.program, address);
  }
  if (type.kind !== 'pointer' || item.lacksValue === true) return undefined;
  if (context.isMissing?.(item) === true) return undefined;
  const value = readScalar(context.memory, item);
  if (value === undefined || value === 0n) return undefined;
  const code = placeOfCode(context.program, Number(value));
  return code ?? context.placeOfPointer?.(type.target, Number(value) as Address);
}
