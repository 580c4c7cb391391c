/**
 * Expressions to instructions, one case a node. Three entries: for the side effects alone, for a slot
 * that holds the value, and for the value in a given slot, which is written last, so that it may be
 * an operand of the expression itself.
 */
import { BugError } from '../base/errors.ts';
import { isScalar, type CType } from '../bytecode/ctype.ts';
import { emitLoad } from './access.ts';
import type {
  CastExpression,
  ConditionalExpression,
  Expression,
  OrElseExpression,
  PointerAddExpression,
  PointerDifferenceExpression,
  UnaryExpression,
} from './ast.ts';
import { foldConstant } from './foldConstant.ts';
import type { FunctionContext } from './functionContext.ts';
import {
  emitArithmetic,
  emitComparison,
  mirrorComparison,
  type Operand,
} from './lowerArithmetic.ts';
import { lowerAssignment, lowerIncrement, type AssigningExpression } from './lowerAssignment.ts';
import { checkRead } from './lowerChecks.ts';
import { lowerBranch, lowerOperand, lowerStableValue } from './lowerCondition.ts';
import { lowerPlace, lowerPointedPlace, lowerScaledIndex } from './lowerPlace.ts';
import { lowerVaListOperation, lowerVaArgPlace } from './lowerVaList.ts';
import { directSlot, emitAddress } from './place.ts';
import {
  emitConstant,
  emitConversion,
  emitScalarMove,
  emitWrap,
  isFreeConversion,
  isWide,
  slotWords,
} from './scalar.ts';

function isAssigning(expression: Expression): expression is AssigningExpression {
  return expression.kind === 'assign' || expression.kind === 'compoundAssign';
}

/** Lowers an expression for its side effects. */
export function lowerEffect(context: FunctionContext, expression: Expression): void {
  const outer = context.builder.enterExpression(expression);
  const mark = context.frame.mark();
  lowerEffectOf(context, expression);
  context.frame.release(mark);
  context.builder.leaveExpression(outer);
}

function lowerEffectOf(context: FunctionContext, expression: Expression): void {
  const { builder, parts } = context;
  switch (expression.kind) {
    case 'cast':
    case 'decay':
    case 'unary':
    case 'addressOf':
      lowerEffect(context, expression.operand);
      return;
    case 'comma':
    case 'binary':
    case 'compare':
    case 'pointerDifference':
      lowerEffect(context, expression.left);
      lowerEffect(context, expression.right);
      return;
    case 'pointerAdd':
      lowerEffect(context, expression.pointer);
      lowerEffect(context, expression.index);
      return;
    case 'call':
      parts.lowerCall(context, expression, undefined, undefined);
      return;
    case 'assign':
    case 'compoundAssign':
      lowerAssignment(context, expression, false);
      return;
    case 'increment':
      lowerIncrement(context, expression, false);
      return;
    case 'logical': {
      const end = builder.createLabel();
      lowerBranch(context, expression.left, end, expression.operator === '||');
      lowerEffect(context, expression.right);
      builder.placeLabel(end);
      return;
    }
    case 'conditional':
      lowerTwoWays(
        context,
        expression,
        () => {
          lowerEffect(context, expression.whenTrue);
        },
        () => {
          lowerEffect(context, expression.whenFalse);
        },
      );
      return;
    case 'orElse': {
      const end = builder.createLabel();
      lowerBranch(context, expression.value, end, true);
      lowerEffect(context, expression.otherwise);
      builder.placeLabel(end);
      return;
    }
    case 'statementExpression':
      parts.lowerBlock(context, expression.body, () => {
        if (expression.result !== undefined) lowerEffect(context, expression.result);
      });
      return;
    case 'vaStart':
    case 'vaEnd':
    case 'vaCopy':
      lowerVaListOperation(context, expression);
      return;
    case 'vaArg':
      lowerVaArgPlace(context, expression);
      return;
    case 'variable':
      if (expression.type.isVolatile === true && isScalar(expression.type)) {
        lowerValue(context, expression);
      }
      return;
    case 'unreachable':
    case 'integer':
    case 'string':
    case 'function':
    case 'error':
      return;
    case 'dereference':
    case 'member':
    case 'compoundLiteral':
    case 'ghostQuery':
      // Reading a scalar may fault, and a volatile one is meant to be read.
      if (isScalar(expression.type)) lowerValue(context, expression);
      else lowerPlace(context, expression);
      return;
  }
}

/** A slot (or pair) that holds the value of a scalar; a variable's own slot where it has one. */
export function lowerValue(context: FunctionContext, expression: Expression): number {
  const outer = context.builder.enterExpression(expression);
  const slot = lowerValueOf(context, expression);
  context.builder.leaveExpression(outer);
  return slot;
}

