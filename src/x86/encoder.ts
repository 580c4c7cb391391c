/**
 * Encodes one parsed instruction as GNU `as --32` does: the shortest form for operands that are
 * known numbers, 32-bit fields for everything that depends on a label.
 *
 * Goes in: an instruction statement and a function that says which expressions are known now.
 * Comes out: bytes with zeros where an unknown value belongs, and fixups that name those places; a
 * jump whose length depends on its distance is left to the layout (`assemble.ts`).
 * Source: Intel SDM volume 2, chapter 2 and the instruction pages.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { asmMessages } from './asmMessages.ts';
import type { Expression, InstructionStatement, MemoryOperand, Operand } from './asmSyntax.ts';
import { MNEMONICS, REFUSED_MNEMONICS, type Operation } from './mnemonic.ts';
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

/** The bytes of one instruction, before labels have addresses. */
export interface Encoding {
  readonly bytes: number[];
  readonly fixups: Fixup[];
  /** Set for `jmp` and `jcc`, which have no bytes yet. */
  readonly jump:
    | { readonly short: number; readonly near: readonly number[]; readonly target: Expression }
    | undefined;
}

/** The value of an expression that does not depend on the layout, as it is known at this place. */
export type KnownValue = (expression: Expression) => number | undefined;

const OPERAND_SIZE_PREFIX = 0x66;

/** Encodes an instruction; `undefined` after an error, which is added to `diagnostics`. */
export function encodeInstruction(
  statement: InstructionStatement,
  known: KnownValue,
  diagnostics: Diagnostic[],
): Encoding | undefined {
  const { mnemonic, mnemonicSpan } = statement;
  const entry = MNEMONICS.get(mnemonic);
  if (entry === undefined) {
    const refusal = REFUSED_MNEMONICS.get(mnemonic);
    diagnostics.push(
      refusal === undefined
        ? asmMessages.unknownMnemonic(mnemonicSpan, mnemonic, MNEMONICS.keys())
        : asmMessages.refusedMnemonic(mnemonicSpan, mnemonic, refusal),
    );
    return undefined;
  }
  const encoder = new InstructionEncoder(statement, entry.width, known, diagnostics);
  return encoder.encode(entry.operation);
}

class InstructionEncoder {
  private readonly statement: InstructionStatement;
  private readonly operands: readonly Operand[];
  private readonly width: Width | undefined;
  private readonly known: KnownValue;
  private readonly diagnostics: Diagnostic[];
  private readonly bytes: number[] = [];
  private readonly fixups: Fixup[] = [];
  private jump: Encoding['jump'];
  private hasFailed = false;

  constructor(
    statement: InstructionStatement,
    width: Width | undefined,
    known: KnownValue,
    diagnostics: Diagnostic[],
  ) {
    this.statement = statement;
    this.operands = statement.operands;
    this.width = width;
    this.known = known;
    this.diagnostics = diagnostics;
  }

