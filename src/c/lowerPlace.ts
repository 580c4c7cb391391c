/**
 * Lvalues to places. Constant parts of an address (members, constant indices, symbols) end up in the
 * place's offset and cost nothing.
 */
import { BugError } from '../base/errors.ts';
import { sizeOf, type CType } from '../bytecode/ctype.ts';
import type { Expression, MemberExpression, PointerAddExpression, VariableSymbol } from './ast.ts';
import { foldConstant } from './foldConstant.ts';
import { offsetOf, type FunctionContext } from './functionContext.ts';
import { framePlace, offsetPlace, type MemoryPlace, type Place } from './place.ts';
import { addressSlot } from './plainAccess.ts';

/** The place of an lvalue, or of a record value, which gets a temporary if it has none. */
export function lowerPlace(context: FunctionContext, expression: Expression): Place {
  switch (expression.kind) {
    case 'variable':
      return variablePlace(context, expression.symbol, expression);
    case 'function':
      return staticPlace(context, expression);
    case 'string':
      return memoryPlace(undefined, context.unit.stringObject(expression), 0);
    case 'dereference':
      return lowerPointedPlace(context, expression.operand);
    case 'member':
      return memberPlace(context, expression);
    case 'compoundLiteral':
      return compoundLiteralPlace(context, expression);
    default:
      return recordValuePlace(context, expression);
  }
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

/** The place of an automatic variable or parameter. */
export function automaticPlace(context: FunctionContext, symbol: VariableSymbol): Place {
  const offset = offsetOf(context, symbol);
  const sharing = symbol.isAddressTaken ? 'shared' : 'private';
  return framePlace(offset, sizeOf(symbol.type) ?? 4, sharing);
}

function variablePlace(
  context: FunctionContext,
  symbol: VariableSymbol,
  expression: Expression & { readonly kind: 'variable' },
): Place {
  if (symbol.storage === 'static') return staticPlace(context, expression);
  return automaticPlace(context, symbol);
}

function memberPlace(context: FunctionContext, { record, field }: MemberExpression): Place {
  return offsetPlace(lowerPlace(context, record), field.offset, field.bits);
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
  const place = framePlace(offset, size, 'shared');
  context.parts.lowerInitializer(context, initializer, place);
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
export function lowerPointedPlace(context: FunctionContext, pointer: Expression): Place {
  switch (pointer.kind) {
    case 'decay':
    case 'addressOf':
      return offsetPlace(lowerPlace(context, pointer.operand), 0);
    case 'pointerAdd':
      return indexedPlace(context, pointer);
    case 'cast':
      if (isWordToWord(pointer.operand.type)) return lowerPointedPlace(context, pointer.operand);
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

function indexedPlace(context: FunctionContext, expression: PointerAddExpression): Place {
  const { pointer, index, elementSize, isSubtraction } = expression;
  const { builder, frame } = context;
  const constant = foldConstant(index);
  const scale = isSubtraction ? -elementSize : elementSize;
  if (constant !== undefined) {
    const bytes = Number(BigInt.asIntN(32, constant)) * scale;
    return offsetPlace(lowerPointedPlace(context, pointer), bytes);
  }
  const place = lowerPointedPlace(context, pointer);
  const scaled = lowerScaledIndex(context, index, scale);
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
  const { builder, frame, parts } = context;
  const value = parts.lowerValue(context, index);
  if (scale === 1) return value;
  const scaled = frame.allocate(1);
  const shift = Math.log2(scale);
  if (Number.isInteger(shift)) builder.emit('shli', scaled, value, shift);
  else builder.emit('muli', scaled, value, scale);
  return scaled;
}