function lowerValueOf(context: FunctionContext, expression: Expression): number {
  const { frame } = context;
  if (isLocalPlace(expression)) {
    const direct = directSlot(lowerPlace(context, expression), expression.type);
    if (direct !== undefined) {
      checkRead(context, expression);
      return direct;
    }
  }
  if (isAssigning(expression)) return lowerAssignment(context, expression, true);
  if (expression.kind === 'increment') return lowerIncrement(context, expression, true);
  if (expression.kind === 'cast' && foldConstant(expression) === undefined) {
    if (isFreeConversion(expression.operand.type, expression.type)) {
      return lowerValue(context, expression.operand);
    }
  }
  if (expression.kind === 'comma') {
    lowerEffect(context, expression.left);
    return lowerValue(context, expression.right);
  }
  const target = frame.allocate(slotWords(expression.type));
  lowerInto(context, expression, target);
  return target;
}

/** Whether an lvalue is a variable or a member of one, whose place needs no code. */
function isLocalPlace(expression: Expression): boolean {
  if (expression.kind === 'variable') return expression.symbol.storage === 'automatic';
  return expression.kind === 'member' && isLocalPlace(expression.record);
}

/** Puts the value of a scalar into a slot (or pair), which is written last. */
export function lowerInto(context: FunctionContext, expression: Expression, slot: number): void {
  const { builder, frame } = context;
  const outer = builder.enterExpression(expression);
  const constant = foldConstant(expression);
  if (constant !== undefined) emitConstant(builder, expression.type, constant, slot);
  else {
    const mark = frame.mark();
    lowerIntoSlot(context, expression, slot);
    frame.release(mark);
  }
  builder.leaveExpression(outer);
}

function lowerIntoSlot(context: FunctionContext, expression: Expression, target: number): void {
  const { builder, parts } = context;
  switch (expression.kind) {
    case 'variable':
      checkRead(context, expression);
      emitLoad(context, lowerPlace(context, expression), expression.type, target);
      return;
    case 'dereference':
    case 'member':
    case 'compoundLiteral':
      emitLoad(context, lowerPlace(context, expression), expression.type, target);
      return;
    case 'vaArg':
      emitLoad(context, lowerVaArgPlace(context, expression), expression.type, target);
      return;
    case 'decay':
    case 'addressOf':
      emitAddress(builder, lowerPlace(context, expression.operand, false), target);
      return;
    case 'cast':
      lowerCast(context, expression, target);
      return;
    case 'unary':
      lowerUnary(context, expression, target);
      return;
    case 'binary': {
      const { operator, left, right, type } = expression;
      lowerBinary(context, operator, type, left, right, target);
      return;
    }
    case 'compare':
      lowerCompare(context, expression, target);
      return;
    case 'pointerAdd':
      lowerPointerAdd(context, expression, target);
      return;
    case 'pointerDifference':
      lowerPointerDifference(context, expression, target);
      return;
    case 'logical':
      lowerTruth(context, expression, target);
      return;
    case 'conditional':
      lowerConditional(context, expression, target);
      return;
    case 'orElse':
      lowerOrElse(context, expression, target);
      return;
    case 'comma':
      lowerEffect(context, expression.left);
      lowerInto(context, expression.right, target);
      return;
    case 'assign':
    case 'compoundAssign': {
      const value = lowerAssignment(context, expression, true);
      emitScalarMove(builder, expression.type, value, target);
      return;
    }
    case 'increment': {
      const value = lowerIncrement(context, expression, true);
      emitScalarMove(builder, expression.type, value, target);
      return;
    }
    case 'call':
      parts.lowerCall(context, expression, target, undefined);
      return;
    case 'statementExpression':
      parts.lowerBlock(context, expression.body, () => {
        if (expression.result !== undefined) lowerInto(context, expression.result, target);
      });
      return;
    case 'ghostQuery': {
      const operand = lowerValue(context, expression.operand);
      builder.emit('ghost', target, expression.query.code, operand);
      return;
    }
    case 'error':
    case 'unreachable':
    case 'vaStart':
    case 'vaEnd':
    case 'vaCopy':
      lowerEffect(context, expression);
      builder.emit('const', target, 0);
      return;
    case 'integer':
    case 'string':
    case 'function':
      throw new BugError(`a ${expression.kind} expression has no value of its own`);
  }
}

function lowerCast(context: FunctionContext, { operand, type }: CastExpression, to: number): void {
  if (isFreeConversion(operand.type, type) && isWide(operand.type) === isWide(type)) {
    lowerInto(context, operand, to);
    return;
  }
  const source = lowerValue(context, operand);
  emitConversion(context.builder, operand.type, type, source, to);
}

function lowerUnary(
  context: FunctionContext,
  { operator, operand, type }: UnaryExpression,
  target: number,
): void {
  const { builder, frame } = context;
  if (operator === '!' && (operand.kind === 'logical' || operand.kind === 'compare')) {
    lowerInto(context, operand, target);
    builder.emit('xori', target, target, 1);
    return;
  }
  const value = lowerValue(context, operand);
  if (operator === '!') {
    if (isWide(operand.type)) {
      const either = frame.allocate(1);
      builder.emit('or', either, value, value + 1);
      builder.emit('eqi', target, either, 0);
    } else {
      builder.emit('eqi', target, value, 0);
    }
  } else if (isWide(type)) {
    builder.emit(operator === '-' ? 'neg64' : 'not64', target, value);
    emitWrap(builder, type, target);
  } else {
    builder.emit(operator === '-' ? 'neg' : 'not', target, value);
  }
}

