/**
 * Reading, writing and copying at any place, bit-fields included.
 */
import type { CType } from '../bytecode/ctype.ts';
import { FLAG_RAW } from '../bytecode/instruction.ts';
import { loadBits, storeBits } from './bitField.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { outgoingSlot } from './frameLayout.ts';
import { noteFilled } from './lowerChecks.ts';
import {
  isCountedPlace,
  isVisibleAccess,
  offsetPlace,
  uncountedPlace,
  type Place,
} from './place.ts';
import { addressSlot, loadPlain, plainValue, readableSlot, storePlain } from './plainAccess.ts';
import { slotWords } from './scalar.ts';

/** Emits the read of a scalar into a slot. */
export function emitLoad(
  context: FunctionContext,
  place: Place,
  type: CType,
  target: number,
): void {
  const mark = context.frame.mark();
  if (place.bits !== undefined) loadBits(context, place, place.bits, type, target);
  else loadPlain(context, place, type, target);
  context.frame.release(mark);
}

/** A slot with the value of a scalar at a place. */
export function loadValue(context: FunctionContext, place: Place, type: CType): number {
  const direct = place.bits === undefined ? readableSlot(context, place, type) : undefined;
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
  const mark = context.frame.mark();
  if (place.bits !== undefined) storeBits(context, place, place.bits, type, source);
  else storePlain(context, place, type, source);
  context.frame.release(mark);
}

/** Records up to this size are copied word by word where that needs no address. */
const SMALL_RECORD_BYTES = 16;

/**
 * Emits the copy of `size` bytes; the two places are the same or do not overlap. What lacks a value in
 * the source lacks it in the target, unless that is made of slots: nobody asks about those.
 */
export function emitCopy(
  context: FunctionContext,
  target: Place,
  source: Place,
  size: number,
): void {
  if (size === 0) return;
  withTemporaries(context, () => {
    const to = uncountedPlace(target);
    const from = uncountedPlace(source);
    const isSmall = size % 4 === 0 && size <= SMALL_RECORD_BYTES;
    if (isSmall && canCopyByWords(to, from, size) && canCarry(target, source)) {
      copyWords(context, to, from, size);
      emitCarry(context, target, source, size);
    } else {
      copyMemory(context, target, source, size);
    }
  });
}

/** Whether a copy by words can say of the target what lacks a value there; if anybody asks. */
function canCarry(target: Place, source: Place): boolean {
  if (target.kind === 'memory') return !isCountedPlace(source);
  return source.kind !== 'memory' || (target.kind === 'frame' && !target.isCounted);
}

/** After a copy by words: what lacks a value in the source lacks it in the target. */
function emitCarry(context: FunctionContext, target: Place, source: Place, size: number): void {
  const { builder } = context;
  if (target.kind === 'frame' && target.isCounted) {
    if (isCountedPlace(source)) carryFrom(context, source, target.offset, size);
    else noteFilled(context, target, size);
  } else if (target.kind === 'outgoing' && isCountedPlace(source)) {
    carryFrom(context, source, 4 * target.word, size);
    builder.noteOutgoingAddress(0);
  }
}

function carryFrom(context: FunctionContext, source: Place, to: number, size: number): void {
  if (source.kind === 'frame') context.builder.emit('carry', to, source.offset, size);
}

function copyWords(context: FunctionContext, target: Place, source: Place, size: number): void {
  for (let at = 0; at < size; at += 4) {
    const slot = wordSlot(target, at);
    if (slot !== undefined) emitWordLoad(context, offsetPlace(source, at), slot);
    else storeWord(context, target, source, at);
  }
}

/** The slots of a target are left without marks, which nobody would take away. */
function copyMemory(context: FunctionContext, target: Place, source: Place, size: number): void {
  const { builder } = context;
  const to = addressSlot(context, target);
  const from = addressSlot(context, source);
  builder.emit('copy', to, from, size);
  const visible = [target, source].filter((place) => isVisibleAccess(place));
  if (visible.length > 0) builder.markVisible();
  if (target.kind === 'memory') return;
  builder.soften(FLAG_RAW);
  if (target.kind === 'frame' && !target.isCounted) noteFilled(context, target, size);
}

function wordSlot(place: Place, at: number): number | undefined {
  if (place.kind === 'outgoing') return outgoingSlot(place.word + at / 4);
  if (place.kind !== 'frame' || place.isCounted || (place.offset + at) % 4 !== 0) return undefined;
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

/** A copied word may be one that has no value, or padding. */
function emitWordLoad(context: FunctionContext, source: Place, slot: number): void {
  withTemporaries(context, () => {
    loadPlain(context, source, WORD, slot, FLAG_RAW);
  });
}

function storeWord(context: FunctionContext, target: Place, source: Place, at: number): void {
  const slot = wordSlot(source, at);
  const value = slot ?? plainValue(context, offsetPlace(source, at), WORD, FLAG_RAW);
  emitStore(context, offsetPlace(target, at), WORD, value);
}
