/**
 * Places: where an lvalue or a record value lives.
 *
 * A place in the frame that is a whole aligned word (or pair) is a slot, an operand like any other; a
 * variable of a narrow type has a word of its own, which keeps the normalized value while only the
 * function itself writes it. Everything else is reached through a base slot and a byte offset.
 */
import type { CType, Field } from '../bytecode/ctype.ts';
import type { CodeBuilder } from './codeBuilder.ts';
import type { GuardMark, LinkTarget } from './objectCode.ts';
import type { RacyMark } from './racyPlace.ts';
import { shapeOf } from './scalar.ts';

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
  /** The object may lack a value: each access to it looks at the shadow or tells it. */
  readonly isCounted: boolean;
  readonly bits: BitRange | undefined;
}

/** `base + address of symbol + offset`; parts that are absent count as 0. */
export interface MemoryPlace {
  readonly kind: 'memory';
  readonly base: number | undefined;
  readonly symbol: LinkTarget | undefined;
  readonly offset: number;
  readonly bits: BitRange | undefined;
  /** Set where every access is a visible operation, because the place is racy: tells the annotation of it. */
  readonly racy?: Pick<RacyMark, 'isUsed'>;
  /** The guarded field that accesses are about. */
  readonly guard?: GuardMark;
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
  isCounted = false,
): FramePlace {
  const high = offset + Math.ceil(size / 4) * 4;
  return { kind: 'frame', offset, low: offset, high, variable, isCounted, bits: undefined };
}

/** The place `offset` bytes further on. */
export function offsetPlace(place: Place, offset: number, bits?: BitRange): Place {
  if (place.kind === 'frame') {
    return { ...place, offset: place.offset + offset, variable: undefined, bits };
  }
  if (place.kind !== 'memory') return place;
  const moved = { ...place, offset: (place.offset + offset) | 0, bits };
  const { guard } = place;
  if (guard === undefined) return moved;
  return { ...moved, guard: { ...guard, offset: guard.offset + offset } };
}

/** Whether the place is in an object that may lack a value. */
export function isCountedPlace(place: Place): boolean {
  return place.kind === 'frame' && place.isCounted;
}

/** The same place as slots, for one who sees to the count of its values. */
export function uncountedPlace(place: Place): Place {
  return place.kind === 'frame' ? { ...place, isCounted: false } : place;
}

/** The same place, each access to which is a visible operation where others can reach it. */
export function visiblePlace(place: Place, racy: Pick<RacyMark, 'isUsed'>): Place {
  return place.kind === 'memory' ? { ...place, racy } : place;
}

/** The same place, each access to which is listed as one to a guarded field. */
export function guardedPlace(place: Place, guard: GuardMark): Place {
  return place.kind === 'memory' ? { ...place, guard } : place;
}

/** The guarded field that the place is about. */
export function guardOf(place: Place): GuardMark | undefined {
  return place.kind === 'memory' ? place.guard : undefined;
}

/** Whether the access to the place that was just made is a visible operation; its annotation is told. */
export function isVisibleAccess(place: Place): boolean {
  if (place.kind !== 'memory' || place.racy === undefined) return false;
  place.racy.isUsed = true;
  return true;
}

/** The slot that is the place of a scalar of this type, if there is one to read directly. */
export function directSlot(place: Place, type: CType): number | undefined {
  if (place.kind !== 'frame' || place.isCounted || place.bits !== undefined) return undefined;
  const { size } = shapeOf(type);
  if (place.offset % 4 !== 0) return undefined;
  if (place.offset < place.low || place.offset + size > place.high) return undefined;
  return size >= 4 || place.variable === 'private' ? place.offset / 4 : undefined;
}

/** The slot that a whole scalar variable is written to, narrow ones included. */
export function writableSlot(place: Place, type: CType): number | undefined {
  if (place.kind === 'frame' && !place.isCounted && place.variable !== undefined) {
    return place.offset / 4;
  }
  return directSlot(place, type);
}

/** Emits the address of a place into a slot. */
export function emitAddress(builder: CodeBuilder, place: Place, target: number): void {
  if (place.kind === 'frame') {
    builder.emit('frameAddress', target, place.offset);
  } else if (place.kind === 'outgoing') {
    builder.emit('frameAddress', target, 4 * place.word);
    builder.noteOutgoingAddress(1);
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
