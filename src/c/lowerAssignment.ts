/**
 * Assignments: `=`, `OP=`, `++` and `--`. The target's place is found once.
 */
import { BugError } from '../base/errors.ts';
import { sizeOf, type CType } from '../bytecode/ctype.ts';
import { emitStore, loadValue } from './access.ts';
import { emitTruncateToBits } from './bitField.ts';
import type {
  AssignExpression,
  CompoundAssignExpression,
  Expression,
  IncrementExpression,
} from './ast.ts';
import { foldConstant } from './foldConstant.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { emitArithmetic, type Operand } from './lowerArithmetic.ts';
import { checkRead, noteAssigned } from './lowerChecks.ts';
import { lowerOperand } from './lowerCondition.ts';
import { lowerScaledIndex } from './lowerPlace.ts';
import { writableSlot, type Place } from './place.ts';
import { emitConversion, emitScalarMove, isFreeConversion, isWide, slotWords } from './scalar.ts';

/** `=` and `OP=`. */
export type AssigningExpression = AssignExpression | CompoundAssignExpression;

/** Lowers an assignment of a scalar or record; the result is a slot with the value, if wanted. */
export function lowerAssignment(
  context: FunctionContext,
  expression: AssigningExpression,
  isWanted: boolean,
): number {
  if (expression.kind === 'compoundAssign') {
    return lowerCompoundAssignment(context, expression, isWanted);
  }
  const { target, value, type } = expression;
  const { parts } = context;
  if (type.kind === 'record') {
    parts.lowerRecordInto(context, value, parts.lowerPlace(context, target));
    return 0;
  }
  const place = parts.lowerPlace(context, target);
  const slot = writableSlot(place, type);
  if (slot !== undefined) {
    parts.lowerInto(context, value, slot);
    noteAssigned(context, target);
    return slot;
  }
  const source = parts.lowerValue(context, value);
  emitStore(context, place, type, source);
  noteAssigned(context, target);
  return storedValue(context, place, type, source, isWanted);
}

/** What reads as the value of an assignment: for a bit-field, what fits into it. */
function storedValue(
  context: FunctionContext,
  place: Place,
  type: CType,
  source: number,
  isWanted: boolean,
): number {
  if (!isWanted || place.bits === undefined) return source;
  const value = context.frame.allocate(slotWords(type));
  emitTruncateToBits(context, place.bits, type, source, value);
  return value;
}

function lowerCompoundAssignment(
  context: FunctionContext,
  expression: CompoundAssignExpression,
  isWanted: boolean,
): number {
  const { operator, target, value, computationType, elementSize } = expression;
  const place = context.parts.lowerPlace(context, target);
  const right = lowerCompoundValue(context, value, elementSize);
  checkRead(context, target);
  const compute = (left: number, result: number): void => {
    emitArithmetic(context, operator, computationType, left, right, value.type, result);
  };
  const slot = updatePlace(context, place, target.type, computationType, isWanted, compute);
  noteAssigned(context, target);
  return slot;
}

/** The right side of `OP=`; for a pointer the number of bytes. */
function lowerCompoundValue(
  context: FunctionContext,
  value: Expression,
  elementSize: number,
): Operand {
  if (elementSize === 1) return lowerOperand(context, value);
  const constant = foldConstant(value);
  if (constant !== undefined) {
    return { kind: 'constant', value: constant * BigInt(elementSize) };
  }
  return { kind: 'slot', slot: lowerScaledIndex(context, value, elementSize) };
}

/**
 * Reads a place, computes in another type, converts back and writes. `compute` puts its result into a
 * slot that may be the one it reads. The result is a slot with the new value.
 */
function updatePlace(
  context: FunctionContext,
  place: Place,
  type: CType,
  computationType: CType,
  isWanted: boolean,
  compute: (left: number, result: number) => void,
): number {
  const { builder, frame } = context;
  const direct = writableSlot(place, type);
  const isSameSlot =
    isFreeConversion(type, computationType) &&
    isFreeConversion(computationType, type) &&
    isWide(type) === isWide(computationType);
  if (direct !== undefined && isSameSlot) {
    const left = loadValue(context, place, type);
    compute(left, direct);
    return direct;
  }
  const computed = frame.allocate(slotWords(computationType));
  const result = direct ?? (isSameSlot ? computed : frame.allocate(slotWords(type)));
  withTemporaries(context, () => {
    const old = loadValue(context, place, type);
    let left = old;
    if (!isFreeConversion(type, computationType)) {
      emitConversion(builder, type, computationType, old, computed);
      left = computed;
    }
    compute(left, computed);
    emitConversion(builder, computationType, type, computed, result);
  });
  if (direct !== undefined) return direct;
  emitStore(context, place, type, result);
  return storedValue(context, place, type, result, isWanted);
}

/** Lowers `++` or `--`; the result is a slot with its value, if wanted. */
export function lowerIncrement(
  context: FunctionContext,
  expression: IncrementExpression,
  isWanted: boolean,
): number {
  const { target, step, isPrefix, computationType } = expression;
  const { builder, frame, parts } = context;
  const { type } = target;
  if (sizeOf(type) === undefined) throw new BugError('increment of something without a size');
  const isOldWanted = isWanted && !isPrefix;
  const old = isOldWanted ? frame.allocate(slotWords(type)) : 0;
  const place = parts.lowerPlace(context, target);
  const operand: Operand = { kind: 'constant', value: BigInt(step) };
  checkRead(context, target);
  if (isOldWanted) {
    emitScalarMove(builder, type, loadValue(context, place, type), old);
  }
  const value = updatePlace(context, place, type, computationType, isWanted, (left, result) => {
    emitArithmetic(context, '+', computationType, left, operand, computationType, result);
  });
  noteAssigned(context, target);
  return isOldWanted ? old : value;
}
