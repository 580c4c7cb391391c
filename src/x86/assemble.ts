/**
 * The assembler of user programs: AT&T text to i386 bytes, with a line table for the debugger.
 *
 * Three steps: encode every statement with what is known where it stands; lay out the sections; fill
 * in the fields that depend on labels. The bytes equal those of GNU `as --32` (compared by recorded
 * answers), where `symbols` plays the part of `--defsym`.
 */
import { asAddress, type Address } from '../base/brand.ts';
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile, Span } from '../base/span.ts';
import { addressOf, fillIn, layOut, type Piece } from './asmLayout.ts';
import { ASM_COMPLAINT_LIMIT, asmMessages, isFull } from './asmMessages.ts';
import { parseAsm } from './asmParser.ts';
import { AsmSymbols } from './asmSymbols.ts';
import type { Expression, SectionName, Statement } from './asmSyntax.ts';
import { encodeInstruction } from './encoder.ts';

/** The most bytes that a program may have, its data included. */
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
  /** Instructions and read-only data. */
  readonly bytes: Uint8Array;
  /** What the program can write, on pages of its own; `undefined` when it has none. */
  readonly data: { readonly base: Address; readonly bytes: Uint8Array } | undefined;
  /** In the order of the text; data has no lines. */
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

/** The largest alignment: a page, where programs start. */
const HIGHEST_ALIGNMENT = 4096;

/** The end of a stretch of one section. */
const BOUNDARY = {};

/** Assembles one file. Errors in the text come back as diagnostics, all that were found. */
export function assemble(file: SourceFile, options: AssembleOptions): AssembleResult {
  const { base } = options;
  const diagnostics: Diagnostic[] = [];
  const statements = parseAsm(file, diagnostics);
  const symbols = new AsmSymbols(options.symbols, diagnostics);
  const pieces = new PieceList(file, symbols, diagnostics).encode(statements);
  const { textBytes, dataOffset, dataBytes } = layOut(pieces, symbols, base);
  if (textBytes + dataBytes > PROGRAM_LIMIT_BYTES) {
    diagnostics.push(asmMessages.tooLarge({ file, start: 0, end: 0 }, PROGRAM_LIMIT_BYTES));
  } else fillIn(pieces, symbols, base, diagnostics);
  if (hasErrors(diagnostics)) {
    diagnostics.sort((one, other) => (one.span?.start ?? 0) - (other.span?.start ?? 0));
    const next = diagnostics[ASM_COMPLAINT_LIMIT];
    if (isFull(diagnostics)) {
      diagnostics.length = ASM_COMPLAINT_LIMIT;
      const end = file.text.length;
      diagnostics.push(asmMessages.tooManyComplaints(next?.span ?? { file, start: end, end }));
    }
    return { image: undefined, diagnostics };
  }

  const dataBase = asAddress(base + dataOffset);
  const lines = pieces
    .filter((piece) => piece.isInstruction)
    .map((piece) => ({
      address: asAddress(base + piece.offset),
      bytes: piece.bytes.length,
      span: piece.span,
    }));
  const labels = new Map(
    symbols.labels().map(([name, place]) => [name, asAddress(addressOf(place, pieces, base))]),
  );
  const image: AsmImage = {
    file,
    base,
    bytes: imageOf(pieces, 0, textBytes),
    data:
      dataBytes === 0
        ? undefined
        : { base: dataBase, bytes: imageOf(pieces, dataOffset, dataBytes) },
    lines,
    labels,
    entry: labels.get('_start') ?? base,
  };
  return { image, diagnostics };
}

/** The bytes of all pieces that lie in a range. */
function imageOf(pieces: readonly Piece[], start: number, bytes: number): Uint8Array {
  const image = new Uint8Array(bytes);
  for (const piece of pieces) {
    const at = piece.offset - start;
    if (at >= 0 && at < bytes) image.set(piece.bytes, at);
  }
  return image;
}

/** Encodes all statements in order, so that each sees the symbols that stand before it. */
class PieceList {
  private readonly file: SourceFile;
  private readonly symbols: AsmSymbols;
  private readonly diagnostics: Diagnostic[];
  private readonly pieces: Piece[] = [];
  private section: SectionName = '.text';
  private total = 0;

  constructor(file: SourceFile, symbols: AsmSymbols, diagnostics: Diagnostic[]) {
    this.file = file;
    this.symbols = symbols;
    this.diagnostics = diagnostics;
  }

  encode(statements: readonly Statement[]): Piece[] {
    for (const statement of statements) {
      if (isFull(this.diagnostics)) break;
      this.encodeStatement(statement);
      if (this.total <= PROGRAM_LIMIT_BYTES) continue;
      this.diagnostics.push(asmMessages.tooLarge(statement.span, PROGRAM_LIMIT_BYTES));
      break;
    }
    // A place behind everything needs a piece to lie before.
    const end = this.file.text.length;
    this.add({ file: this.file, start: end, end }, BOUNDARY);
    return this.pieces;
  }

