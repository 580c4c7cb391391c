/**
 * Initializers of automatic objects, as code. What the items leave out is cleared first.
 */
import { sizeOf } from '../bytecode/ctype.ts';
import { emitCopy, emitStore } from './access.ts';
import type { Initializer, InitializerItem } from './ast.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { noteFilled } from './lowerChecks.ts';
import { offsetPlace, uncountedPlace, writableSlot, type FramePlace, type Place } from './place.ts';
import { addressSlot } from './plainAccess.ts';

/** Objects up to this size are cleared word by word. */
const CLEAR_BY_WORDS_BYTES = 32;
/** Character arrays up to this size are filled with constants. */
const FILL_BY_WORDS_BYTES = 16;

/** Fills an automatic object. */
export function lowerInitializer(
  context: FunctionContext,
  initializer: Initializer,
  place: Place,
): void {
  const { items, type, isZeroFilled } = initializer;
  const [only] = items;
  if (items.length === 1 && only !== undefined && isWhole(initializer, only)) {
    lowerItem(context, only, place);
    return;
  }
  const size = sizeOf(type) ?? 0;
  let target = place;
  if (place.kind === 'frame' && place.isCounted) {
    // Whatever the object was in an earlier round: from here on all of it has a value, unless a copy does not.
    noteFilled(context, place, size);
    if (!items.some((item) => item.type.kind === 'record')) target = uncountedPlace(place);
  }
  if (isZeroFilled) clearGaps(context, initializer, uncountedPlace(place), size);
  for (const item of items) lowerItem(context, item, offsetPlace(target, item.offset, item.bits));
}

/** Whether the item is the whole object and no part of it: `int x = 1`, `struct s a = b`. */
function isWhole(initializer: Initializer, item: InitializerItem): boolean {
  if (item.bits !== undefined || item.offset !== 0) return false;
  return sizeOf(item.type) === sizeOf(initializer.type);
}

function lowerItem(context: FunctionContext, item: InitializerItem, place: Place): void {
  withTemporaries(context, () => {
    const { type, value } = item;
    if (type.kind === 'array') {
      lowerCharacters(context, item, place);
    } else if (type.kind === 'record') {
      context.parts.lowerRecordInto(context, value, place);
    } else {
      const slot = writableSlot(place, type);
      if (slot !== undefined) context.parts.lowerInto(context, value, slot);
      else emitStore(context, place, type, context.parts.lowerValue(context, value));
    }
  });
}

/** Which words of the object are completely written by whole-word items. */
function coveredWords(items: readonly InitializerItem[]): Set<number> {
  const covered = new Set<number>();
  for (const { offset, type, bits } of items) {
    const size = sizeOf(type) ?? 0;
    if (bits !== undefined || offset % 4 !== 0) continue;
    for (let at = 0; at + 4 <= size; at += 4) covered.add((offset + at) / 4);
  }
  return covered;
}

function clearGaps(
  context: FunctionContext,
  { items }: Initializer,
  place: Place,
  size: number,
): void {
  const { builder } = context;
  const covered = coveredWords(items);
  const words = Math.ceil(size / 4);
  if (covered.size >= words) return;
  if (place.kind === 'frame' && size <= CLEAR_BY_WORDS_BYTES) {
    for (let word = 0; word < words; word += 1) {
      if (!covered.has(word)) builder.emit('const', place.offset / 4 + word, 0);
    }
    return;
  }
  withTemporaries(context, () => {
    builder.emit('zero', addressSlot(context, place), 0, size);
  });
}

/** An array of characters from a string literal, cut or filled with zeros. */
function lowerCharacters(
  context: FunctionContext,
  { type, value }: InitializerItem,
  place: Place,
): void {
  const { builder } = context;
  if (value.kind !== 'string') return;
  const size = sizeOf(type) ?? 0;
  if (isFillable(place, size)) {
    for (let at = 0; at < size; at += 4) {
      builder.emit('const', (place.offset + at) / 4, wordAt(value.bytes, at));
    }
    return;
  }
  const length = Math.min(size, value.bytes.length);
  const source = context.parts.lowerPlace(context, value);
  emitCopy(context, place, source, length);
  if (length < size) {
    const rest = offsetPlace(place, length);
    builder.emit('zero', addressSlot(context, rest), 0, size - length);
  }
}

/** Whole words of the frame may be written when nothing else lies in the last of them. */
function isFillable(place: Place, size: number): place is FramePlace {
  if (place.kind !== 'frame' || place.offset % 4 !== 0 || size > FILL_BY_WORDS_BYTES) return false;
  return size % 4 === 0 || place.variable !== undefined;
}

function wordAt(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let index = 3; index >= 0; index -= 1) word = (word << 8) | (bytes[at + index] ?? 0);
  return word;
}
