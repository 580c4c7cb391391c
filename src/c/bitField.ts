/**
 * Bit-fields: shifting and masking in their storage units. A packed one may reach into the byte
 * behind its unit and is then handled in two parts.
 */
import type { CType } from '../bytecode/ctype.ts';
import type { CodeBuilder } from './codeBuilder.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { offsetPlace, type BitRange, type Place } from './place.ts';
import { loadPlain, plainValue, storePlain } from './plainAccess.ts';
import { shapeOf, slotWords } from './scalar.ts';

/** The storage unit of a bit-field as an ordinary unsigned place. */
function storageUnit(place: Place): Place {
  return { ...place, bits: undefined };
}

function unsignedOf(type: CType): CType {
  const { size } = shapeOf(type);
  return { kind: 'integer', name: 'storage unit', size, isSigned: false };
}

/** Emits the read of a bit-field into a slot. */
export function loadBits(
  context: FunctionContext,
  place: Place,
  bits: BitRange,
  type: CType,
  target: number,
): void {
  const { builder, frame } = context;
  const shape = shapeOf(type);
  const parts = splitBits(bits, shape.size);
  if (parts !== undefined) {
    loadSplitBits(context, place, bits, parts, type, target);
    return;
  }
  const unit = plainValue(context, storageUnit(place), unsignedOf(type));
  if (shape.size === 8) {
    const up = frame.allocate(2);
    const count = frame.allocate(1);
    builder.emit('const', count, 64 - bits.start - bits.width);
    builder.emit('shl64', up, unit, count);
    builder.emit('const', count, 64 - bits.width);
    builder.emit(shape.isSigned ? 'shrs64' : 'shru64', target, up, count);
    return;
  }
  emitExtract(builder, unit, bits, shape.isSigned, target);
}

const BYTE: CType = { kind: 'integer', name: 'unsigned char', size: 1, isSigned: false };

/** The ranges of a packed bit-field that reaches into the byte behind its storage unit. */
interface SplitBits {
  readonly low: BitRange;
  readonly high: BitRange;
}

function splitBits({ start, width }: BitRange, size: number): SplitBits | undefined {
  const lowWidth = 8 * size - start;
  if (width <= lowWidth) return undefined;
  return { low: { start, width: lowWidth }, high: { start: 0, width: width - lowWidth } };
}

function loadSplitBits(
  context: FunctionContext,
  place: Place,
  bits: BitRange,
  { low, high }: SplitBits,
  type: CType,
  target: number,
): void {
  const { builder, frame } = context;
  const { size } = shapeOf(type);
  const value = frame.allocate(slotWords(type));
  const top = frame.allocate(slotWords(type));
  loadBits(context, storageUnit(place), low, unsignedOf(type), value);
  loadBits(context, offsetPlace(place, size), high, BYTE, top);
  if (size === 8) {
    const count = frame.allocate(1);
    builder.emit('extend64u', top, top);
    builder.emit('const', count, low.width);
    builder.emit('shl64', top, top, count);
    builder.emit('or64', value, value, top);
  } else {
    builder.emit('shli', top, top, low.width);
    builder.emit('or', value, value, top);
  }
  emitTruncateToBits(context, bits, type, value, target);
}

function storeSplitBits(
  context: FunctionContext,
  place: Place,
  { low, high }: SplitBits,
  type: CType,
  source: number,
): void {
  const { builder, frame } = context;
  const { size } = shapeOf(type);
  const top = frame.allocate(slotWords(type));
  if (size === 8) {
    const count = frame.allocate(1);
    builder.emit('const', count, low.width);
    builder.emit('shru64', top, source, count);
  } else {
    builder.emit('shrui', top, source, low.width);
  }
  storeBits(context, place, low, type, source);
  storeBits(context, offsetPlace(place, size), high, BYTE, top);
}

function emitExtract(
  builder: CodeBuilder,
  unit: number,
  { start, width }: BitRange,
  isSigned: boolean,
  target: number,
): void {
  const left = 32 - start - width;
  const right = 32 - width;
  if (!isSigned && start === 0 && width < 32) {
    builder.emit('andi', target, unit, (2 ** width - 1) | 0);
    return;
  }
  let source = unit;
  if (left > 0) {
    builder.emit('shli', target, source, left);
    source = target;
  }
  if (right > 0) builder.emit(isSigned ? 'shrsi' : 'shrui', target, source, right);
  else if (source !== target) builder.emit('move', target, source);
}

/** Emits the value that a bit-field has after `source` was assigned to it. */
export function emitTruncateToBits(
  context: FunctionContext,
  bits: BitRange,
  type: CType,
  source: number,
  target: number,
): void {
  const shape = shapeOf(type);
  if (shape.size < 8) {
    emitExtract(context.builder, source, { start: 0, width: bits.width }, shape.isSigned, target);
    return;
  }
  withTemporaries(context, () => {
    const count = context.frame.allocate(1);
    const up = context.frame.allocate(2);
    context.builder.emit('const', count, 64 - bits.width);
    context.builder.emit('shl64', up, source, count);
    context.builder.emit(shape.isSigned ? 'shrs64' : 'shru64', target, up, count);
  });
}

/** Emits the write of a bit-field: the other bits of its storage unit stay. */
export function storeBits(
  context: FunctionContext,
  place: Place,
  bits: BitRange,
  type: CType,
  source: number,
): void {
  const { builder, frame } = context;
  const parts = splitBits(bits, shapeOf(type).size);
  if (parts !== undefined) {
    storeSplitBits(context, place, parts, type, source);
    return;
  }
  const unitType = unsignedOf(type);
  const unitPlace = storageUnit(place);
  if (shapeOf(type).size === 8) {
    storeWideBits(context, unitPlace, bits, unitType, source);
    return;
  }
  const mask = bits.width === 32 ? 0xffffffff : (2 ** bits.width - 1) * 2 ** bits.start;
  const value = frame.allocate(1);
  builder.emit('shli', value, source, bits.start);
  builder.emit('andi', value, value, mask | 0);
  const unit = frame.allocate(1);
  loadPlain(context, unitPlace, unitType, unit);
  builder.emit('andi', unit, unit, ~mask);
  builder.emit('or', unit, unit, value);
  storePlain(context, unitPlace, unitType, unit);
}

function storeWideBits(
  context: FunctionContext,
  unitPlace: Place,
  bits: BitRange,
  unitType: CType,
  source: number,
): void {
  const { builder, frame } = context;
  const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.start);
  const value = frame.allocate(2);
  const unit = frame.allocate(2);
  const constant = frame.allocate(2);
  builder.emit('const', constant, bits.start);
  builder.emit('shl64', value, source, constant);
  emitWide(builder, mask, constant);
  builder.emit('and64', value, value, constant);
  loadPlain(context, unitPlace, unitType, unit);
  emitWide(builder, ~mask, constant);
  builder.emit('and64', unit, unit, constant);
  builder.emit('or64', unit, unit, value);
  storePlain(context, unitPlace, unitType, unit);
}

function emitWide(builder: CodeBuilder, value: bigint, target: number): void {
  builder.emit('const', target, Number(BigInt.asIntN(32, value)));
  builder.emit('const', target + 1, Number(BigInt.asIntN(32, value >> 32n)));
}