const COMMUTATIVE: ReadonlySet<string> = new Set(['+', '*', '&', '|', '^']);

function lowerBinary(
  context: FunctionContext,
  operator: Parameters<typeof emitArithmetic>[1],
  type: CType,
  left: Expression,
  right: Expression,
  target: number,
): void {
  const first = foldConstant(left);
  if (first !== undefined && COMMUTATIVE.has(operator)) {
    const slot = lowerValue(context, right);
    emitArithmetic(context, operator, type, slot, constantOperand(first), type, target);
    return;
  }
  const slot = lowerStableValue(context, left, right);
  emitArithmetic(context, operator, type, slot, lowerOperand(context, right), right.type, target);
}

function constantOperand(value: bigint): Operand {
  return { kind: 'constant', value };
}

function lowerCompare(
  context: FunctionContext,
  { operator, left, right }: Expression & { readonly kind: 'compare' },
  target: number,
): void {
  const first = foldConstant(left);
  if (first !== undefined) {
    const slot = lowerValue(context, right);
    const mirrored = mirrorComparison(operator);
    emitComparison(context, mirrored, left.type, slot, constantOperand(first), target);
    return;
  }
  const slot = lowerStableValue(context, left, right);
  emitComparison(context, operator, left.type, slot, lowerOperand(context, right), target);
}

function lowerPointerAdd(
  context: FunctionContext,
  expression: PointerAddExpression,
  target: number,
): void {
  const { pointer, index, elementSize, isSubtraction } = expression;
  const { builder } = context;
  if (pointer.kind === 'decay' || foldConstant(index) !== undefined) {
    emitAddress(builder, lowerPointedPlace(context, expression, false), target);
    return;
  }
  const base = lowerStableValue(context, pointer, index);
  const scaled = lowerScaledIndex(context, index, elementSize);
  builder.emit(isSubtraction ? 'sub' : 'add', target, base, scaled);
}

function lowerPointerDifference(
  context: FunctionContext,
  { left, right, elementSize }: PointerDifferenceExpression,
  target: number,
): void {
  const { builder, frame } = context;
  const first = lowerStableValue(context, left, right);
  const second = lowerValue(context, right);
  if (elementSize === 1) {
    builder.emit('sub', target, first, second);
    return;
  }
  const bytes = frame.allocate(1);
  builder.emit('sub', bytes, first, second);
  const shift = Math.log2(elementSize);
  if (Number.isInteger(shift)) {
    builder.emit('shrsi', target, bytes, shift);
    return;
  }
  const size = frame.allocate(1);
  builder.emit('const', size, elementSize);
  builder.emit('divs', target, bytes, size);
}

/** `&&` and `||` as 0 or 1. */
function lowerTruth(context: FunctionContext, expression: Expression, target: number): void {
  const { builder } = context;
  const whenFalse = builder.createLabel();
  const end = builder.createLabel();
  lowerBranch(context, expression, whenFalse, false);
  builder.emit('const', target, 1);
  builder.jump(end);
  builder.placeLabel(whenFalse);
  builder.emit('const', target, 0);
  builder.placeLabel(end);
}

/** Two ways that meet again; a constant condition leaves one. */
function lowerTwoWays(
  context: FunctionContext,
  { condition }: ConditionalExpression,
  whenTrue: () => void,
  whenFalse: () => void,
): void {
  const { builder } = context;
  const constant = foldConstant(condition);
  if (constant !== undefined) {
    if (constant === 0n) whenFalse();
    else whenTrue();
    return;
  }
  const otherwise = builder.createLabel();
  const end = builder.createLabel();
  lowerBranch(context, condition, otherwise, false);
  whenTrue();
  builder.jump(end);
  builder.placeLabel(otherwise);
  whenFalse();
  builder.placeLabel(end);
}

function lowerConditional(
  context: FunctionContext,
  expression: ConditionalExpression,
  target: number,
): void {
  lowerTwoWays(
    context,
    expression,
    () => {
      lowerInto(context, expression.whenTrue, target);
    },
    () => {
      lowerInto(context, expression.whenFalse, target);
    },
  );
}

function lowerOrElse(
  context: FunctionContext,
  { value, otherwise, type }: OrElseExpression,
  target: number,
): void {
  const { builder, frame } = context;
  const whenZero = builder.createLabel();
  const end = builder.createLabel();
  const slot = lowerValue(context, value);
  let truth = slot;
  if (isWide(value.type)) {
    truth = frame.allocate(1);
    builder.emit('or', truth, slot, slot + 1);
  }
  builder.jumpIf('jumpIfZero', truth, whenZero);
  emitConversion(builder, value.type, type, slot, target);
  builder.jump(end);
  builder.placeLabel(whenZero);
  lowerInto(context, otherwise, target);
  builder.placeLabel(end);
}
