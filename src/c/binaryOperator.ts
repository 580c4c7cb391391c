/**
 * Nodes for the binary operators: which operands they take, to what they are converted, and the
 * value if both are constants.
 *
 * Source: C99 6.5.5 to 6.5.17; arithmetic on `void *` counts bytes, as in GNU C.
 */
import type { Span } from '../base/span.ts';
import { sizeOf, typeName, type CType, type PointerType } from '../bytecode/ctype.ts';
import type { ArithmeticOperator, CompareExpression, Expression } from './ast.ts';
import { isCompatiblePointer, toScalar } from './conversion.ts';
import {
  convert,
  decay,
  isNullPointerConstant,
  makeError,
  makeInteger,
  makeTruth,
  promote,
} from './expressionNode.ts';
import { commonType, INT, LONG, UNSIGNED_LONG, widthOf } from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { isIntegerLike, unqualified, VOID_POINTER } from './typeRelation.ts';

/** The operators that compare. */
export type CompareOperator = CompareExpression['operator'];

/** Both operands promoted and converted to their common type; both are integers. */
export function convertToCommon(
  left: Expression,
  right: Expression,
): { readonly left: Expression; readonly right: Expression; readonly type: CType } {
  const first = promote(left);
  const second = promote(right);
  if (first.type.kind !== 'integer' || second.type.kind !== 'integer') {
    return { left: first, right: second, type: first.type };
  }
  const type = commonType(first.type, second.type);
  return { left: convert(first, type), right: convert(second, type), type: unqualified(type) };
}

function failOperands(
  context: ParseContext,
  operator: string,
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  context.report('bad-operands', span, operator, typeName(left.type), typeName(right.type));
  return makeError(span);
}

/** What arithmetic on the pointer counts in, in bytes; complains about an unknown size. */
export function pointerStep(context: ParseContext, type: PointerType, span: Span): number {
  const { target } = type;
  if (target.kind === 'void' || target.kind === 'function') return 1;
  const size = sizeOf(target);
  if (size === undefined) context.report('incomplete-pointer', span, typeName(target));
  return size ?? 1;
}

function makePointerAdd(
  context: ParseContext,
  pointer: Expression,
  index: Expression,
  isSubtraction: boolean,
  span: Span,
): Expression {
  if (pointer.type.kind !== 'pointer') return makeError(span);
  const elementSize = pointerStep(context, pointer.type, span);
  const type = unqualified(pointer.type);
  const promoted = promote(index);
  const isSigned = promoted.type.kind === 'integer' && promoted.type.isSigned;
  const word = convert(promoted, isSigned ? LONG : UNSIGNED_LONG);
  if (pointer.kind === 'integer' && word.kind === 'integer') {
    const distance = word.value * BigInt(elementSize);
    return makeInteger(pointer.value + (isSubtraction ? -distance : distance), type, span);
  }
  return {
    kind: 'pointerAdd',
    pointer,
    index: word,
    elementSize,
    isSubtraction,
    type,
    span,
    isLvalue: false,
  };
}

function makePointerDifference(
  context: ParseContext,
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  if (left.type.kind !== 'pointer' || right.type.kind !== 'pointer') return makeError(span);
  if (!isCompatiblePointer(left.type, right.type)) {
    return failOperands(context, '-', left, right, span);
  }
  const elementSize = pointerStep(context, left.type, span);
  if (elementSize === 0) {
    context.report('empty-difference', span, typeName(left.type.target));
    return makeError(span);
  }
  if (left.kind === 'integer' && right.kind === 'integer') {
    const bytes = BigInt.asIntN(32, left.value - right.value);
    return makeInteger(bytes / BigInt(elementSize), INT, span);
  }
  return { kind: 'pointerDifference', left, right, elementSize, type: INT, span, isLvalue: false };
}

/** Evaluates an operator on constants of one type; `undefined` for a division by zero. */
function foldArithmetic(
  operator: ArithmeticOperator,
  left: bigint,
  right: bigint,
): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
  }
}

/** Complains about a constant count that a value of the type cannot be shifted by. */
export function checkShiftCount(context: ParseContext, count: Expression, type: CType): void {
  if (count.kind !== 'integer') return;
  const bits = widthOf(type);
  if (count.value >= 0n && count.value < BigInt(bits)) return;
  context.report('shift-count', count.span, count.value.toString(), typeName(type));
}

function makeShift(
  context: ParseContext,
  operator: '<<' | '>>',
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  const value = promote(left);
  const count = promote(right);
  const type = unqualified(value.type);
  const bits = (sizeOf(type) ?? 4) * 8;
  if (count.kind === 'integer') {
    checkShiftCount(context, count, type);
    if (value.kind === 'integer') {
      const folded = foldArithmetic(operator, value.value, count.value & BigInt(bits - 1));
      if (folded !== undefined) return makeInteger(folded, type, span);
    }
  }
  return { kind: 'binary', operator, left: value, right: count, type, span, isLvalue: false };
}

/** A result of constants; one that its signed type cannot hold is worth a word. */
function foldedInteger(
  context: ParseContext,
  operator: ArithmeticOperator,
  value: bigint,
  type: CType,
  span: Span,
): Expression {
  const folded = { ...makeInteger(value, type, span), folded: operator };
  const isSigned = type.kind === 'integer' && type.isSigned;
  if (isSigned && folded.value !== value) {
    context.report('constant-overflow', span, value.toString(), typeName(type));
  }
  return folded;
}

