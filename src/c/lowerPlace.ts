/**
 * Lvalues to places. Constant parts of an address (members, constant indices, symbols) end up in the
 * place's offset and cost nothing.
 */
import { BugError } from '../base/errors.ts';
import { sizeOf, type CType } from '../bytecode/ctype.ts';
import type { Expression, MemberExpression, PointerAddExpression, VariableSymbol } from './ast.ts';
import { foldConstant } from './foldConstant.ts';
import { offsetOf, type FunctionContext } from './functionContext.ts';
import { checkConstantIndex, checkIndex } from './lowerChecks.ts';
import {
  framePlace,
  guardedPlace,
  offsetPlace,
  visiblePlace,
  type MemoryPlace,
  type Place,
} from './place.ts';
import { addressSlot } from './plainAccess.ts';
import { findRacyMark, type RacyMark } from './racyPlace.ts';

/**
 * The place of an lvalue, or of a record value, which gets a temporary if it has none. Indices are
 * checked when the place will be accessed; its address alone may also be that behind an array.
 */
export function lowerPlace(
  context: FunctionContext,
  expression: Expression,
  isAccessed = true,
): Place {
  switch (expression.kind) {
    case 'variable':
      return variablePlace(context, expression.symbol, expression);
    case 'function':
      return staticPlace(context, expression);
    case 'string':
      return memoryPlace(undefined, context.unit.stringObject(expression), 0);
    case 'dereference': {
      const place = lowerPointedPlace(context, expression.operand, isAccessed);
      if (context.racyMarks.length === 0 || context.isInAnnotation) return place;
      return racyPlace(place, findRacyMark(context.racyMarks, expression));
    }
    case 'member':
      return memberPlace(context, expression, isAccessed);
    case 'compoundLiteral':
      return compoundLiteralPlace(context, expression);
    default:
      return recordValuePlace(context, expression);
  }
}

/** The annotation of a field is about accesses everywhere, so nobody asks whether one was. */
const RACY_FIELD = { isUsed: true };

function racyPlace(place: Place, mark: RacyMark | undefined): Place {
  return mark === undefined ? place : visiblePlace(place, mark);
}

function memoryPlace(
  base: number | undefined,
  symbol: MemoryPlace['symbol'],
  offset: number,
): MemoryPlace {
  return { kind: 'memory', base, symbol, offset: offset | 0, bits: undefined };
}

function staticPlace(
  context: FunctionContext,
  expression: Expression & { readonly kind: 'variable' | 'function' },
): Place {
  return memoryPlace(undefined, context.unit.objectOf(expression.symbol, expression.span), 0);
}

/** The place of an automatic variable or parameter; one that is aligned is reached by its address. */
export function automaticPlace(context: FunctionContext, symbol: VariableSymbol): Place {
  const aligned = context.checks.aligned.get(symbol);
  if (aligned !== undefined) return memoryPlace(aligned.baseSlot, undefined, 0);
  const offset = offsetOf(context, symbol);
  const sharing = symbol.isAddressTaken ? 'shared' : 'private';
  return framePlace(offset, sizeOf(symbol.type) ?? 4, sharing, context.checks.counted.has(symbol));
}

function variablePlace(
  context: FunctionContext,
  symbol: VariableSymbol,
  expression: Expression & { readonly kind: 'variable' },
): Place {
  if (symbol.storage !== 'static') return automaticPlace(context, symbol);
  const place = staticPlace(context, expression);
  return racyPlace(place, findRacyMark(context.racyMarks, symbol));
}

function memberPlace(
  context: FunctionContext,
  { record, field, temporary }: MemberExpression,
  isAccessed: boolean,
): Place {
  const whole =
    temporary === undefined
      ? lowerPlace(context, record, isAccessed)
      : temporaryPlace(context, temporary, record);
  const place = offsetPlace(whole, field.offset, field.bits);
  if (context.isInAnnotation) return place;
  const racy =
    findRacyMark(context.racyMarks, field) ?? (field.isVisible === true ? RACY_FIELD : undefined);
  if (racy !== undefined) return visiblePlace(reachablePlace(context, place, record), racy);
  if (field.isGuarded !== true || record.type.kind !== 'record') return place;
  const recordTag = record.type.layout.tag ?? '';
  return guardedPlace(place, { recordTag, field: field.name ?? '', offset: field.offset });
}

/** A local that others reach by its address is accessed by its address. */
function reachablePlace(context: FunctionContext, place: Place, record: Expression): Place {
  let inner = record;
  while (inner.kind === 'member') inner = inner.record;
  if (place.kind !== 'frame' || inner.kind !== 'variable' || !inner.symbol.isAddressTaken) {
    return place;
  }
  return { ...memoryPlace(addressSlot(context, place), undefined, 0), bits: place.bits };
}

