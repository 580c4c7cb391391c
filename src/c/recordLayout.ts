/**
 * Where the members of a struct or union lie, exactly as `gcc -m32` places them.
 *
 * A bit-field goes to the next free bit, unless it would then touch more units of its type's
 * alignment than its type has; then it starts at the next such unit. Packed members neither align
 * nor move for that, nor does anything behind `#pragma pack`. Unnamed bit-fields take room but do not raise the record's alignment; one of
 * width 0 ends the current unit.
 * Source: System V ABI, Intel386 supplement, chapter 3; gcc manual, "Common Type Attributes".
 */
import { alignOf, sizeOf, type CType, type Field, type RecordLayout } from '../bytecode/ctype.ts';
import type { Span } from '../base/span.ts';

/** A member as it was declared. */
export interface MemberSpec {
  readonly name: string | undefined;
  readonly type: CType;
  /** In bits, for a bit-field. */
  readonly bitWidth: number | undefined;
  /** In bytes, asked for by an attribute; 0 when not. */
  readonly align: number;
  readonly isPacked: boolean;
  /** Whether an annotation makes every access to it a visible operation. */
  readonly isVisible?: true;
  /** Whether `guard` says which lock an access needs. */
  readonly isGuarded?: true;
  readonly span: Span;
}

/** What attributes and pragmas say about the whole record. */
export interface LayoutOptions {
  readonly isPacked: boolean;
  /** Alignment in bytes that an attribute asks of the whole record; 0 when none does. */
  readonly align: number;
  /** From `#pragma pack(N)`: no member is aligned to more than so many bytes; 0 when not given. */
  readonly packLimit: number;
}

/** No record is larger, in bytes. */
export const SIZE_LIMIT = 0x7fff_ffff;

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** What a member's type and attributes say about its alignment, in bytes. */
function memberAlign(member: MemberSpec, options: LayoutOptions): number {
  const isPacked = member.isPacked || options.isPacked;
  const align = Math.max(isPacked ? 1 : alignOf(member.type), member.align);
  return options.packLimit > 0 ? Math.min(align, options.packLimit) : align;
}

interface Cursor {
  /** First free bit; may exceed 2^31, so no bit operators. */
  bit: number;
  align: number;
}

function placeBitField(
  member: MemberSpec,
  width: number,
  cursor: Cursor,
  options: LayoutOptions,
): Field | undefined {
  const { type } = member;
  const unitBits = alignOf(type) * 8;
  if (width === 0) {
    cursor.bit = roundUp(cursor.bit, Math.max(unitBits, member.align * 8));
    return undefined;
  }
  const { packLimit } = options;
  const limit = packLimit > 0 ? packLimit : Infinity;
  const isPacked = member.isPacked || options.isPacked;
  if (member.align > 0) cursor.bit = roundUp(cursor.bit, Math.min(member.align, limit) * 8);
  const units = Math.ceil(((cursor.bit % unitBits) + width) / unitBits);
  const isTooWide = units > ((sizeOf(type) ?? 4) * 8) / unitBits;
  if (isTooWide && !isPacked && packLimit === 0) cursor.bit = roundUp(cursor.bit, unitBits);
  const first = cursor.bit;
  cursor.bit += width;
  if (member.name === undefined) return undefined;
  const isByteAligned = isPacked && packLimit === 0;
  const align = Math.max(member.align, isByteAligned ? 1 : unitBits / 8);
  cursor.align = Math.max(cursor.align, Math.min(align, limit));
  return { ...fieldOf(member), ...storageUnit(first, width, type) };
}

/** The unit of the type's size that holds the bits; a packed field may reach beyond any unit. */
function storageUnit(first: number, width: number, type: CType): Pick<Field, 'offset' | 'bits'> {
  const size = sizeOf(type) ?? 4;
  const unit = Math.floor(first / (alignOf(type) * 8)) * alignOf(type);
  const inUnit = first - unit * 8;
  if (inUnit + width <= size * 8) return { offset: unit, bits: { start: inUnit, width } };
  const offset = Math.floor(first / 8);
  return { offset, bits: { start: first - offset * 8, width } };
}

function fieldOf(member: MemberSpec): Omit<Field, 'offset' | 'bits'> {
  const { name, type, span, isVisible, isGuarded } = member;
  return {
    name,
    type,
    span,
    ...(isVisible === undefined ? {} : { isVisible }),
    ...(isGuarded === undefined ? {} : { isGuarded }),
  };
}

/** Completes the layout; fields are in the order of declaration, unnamed bit-fields left out. */
export function layOutRecord(
  layout: RecordLayout,
  members: readonly MemberSpec[],
  options: LayoutOptions,
): void {
  const isUnion = layout.keyword === 'union';
  const cursor: Cursor = { bit: 0, align: 1 };
  const fields: Field[] = [];
  let endBit = 0;
  for (const member of members) {
    if (isUnion) cursor.bit = 0;
    if (member.bitWidth !== undefined) {
      const field = placeBitField(member, member.bitWidth, cursor, options);
      if (field !== undefined) fields.push(field);
    } else {
      const align = memberAlign(member, options);
      cursor.bit = roundUp(cursor.bit, align * 8);
      cursor.align = Math.max(cursor.align, align);
      fields.push({ ...fieldOf(member), offset: cursor.bit / 8 });
      cursor.bit += (sizeOf(member.type) ?? 0) * 8;
    }
    endBit = Math.max(endBit, cursor.bit);
  }
  layout.align = Math.max(cursor.align, options.align);
  layout.size = roundUp(Math.ceil(endBit / 8), layout.align);
  layout.fields = fields;
}
