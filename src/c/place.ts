/**
 * Places: where an lvalue lives, and reading, writing and copying there.
 *
 * A place in the frame that is a whole aligned word (or pair) is a slot, an operand like any other; a
 * variable of a narrow type has a word of its own, which keeps the normalized value while only the
 * function itself writes it. Everything else is reached through a base slot and a byte offset.
 */
import type { CType, Field } from '../bytecode/ctype.ts';
import type { InstructionName } from '../bytecode/instruction.ts';
import type { CodeBuilder } from './codeBuilder.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { outgoingSlot } from './frameLayout.ts';
import type { LinkTarget } from './objectCode.ts';
import { emitScalarMove, extendName, shapeOf, slotWords, type ScalarShape } from './scalar.ts';

/** The bits of a bit-field in its storage unit. */
export type BitRange = NonNullable<Field['bits']>;

/** A piece of the frame. `low` and `high` bound the variable it belongs to, in bytes. */
export interface FramePlace {
  readonly kind: 'frame';
  /** In bytes from the frame pointer. */
  readonly offset: number;
  readonly low: number;
  readonly high: number;
  /**
   * Set for a whole variable with words of its own. `private`: nobody else can write it, so that a
   * narrow value in it is normalized. `shared`: its address is known to others.
   */
  readonly variable: 'private' | 'shared' | undefined;
  readonly bits: BitRange | undefined;
}

/** `base + address of symbol + offset`; parts that are absent count as 0. */
export interface MemoryPlace {
  readonly kind: 'memory';
  readonly base: number | undefined;
  readonly symbol: LinkTarget | undefined;
  readonly offset: number;
  readonly bits: BitRange | undefined;
}

/** A record in the area for outgoing arguments, from this word on. */
export interface OutgoingPlace {
  readonly kind: 'outgoing';
  readonly word: number;
  readonly bits: undefined;
}

export type Place = FramePlace | MemoryPlace | OutgoingPlace;

/** A frame place that covers a whole variable or temporary of `size` bytes. */
export function framePlace(
  offset: number,
  size: number,
  variable?: 'private' | 'shared',
): FramePlace {
  const high = offset + Math.ceil(size / 4) * 4;
  return { kind: 'frame', offset, low: offset, high, variable, bits: undefined };
}

/** The place `offset` bytes further on. */
export function offsetPlace(place: Place, offset: number, bits?: BitRange): Place {
  if (place.kind === 'frame') {
    return { ...place, offset: place.offset + offset, variable: undefined, bits };
  }
  if (place.kind === 'memory') return { ...place, offset: (place.offset + offset) | 0, bits };
  return place;
}

/** The slot that is the place of a scalar of this type, if there is one to read directly. */
export function directSlot(place: Place, type: CType): number | undefined {
  if (place.kind !== 'frame' || place.bits !== undefined) return undefined;
  const { size } = shapeOf(type);
  if (place.offset % 4 !== 0) return undefined;
  if (place.offset < place.low || place.offset + size > place.high) return undefined;
  return size >= 4 || place.variable === 'private' ? place.offset / 4 : undefined;
}

/** The slot that a whole scalar variable is written to, narrow ones included. */
export function writableSlot(place: Place, type: CType): number | undefined {
  if (place.kind === 'frame' && place.variable !== undefined) return place.offset / 4;
  return directSlot(place, type);
}

/** A base slot and byte offset (to which a symbol's address is added) for a memory instruction. */
interface BaseAndOffset {
  readonly base: number;
  readonly offset: number;
  readonly symbol: LinkTarget | undefined;
}

function materializeBase(context: FunctionContext, place: Place): BaseAndOffset {
  const { builder, frame } = context;
  if (place.kind === 'memory' && place.base !== undefined) {
    return { base: place.base, offset: place.offset, symbol: place.symbol };
  }
  const base = frame.allocate(1);
  emitAddress(builder, place, base);
  return { base, offset: 0, symbol: undefined };
}

