/**
 * The assembler of user programs: AT&T text to i386 bytes, with a line table for the debugger.
 *
 * Three steps: encode every statement with what is known where it stands; lay out, starting with all
 * jumps short and lengthening those that do not reach until nothing changes; fill in the fields that
 * depend on labels. The bytes equal those of GNU `as --32` (compared by recorded answers), where
 * `symbols` plays the part of `--defsym`. A program is one read-only text without sections.
 */
import { asAddress, type Address } from '../base/brand.ts';
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile, Span } from '../base/span.ts';
import { AsmSymbols, type Place } from './asmSymbols.ts';
import { asmMessages } from './asmMessages.ts';
import { parseAsm } from './asmParser.ts';
import type { Expression, Statement } from './asmSyntax.ts';
import { encodeInstruction, type Fixup } from './encoder.ts';

/** The most bytes that a program may have. */
export const PROGRAM_LIMIT_BYTES = 0x8000;

/** Where a program will stand and what it may name. */
export interface AssembleOptions {
  /** Where the first byte will stand. */
  readonly base: Address;
  /** Symbols from outside: the maps of the process and the parameters of the scenario. */
  readonly symbols: ReadonlyMap<string, number>;
}

/** Where an instruction came from. */
export interface AsmLine {
  readonly address: Address;
  readonly bytes: number;
  readonly span: Span;
}

/** An assembled program. */
export interface AsmImage {
  readonly file: SourceFile;
  readonly base: Address;
  readonly bytes: Uint8Array;
  /** In the order of the addresses; data has no lines. */
  readonly lines: readonly AsmLine[];
  /** Named labels in the order of the text. */
  readonly labels: ReadonlyMap<string, Address>;
  /** The label `_start`, or the first byte. */
  readonly entry: Address;
}

