/**
 * Nodes for assignments and for `++` and `--`, after asking whether the target may be written.
 *
 * Source: C99 6.5.16, 6.5.2.4 and 6.5.3.1.
 */
import type { Span } from '../base/span.ts';
import { typeName, type CType } from '../bytecode/ctype.ts';
import type { ArithmeticOperator, Expression } from './ast.ts';
import { checkShiftCount, convertToCommon, pointerStep } from './binaryOperator.ts';
import { convertForAssignment, toInteger } from './conversion.ts';
import { convert, decay, makeError, promote } from './expressionNode.ts';
import { INT, LONG, UNSIGNED_LONG } from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { isIntegerLike, isReadOnly, unqualified } from './typeRelation.ts';

/** Whether the expression can be written; complains when not. */
function checkTarget(context: ParseContext, target: Expression): boolean {
  if (target.kind === 'error') return false;
  if (!target.isLvalue || target.type.kind === 'array' || target.type.kind === 'function') {
    context.report('not-assignable', target.span);
    return false;
  }
  if (isReadOnly(target.type)) {
    context.report('assign-to-const', target.span, typeName(target.type));
    return false;
  }
  return true;
}

/** `target = value`. */
export function makeAssign(
  context: ParseContext,
  target: Expression,
  operand: Expression,
  span: Span,
): Expression {
  if (!checkTarget(context, target)) return makeError(span);
  const value = convertForAssignment(context, operand, target.type, 'assignment');
  if (value.kind === 'error') return value;
  const type = unqualified(target.type);
  return { kind: 'assign', target, value, type, span, isLvalue: false };
}

/** `target OP= value`. */
export function makeCompoundAssign(
  context: ParseContext,
  operator: ArithmeticOperator,
  target: Expression,
  operand: Expression,
  span: Span,
): Expression {
  if (!checkTarget(context, target) || operand.kind === 'error') return makeError(span);
  const type = unqualified(target.type);
  const node = { kind: 'compoundAssign', operator, target, type, span, isLvalue: false } as const;
  const isSum = operator === '+' || operator === '-';
  if (target.type.kind === 'pointer' && isSum) {
    const index = promote(toInteger(context, operand, `the operand of \`${operator}=\``));
    if (index.kind === 'error') return index;
    const elementSize = pointerStep(context, target.type, span);
    const isSigned = index.type.kind === 'integer' && index.type.isSigned;
    const value = convert(index, isSigned ? LONG : UNSIGNED_LONG);
    return { ...node, value, computationType: type, elementSize };
  }
  const right = decay(operand);
  if (!isIntegerLike(target.type) || !isIntegerLike(right.type)) {
    const names = [typeName(target.type), typeName(right.type)] as const;
    context.report('bad-operands', span, `${operator}=`, ...names);
    return makeError(span);
  }
  if (operator === '<<' || operator === '>>') {
    const value = promote(right);
    const computationType = promote(target).type;
    checkShiftCount(context, value, computationType);
    return { ...node, value, computationType, elementSize: 1 };
  }
  const common = convertToCommon(target, right);
  const isDivision = operator === '/' || operator === '%';
  if (isDivision && common.right.kind === 'integer' && common.right.value === 0n) {
    context.report('division-by-zero', span);
  }
  return { ...node, value: common.right, computationType: common.type, elementSize: 1 };
}

/** The type in which `x + 1` is computed; `undefined` when that makes no sense. */
function incrementType(target: Expression): CType | undefined {
  const { type } = target;
  if (type.kind === 'pointer') return unqualified(type);
  if (!isIntegerLike(type)) return undefined;
  const promoted = promote(target).type;
  return promoted.kind === 'integer' ? promoted : INT;
}

/** `++x`, `x++`, `--x` and `x--`. */
export function makeIncrement(
  context: ParseContext,
  operator: '++' | '--',
  target: Expression,
  isPrefix: boolean,
  span: Span,
): Expression {
  if (!checkTarget(context, target)) return makeError(span);
  const computationType = incrementType(target);
  if (computationType === undefined) {
    context.report('not-a-scalar', target.span, `\`${operator}\``, typeName(target.type));
    return makeError(span);
  }
  const size = target.type.kind === 'pointer' ? pointerStep(context, target.type, span) : 1;
  const step = operator === '++' ? size : -size;
  const type = unqualified(target.type);
  return {
    kind: 'increment',
    target,
    step,
    isPrefix,
    computationType,
    type,
    span,
    isLvalue: false,
  };
}
