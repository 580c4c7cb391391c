/**
 * Reading, writing and copying at any place, bit-fields included.
 */
import type { CType } from '../bytecode/ctype.ts';
import { FLAG_RAW } from '../bytecode/instruction.ts';
import { loadBits, storeBits } from './bitField.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { outgoingSlot } from './frameLayout.ts';
import { directSlot, isVisiblePlace, offsetPlace, type Place } from './place.ts';
import { addressSlot, loadPlain, plainValue, storePlain } from './plainAccess.ts';
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
  const mark = context.frame.mark();
  if (place.bits !== undefined) storeBits(context, place, place.bits, type, source);
  else storePlain(context, place, type, source);
  context.frame.release(mark);
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
    if (isVisiblePlace(target) || isVisiblePlace(source)) builder.markVisible();
  });
}

function wordSlot(place: Place, at: number): number | undefined {
  if (place.kind === 'outgoing') return outgoingSlot(place.word + at / 4);
  if (place.kind !== 'frame' || place.isTracked || (place.offset + at) % 4 !== 0) return undefined;
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