  encode(operation: Operation): Encoding | undefined {
    const { prefix, mnemonic } = this.statement;
    if (prefix !== undefined) {
      const isRepeatWhile = prefix.name !== 'rep';
      if (operation.kind !== 'string' || operation.compares !== isRepeatWhile) {
        this.fail(asmMessages.badPrefix(prefix.span, prefix.name, mnemonic));
        return undefined;
      }
      if (this.width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
      this.bytes.push(prefix.name.startsWith('repn') ? 0xf2 : 0xf3);
    }
    this.encodeOperation(operation);
    if (this.hasFailed) return undefined;
    return { bytes: this.bytes, fixups: this.fixups, jump: this.jump };
  }

  private encodeOperation(operation: Operation): void {
    const [first, second] = this.operands;
    switch (operation.kind) {
      case 'alu':
        this.encodeAlu(operation.number);
        return;
      case 'mov':
        this.encodeMov();
        return;
      case 'test':
        this.encodeTest();
        return;
      case 'xchg':
        this.encodeXchg();
        return;
      case 'lea': {
        if (this.operands.length !== 2 || first?.kind !== 'memory' || second?.kind !== 'register') {
          this.badOperands('an address and a register');
          return;
        }
        this.startSized(0x8d, this.widthOf([second]), true);
        this.modrm(second.register.number, first);
        return;
      }
      case 'extend': {
        if (this.operands.length !== 2 || second?.kind !== 'register' || !isPlace(first)) {
          this.badOperands('a register or address, and a register');
          return;
        }
        this.checkWidth(first, operation.from);
        const width = this.widthOf([second]);
        if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
        this.bytes.push(0x0f, operation.opcode);
        this.modrm(second.register.number, first);
        return;
      }
      case 'increment': {
        const width = this.onePlace();
        if (width === undefined || first === undefined) return;
        if (first.kind === 'register' && width !== 1) {
          if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
          this.bytes.push(0x40 + 8 * operation.number + first.register.number);
        } else {
          this.startSized(0xfe, width);
          this.modrm(operation.number, first);
        }
        return;
      }
      case 'unary': {
        const width = this.onePlace();
        if (width === undefined || first === undefined) return;
        this.startSized(0xf6, width);
        this.modrm(operation.number, first);
        return;
      }
      case 'imul':
        this.encodeImul();
        return;
      case 'shift':
        this.encodeShift(operation.number);
        return;
      case 'push':
      case 'pop':
        this.encodePushPop(operation.kind);
        return;
      case 'call':
      case 'jmp':
        this.encodeJump(operation.kind);
        return;
      case 'jcc': {
        const target = this.jumpTarget();
        if (target === undefined) return;
        const { condition } = operation;
        this.jump = { short: 0x70 + condition, near: [0x0f, 0x80 + condition], target };
        return;
      }
      case 'shortJump': {
        const target = this.jumpTarget();
        if (target === undefined) return;
        this.bytes.push(operation.opcode);
        this.field(target, 1, true);
        return;
      }
      case 'setcc': {
        if (this.onePlace() === undefined || first === undefined) return;
        this.bytes.push(0x0f, 0x90 + operation.condition);
        this.modrm(0, first);
        return;
      }
      case 'ret':
        this.encodeRet();
        return;
      case 'int': {
        if (this.operands.length !== 1 || first?.kind !== 'immediate') {
          this.badOperands('a number such as `$0x80`');
          return;
        }
        if (this.known(first.value) === 3) this.bytes.push(0xcc);
        else {
          this.bytes.push(0xcd);
          this.field(first.value, 1);
        }
        return;
      }
      case 'plain':
        if (this.operands.length > 0) this.badOperands('none');
        this.bytes.push(...operation.bytes);
        return;
      case 'string':
        if (this.operands.length > 0)
          this.badOperands('none; they work on `(%esi)` and `%es:(%edi)`');
        if (this.width === 2 && this.bytes.length === 0) this.bytes.push(OPERAND_SIZE_PREFIX);
        this.bytes.push(this.width === 1 ? operation.opcode : operation.opcode + 1);
        return;
    }
  }

  private encodeAlu(number: number): void {
    const [from, to] = this.operands;
    if (this.operands.length !== 2 || from === undefined || !isPlace(to)) {
      this.badOperands('a source, and a register or address');
      return;
    }
    const width = this.widthOf([from, to]);
    if (width === undefined) return;
    if (from.kind === 'immediate') {
      if (width !== 1 && this.fitsByte(from.value, width)) {
        this.startSized(0x82, width);
        this.modrm(number, to);
        this.shortField(from.value);
      } else if (to.kind === 'register' && to.register.number === 0) {
        this.startSized(number * 8 + 4, width);
        this.field(from.value, width);
      } else {
        this.startSized(0x80, width);
        this.modrm(number, to);
        this.field(from.value, width);
      }
    } else this.encodeRegisterAndPlace(number * 8, from, to, width);
  }

  /** `register, place` by the opcode, `memory, register` by the opcode + 2. */
  private encodeRegisterAndPlace(opcode: number, from: Operand, to: Operand, width: Width): void {
    if (from.kind === 'register') {
      this.startSized(opcode, width);
      this.modrm(from.register.number, to);
    } else if (from.kind === 'memory' && to.kind === 'register') {
      this.startSized(opcode + 2, width);
      this.modrm(to.register.number, from);
    } else this.badOperands('at most one address');
  }

  private encodeMov(): void {
    const [from, to] = this.operands;
    if (this.operands.length !== 2 || from === undefined || !isPlace(to)) {
      this.badOperands('a source, and a register or address');
      return;
    }
    const width = this.widthOf([from, to]);
    if (width === undefined) return;
    if (from.kind === 'immediate') {
      if (to.kind === 'register') {
        if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
        this.bytes.push((width === 1 ? 0xb0 : 0xb8) + to.register.number);
      } else {
        this.startSized(0xc6, width);
        this.modrm(0, to);
      }
      this.field(from.value, width);
    } else if (isAbsolute(from) && isAccumulator(to)) {
      this.startSized(0xa0, width);
      this.absolute(from);
    } else if (isAbsolute(to) && isAccumulator(from)) {
      this.startSized(0xa2, width);
      this.absolute(to);
    } else this.encodeRegisterAndPlace(0x88, from, to, width);
  }

  private encodeTest(): void {
    const [from, to] = this.operands;
    if (this.operands.length !== 2 || from === undefined || !isPlace(to)) {
      this.badOperands('a source, and a register or address');
      return;
    }
    const width = this.widthOf([from, to]);
    if (width === undefined) return;
    if (from.kind === 'immediate') {
      if (isAccumulator(to)) this.startSized(0xa8, width);
      else {
        this.startSized(0xf6, width);
        this.modrm(0, to);
      }
      this.field(from.value, width);
    } else if (from.kind === 'memory' && to.kind === 'register') {
      this.startSized(0x84, width);
      this.modrm(to.register.number, from);
    } else this.encodeRegisterAndPlace(0x84, from, to, width);
  }

  private encodeXchg(): void {
    const [from, to] = this.operands;
    if (this.operands.length !== 2 || !isPlace(from) || !isPlace(to)) {
      this.badOperands('two registers, or a register and an address');
      return;
    }
    const width = this.widthOf([from, to]);
    if (width === undefined) return;
    if (
      from.kind === 'register' &&
      to.kind === 'register' &&
      width !== 1 &&
      (isAccumulator(from) || isAccumulator(to))
    ) {
      if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
      this.bytes.push(0x90 + (isAccumulator(from) ? to : from).register.number);
      return;
    }
    this.startSized(0x86, width);
    if (from.kind === 'register') this.modrm(from.register.number, to);
    else if (to.kind === 'register') this.modrm(to.register.number, from);
    else this.badOperands('two registers, or a register and an address');
  }

  private encodeImul(): void {
    const [first, second, third] = this.operands;
    if (this.operands.length === 1) {
      this.encodeOperation({ kind: 'unary', number: 5 });
      return;
    }
    const to = third ?? second;
    if (to?.kind !== 'register' || this.operands.length > 3) {
      this.badOperands('a source and a register, or a number, a source and a register');
      return;
    }
    if (first?.kind === 'immediate' && isPlace(second)) {
      const width = this.widthOf([second, to]);
      if (width === undefined) return;
      const isShort = this.fitsByte(first.value, width);
      this.startSized(isShort ? 0x6b : 0x69, width, true);
      this.modrm(to.register.number, second);
      if (isShort) this.shortField(first.value);
      else this.field(first.value, width);
    } else if (third === undefined && isPlace(first)) {
      const width = this.widthOf([first, to]);
      if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
      this.bytes.push(0x0f, 0xaf);
      this.modrm(to.register.number, first);
    } else this.badOperands('a source and a register, or a number, a source and a register');
  }

  private encodeShift(number: number): void {
    const to = this.operands[this.operands.length - 1];
    const count = this.operands.length === 2 ? this.operands[0] : undefined;
    if (!isPlace(to) || this.operands.length > 2) {
      this.badOperands('a count and a register or address');
      return;
    }
    const width = this.widthOf([to]);
    if (width === undefined) return;
    if (count === undefined || (count.kind === 'immediate' && this.known(count.value) === 1)) {
      this.startSized(0xd0, width);
      this.modrm(number, to);
    } else if (count.kind === 'immediate') {
      this.startSized(0xc0, width);
      this.modrm(number, to);
      this.field(count.value, 1);
    } else if (count.kind === 'register' && count.register.name === 'cl') {
      this.startSized(0xd2, width);
      this.modrm(number, to);
    } else this.badOperands('a number or `%cl` as the count');
  }

  private encodePushPop(kind: 'push' | 'pop'): void {
    const [operand] = this.operands;
    const isPush = kind === 'push';
    if (
      this.operands.length !== 1 ||
      operand === undefined ||
      operand.kind === 'indirect' ||
      (!isPush && operand.kind === 'immediate')
    ) {
      this.badOperands(isPush ? 'a number, a register or an address' : 'a register or an address');
      return;
    }
    const width = operand.kind === 'register' ? this.widthOf([operand]) : (this.width ?? 4);
    if (width === undefined) return;
    if (width === 1) {
      this.badOperands('16 or 32 bits');
      return;
    }
    if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
    if (operand.kind === 'immediate') {
      const isShort = this.fitsByte(operand.value, width);
      this.bytes.push(isShort ? 0x6a : 0x68);
      if (isShort) this.shortField(operand.value);
      else this.field(operand.value, width);
    } else if (operand.kind === 'register') {
      this.bytes.push((isPush ? 0x50 : 0x58) + operand.register.number);
    } else {
      this.bytes.push(isPush ? 0xff : 0x8f);
      this.modrm(isPush ? 6 : 0, operand);
    }
  }

  private encodeJump(kind: 'call' | 'jmp'): void {
    const [operand] = this.operands;
    if (operand?.kind === 'indirect' && this.operands.length === 1) {
      this.checkWidth(operand.target, 4);
      this.bytes.push(0xff);
      this.modrm(kind === 'call' ? 2 : 4, operand.target);
      return;
    }
    const target = this.jumpTarget();
    if (target === undefined) return;
    if (kind === 'jmp') this.jump = { short: 0xeb, near: [0xe9], target };
    else {
      this.bytes.push(0xe8);
      this.field(target, 4, true);
    }
  }

  private encodeRet(): void {
    const [operand] = this.operands;
    if (operand === undefined) this.bytes.push(0xc3);
    else if (operand.kind === 'immediate' && this.operands.length === 1) {
      this.bytes.push(0xc2);
      this.field(operand.value, 2);
    } else this.badOperands('nothing, or how many bytes to remove');
  }

  /** The target of a direct jump: a bare expression. */
  private jumpTarget(): Expression | undefined {
    const [operand] = this.operands;
    if (this.operands.length === 1 && operand !== undefined && isAbsolute(operand))
      return operand.displacement;
    this.badOperands('a label');
    return undefined;
  }

  /** The width of an instruction with one register or address. */
  private onePlace(): Width | undefined {
    const [operand] = this.operands;
    if (this.operands.length === 1 && isPlace(operand)) return this.widthOf([operand]);
    this.badOperands('one register or address');
    return undefined;
  }

  /** The width of the mnemonic, else of the registers; they must agree. */
  private widthOf(operands: readonly Operand[]): Width | undefined {
    const { mnemonic, mnemonicSpan } = this.statement;
    let width = this.width;
    for (const operand of operands) {
      if (operand.kind !== 'register') continue;
      width ??= operand.register.width;
      this.checkWidth(operand, width);
    }
    if (width === undefined) this.fail(asmMessages.noSuffix(mnemonicSpan, mnemonic));
    return this.hasFailed ? undefined : width;
  }

  private checkWidth(operand: Operand, width: Width): void {
    if (operand.kind !== 'register' || operand.register.width === width) return;
    this.fail(asmMessages.wrongWidth(operand.span, operand.register.name, this.statement.mnemonic));
  }

  /** The operand-size prefix and the opcode; odd for words unless the opcode `isWordOnly`. */
  private startSized(opcode: number, width: Width | undefined, isWordOnly = false): void {
    if (width === 2) this.bytes.push(OPERAND_SIZE_PREFIX);
    this.bytes.push(width === 1 || isWordOnly ? opcode : opcode + 1);
  }

  /** The ModR/M byte, the SIB byte and the displacement of a register or address. */
  private modrm(middle: number, operand: Operand): void {
    const field = middle << 3;
    if (operand.kind === 'register') {
      this.bytes.push(0xc0 | field | operand.register.number);
      return;
    }
    if (operand.kind !== 'memory') {
      this.badOperands('a register or an address');
      return;
    }
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
    const value = displacement === undefined ? 0 : this.known(displacement);
    const isByte = value !== undefined && fitsSignedByte(value | 0);
    const mode = value === 0 && base.name !== 'ebp' ? 0 : isByte ? 1 : 2;
    this.bytes.push((mode << 6) | field | rm);
    if (needsSib) this.bytes.push(sib(operand.scale, index, base.number));
    if (mode === 1) this.bytes.push((value ?? 0) & 0xff);
    else if (mode === 2 && displacement !== undefined) this.field(displacement, 4);
  }

  private absolute(operand: MemoryOperand): void {
    if (operand.displacement !== undefined) this.field(operand.displacement, 4);
  }

  /** A byte that the CPU extends by its sign, for a value of which `fitsByte` is true. */
  private shortField(value: Expression): void {
    this.fixups.push({
      offset: this.bytes.length,
      width: 1,
      value,
      isRelative: false,
      isTruncated: true,
    });
    this.bytes.push(0);
  }

  /** A field whose value is filled in with the fixups. */
  private field(value: Expression, width: Width, isRelative = false): void {
    this.fixups.push({ offset: this.bytes.length, width, value, isRelative });
    for (let index = 0; index < width; index += 1) this.bytes.push(0);
  }

  /** Whether a number may stand in a sign-extended byte for an operand of the width. */
  private fitsByte(expression: Expression, width: Width): boolean {
    const value = this.known(expression);
    if (value === undefined) return false;
    return fitsSignedByte(
      width === 2 && value >= 0x8000 && value <= 0xffff ? value - 0x10000 : value | 0,
    );
  }

  private badOperands(expected: string): void {
    this.fail(asmMessages.badOperands(this.statement.span, this.statement.mnemonic, expected));
  }

  private fail(diagnostic: Diagnostic): void {
    if (!this.hasFailed) this.diagnostics.push(diagnostic);
    this.hasFailed = true;
  }
}

type Place = Extract<Operand, { kind: 'register' | 'memory' }>;

function isPlace(operand: Operand | undefined): operand is Place {
  return operand?.kind === 'register' || operand?.kind === 'memory';
}

type AbsoluteOperand = MemoryOperand & { readonly displacement: Expression };

function isAbsolute(operand: Operand): operand is AbsoluteOperand {
  return (
    operand.kind === 'memory' &&
    operand.base === undefined &&
    operand.index === undefined &&
    operand.displacement !== undefined
  );
}

function isAccumulator(operand: Operand): boolean {
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
