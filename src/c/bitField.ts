/**
 * Bit-fields: shifting and masking in their storage units. A packed one may reach into the byte
 * behind its unit and is then handled in two parts.
 *
 * In memory only the bytes in which the field has bits are touched, since the unit may reach behind the
 * object and into bytes without a value. Fields of 64-bit types take their whole unit, unchecked.
 */
import type { CType } from '../bytecode/ctype.ts';
import { FLAG_RAW, FLAG_UNCHECKED } from '../bytecode/instruction.ts';
import type { CodeBuilder } from './codeBuilder.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { offsetPlace, type BitRange, type Place } from './place.ts';
import { loadPlain, plainValue, storePlain } from './plainAccess.ts';
import { shapeOf, slotWords } from './scalar.ts';

/** A 64-bit unit may reach behind its object and into bytes without a value. */
const WHOLE_UNIT = FLAG_RAW | FLAG_UNCHECKED;

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
  const parts = splitBits(place, bits, shape.size);
  if (parts !== undefined) {
    loadSplitBits(context, place, bits, parts, type, target);
    return;
  }
  const exact = exactUnit(place, bits, shape.size);
  if (exact !== undefined) {
    const unit = plainValue(context, exact.place, exact.type);
    emitExtract(builder, unit, exact.bits, shape.isSigned, target);
    return;
  }
  const flags = shape.size === 8 ? WHOLE_UNIT : 0;
  const unit = plainValue(context, storageUnit(place), unsignedOf(type), flags);
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

const HALF: CType = { kind: 'integer', name: 'unsigned short', size: 2, isSigned: false };

/** A bit-field in two parts: the first in a unit of `size` bytes, the rest in the byte behind it. */
interface SplitBits {
  /** In bytes from the field's storage unit. */
  readonly offset: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly low: BitRange;
  readonly high: BitRange;
}

/** Whether only the bytes of a field may be touched: not where its unit is a slot of the frame. */
function isExact(place: Place): boolean {
  return place.kind !== 'frame' || place.isCounted || place.offset % 4 !== 0;
}

/** How many bytes have bits of the field, and the first of them. */
function bytesOf({ start, width }: BitRange): { readonly first: number; readonly count: number } {
  const first = start >> 3;
  return { first, count: ((start + width - 1) >> 3) - first + 1 };
}

/** A packed field that reaches behind its unit, and one in three bytes, have two parts. */
function splitBits(place: Place, bits: BitRange, size: 1 | 2 | 4 | 8): SplitBits | undefined {
  const { start, width } = bits;
  const rest = 8 * size - start;
  if (width > rest) {
    const high = { start: 0, width: width - rest };
    return { offset: 0, size, low: { start, width: rest }, high };
  }
  const { first, count } = bytesOf(bits);
  if (size !== 4 || count !== 3 || !isExact(place)) return undefined;
  const low = { start: start - 8 * first, width: 16 - start + 8 * first };
  return { offset: first, size: 2, low, high: { start: 0, width: width - low.width } };
}

/** The bytes of a field as a unit of their own, if they are fewer than its storage unit. */
function exactUnit(
  place: Place,
  bits: BitRange,
  size: number,
): { readonly place: Place; readonly bits: BitRange; readonly type: CType } | undefined {
  const { first, count } = bytesOf(bits);
  if (size === 8 || count === size || !isExact(place)) return undefined;
  return {
    place: offsetPlace(storageUnit(place), first),
    bits: { start: bits.start - 8 * first, width: bits.width },
    type: count === 1 ? BYTE : HALF,
  };
}

function loadSplitBits(
  context: FunctionContext,
  place: Place,
  bits: BitRange,
  { offset, size, low, high }: SplitBits,
  type: CType,
  target: number,
): void {
  const { builder, frame } = context;
  const value = frame.allocate(slotWords(type));
  const top = frame.allocate(slotWords(type));
  const unit = size === 2 ? HALF : unsignedOf(type);
  loadBits(context, offsetPlace(storageUnit(place), offset), low, unit, value);
  loadBits(context, offsetPlace(place, offset + size), high, BYTE, top);
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
  { offset, size, low, high }: SplitBits,
  type: CType,
  source: number,
): void {
  const { builder, frame } = context;
  const top = frame.allocate(slotWords(type));
  if (size === 8) {
    const count = frame.allocate(1);
    builder.emit('const', count, low.width);
    builder.emit('shru64', top, source, count);
  } else {
    builder.emit('shrui', top, source, low.width);
  }
  const unit = size === 2 ? HALF : type;
  storeBits(context, offsetPlace(place, offset), low, unit, source);
  storeBits(context, offsetPlace(place, offset + size), high, BYTE, top);
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
  const { size } = shapeOf(type);
  const parts = splitBits(place, bits, size);
  if (parts !== undefined) {
    storeSplitBits(context, place, parts, type, source);
    return;
  }
  if (size === 8) {
    storeWideBits(context, storageUnit(place), bits, unsignedOf(type), source);
    return;
  }
  const exact = exactUnit(place, bits, size);
  if (exact !== undefined) storeNarrowBits(context, exact.place, exact.bits, exact.type, source);
  else storeNarrowBits(context, storageUnit(place), bits, unsignedOf(type), source);
}

function storeNarrowBits(
  context: FunctionContext,
  unitPlace: Place,
  bits: BitRange,
  unitType: CType,
  source: number,
): void {
  const { builder, frame } = context;
  const mask = bits.width === 32 ? 0xffffffff : (2 ** bits.width - 1) * 2 ** bits.start;
  const value = frame.allocate(1);
  builder.emit('shli', value, source, bits.start);
  builder.emit('andi', value, value, mask | 0);
  const unit = frame.allocate(1);
  loadPlain(context, unitPlace, unitType, unit, FLAG_RAW);
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
  loadPlain(context, unitPlace, unitType, unit, WHOLE_UNIT);
  emitWide(builder, ~mask, constant);
  builder.emit('and64', unit, unit, constant);
  builder.emit('or64', unit, unit, value);
  storePlain(context, unitPlace, unitType, unit, WHOLE_UNIT);
}

function emitWide(builder: CodeBuilder, value: bigint, target: number): void {
  builder.emit('const', target, Number(BigInt.asIntN(32, value)));
  builder.emit('const', target + 1, Number(BigInt.asIntN(32, value >> 32n)));
}