/** What assembling a file gave. */
export interface AssembleResult {
  /** Absent when there were errors. */
  readonly image: AsmImage | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A piece of the program; only jumps and alignments change their size during the layout. */
interface Piece {
  bytes: number[];
  fixups: readonly Fixup[];
  readonly span: Span;
  readonly isInstruction: boolean;
  readonly jump:
    | { readonly short: number; readonly near: readonly number[]; readonly target: Expression }
    | undefined;
  readonly align: { readonly bytes: number; readonly fill: number | undefined } | undefined;
  isNear: boolean;
  /** From the base; set by the layout. */
  offset: number;
}

/** Assembles one file. Errors in the text come back as diagnostics, all that were found. */
export function assemble(file: SourceFile, options: AssembleOptions): AssembleResult {
  const diagnostics: Diagnostic[] = [];
  const statements = parseAsm(file, diagnostics);
  const symbols = new AsmSymbols(options.symbols, diagnostics);
  const pieces = encodePieces(statements, symbols, diagnostics);
  const total = layOut(pieces, symbols, options.base);
  if (total > PROGRAM_LIMIT_BYTES) {
    diagnostics.push(asmMessages.tooLarge({ file, start: 0, end: 0 }, PROGRAM_LIMIT_BYTES));
  } else fillIn(pieces, symbols, options.base, diagnostics);
  if (hasErrors(diagnostics)) {
    diagnostics.sort((one, other) => (one.span?.start ?? 0) - (other.span?.start ?? 0));
    return { image: undefined, diagnostics };
  }

  const bytes = Uint8Array.from(pieces.flatMap((piece) => piece.bytes));
  const lines = pieces
    .filter((piece) => piece.isInstruction)
    .map((piece) => ({
      address: asAddress(options.base + piece.offset),
      bytes: piece.bytes.length,
      span: piece.span,
    }));
  const labels = new Map(
    symbols
      .labels()
      .map(([name, place]) => [name, asAddress(addressOf(place, pieces, total, options.base))]),
  );
  const entry = labels.get('_start') ?? options.base;
  return { image: { file, base: options.base, bytes, lines, labels, entry }, diagnostics };
}

/** Encodes all statements in order, so that each sees the symbols that stand before it. */
function encodePieces(
  statements: readonly Statement[],
  symbols: AsmSymbols,
  diagnostics: Diagnostic[],
): Piece[] {
  const pieces: Piece[] = [];
  let total = 0;
  for (const statement of statements) {
    const add = (piece: Partial<Piece> & { bytes: number[] }): void => {
      total += piece.bytes.length;
      pieces.push({
        fixups: [],
        span: statement.span,
        isInstruction: false,
        jump: undefined,
        align: undefined,
        isNear: false,
        offset: 0,
        ...piece,
      });
      symbols.advance(
        piece.jump !== undefined || piece.align !== undefined ? undefined : piece.bytes.length,
      );
    };
    switch (statement.kind) {
      case 'label':
        symbols.defineLabel(statement.name, statement.span);
        break;
      case 'numericLabel':
        symbols.defineNumericLabel(statement.number);
        break;
      case 'equ':
        symbols.defineEqu(statement.name, statement.nameSpan, statement.value);
        break;
      case 'instruction': {
        const here = symbols.here();
        const encoding = encodeInstruction(
          statement,
          (value) => symbols.known(value, here),
          diagnostics,
        );
        if (encoding !== undefined) add({ ...encoding, isInstruction: true });
        break;
      }
      case 'values': {
        const { width } = statement;
        for (const value of statement.values) {
          const fixups = [{ offset: 0, width, value, isRelative: false }];
          add({ bytes: new Array<number>(width).fill(0), fixups });
        }
        break;
      }
      case 'bytes':
        add({ bytes: [...statement.bytes] });
        break;
      case 'skip':
        if (total + statement.bytes > PROGRAM_LIMIT_BYTES) {
          diagnostics.push(asmMessages.tooLarge(statement.span, PROGRAM_LIMIT_BYTES));
          return pieces;
        }
        add({ bytes: new Array<number>(statement.bytes).fill(statement.fill & 0xff) });
        break;
      case 'align':
        add({ bytes: [], align: { bytes: statement.bytes, fill: statement.fill } });
        break;
    }
  }
  return pieces;
}

/**
 * Gives every piece its offset; jumps grow until all reach. Returns the size of the program.
 * A jump never shrinks again, so the loop ends.
 */
function layOut(pieces: readonly Piece[], symbols: AsmSymbols, base: Address): number {
  for (;;) {
    let offset = 0;
    for (const piece of pieces) {
      piece.offset = offset;
      if (piece.align !== undefined) piece.bytes = padding(piece.align, base + offset);
      else if (piece.jump !== undefined) {
        piece.bytes = piece.isNear ? [...piece.jump.near, 0, 0, 0, 0] : [piece.jump.short, 0];
      }
      offset += piece.bytes.length;
    }
    const total = offset;
    let hasGrown = false;
    for (const [index, piece] of pieces.entries()) {
      if (piece.jump === undefined || piece.isNear) continue;
      const target = symbols.evaluate(piece.jump.target, index, (place) =>
        addressOf(place, pieces, total, base),
      );
      if (target === undefined) continue;
      const distance = (target - (base + piece.offset + 2)) | 0;
      if (distance < -128 || distance > 127) {
        piece.isNear = true;
        hasGrown = true;
      }
    }
    if (!hasGrown) return total;
  }
}

/** Computes the fields that had to wait for the layout. */
function fillIn(
  pieces: readonly Piece[],
  symbols: AsmSymbols,
  base: Address,
  diagnostics: Diagnostic[],
): void {
  const total = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
  pieces.forEach((piece, index) => {
    let { fixups } = piece;
    if (piece.jump !== undefined) {
      const width = piece.isNear ? 4 : 1;
      fixups = [
        { offset: piece.bytes.length - width, width, value: piece.jump.target, isRelative: true },
      ];
    }
    for (const { offset, width, value: expression, isRelative, isTruncated } of fixups) {
      let value = symbols.evaluate(expression, index, (place) =>
        addressOf(place, pieces, total, base),
      );
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
  });
}

function addressOf(place: Place, pieces: readonly Piece[], total: number, base: Address): number {
  return base + (pieces[place.piece]?.offset ?? total);
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

function padding(
  align: { readonly bytes: number; readonly fill: number | undefined },
  address: number,
): number[] {
  const count = -address & (align.bytes - 1);
  if (align.fill !== undefined && align.fill !== 0x90)
    return new Array<number>(count).fill(align.fill & 0xff);
  const filler: number[] = [];
  if (count >= JUMP_OVER_FROM) filler.push(0xeb, count - 2);
  while (filler.length < count) {
    filler.push(...(FILLERS[Math.min(7, count - filler.length) - 1] ?? []));
  }
  return filler;
}
