/**
 * Addresses of places, and reading and writing scalars there that are not bit-fields, with as few
 * instructions as the place allows.
 */
import type { CType } from '../bytecode/ctype.ts';
import { FLAG_RAW, type InstructionName } from '../bytecode/instruction.ts';
import type { CodeBuilder } from './codeBuilder.ts';
import type { FunctionContext } from './functionContext.ts';
import type { LinkTarget } from './objectCode.ts';
import {
  directSlot,
  emitAddress,
  guardOf,
  isCountedPlace,
  isVisibleAccess,
  uncountedPlace,
  writableSlot,
  type Place,
} from './place.ts';
import { emitScalarMove, extendName, shapeOf, slotWords, type ScalarShape } from './scalar.ts';

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
  if (isVisibleAccess(place)) context.builder.markVisible();
  const guard = guardOf(place);
  if (guard !== undefined) context.builder.noteGuard(guard);
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

/** The slot that a scalar is read from, if there is one: that of a counted place is checked before. */
export function readableSlot(
  context: FunctionContext,
  place: Place,
  type: CType,
  flags = 0,
): number | undefined {
  const direct = directSlot(uncountedPlace(place), type);
  if (direct === undefined || !isCountedPlace(place)) return direct;
  if ((flags & FLAG_RAW) === 0) context.builder.emit('checkValue', 4 * direct, shapeOf(type).size);
  return direct;
}

/**
 * Emits the read of a scalar into a slot; temporaries are the caller's to give back. `flags` softens
 * its checks: `FLAG_RAW` where the bytes need not have a value yet.
 */
export function loadPlain(
  context: FunctionContext,
  place: Place,
  type: CType,
  target: number,
  flags = 0,
): void {
  const direct = readableSlot(context, place, type, flags);
  if (direct !== undefined) {
    emitScalarMove(context.builder, type, direct, target);
  } else if (!loadNarrowFromFrame(context.builder, place, type, target, flags)) {
    emitMemory(context, loadName(shapeOf(type)), target, place);
    context.builder.soften(flags);
  }
}

/** A slot with the value of a scalar: its own where it has one. */
export function plainValue(context: FunctionContext, place: Place, type: CType, flags = 0): number {
  const direct = readableSlot(context, place, type, flags);
  if (direct !== undefined) return direct;
  const target = context.frame.allocate(slotWords(type));
  loadPlain(context, place, type, target, flags);
  return target;
}

/** A narrow piece of the frame inside one word needs no address: extend or shift that word. */
function loadNarrowFromFrame(
  builder: CodeBuilder,
  place: Place,
  type: CType,
  target: number,
  flags: number,
): boolean {
  const shape = shapeOf(type);
  if (place.kind !== 'frame' || shape.size > 2) return false;
  if (place.offset < place.low || place.offset + shape.size > place.high) return false;
  const slot = Math.floor(place.offset / 4);
  const byte = place.offset - 4 * slot;
  if (byte !== 0 && byte + shape.size !== 4) return false;
  if (place.isCounted && (flags & FLAG_RAW) === 0) {
    builder.emit('checkValue', place.offset, shape.size);
  }
  if (byte === 0) {
    builder.emit(extendName(shape), target, slot);
    return true;
  }
  builder.emit(shape.isSigned ? 'shrsi' : 'shrui', target, slot, 8 * byte);
  return true;
}

/** Emits the write of a scalar, normalized to its type, from a slot; `flags` softens its checks. */
export function storePlain(
  context: FunctionContext,
  place: Place,
  type: CType,
  source: number,
  flags = 0,
): void {
  const direct = writableSlot(place, type) ?? directSlot(uncountedPlace(place), type);
  if (direct !== undefined) {
    emitScalarMove(context.builder, type, source, direct);
    if (isCountedPlace(place)) context.builder.emit('define', 4 * direct, shapeOf(type).size);
    return;
  }
  emitMemory(context, storeName(shapeOf(type)), source, place);
  context.builder.soften(flags);
}
