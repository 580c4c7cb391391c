/**
 * Nodes for the unary operators, casts, members, subscripts, `?:` and `,`.
 *
 * Source: C99 6.5.2 to 6.5.4, 6.5.15 and 6.5.17.
 */
import type { DiagnosticNote } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { findField, isScalar, typeName, type CType, type Field } from '../bytecode/ctype.ts';
import type { Expression } from './ast.ts';
import { commonPointer, convertToCommon, makeArithmetic } from './binaryOperator.ts';
import { toInteger, toScalar } from './conversion.ts';
import {
  asValue,
  convert,
  decay,
  isNullPointerConstant,
  makeAddressOf,
  makeCast,
  makeError,
  makeInteger,
  makeTruth,
  promote,
} from './expressionNode.ts';
import { INT } from './integerType.ts';
import { createTemporary } from './declareSymbol.ts';
import type { ParseContext } from './parseContext.ts';
import { closestName } from '../base/closestName.ts';
import type { Token } from './token.ts';
import {
  isCompatible,
  isComplete,
  isIntegerLike,
  qualifyLike,
  unqualified,
} from './typeRelation.ts';

/** `*operand`. */
export function makeDereference(
  context: ParseContext,
  pointer: Expression,
  span: Span,
): Expression {
  const operand = decay(pointer);
  if (operand.kind === 'error') return operand;
  if (operand.type.kind !== 'pointer') {
    context.report('not-a-pointer', span, typeName(operand.type));
    return makeError(span);
  }
  const type = operand.type.target;
  if (operand.kind === 'decay' && type.kind === 'function') return { ...operand.operand, span };
  return { kind: 'dereference', operand, type, span, isLvalue: type.kind !== 'function' };
}

/** `&operand`. */
export function makeAddress(context: ParseContext, operand: Expression, span: Span): Expression {
  if (operand.kind === 'error') return operand;
  if (operand.kind === 'member' && operand.field.bits !== undefined) {
    context.report('address-of-bit-field', span, operand.field.name ?? '');
    return makeError(span);
  }
  if (!operand.isLvalue && operand.type.kind !== 'function') {
    context.report('address-of-value', span);
    return makeError(span);
  }
  return makeAddressOf(operand, span);
}

/** `+`, `-`, `~` and `!`. */
export function makeUnary(
  context: ParseContext,
  operator: '+' | '-' | '~' | '!',
  operand: Expression,
  span: Span,
): Expression {
  if (operator === '!') {
    const value = toScalar(context, operand, '`!`');
    if (value.kind === 'error') return value;
    if (value.kind === 'integer') return makeTruth(value.value === 0n, span);
    return { kind: 'unary', operator, operand: value, type: INT, span, isLvalue: false };
  }
  const value = promote(toInteger(context, operand, `the operand of \`${operator}\``));
  if (value.kind === 'error') return value;
  const type = unqualified(value.type);
  if (operator === '+') return { ...asValue(value), span };
  if (value.kind === 'integer') {
    return makeInteger(operator === '-' ? -value.value : ~value.value, type, span);
  }
  return { kind: 'unary', operator, operand: value, type, span, isLvalue: false };
}

/** `(type)operand`. */
export function makeExplicitCast(
  context: ParseContext,
  type: CType,
  operand: Expression,
  span: Span,
): Expression {
  const value = decay(operand);
  if (value.kind === 'error') return value;
  const from = value.type;
  if (type.kind === 'void') return makeCast(value, type, span, false);
  if (type.kind === 'record' && from.kind === 'record' && isCompatible(type, from)) {
    return { ...asValue(value), span };
  }
  if (!isScalar(type) || !isScalar(from)) {
    context.report('bad-cast', span, typeName(from), typeName(type));
    return makeError(span);
  }
  return makeCast(value, type, span, false);
}

function suggestMember(name: string, fields: readonly Field[]): readonly DiagnosticNote[] {
  const names = fields.flatMap((field) => (field.name === undefined ? [] : [field.name]));
  const nearest = name.length < 3 ? undefined : closestName(name, names);
  if (nearest === undefined) return [];
  const span = fields.find((field) => field.name === nearest)?.span;
  return [{ message: `did you mean \`${nearest}\`?`, ...(span === undefined ? {} : { span }) }];
}

/** All members by name, those of anonymous members included. */
function allFields(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) =>
    field.name === undefined && field.type.kind === 'record'
      ? allFields(field.type.layout.fields ?? [])
      : [field],
  );
}

/** Finds a member, or complains. */
export function findMember(
  context: ParseContext,
  type: CType,
  name: Token,
  span: Span,
): Field | undefined {
  if (type.kind !== 'record') {
    context.report('not-a-record', span, name.text, typeName(type));
    return undefined;
  }
  const { fields } = type.layout;
  if (fields === undefined) {
    context.report('incomplete-record', span, typeName(type), name.text);
    return undefined;
  }
  const field = findField(type.layout, name.text);
  if (field === undefined) {
    const notes = suggestMember(name.text, allFields(fields));
    context.reportWithNotes('unknown-member', span, notes, typeName(type), name.text);
  }
  return field;
}

