/**
 * The bytes of one instruction while it is encoded: prefixes, ModR/M byte, immediate fields, and what
 * all forms need to know of their operands. The base under `encoder.ts`, `encodeMoves.ts`,
 * `encodeArithmetic.ts` and `encodeControl.ts`.
 * Source: Intel SDM volume 2, chapter 2.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { asmMessages } from './asmMessages.ts';
import type { Expression, InstructionStatement, MemoryOperand, Operand } from './asmSyntax.ts';
import { MNEMONICS } from './mnemonic.ts';
import type { Register, Width } from './register.ts';

/** A field of an instruction that is filled in once all labels have addresses. */
export interface Fixup {
  /** From the start of the instruction or data, in bytes. */
  readonly offset: number;
  readonly width: Width;
  readonly value: Expression;
  /** The field holds the distance from the end of the instruction. */
  readonly isRelative: boolean;
  /** The value was found to fit by its low bits, as 0xffff does for a sign-extended byte of a word. */
  readonly isTruncated?: boolean;
}

/** A jump whose length depends on its distance. */
export interface FlexibleJump {
  readonly short: number;
  readonly near: readonly number[];
  readonly target: Expression;
}

/** The value of an expression that does not depend on the layout, as it is known at this place. */
export type KnownValue = (expression: Expression) => number | undefined;

/** A register or an address: what most instructions can change. */
export type PlaceOperand = Extract<Operand, { kind: 'register' | 'memory' }>;

/** An operand that is an address without registers. */
type AbsoluteOperand = MemoryOperand & { readonly displacement: Expression };

const OPERAND_SIZE_PREFIX = 0x66;

export class EncodingBuffer {
  readonly bytes: number[] = [];
  readonly fixups: Fixup[] = [];
  /** Set for `jmp` and `jcc`, which have no bytes yet. */
  jump: FlexibleJump | undefined;
  hasFailed = false;
  readonly statement: InstructionStatement;
  readonly operands: readonly Operand[];
  /** Fixed by the mnemonic. */
  readonly width: Width | undefined;
  private readonly prefixes: readonly number[];
  private readonly known: KnownValue;
  private readonly diagnostics: Diagnostic[];

  /** `prefixes` are bytes of `rep` and `lock`. */
  constructor(
    statement: InstructionStatement,
    width: Width | undefined,
    prefixes: readonly number[],
    known: KnownValue,
    diagnostics: Diagnostic[],
  ) {
    this.statement = statement;
    this.operands = statement.operands;
    this.width = width;
    this.prefixes = prefixes;
    this.known = known;
    this.diagnostics = diagnostics;
  }

  /** The operand-size prefix of words, the other prefixes, and the opcode. */
  start(width: Width | undefined, ...opcode: readonly number[]): void {
    if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
    this.bytes.push(...this.prefixes, ...opcode);
  }

  /** The same with one opcode byte, which is even for bytes and one more for words. */
  startSized(opcode: number, width: Width | undefined): void {
    this.start(width, width === 1 ? opcode : opcode + 1);
  }

  /** The ModR/M byte, the SIB byte and the displacement of a register or address. */
  modrm(middle: number, operand: PlaceOperand): void {
    const field = middle << 3;
    if (operand.kind === 'register') {
      this.bytes.push(0xc0 | field | operand.register.number);
      return;
    }
    this.checkSegment(operand);
    const { base, index, displacement } = operand;
    if (base === undefined) {
      if (index === undefined) this.bytes.push(field | 5);
      else this.bytes.push(field | 4, sib(operand.scale, index, 5));
      if (displacement === undefined) this.bytes.push(0, 0, 0, 0);
      else this.field(displacement, 4);
      return;
    }
    const needsSib = index !== undefined || base.name === 'esp';
    const rm = needsSib ? 4 : base.number;
    const value = displacement === undefined ? 0 : this.knownValue(displacement);
    const isByte = value !== undefined && fitsSignedByte(value | 0);
    const mode = value === 0 && base.name !== 'ebp' ? 0 : isByte ? 1 : 2;
    this.bytes.push((mode << 6) | field | rm);
    if (needsSib) this.bytes.push(sib(operand.scale, index, base.number));
    if (mode === 1) this.bytes.push((value ?? 0) & 0xff);
    else if (mode === 2 && displacement !== undefined) this.field(displacement, 4);
  }

  /** A field whose value is filled in with the fixups. */
  field(value: Expression, width: Width, isRelative = false): void {
    this.fixups.push({ offset: this.bytes.length, width, value, isRelative });
    for (let index = 0; index < width; index += 1) this.bytes.push(0);
  }