  private encodeStatement(statement: Statement): void {
    const { span } = statement;
    switch (statement.kind) {
      case 'label':
        this.symbols.defineLabel(statement.name, span);
        break;
      case 'numericLabel':
        this.symbols.defineNumericLabel(statement.number);
        break;
      case 'equ':
        this.symbols.defineEqu(statement.name, statement.nameSpan, statement.value);
        break;
      case 'section':
        // Places before the switch lie in the old section, those after it in the new one.
        this.add(span, BOUNDARY);
        this.section = statement.name;
        break;
      case 'instruction': {
        const encoding = encodeInstruction(
          statement,
          (value) => this.known(value),
          this.diagnostics,
        );
        this.refuseContents(span);
        if (encoding !== undefined) this.add(span, { ...encoding, isInstruction: true });
        break;
      }
      case 'values':
        this.refuseContents(span);
        for (const value of statement.values) {
          const { width } = statement;
          const fixups = [{ offset: 0, width, value, isRelative: false }];
          this.add(span, { bytes: new Array<number>(width).fill(0), fixups });
        }
        break;
      case 'bytes':
        this.refuseContents(span);
        this.add(span, { bytes: [...statement.bytes] });
        break;
      case 'fill':
        this.encodeFill(statement);
        break;
      case 'align':
        this.encodeAlign(statement);
        break;
    }
  }

  private encodeFill({ count, width, value, span }: Statement & { kind: 'fill' }): void {
    const times = this.constant(count, 0);
    const bytes = this.constant(width, 1);
    const number = this.constant(value, 0);
    if (times === undefined || bytes === undefined || number === undefined) return;
    if (width !== undefined && (bytes < 1 || bytes > 4)) {
      this.diagnostics.push(asmMessages.outOfRange(width.span, bytes, 'a value of 1 to 4 bytes'));
      return;
    }
    if (number !== 0) this.refuseContents(span);
    if (this.total + times * bytes > PROGRAM_LIMIT_BYTES || times < 0) {
      this.total = times < 0 ? this.total : PROGRAM_LIMIT_BYTES + 1;
      if (times < 0) this.diagnostics.push(asmMessages.outOfRange(count.span, times, 'a count'));
      return;
    }
    const one = Array.from({ length: bytes }, (_, index) => (number >>> (8 * index)) & 0xff);
    this.add(span, { bytes: Array.from({ length: times }, () => one).flat() });
  }

  private encodeAlign(statement: Statement & { kind: 'align' }): void {
    const { amount, isExponent, fill, span } = statement;
    const number = this.constant(amount, 1);
    const most = this.constant(statement.most, HIGHEST_ALIGNMENT);
    const value = fill === undefined ? undefined : this.constant(fill, 0);
    if (number === undefined || most === undefined || (fill !== undefined && value === undefined))
      return;
    const bytes = isExponent && number >= 0 && number < 31 ? 1 << number : number;
    if (bytes < 1 || bytes > HIGHEST_ALIGNMENT || (bytes & (bytes - 1)) !== 0) {
      this.diagnostics.push(asmMessages.badAlignment(span));
    } else this.add(span, { align: { bytes, fill: value, most } });
  }

  private add(
    span: Span,
    piece: Partial<Pick<Piece, 'bytes' | 'fixups' | 'isInstruction' | 'jump' | 'align'>>,
  ): void {
    const bytes = piece.bytes ?? [];
    const isFixed = piece.jump === undefined && piece.align === undefined && piece !== BOUNDARY;
    this.total += bytes.length;
    this.pieces.push({
      fixups: [],
      span,
      section: this.section,
      isInstruction: false,
      jump: undefined,
      align: undefined,
      isNear: false,
      offset: 0,
      ...piece,
      bytes,
    });
    this.symbols.advance(isFixed ? bytes.length : undefined);
  }

  private known(expression: Expression): number | undefined {
    return this.symbols.known(expression, this.symbols.here());
  }

  /** The value of an expression that must not depend on the layout; reports it when it does. */
  private constant(expression: Expression | undefined, absent: number): number | undefined {
    if (expression === undefined) return absent;
    const value = this.known(expression);
    if (value === undefined) this.diagnostics.push(asmMessages.notConstant(expression.span));
    return value;
  }

  /** Reports something other than zeros in `.bss`. */
  private refuseContents(span: Span): void {
    if (this.section === '.bss') this.diagnostics.push(asmMessages.onlyZeros(span));
  }
}
