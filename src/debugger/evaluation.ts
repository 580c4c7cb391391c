/**
 * C expressions at a row of the call stack, without side effects.
 */
import { asAddress, type Address, type Pc } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import { checkExpression, evaluate } from '../c/evaluate.ts';
import { expandCurrent } from '../kernel/currentTask.ts';
import type { DebugTarget } from './debugTarget.ts';
import { flagsPrefixOfField, flagsPrefixOfVariable } from './flagNames.ts';
import { MissingValues } from './missingValues.ts';
import { TaskMemory } from './scopes.ts';
import type { StackRow } from './stackRows.ts';
import type { TypedValue } from './typedValue.ts';

const NAME = /^\s*([A-Za-z_]\w*)\s*$/;
const MEMBER = /^(.+?)\s*(?:->|\.)\s*([A-Za-z_]\w*)\s*$/s;

function evaluatePlain(target: DebugTarget, row: StackRow | undefined, text: string): TypedValue {
  const isKernel = row?.kind === 'kernel';
  const { program, machine } = target;
  const expanded =
    row === undefined ? text : expandCurrent(program, machine.task(row.task).cookie, text);
  const memory = row === undefined ? machine : new TaskMemory(machine, row.task);
  const missing = new MissingValues(target, row);
  const read: Address[] = [];
  const outcome = evaluate(expanded, {
    program,
    pc: isKernel ? row.pc : undefined,
    fp: isKernel ? row.frame.fp : undefined,
    memory: {
      readByte: (address) => {
        if (missing.has(address, 1)) read.push(address);
        return memory.readByte(address);
      },
    },
  });
  if (outcome.kind === 'ok') {
    const { type, address, bits, value } = outcome.value;
    // A packed bit-field may reach into the byte behind its storage unit.
    const ownBytes = Math.max(
      sizeOf(type) ?? 1,
      Math.ceil(((bits?.start ?? 0) + (bits?.width ?? 0)) / 8),
    );
    const isOwn = (byte: Address): boolean =>
      address !== undefined && byte >= address && byte < address + ownBytes;
    const item: TypedValue = { type, address, bits, value };
    return read.every(isOwn) ? item : { ...item, lacksValue: true };
  }
  const message = outcome.diagnostics[0]?.message ?? 'this expression cannot be evaluated';
  throw new UserError('bad-expression', message, 'Correct the expression.', true);
}

/** What is wrong with an expression at a code place, whatever the values are; `undefined` if nothing is. */
export function problemOf(
  { program }: DebugTarget,
  pc: Pc | undefined,
  text: string,
): string | undefined {
  const expanded = expandCurrent(program, asAddress(0), text);
  return checkExpression(expanded, { program, pc })[0]?.message;
}

/** The announced flags of what the expression names: a variable or a member. */
function flagsOf(target: DebugTarget, row: StackRow | undefined, text: string): string | undefined {
  const { program } = target;
  const name = NAME.exec(text)?.[1];
  if (name !== undefined) {
    const owner = row?.kind === 'kernel' ? row.frame.functionIndex : undefined;
    const local = flagsPrefixOfVariable(program, name, owner);
    return local ?? flagsPrefixOfVariable(program, name, undefined);
  }
  const [, parent, member] = MEMBER.exec(text) ?? [];
  const isAnnounced = program.flagsHints.some(
    (hint) => hint.name === member && hint.recordTag !== undefined,
  );
  if (parent === undefined || member === undefined || !isAnnounced) return undefined;
  const { type } = evaluatePlain(target, row, parent);
  const record = type.kind === 'pointer' ? type.target : type;
  return record.kind === 'record'
    ? flagsPrefixOfField(program, member, record.layout.tag)
    : undefined;
}

/**
 * The value of an expression at a row (at none: globals only).
 *
 * Errors: a silent `UserError` `bad-expression` that says what is wrong with the text.
 */
export function evaluateAt(
  target: DebugTarget,
  row: StackRow | undefined,
  text: string,
): TypedValue {
  const value = evaluatePlain(target, row, text);
  const isInteger = value.type.kind === 'integer';
  return isInteger ? { ...value, flagsPrefix: flagsOf(target, row, text) } : value;
}