/** `left OP right` for an arithmetic operator, pointers included. */
export function makeArithmetic(
  context: ParseContext,
  operator: ArithmeticOperator,
  leftOperand: Expression,
  rightOperand: Expression,
  span: Span,
): Expression {
  const left = decay(leftOperand);
  const right = decay(rightOperand);
  if (left.kind === 'error' || right.kind === 'error') return makeError(span);
  if (operator === '+' || operator === '-') {
    const isSubtraction = operator === '-';
    if (left.type.kind === 'pointer' && isIntegerLike(right.type)) {
      return makePointerAdd(context, left, right, isSubtraction, span);
    }
    if (!isSubtraction && right.type.kind === 'pointer' && isIntegerLike(left.type)) {
      return makePointerAdd(context, right, left, false, span);
    }
    if (isSubtraction && left.type.kind === 'pointer' && right.type.kind === 'pointer') {
      return makePointerDifference(context, left, right, span);
    }
  }
  if (!isIntegerLike(left.type) || !isIntegerLike(right.type)) {
    return failOperands(context, operator, left, right, span);
  }
  if (operator === '<<' || operator === '>>') {
    return makeShift(context, operator, left, right, span);
  }
  const common = convertToCommon(left, right);
  const { type } = common;
  if (common.right.kind === 'integer') {
    const isDivision = operator === '/' || operator === '%';
    if (isDivision && common.right.value === 0n) context.report('division-by-zero', span);
    if (common.left.kind === 'integer') {
      const value = foldArithmetic(operator, common.left.value, common.right.value);
      if (value !== undefined) return foldedInteger(context, operator, value, type, span);
    }
  }
  const operands = { left: common.left, right: common.right };
  return { kind: 'binary', operator, ...operands, type, span, isLvalue: false };
}

function foldComparison(operator: CompareOperator, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
  }
}

/** The two sides of a comparison with a pointer, as pointers of one kind. */
function convertPointers(
  context: ParseContext,
  left: Expression,
  right: Expression,
  span: Span,
): { readonly left: Expression; readonly right: Expression } {
  if (left.type.kind === 'pointer' && right.type.kind === 'pointer') {
    if (!isCompatiblePointer(left.type, right.type) && !isNullPointerConstant(right)) {
      context.report('compared-pointers', span, typeName(left.type), typeName(right.type));
    }
    return { left, right };
  }
  const pointer = left.type.kind === 'pointer' ? left : right;
  const other = left.type.kind === 'pointer' ? right : left;
  if (!isNullPointerConstant(other)) {
    context.report('compared-pointer-integer', span, typeName(pointer.type), typeName(other.type));
  }
  const type = unqualified(pointer.type);
  return { left: convert(left, type), right: convert(right, type) };
}

/** `left OP right` for a comparison. */
export function makeComparison(
  context: ParseContext,
  operator: CompareOperator,
  leftOperand: Expression,
  rightOperand: Expression,
  span: Span,
): Expression {
  const left = toScalar(context, leftOperand, `\`${operator}\``);
  const right = toScalar(context, rightOperand, `\`${operator}\``);
  if (left.kind === 'error' || right.kind === 'error') return makeError(span);
  const isInteger = isIntegerLike(left.type) && isIntegerLike(right.type);
  const sides = isInteger
    ? convertToCommon(left, right)
    : convertPointers(context, left, right, span);
  if (sides.left.kind === 'integer' && sides.right.kind === 'integer') {
    const isTrue = foldComparison(operator, sides.left.value, sides.right.value);
    return { ...makeTruth(isTrue, span), folded: operator };
  }
  const operands = { left: sides.left, right: sides.right };
  return { kind: 'compare', operator, ...operands, type: INT, span, isLvalue: false };
}

/** `left && right` or `left || right`. */
export function makeLogical(
  context: ParseContext,
  operator: '&&' | '||',
  leftOperand: Expression,
  rightOperand: Expression,
  span: Span,
): Expression {
  const left = toScalar(context, leftOperand, `\`${operator}\``);
  const right = toScalar(context, rightOperand, `\`${operator}\``);
  if (left.kind === 'error' || right.kind === 'error') return makeError(span);
  if (left.kind === 'integer') {
    const isDecided = (left.value !== 0n) === (operator === '||');
    if (isDecided) return makeTruth(operator === '||', span);
    if (right.kind === 'integer') return makeTruth(right.value !== 0n, span);
  }
  return { kind: 'logical', operator, left, right, type: INT, span, isLvalue: false };
}

/** The type of `c ? p : q` for two pointers. */
export function commonPointer(
  context: ParseContext,
  left: Expression,
  right: Expression,
  span: Span,
): CType {
  if (left.type.kind !== 'pointer' || right.type.kind !== 'pointer') return VOID_POINTER;
  if (isNullPointerConstant(left)) return unqualified(right.type);
  if (isNullPointerConstant(right)) return unqualified(left.type);
  if (!isCompatiblePointer(left.type, right.type)) {
    context.report('conditional-pointers', span, typeName(left.type), typeName(right.type));
  }
  const isConst = left.type.target.isConst === true || right.type.target.isConst === true;
  const chosen = right.type.target.kind === 'void' ? right.type : left.type;
  if (!isConst || chosen.target.isConst === true) return unqualified(chosen);
  return { kind: 'pointer', target: { ...chosen.target, isConst: true } };
}
