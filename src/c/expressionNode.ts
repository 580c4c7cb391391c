/**
 * Makers of expression nodes that keep the tree's invariants: constants are folded at once, arrays
 * and functions decay, conversions that change nothing vanish.
 *
 * Nothing here complains; whether an operand is allowed was asked before.
 */
import type { Span } from '../base/span.ts';
import { isScalar, type CType } from '../bytecode/ctype.ts';
import type { Expression, IntegerExpression } from './ast.ts';
import { INT, promotedType, wrapToType } from './integerType.ts';
import { ERROR_TYPE, isCompatible, isIntegerLike, pointerTo, unqualified } from './typeRelation.ts';

/** Stands where an error was reported. */
export function makeError(span: Span): Expression {
  return { kind: 'error', type: ERROR_TYPE, span, isLvalue: false };
}

/** A constant; the value is wrapped into the type. */
export function makeInteger(value: bigint, type: CType, span: Span): IntegerExpression {
  return { kind: 'integer', value: wrapToType(value, type), type, span, isLvalue: false };
}

/** An `int` 0 or 1. */
export function makeTruth(isTrue: boolean, span: Span): IntegerExpression {
  return { kind: 'integer', value: isTrue ? 1n : 0n, type: INT, span, isLvalue: false };
}

/** Whether it is an integer constant expression, and which value it has. */
export function integerConstant(expression: Expression): bigint | undefined {
  return expression.kind === 'integer' && isIntegerLike(expression.type)
    ? expression.value
    : undefined;
}

/** Whether it is 0, or 0 as a `void *`: converts to any pointer. */
export function isNullPointerConstant(expression: Expression): boolean {
  if (expression.kind !== 'integer' || expression.value !== 0n) return false;
  const { type } = expression;
  return isIntegerLike(type) || (type.kind === 'pointer' && type.target.kind === 'void');
}

/** Notes that the variable behind an lvalue can be reached through a pointer from now on. */
function markAddressTaken(expression: Expression): void {
  let at = expression;
  while (at.kind === 'member') at = at.record;
  if (at.kind === 'variable' || at.kind === 'compoundLiteral') at.symbol.isAddressTaken = true;
}

/** The address of an lvalue at a constant address, such as `&((struct s *)0)->member`. */
function constantAddress(operand: Expression): bigint | undefined {
  let offset = 0;
  let at = operand;
  while (at.kind === 'member') {
    offset += at.field.offset;
    at = at.record;
  }
  if (at.kind !== 'dereference' || at.operand.kind !== 'integer') return undefined;
  return at.operand.value + BigInt(offset);
}

/** `&operand` for an operand that has an address; `&*p` is `p`. */
export function makeAddressOf(operand: Expression, span: Span): Expression {
  const type = pointerTo(operand.type);
  if (operand.kind === 'dereference') return { ...operand.operand, type, span, isLvalue: false };
  const address = constantAddress(operand);
  if (address !== undefined) return makeInteger(address, type, span);
  markAddressTaken(operand);
  return { kind: 'addressOf', operand, type, span, isLvalue: false };
}

/** The operand as a value: an array or function becomes a pointer; everything else stays. */
export function decay(operand: Expression): Expression {
  const { type, span } = operand;
  if (type.kind === 'array') {
    const address = constantAddress(operand);
    if (address !== undefined) return makeInteger(address, pointerTo(type.element), span);
    markAddressTaken(operand);
    return { kind: 'decay', operand, type: pointerTo(type.element), span, isLvalue: false };
  }
  if (type.kind === 'function') {
    return { kind: 'decay', operand, type: pointerTo(type), span, isLvalue: false };
  }
  return operand;
}

/** Whether a scalar of one type is the same bits and meaning as of the other. */
function isSameScalar(left: CType, right: CType): boolean {
  return left.kind === right.kind && isScalar(left) && isCompatible(left, right);
}

/** A conversion; the operand has decayed. An implicit one that changes nothing gives the operand. */
export function makeCast(
  operand: Expression,
  target: CType,
  span: Span,
  isImplicit: boolean,
): Expression {
  const type = unqualified(target);
  if (operand.kind === 'error') return operand;
  if (operand.kind === 'integer' && isScalar(type)) {
    if (isImplicit && isSameScalar(operand.type, type)) return operand;
    return makeInteger(operand.value, type, span);
  }
  if (isImplicit) {
    if (isSameScalar(operand.type, type)) return operand;
    if (type.kind === 'record' && operand.type.kind === 'record') return operand;
    if (type.kind === 'void' && operand.type.kind === 'void') return operand;
  }
  return { kind: 'cast', operand, type, span, isLvalue: false, isImplicit };
}

/** The operand converted without anybody having written it. */
export function convert(operand: Expression, type: CType): Expression {
  return makeCast(operand, type, operand.span, true);
}

/** The width in bits if the expression is a bit-field. */
export function bitWidthOf(expression: Expression): number | undefined {
  if (expression.kind === 'member') return expression.field.bits?.width;
  if (expression.kind === 'assign' || expression.kind === 'compoundAssign') {
    return bitWidthOf(expression.target);
  }
  if (expression.kind === 'increment') return bitWidthOf(expression.target);
  if (expression.kind === 'statementExpression') {
    const { result } = expression;
    if (result === undefined) return undefined;
    return bitWidthOf(result.kind === 'cast' && result.isImplicit ? result.operand : result);
  }
  return expression.kind === 'comma' ? bitWidthOf(expression.right) : undefined;
}

/** An integer operand after promotion. */
export function promote(operand: Expression): Expression {
  const { type } = operand;
  if (!isIntegerLike(type)) return operand;
  return convert(operand, promotedType(type, bitWidthOf(operand)));
}

/** The same value as something that cannot be assigned: what `?:`, `,` and casts give. */
export function asValue(operand: Expression): Expression {
  if (!operand.isLvalue) return operand;
  const { span } = operand;
  const type = unqualified(operand.type);
  if (type.kind === 'record') return { ...operand, type, isLvalue: false };
  return { kind: 'cast', operand, type, span, isLvalue: false, isImplicit: true };
}
