/**
 * Conditions: jumps on the truth of an expression, without making a boolean first.
 */
import type { CompareExpression, Expression } from './ast.ts';
import type { Label } from './codeBuilder.ts';
import { foldConstant } from './foldConstant.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { hasCall } from './hasCall.ts';
import {
  emitCompareAndJump,
  mirrorComparison,
  negateComparison,
  type Operand,
} from './lowerArithmetic.ts';
import { isWide, shapeOf } from './scalar.ts';

/** Jumps to the label if the truth of the expression is `when`; else falls through. */
export function lowerBranch(
  context: FunctionContext,
  expression: Expression,
  label: Label,
  when: boolean,
): void {
  const outer = context.builder.enterExpression(expression);
  lowerBranchOf(context, expression, label, when);
  context.builder.leaveExpression(outer);
}

function lowerBranchOf(
  context: FunctionContext,
  expression: Expression,
  label: Label,
  when: boolean,
): void {
  const constant = foldConstant(expression);
  if (constant !== undefined) {
    if ((constant !== 0n) === when) context.builder.jump(label);
    return;
  }
  switch (expression.kind) {
    case 'unary':
      if (expression.operator !== '!') break;
      lowerBranch(context, expression.operand, label, !when);
      return;
    case 'compare':
      branchOnComparison(context, expression, label, when);
      return;
    case 'logical':
      branchOnLogical(context, expression, label, when);
      return;
    case 'comma':
      context.parts.lowerEffect(context, expression.left);
      lowerBranch(context, expression.right, label, when);
      return;
    case 'cast':
      if (!keepsTruth(expression)) break;
      lowerBranch(context, expression.operand, label, when);
      return;
    default:
      break;
  }
  branchOnValue(context, expression, label, when);
}

/** Whether a conversion gives zero exactly for zero. */
function keepsTruth({ type, operand }: Expression & { readonly kind: 'cast' }): boolean {
  const to = shapeOf(type);
  return to.isBool || to.bits >= shapeOf(operand.type).bits;
}

function branchOnValue(
  context: FunctionContext,
  expression: Expression,
  label: Label,
  when: boolean,
): void {
  const { builder, frame, parts } = context;
  const mark = frame.mark();
  let slot = parts.lowerValue(context, expression);
  if (isWide(expression.type)) {
    const either = frame.allocate(1);
    builder.emit('or', either, slot, slot + 1);
    slot = either;
  }
  builder.jumpIf(when ? 'jumpIfNot' : 'jumpIfZero', slot, label);
  frame.release(mark);
}

function branchOnComparison(
  context: FunctionContext,
  { operator, left, right }: CompareExpression,
  label: Label,
  when: boolean,
): void {
  const wanted = when ? operator : negateComparison(operator);
  withTemporaries(context, () => {
    const first = foldConstant(left);
    if (first !== undefined) {
      const slot = context.parts.lowerValue(context, right);
      const operand: Operand = { kind: 'constant', value: first };
      emitCompareAndJump(context, mirrorComparison(wanted), left.type, slot, operand, label);
      return;
    }
    const slot = lowerStableValue(context, left, right);
    emitCompareAndJump(context, wanted, left.type, slot, lowerOperand(context, right), label);
  });
}

/** The value of an expression as an operand: a constant stays one. */
export function lowerOperand(context: FunctionContext, expression: Expression): Operand {
  const value = foldConstant(expression);
  if (value !== undefined) return { kind: 'constant', value };
  return { kind: 'slot', slot: context.parts.lowerValue(context, expression) };
}

/**
 * The value of a left operand. A variable that others know the address of is copied when the right
 * operand calls something, so that the call cannot change what was read before it.
 */
export function lowerStableValue(
  context: FunctionContext,
  left: Expression,
  right: Expression,
): number {
  const slot = context.parts.lowerValue(context, left);
  if (left.kind !== 'variable' || !left.symbol.isAddressTaken || !hasCall(right)) return slot;
  const copy = context.frame.allocate(isWide(left.type) ? 2 : 1);
  context.parts.lowerInto(context, left, copy);
  return copy;
}

function branchOnLogical(
  context: FunctionContext,
  { operator, left, right }: Expression & { readonly kind: 'logical' },
  label: Label,
  when: boolean,
): void {
  // `a && b` jumps on false if either is false; `a || b` jumps on true if either is true.
  if ((operator === '&&') === !when) {
    lowerBranch(context, left, label, when);
    lowerBranch(context, right, label, when);
    return;
  }
  const skip = context.builder.createLabel();
  lowerBranch(context, left, skip, !when);
  lowerBranch(context, right, label, when);
  context.builder.placeLabel(skip);
}
