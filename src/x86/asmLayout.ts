/**
 * Gives every piece of a program its address and fills in what depends on addresses.
 *
 * Text and read-only data stand together at the base, data and zeroed data on the next page, so that
 * they can be mapped with different rights. All jumps start short; those that do not reach become
 * near until nothing changes.
 */
import type { Address } from '../base/brand.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { asmMessages, isFull } from './asmMessages.ts';
import type { AsmSymbols, Place } from './asmSymbols.ts';
import type { SectionName } from './asmSyntax.ts';
import type { Fixup, FlexibleJump } from './encodingBuffer.ts';

/** What `.align` asks for. */
interface Alignment {
  readonly bytes: number;
  /** `undefined` for instructions that do nothing, or zeros in data. */
  readonly fill: number | undefined;
  /** More padding than this is left out. */
  readonly most: number;
}

/** A piece of the program; only jumps and alignments change their size during the layout. */
export interface Piece {
  bytes: number[];
  readonly fixups: readonly Fixup[];
  readonly span: Span;
  readonly section: SectionName;
  readonly isInstruction: boolean;
  readonly jump: FlexibleJump | undefined;
  readonly align: Alignment | undefined;
  isNear: boolean;
  /** From the base; set by the layout. */
  offset: number;
}

/** Sizes of the two parts of a program, and where the second starts; all from the base. */
export interface Layout {
  readonly textBytes: number;
  readonly dataOffset: number;
  readonly dataBytes: number;
}

const PAGE_BYTES = 4096;
/** How a section inside a part is aligned at least; more where it asks for more, as a linker does. */
const SECTION_ALIGNMENT = 16;

/** The address of a place once there is a layout. Every place lies before some piece. */
export function addressOf(place: Place, pieces: readonly Piece[], base: Address): number {
  return base + (pieces[place.piece]?.offset ?? 0);
}

/**
 * Gives every piece its offset. A jump that grew never shrinks again, so the loop ends.
 * Cost: the pieces, times the rounds in which a jump grows.
 */
export function layOut(pieces: readonly Piece[], symbols: AsmSymbols, base: Address): Layout {
  for (;;) {
    const layout = place(pieces, base);
    let hasGrown = false;
    for (const [index, piece] of pieces.entries()) {
      if (piece.jump === undefined || piece.isNear) continue;
      const target = symbols.evaluate(piece.jump.target, index, (at) =>
        addressOf(at, pieces, base),
      );
      if (target === undefined) continue;
      const distance = (target - (base + piece.offset + 2)) | 0;
      if (distance < -128 || distance > 127) {
        piece.isNear = true;
        hasGrown = true;
      }
    }
    if (!hasGrown) return layout;
  }
}

function place(pieces: readonly Piece[], base: Address): Layout {
  const textBytes = placeSection(pieces, '.rodata', placeSection(pieces, '.text', 0, base), base);
  const dataOffset = alignUp(base + textBytes, PAGE_BYTES) - base;
  const dataEnd = placeSection(
    pieces,
    '.bss',
    placeSection(pieces, '.data', dataOffset, base),
    base,
  );
  return { textBytes, dataOffset, dataBytes: dataEnd - dataOffset };
}

/** Places one section behind `end` and returns its own end; an empty one takes no room. */
function placeSection(
  pieces: readonly Piece[],
  section: SectionName,
  end: number,
  base: Address,
): number {
  const own = pieces.filter((piece) => piece.section === section);
  let alignment = SECTION_ALIGNMENT;
  for (const { align } of own) alignment = Math.max(alignment, align?.bytes ?? 0);
  let offset: number | undefined;
  for (const piece of own) {
    offset ??= alignUp(base + end, alignment) - base;
    piece.offset = offset;
    if (piece.align !== undefined) piece.bytes = padding(piece.align, base + offset, section);
    else if (piece.jump !== undefined) {
      piece.bytes = piece.isNear ? [...piece.jump.near, 0, 0, 0, 0] : [piece.jump.short, 0];
    }
    offset += piece.bytes.length;
  }
  return offset ?? end;
}

function alignUp(address: number, alignment: number): number {
  return Math.ceil(address / alignment) * alignment;
}

/** Computes the fields that had to wait for the layout. */
export function fillIn(
  pieces: readonly Piece[],
  symbols: AsmSymbols,
  base: Address,
  diagnostics: Diagnostic[],
): void {
  for (const [index, piece] of pieces.entries()) {
    if (isFull(diagnostics)) return;
    for (const { offset, width, value: expression, isRelative, isTruncated } of fixupsOf(piece)) {
      let value = symbols.evaluate(expression, index, (at) => addressOf(at, pieces, base));
      if (value === undefined) continue;
      if (isRelative) value = (value - (base + piece.offset + piece.bytes.length)) | 0;
      const signed = value | 0;
      const limit = 2 ** (8 * width - 1);
      const highest = isRelative ? limit - 1 : 2 * limit - 1;
      if (width !== 4 && isTruncated !== true && (signed < -limit || signed > highest)) {
        const what = isRelative ? 'a short jump' : `${String(8 * width)} bits`;
        diagnostics.push(asmMessages.outOfRange(expression.span, signed, what));
      }
      for (let byte = 0; byte < width; byte += 1)
        piece.bytes[offset + byte] = (value >>> (8 * byte)) & 0xff;
    }
  }
}

function fixupsOf(piece: Piece): readonly Fixup[] {
  if (piece.jump === undefined) return piece.fixups;
  const width = piece.isNear ? 4 : 1;
  const offset = piece.bytes.length - width;
  return [{ offset, width, value: piece.jump.target, isRelative: true }];
}

/** Instructions of 1 to 7 bytes that do nothing, as GNU as chooses them for a generic i386. */
const FILLERS: readonly (readonly number[])[] = [
  [0x90],
  [0x66, 0x90],
  [0x8d, 0x76, 0x00],
  [0x8d, 0x74, 0x26, 0x00],
  [0x8d, 0x74, 0x26, 0x00, 0x90],
  [0x8d, 0xb6, 0, 0, 0, 0],
  [0x8d, 0xb4, 0x26, 0, 0, 0, 0],
];

/** From this many bytes on, the padding starts with a jump over the rest. */
const JUMP_OVER_FROM = 21;
/** Up to this many bytes, that jump is a short one. */
const SHORT_JUMP_REACH = 127;

function padding(align: Alignment, address: number, section: SectionName): number[] {
  const count = -address & (align.bytes - 1);
  if (count > align.most) return [];
  const fill = align.fill ?? (section === '.text' ? 0x90 : 0);
  if (fill !== 0x90 || section !== '.text') return new Array<number>(count).fill(fill & 0xff);
  const filler: number[] = [];
  if (count - 2 > SHORT_JUMP_REACH) {
    const distance = count - 5;
    filler.push(0xe9, distance & 0xff, (distance >> 8) & 0xff, 0, 0);
  } else if (count >= JUMP_OVER_FROM) filler.push(0xeb, count - 2);
  while (filler.length < count) {
    filler.push(...(FILLERS[Math.min(7, count - filler.length) - 1] ?? []));
  }
  return filler;
}