  /** A byte that the CPU extends by its sign, for a value of which `fitsByte` is true. */
  shortField(value: Expression): void {
    const offset = this.bytes.length;
    this.fixups.push({ offset, width: 1, value, isRelative: false, isTruncated: true });
    this.bytes.push(0);
  }

  /** The address of an operand without registers, as the accumulator's forms of `mov` have it. */
  absolute(operand: AbsoluteOperand): void {
    this.checkSegment(operand);
    this.field(operand.displacement, 4);
  }

  knownValue(expression: Expression): number | undefined {
    return this.known(expression);
  }

  /** Whether a number may stand in a sign-extended byte for an operand of the width. */
  fitsByte(expression: Expression, width: Width): boolean {
    const value = this.knownValue(expression);
    if (value === undefined) return false;
    return fitsSignedByte(
      width === 2 && value >= 0x8000 && value <= 0xffff ? value - 0x10000 : value | 0,
    );
  }

  /** The width of the mnemonic, else of the registers; they must agree. */
  widthOf(operands: readonly Operand[]): Width | undefined {
    const { mnemonic, mnemonicSpan } = this.statement;
    let { width } = this;
    for (const operand of operands) {
      if (operand.kind !== 'register') continue;
      width ??= operand.register.width;
      this.checkWidth(operand, width);
    }
    if (width === undefined) {
      const names = ['b', 'w', 'l'].map((suffix) => mnemonic + suffix);
      this.fail(
        asmMessages.noSuffix(
          mnemonicSpan,
          names.filter((name) => MNEMONICS.has(name)),
        ),
      );
    }
    return this.hasFailed ? undefined : width;
  }

  /** The same for an instruction that has no form for bytes. */
  wideWidthOf(operands: readonly Operand[]): 2 | 4 | undefined {
    const width = this.widthOf(operands);
    if (width !== 1) return width;
    this.badOperands('16 or 32 bits');
    return undefined;
  }

  checkWidth(operand: Operand, width: Width): void {
    if (operand.kind !== 'register' || operand.register.width === width) return;
    this.fail(asmMessages.wrongWidth(operand.span, operand.register.name, this.statement.mnemonic));
  }

  /** The one register or address of the instruction, and its width. */
  onePlace(): { readonly place: PlaceOperand; readonly width: Width } | undefined {
    const [place] = this.operands;
    if (this.operands.length !== 1 || !isPlace(place)) {
      this.badOperands('one register or address');
      return undefined;
    }
    const width = this.widthOf([place]);
    return width === undefined ? undefined : { place, width };
  }

  /** The target of a direct jump: a bare expression. */
  jumpTarget(): Expression | undefined {
    const [operand] = this.operands;
    if (this.operands.length === 1 && operand !== undefined && isAbsolute(operand))
      return operand.displacement;
    this.badOperands('a label');
    return undefined;
  }

  badOperands(expected: string): void {
    this.fail(asmMessages.badOperands(this.statement.span, this.statement.mnemonic, expected));
  }

  fail(diagnostic: Diagnostic): void {
    if (!this.hasFailed) this.diagnostics.push(diagnostic);
    this.hasFailed = true;
  }

  /** A segment may be written where it is the one that the CPU takes anyway. */
  private checkSegment({ segment, base, span }: MemoryOperand): void {
    const usual = base?.name === 'ebp' || base?.name === 'esp' ? 'ss' : 'ds';
    if (segment !== undefined && segment !== usual) this.fail(asmMessages.segment(span, segment));
  }
}

/** Whether an operand is a register or an address. */
export function isPlace(operand: Operand | undefined): operand is PlaceOperand {
  return operand?.kind === 'register' || operand?.kind === 'memory';
}

/** Whether an operand is an address without registers. */
export function isAbsolute(operand: Operand): operand is AbsoluteOperand {
  return (
    operand.kind === 'memory' &&
    operand.base === undefined &&
    operand.index === undefined &&
    operand.displacement !== undefined
  );
}

/** Whether an operand is `%al`, `%ax` or `%eax`. */
export function isAccumulator(operand: Operand): boolean {
  return operand.kind === 'register' && operand.register.number === 0;
}

function fitsSignedByte(value: number): boolean {
  return value >= -128 && value <= 127;
}

/** The SIB byte; no index is coded as `%esp`. */
function sib(scale: number, index: Register | undefined, baseNumber: number): number {
  return (
    ((index === undefined ? 0 : Math.log2(scale)) << 6) | ((index?.number ?? 4) << 3) | baseNumber
  );
}