function compoundLiteralPlace(
  context: FunctionContext,
  { symbol, initializer, span }: Expression & { readonly kind: 'compoundLiteral' },
): Place {
  if (symbol.storage === 'static') {
    return memoryPlace(undefined, context.unit.objectOf(symbol, span), 0);
  }
  const size = sizeOf(symbol.type) ?? 4;
  let offset = context.offsets.get(symbol);
  if (offset === undefined) {
    offset = 4 * context.frame.allocate(Math.ceil(size / 4));
    // The object lives until the end of the block, longer than the temporaries of the statement.
    context.frame.hold();
    context.offsets.set(symbol, offset);
  }
  const isAligned = context.checks.aligned.has(symbol);
  const place = isAligned ? automaticPlace(context, symbol) : framePlace(offset, size, 'shared');
  context.parts.lowerInitializer(context, initializer, place);
  return place;
}

/** A record value in the variable that its members are read from. */
function temporaryPlace(
  context: FunctionContext,
  temporary: VariableSymbol,
  value: Expression,
): Place {
  if (!context.offsets.has(temporary)) return recordValuePlace(context, value);
  const place = automaticPlace(context, temporary);
  context.parts.lowerRecordInto(context, value, place);
  return place;
}

function recordValuePlace(context: FunctionContext, expression: Expression): Place {
  const size = sizeOf(expression.type);
  if (size === undefined) throw new BugError(`no place for a ${expression.kind} expression`);
  const place = framePlace(4 * context.frame.allocate(Math.ceil(size / 4)), size);
  context.parts.lowerRecordInto(context, expression, place);
  return place;
}

/** The place that a pointer expression points to. */
export function lowerPointedPlace(
  context: FunctionContext,
  pointer: Expression,
  isAccessed: boolean,
): Place {
  switch (pointer.kind) {
    case 'decay':
    case 'addressOf':
      return offsetPlace(lowerPlace(context, pointer.operand, isAccessed), 0);
    case 'pointerAdd':
      return indexedPlace(context, pointer, isAccessed);
    case 'cast':
      if (isWordToWord(pointer.operand.type)) {
        return lowerPointedPlace(context, pointer.operand, isAccessed);
      }
      break;
    default:
      break;
  }
  const constant = foldConstant(pointer);
  if (constant !== undefined) {
    return memoryPlace(undefined, undefined, Number(BigInt.asIntN(32, constant)));
  }
  return memoryPlace(context.parts.lowerValue(context, pointer), undefined, 0);
}

/** Whether a conversion of such a value to a pointer leaves the word as it is. */
function isWordToWord(type: CType): boolean {
  return type.kind === 'pointer' || (type.kind === 'integer' && type.size === 4);
}

function indexedPlace(
  context: FunctionContext,
  expression: PointerAddExpression,
  isAccessed: boolean,
): Place {
  const { pointer, index, elementSize, isSubtraction } = expression;
  const { builder, frame, parts } = context;
  const constant = foldConstant(index);
  const scale = isSubtraction ? -elementSize : elementSize;
  if (constant !== undefined) {
    const bytes = Number(BigInt.asIntN(32, constant)) * scale;
    if (isAccessed) checkConstantIndex(context, expression, Number(BigInt.asIntN(32, constant)));
    return offsetPlace(lowerPointedPlace(context, pointer, isAccessed), bytes);
  }
  const place = lowerPointedPlace(context, pointer, isAccessed);
  const value = parts.lowerValue(context, index);
  if (isAccessed) checkIndex(context, expression, value);
  const scaled = scaleIndex(context, value, scale);
  if (place.kind === 'memory' && place.base === undefined) return { ...place, base: scaled };
  const sum = frame.allocate(1);
  if (place.kind === 'memory') {
    builder.emit('add', sum, place.base ?? 0, scaled);
    return { ...place, base: sum };
  }
  builder.emit('add', sum, addressSlot(context, place), scaled);
  return memoryPlace(sum, undefined, 0);
}

/** A slot with `index * scale`. */
export function lowerScaledIndex(
  context: FunctionContext,
  index: Expression,
  scale: number,
): number {
  return scaleIndex(context, context.parts.lowerValue(context, index), scale);
}

function scaleIndex(context: FunctionContext, value: number, scale: number): number {
  const { builder, frame } = context;
  if (scale === 1) return value;
  const scaled = frame.allocate(1);
  const shift = Math.log2(scale);
  if (Number.isInteger(shift)) builder.emit('shli', scaled, value, shift);
  else builder.emit('muli', scaled, value, scale);
  return scaled;
}