/** Emits the address of a place into a slot. */
export function emitAddress(builder: CodeBuilder, place: Place, target: number): void {
  if (place.kind === 'frame') {
    builder.emit('frameAddress', target, place.offset);
  } else if (place.kind === 'outgoing') {
    builder.emit('frameAddress', target, 4 * place.word);
    builder.noteOutgoingAddress();
  } else if (place.base === undefined) {
    builder.emit('const', target, place.offset);
    if (place.symbol !== undefined) builder.relocate('address', 1, place.symbol);
  } else if (place.offset === 0 && place.symbol === undefined) {
    if (place.base !== target) builder.emit('move', target, place.base);
  } else {
    builder.emit('addi', target, place.base, place.offset);
    if (place.symbol !== undefined) builder.relocate('address', 2, place.symbol);
  }
}

/** A slot with the address of a place; the base itself when that is the address. */
export function addressSlot(context: FunctionContext, place: Place): number {
  if (place.kind === 'memory' && place.base !== undefined) {
    if (place.offset === 0 && place.symbol === undefined) return place.base;
  }
  const target = context.frame.allocate(1);
  emitAddress(context.builder, place, target);
  return target;
}

function emitMemory(
  context: FunctionContext,
  name: InstructionName,
  slot: number,
  place: Place,
): void {
  const { base, offset, symbol } = materializeBase(context, place);
  context.builder.emit(name, slot, base, offset);
  if (symbol !== undefined) context.builder.relocate('address', 2, symbol);
}

function loadName(shape: ScalarShape): InstructionName {
  if (shape.size === 8) return 'load64';
  if (shape.size === 4) return 'load32';
  if (shape.size === 2) return shape.isSigned ? 'load16s' : 'load16u';
  return shape.isSigned ? 'load8s' : 'load8u';
}

function storeName(shape: ScalarShape): InstructionName {
  if (shape.size === 8) return 'store64';
  if (shape.size === 4) return 'store32';
  return shape.size === 2 ? 'store16' : 'store8';
}

/** Emits the read of a scalar into a slot. */
export function emitLoad(
  context: FunctionContext,
  place: Place,
  type: CType,
  target: number,
): void {
  withTemporaries(context, () => {
    if (place.bits !== undefined) {
      loadBits(context, place, place.bits, type, target);
      return;
    }
    const direct = directSlot(place, type);
    if (direct !== undefined) {
      emitScalarMove(context.builder, type, direct, target);
    } else if (!loadNarrowFromFrame(context.builder, place, type, target)) {
      emitMemory(context, loadName(shapeOf(type)), target, place);
    }
  });
}

/** A narrow piece of the frame inside one word needs no address: extend or shift that word. */
function loadNarrowFromFrame(
  builder: CodeBuilder,
  place: Place,
  type: CType,
  target: number,
): boolean {
  const shape = shapeOf(type);
  if (place.kind !== 'frame' || shape.size > 2) return false;
  if (place.offset < place.low || place.offset + shape.size > place.high) return false;
  const slot = Math.floor(place.offset / 4);
  const byte = place.offset - 4 * slot;
  if (byte === 0) {
    builder.emit(extendName(shape), target, slot);
    return true;
  }
  if (byte + shape.size !== 4) return false;
  builder.emit(shape.isSigned ? 'shrsi' : 'shrui', target, slot, 8 * byte);
  return true;
}

/** A slot with the value of a scalar at a place. */
export function loadValue(context: FunctionContext, place: Place, type: CType): number {
  const direct = directSlot(place, type);
  if (direct !== undefined) return direct;
  const target = context.frame.allocate(slotWords(type));
  emitLoad(context, place, type, target);
  return target;
}

/** Emits the write of a scalar, normalized to its type, from a slot. */
export function emitStore(
  context: FunctionContext,
  place: Place,
  type: CType,
  source: number,
): void {
  withTemporaries(context, () => {
    if (place.bits !== undefined) {
      storeBits(context, place, place.bits, type, source);
      return;
    }
    const direct = writableSlot(place, type);
    if (direct !== undefined) emitScalarMove(context.builder, type, source, direct);
    else emitMemory(context, storeName(shapeOf(type)), source, place);
  });
}

