/**
 * What a value unfolds to: the members of a struct, the elements of an array, what a pointer points
 * to. Every member comes with the C expression that names it, so that it can be watched.
 *
 * A pointer to a struct unfolds straight to the struct's members. Arrays are asked for by range; a
 * client that does not page gets the first elements and a row that says how many more there are.
 */
import { asAddress } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { sizeOf, type CType, type RecordLayout } from '../bytecode/ctype.ts';
import { flagsPrefixOfField } from './flagNames.ts';
import { readScalar, type TypedValue } from './typedValue.ts';
import type { ValueContext } from './valueText.ts';

/** A row below an unfolded value. */
export interface Member {
  readonly name: string;
  readonly item: TypedValue;
  /** The C expression of the member; `undefined` when its parent has none. */
  readonly expression: string | undefined;
  /** Where a variable is declared. */
  readonly declaration?: Span;
}

/** Elements that are returned when nobody asks for a range. */
export const ELEMENT_LIMIT = 256;

/** How many members a value has: `indexed` for elements of an array, `named` for all else. */
export interface MemberCount {
  readonly named: number;
  readonly indexed: number;
}

function canBeRead(context: ValueContext, item: TypedValue, bytes: number): boolean {
  if (item.address === undefined) return false;
  return (
    context.memory.readByte(item.address) !== undefined &&
    context.memory.readByte(asAddress(item.address + bytes - 1)) !== undefined
  );
}

/** What a pointer that can be followed points to. */
function followPointer(context: ValueContext, item: TypedValue): TypedValue | undefined {
  if (item.type.kind !== 'pointer' || context.isMissing?.(item) === true) return undefined;
  const { target } = item.type;
  const bytes = sizeOf(target);
  const value = readScalar(context.memory, item);
  if (bytes === undefined || bytes === 0 || value === undefined || value === 0n) return undefined;
  const pointed: TypedValue = { type: target, address: asAddress(Number(value)) };
  return canBeRead(context, pointed, bytes) ? pointed : undefined;
}

function countFields(layout: RecordLayout): number {
  let count = 0;
  for (const field of layout.fields ?? []) {
    if (field.name !== undefined) count += 1;
    else if (field.type.kind === 'record') count += countFields(field.type.layout);
  }
  return count;
}

/** How many rows a value unfolds to; both 0 when it does not. */
export function countMembers(context: ValueContext, item: TypedValue): MemberCount {
  const { type } = item;
  if (item.lacksValue === true) return { named: 0, indexed: 0 };
  if (type.kind === 'array') {
    return { named: 0, indexed: item.address === undefined ? 0 : (type.length ?? 0) };
  }
  if (type.kind === 'record') return { named: countFields(type.layout), indexed: 0 };
  const pointed = followPointer(context, item);
  if (pointed === undefined) return { named: 0, indexed: 0 };
  return pointed.type.kind === 'record' ? countMembers(context, pointed) : { named: 1, indexed: 0 };
}

/** The expression in a form to which `.`, `->` or `[` can be appended. */
function asPostfixOperand(expression: string): string {
  return /^[A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*|\[\d+\])*$/.test(expression)
    ? expression
    : `(${expression})`;
}

function recordMembers(
  context: ValueContext,
  layout: RecordLayout,
  base: number,
  prefix: string | undefined,
): Member[] {
  return (layout.fields ?? []).flatMap((field): Member[] => {
    const address = asAddress(base + field.offset);
    if (field.name === undefined) {
      return field.type.kind === 'record'
        ? recordMembers(context, field.type.layout, address, prefix)
        : [];
    }
    const flagsPrefix = flagsPrefixOfField(context.program, field.name, layout.tag);
    const item: TypedValue = { type: field.type, address, bits: field.bits, flagsPrefix };
    const expression = prefix === undefined ? undefined : `${prefix}${field.name}`;
    return [{ name: field.name, item, expression }];
  });
}

function arrayMembers(
  item: TypedValue,
  element: CType,
  expression: string | undefined,
  range: { readonly start: number; readonly count: number },
): Member[] {
  const size = sizeOf(element) ?? 0;
  const base = item.address;
  if (base === undefined) return [];
  return Array.from({ length: range.count }, (_, at) => {
    const index = range.start + at;
    return {
      name: `[${String(index)}]`,
      item: { type: element, address: asAddress(base + index * size) },
      expression:
        expression === undefined ? undefined : `${asPostfixOperand(expression)}[${String(index)}]`,
    };
  });
}

/** The rows below a value; `range` asks for elements of an array from `start` on. */
export function listMembers(
  context: ValueContext,
  item: TypedValue,
  expression: string | undefined,
  range?: { readonly start: number; readonly count: number },
): Member[] {
  const { type } = item;
  const operand = expression === undefined ? undefined : asPostfixOperand(expression);
  if (type.kind === 'array') {
    const length = type.length ?? 0;
    const start = Math.min(range?.start ?? 0, length);
    const count = Math.min(range?.count ?? ELEMENT_LIMIT, length - start);
    return arrayMembers(item, type.element, expression, { start, count });
  }
  if (type.kind === 'record') {
    if (item.address === undefined) return [];
    const prefix = operand === undefined ? undefined : `${operand}.`;
    return recordMembers(context, type.layout, item.address, prefix);
  }
  const pointed = followPointer(context, item);
  if (pointed?.address === undefined) return [];
  if (pointed.type.kind === 'record') {
    const prefix = operand === undefined ? undefined : `${operand}->`;
    return recordMembers(context, pointed.type.layout, pointed.address, prefix);
  }
  const star = operand === undefined ? undefined : `*${operand}`;
  return [{ name: star ?? '*', item: pointed, expression: star }];
}
