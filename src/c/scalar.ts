/**
 * Scalar values as the machine holds them: which C types take one word and which a pair, and the
 * instructions of conversions.
 *
 * A value of a type narrower than a word is always held normalized: sign- or zero-extended to a word
 * as its type says. `_Bool` is 0 or 1.
 */
import { representationOf, type CType } from '../bytecode/ctype.ts';
import type { InstructionName } from '../bytecode/instruction.ts';
import type { CodeBuilder } from './codeBuilder.ts';

/** How a scalar type is represented. */
export interface ScalarShape {
  readonly size: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
  readonly isBool: boolean;
  /** How many bits its values have: fewer than its size in the own type of a wide bit-field. */
  readonly bits: number;
}

const POINTER_SHAPE: ScalarShape = { size: 4, isSigned: false, isBool: false, bits: 32 };

/** The shape of a scalar; anything else is taken as a pointer, which is what it decays to. */
export function shapeOf(type: CType): ScalarShape {
  if (type.kind !== 'integer' && type.kind !== 'enum') return POINTER_SHAPE;
  const { size, isSigned, name, bits = 8 * size } = representationOf(type);
  return { size, isSigned, isBool: name === '_Bool', bits };
}

/** Whether values of the type take a pair of words. */
export function isWide(type: CType): boolean {
  return (type.kind === 'integer' || type.kind === 'enum') && representationOf(type).size === 8;
}

/** Words that a value of the type takes in slots. */
export function slotWords(type: CType): number {
  return isWide(type) ? 2 : 1;
}

/** Whether every value of `from` is represented by the same word as in `to` (both at most a word). */
function isSameWord(from: ScalarShape, to: ScalarShape): boolean {
  if (from.isBool) return true;
  if (to.size === 4) return true;
  if (from.size > to.size) return false;
  if (from.size === to.size) return from.isSigned === to.isSigned;
  return !from.isSigned || to.isSigned;
}

/** The instruction that normalizes a word to a narrow type. */
export function extendName(shape: ScalarShape): 'ext8s' | 'ext8u' | 'ext16s' | 'ext16u' {
  if (shape.size === 1) return shape.isSigned ? 'ext8s' : 'ext8u';
  return shape.isSigned ? 'ext16s' : 'ext16u';
}

/** Whether every value of `from`, extended to 64 bits, is the same 64 bits in `to`. */
function isSameRange(from: ScalarShape, to: ScalarShape): boolean {
  if (to.bits === 64) return true;
  if (from.isSigned === to.isSigned) return from.bits <= to.bits;
  return to.isSigned && from.bits < to.bits;
}

/** Emits the wrapping of a pair to the width of its type, where that is less than 64 bits. */
export function emitWrap(builder: CodeBuilder, type: CType, pair: number): void {
  const { size, bits, isSigned } = shapeOf(type);
  if (size !== 8 || bits === 64) return;
  if (isSigned) {
    builder.emit('shli', pair + 1, pair + 1, 64 - bits);
    builder.emit('shrsi', pair + 1, pair + 1, 64 - bits);
  } else {
    builder.emit('andi', pair + 1, pair + 1, 2 ** (bits - 32) - 1);
  }
}

/**
 * Whether a conversion costs nothing: the same slot serves as the value of both types (for a pair as
 * source, its low word).
 */
export function isFreeConversion(fromType: CType, toType: CType): boolean {
  const from = shapeOf(fromType);
  const to = shapeOf(toType);
  if (to.isBool) return from.isBool;
  if (to.size === 8) return from.size === 8 && isSameRange(from, to);
  if (from.size === 8) return to.size === 4;
  return isSameWord(from, to);
}

/** Emits the conversion of a scalar in `source` to another scalar type in `target`. */
export function emitConversion(
  builder: CodeBuilder,
  fromType: CType,
  toType: CType,
  source: number,
  target: number,
): void {
  const from = shapeOf(fromType);
  const to = shapeOf(toType);
  if (to.isBool && !from.isBool) {
    if (from.size === 8) {
      builder.emit('or', target, source, source + 1);
      builder.emit('nei', target, target, 0);
    } else {
      builder.emit('nei', target, source, 0);
    }
  } else if (to.size === 8) {
    // A pointer is sign-extended, as gcc does.
    const isSigned = isExtendedBySign(fromType, from);
    if (from.size === 8) emitMove(builder, 'move64', source, target);
    else builder.emit(isSigned ? 'extend64s' : 'extend64u', target, source);
    if (!isSameRange({ ...from, isSigned }, to)) emitWrap(builder, toType, target);
  } else if (isFreeConversion(fromType, toType)) {
    emitMove(builder, 'move', source, target);
  } else {
    builder.emit(extendName(to), target, source);
  }
}

function isExtendedBySign(type: CType, shape: ScalarShape): boolean {
  return type.kind === 'pointer' || shape.isSigned;
}

function emitMove(builder: CodeBuilder, name: InstructionName, source: number, to: number): void {
  if (source !== to) builder.emit(name, to, source);
}

/** Emits the move of a scalar; nothing when it is already there. */
export function emitScalarMove(
  builder: CodeBuilder,
  type: CType,
  source: number,
  target: number,
): void {
  emitMove(builder, isWide(type) ? 'move64' : 'move', source, target);
}

/** Emits a constant of a scalar type. */
export function emitConstant(
  builder: CodeBuilder,
  type: CType,
  value: bigint,
  target: number,
): void {
  builder.emit('const', target, Number(BigInt.asIntN(32, value)));
  if (isWide(type)) builder.emit('const', target + 1, Number(BigInt.asIntN(32, value >> 32n)));
}