/** The storage unit of a bit-field as an ordinary unsigned place. */
function storageUnit(place: Place): Place {
  return { ...place, bits: undefined } as Place;
}

function unsignedOf(type: CType): CType {
  const { size } = shapeOf(type);
  return { kind: 'integer', name: 'storage unit', size, isSigned: false };
}

function loadBits(
  context: FunctionContext,
  place: Place,
  bits: BitRange,
  type: CType,
  target: number,
): void {
  const { builder, frame } = context;
  const shape = shapeOf(type);
  const unit = loadValue(context, storageUnit(place), unsignedOf(type));
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

function storeBits(
  context: FunctionContext,
  place: Place,
  bits: BitRange,
  type: CType,
  source: number,
): void {
  const { builder, frame } = context;
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
  emitLoad(context, unitPlace, unitType, unit);
  builder.emit('andi', unit, unit, ~mask);
  builder.emit('or', unit, unit, value);
  emitStore(context, unitPlace, unitType, unit);
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
  emitLoad(context, unitPlace, unitType, unit);
  emitWide(builder, ~mask, constant);
  builder.emit('and64', unit, unit, constant);
  builder.emit('or64', unit, unit, value);
  emitStore(context, unitPlace, unitType, unit);
}

function emitWide(builder: CodeBuilder, value: bigint, target: number): void {
  builder.emit('const', target, Number(BigInt.asIntN(32, value)));
  builder.emit('const', target + 1, Number(BigInt.asIntN(32, value >> 32n)));
}

/** Records up to this size are copied word by word where that needs no address. */
const SMALL_RECORD_BYTES = 16;

/** Emits the copy of `size` bytes; the two places are the same or do not overlap. */
export function emitCopy(
  context: FunctionContext,
  target: Place,
  source: Place,
  size: number,
): void {
  const { builder } = context;
  if (size === 0) return;
  withTemporaries(context, () => {
    if (size % 4 === 0 && size <= SMALL_RECORD_BYTES && canCopyByWords(target, source, size)) {
      for (let at = 0; at < size; at += 4) {
        const slot = wordSlot(target, at);
        if (slot !== undefined) emitWordLoad(context, offsetPlace(source, at), slot);
        else storeWord(context, target, source, at);
      }
      return;
    }
    const to = addressSlot(context, target);
    const from = addressSlot(context, source);
    builder.emit('copy', to, from, size);
  });
}

function wordSlot(place: Place, at: number): number | undefined {
  if (place.kind === 'outgoing') return outgoingSlot(place.word + at / 4);
  if (place.kind !== 'frame' || (place.offset + at) % 4 !== 0) return undefined;
  if (place.offset + at < place.low || place.offset + at + 4 > place.high) return undefined;
  return (place.offset + at) / 4;
}

/**
 * Words need no address when one side is made of slots and the other has its base in a slot, which
 * the copy itself must not overwrite.
 */
function canCopyByWords(target: Place, source: Place, size: number): boolean {
  const to = wordSlot(target, 0);
  const from = wordSlot(source, 0);
  if (to !== undefined && from !== undefined) return wordSlot(source, size - 4) !== undefined;
  if (to !== undefined) {
    const base = source.kind === 'memory' ? source.base : undefined;
    return base !== undefined && (base < to || base >= to + size / 4);
  }
  return from !== undefined && target.kind === 'memory' && target.base !== undefined;
}

const WORD: CType = { kind: 'integer', name: 'unsigned int', size: 4, isSigned: false };

function emitWordLoad(context: FunctionContext, source: Place, slot: number): void {
  emitLoad(context, source, WORD, slot);
}

function storeWord(context: FunctionContext, target: Place, source: Place, at: number): void {
  const slot = wordSlot(source, at);
  const value = slot ?? loadValue(context, offsetPlace(source, at), WORD);
  emitStore(context, offsetPlace(target, at), WORD, value);
}