/** `record.name`, where the record may be a value; `nameSpan` is the place of the name. */
export function makeMember(
  context: ParseContext,
  record: Expression,
  name: Token,
  nameSpan: Span,
  span: Span,
): Expression {
  if (record.kind === 'error') return record;
  if (record.type.kind === 'pointer' && record.type.target.kind === 'record') {
    context.report('dot-on-pointer', nameSpan, name.text, typeName(record.type));
    return makeError(span);
  }
  const field = findMember(context, record.type, name, nameSpan);
  if (field === undefined) return makeError(span);
  const type = qualifyLike(field.type, record.type);
  const member = { kind: 'member', record, field, type, span, isLvalue: record.isLvalue } as const;
  const isValue = !record.isLvalue && record.kind !== 'member';
  if (!isValue || context.function === undefined) return member;
  return { ...member, temporary: createTemporary(context, record.type, record.span) };
}

/** `pointer->name`. */
export function makePointerMember(
  context: ParseContext,
  pointer: Expression,
  name: Token,
  nameSpan: Span,
  span: Span,
): Expression {
  if (pointer.kind === 'error') return pointer;
  if (pointer.type.kind === 'record') {
    context.report('arrow-on-record', nameSpan, name.text, typeName(pointer.type));
    return makeError(span);
  }
  const record = makeDereference(context, pointer, pointer.span);
  return makeMember(context, record, name, nameSpan, span);
}

/** `array[index]`. */
export function makeSubscript(
  context: ParseContext,
  array: Expression,
  index: Expression,
  span: Span,
): Expression {
  if (array.kind === 'error' || index.kind === 'error') return makeError(span);
  const left = decay(array);
  const right = decay(index);
  const isPair =
    (left.type.kind === 'pointer' && isIntegerLike(right.type)) ||
    (right.type.kind === 'pointer' && isIntegerLike(left.type));
  if (!isPair) {
    context.report('not-subscriptable', span, typeName(array.type), typeName(index.type));
    return makeError(span);
  }
  const address = makeArithmetic(context, '+', left, right, span);
  return makeDereference(context, address, span);
}

/** The common form of two branches: both converted, or `undefined` when they do not go together. */
function unifyBranches(
  context: ParseContext,
  whenTrue: Expression,
  whenFalse: Expression,
  span: Span,
): { readonly left: Expression; readonly right: Expression; readonly type: CType } | undefined {
  const left = whenTrue.type;
  const right = whenFalse.type;
  if (isIntegerLike(left) && isIntegerLike(right)) return convertToCommon(whenTrue, whenFalse);
  if (left.kind === 'void' || right.kind === 'void') {
    const type: CType = { kind: 'void' };
    return { left: convert(whenTrue, type), right: convert(whenFalse, type), type };
  }
  if (left.kind === 'record' && isCompatible(left, right)) {
    return { left: whenTrue, right: whenFalse, type: unqualified(left) };
  }
  if (left.kind !== 'pointer' && right.kind !== 'pointer') return undefined;
  if (!isScalar(left) || !isScalar(right)) return undefined;
  const integer = isIntegerLike(left) ? whenTrue : isIntegerLike(right) ? whenFalse : undefined;
  if (integer !== undefined && !isNullPointerConstant(integer)) {
    context.report('conditional-pointers', span, typeName(left), typeName(right));
  }
  const pointerType = left.kind === 'pointer' ? left : right;
  const type =
    integer === undefined
      ? commonPointer(context, whenTrue, whenFalse, span)
      : unqualified(pointerType);
  return { left: convert(whenTrue, type), right: convert(whenFalse, type), type };
}

/** `condition ? whenTrue : whenFalse`; without `whenTrue` the GNU form. */
export function makeConditional(
  context: ParseContext,
  test: Expression,
  yes: Expression | undefined,
  no: Expression,
  span: Span,
): Expression {
  const condition = toScalar(context, test, 'the condition of `?:`');
  const whenTrue = yes === undefined ? condition : decay(yes);
  const whenFalse = decay(no);
  const isWrong = [condition, whenTrue, whenFalse].some((part) => part.kind === 'error');
  if (isWrong) return makeError(span);
  const both = unifyBranches(context, whenTrue, whenFalse, span);
  if (both === undefined) {
    const names = [typeName(whenTrue.type), typeName(whenFalse.type)] as const;
    context.report('conditional-types', span, ...names);
    return makeError(span);
  }
  const { type } = both;
  if (condition.kind === 'integer') {
    return { ...asValue(condition.value !== 0n ? both.left : both.right), span };
  }
  const node = { type, span, isLvalue: false } as const;
  if (yes === undefined) {
    return { kind: 'orElse', value: condition, otherwise: both.right, ...node };
  }
  return { kind: 'conditional', condition, whenTrue: both.left, whenFalse: both.right, ...node };
}

/** `left, right`. */
export function makeComma(left: Expression, right: Expression, span: Span): Expression {
  const value = decay(right);
  if (left.kind === 'error' || value.kind === 'error') return makeError(span);
  const type = unqualified(value.type);
  return { kind: 'comma', left, right: value, type, span, isLvalue: false };
}

/** Whether `sizeof` and the like can be asked of the type; complains when not. */
export function checkComplete(context: ParseContext, type: CType, span: Span): boolean {
  if (isComplete(type) || type.kind === 'void' || type.kind === 'function') return true;
  context.report('incomplete-type', span, typeName(type));
  return false;
}
