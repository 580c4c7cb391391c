/**
 * Turns bytes back into AT&T text: what the assembler can produce, with suffixes and numbers written
 * out, so that assembling the text again gives the same bytes. Other bytes become `.byte`.
 * Source: Intel SDM volume 2, opcode map; the encodings are those of `encoder.ts`.
 */
import { hex, type Address } from '../base/brand.ts';
import { signExtend } from './alu.ts';
import { ALU_NAMES, CONDITIONS, SHIFT_NAMES, STRING_OPERATIONS, UNARY_NAMES } from './mnemonic.ts';
import { REGISTER_NAMES, type Width } from './register.ts';

/** One instruction of a listing. */
export interface DisassembledLine {
  readonly address: Address;
  readonly bytes: Uint8Array;
  /** AT&T syntax; jumps name their target's address. */
  readonly text: string;
}

/** Disassembles bytes that start at an address; every byte belongs to exactly one line. */
export function disassemble(bytes: Uint8Array, address: Address): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const decoder = new InstructionDecoder(bytes, at, address);
    const text = decoder.decode();
    const isComplete = text !== undefined && decoder.at <= bytes.length;
    const end = isComplete ? decoder.at : at + 1;
    lines.push({
      address: (address + at) as Address,
      bytes: bytes.slice(at, end),
      text: isComplete ? text : `.byte ${hex(bytes[at] ?? 0, 2)}`,
    });
    at = end;
  }
  return lines;
}

const SUFFIX: Readonly<Record<Width, string>> = { 1: 'b', 2: 'w', 4: 'l' };

/** Instructions without operands, by their bytes; those with the prefix 66 are below. */
const PLAIN: Readonly<Record<number, string>> = {
  0x90: 'nop',
  0x98: 'cwtl',
  0x99: 'cltd',
  0x9c: 'pushfl',
  0x9d: 'popfl',
  0xc3: 'ret',
  0xc9: 'leave',
  0xcc: 'int3',
  0xf5: 'cmc',
  0xf8: 'clc',
  0xf9: 'stc',
  0xfc: 'cld',
  0xfd: 'std',
};
const PLAIN_16: Readonly<Record<number, string>> = {
  0x90: 'xchgw %ax, %ax',
  0x98: 'cbtw',
  0x99: 'cwtd',
};

class InstructionDecoder {
  /** Index of the next byte. */
  at: number;
  private readonly bytes: Uint8Array;
  private readonly base: Address;
  private wide: 2 | 4 = 4;
  private modrmByte = 0;
  private place = '';

  constructor(bytes: Uint8Array, at: number, base: Address) {
    this.bytes = bytes;
    this.at = at;
    this.base = base;
  }

  /** The text, or `undefined` for what the assembler does not produce. */
  decode(): string | undefined {
    let opcode = this.byte();
    if (opcode === 0x66) {
      this.wide = 2;
      opcode = this.byte();
    }
    if (opcode === 0xf2 || opcode === 0xf3) {
      const text = this.decodeString(this.byte(), true, opcode === 0xf2);
      return text;
    }
    if (opcode === 0x0f) return this.decodeTwoByte();
    if (opcode < 0x40) return this.decodeAlu(opcode);
    const plain = this.wide === 2 ? PLAIN_16[opcode] : PLAIN[opcode];
    if (plain !== undefined) return plain;
    return (
      this.decodeGroups(opcode) ??
      this.decodeSimple(opcode) ??
      this.decodeString(opcode, false, false)
    );
  }

  private decodeAlu(opcode: number): string | undefined {
    const name = ALU_NAMES[opcode >> 3] ?? '';
    const width = this.widthOf(opcode);
    switch (opcode & 7) {
      case 0:
      case 1:
        return `${name}${SUFFIX[width]} ${this.pairFromRegister(width)}`;
      case 2:
      case 3:
        return `${name}${SUFFIX[width]} ${this.pairToRegister(width)}`;
      case 4:
      case 5:
        return `${name}${SUFFIX[width]} ${this.immediate(width)}, ${register(0, width)}`;
      default:
        return undefined;
    }
  }

  /** Opcodes whose ModR/M byte chooses the operation, or that have one at all. */
  private decodeGroups(opcode: number): string | undefined {
    const width = this.widthOf(opcode);
    const suffix = SUFFIX[width];
    switch (opcode) {
      case 0x69:
      case 0x6b: {
        this.modrm(this.wide);
        const value = this.immediate(opcode === 0x69 ? this.wide : 1);
        return `imul${SUFFIX[this.wide]} ${value}, ${this.place}, ${this.middleRegister(this.wide)}`;
      }
      case 0x80:
      case 0x81:
      case 0x83: {
        this.modrm(width);
        const name = ALU_NAMES[this.middle()] ?? '';
        return `${name}${suffix} ${this.immediate(opcode === 0x83 ? 1 : width)}, ${this.place}`;
      }
      case 0x84:
      case 0x85:
        return `test${suffix} ${this.pairFromRegister(width)}`;
      case 0x86:
      case 0x87:
        return `xchg${suffix} ${this.pairFromRegister(width)}`;
      case 0x88:
      case 0x89:
        return `mov${suffix} ${this.pairFromRegister(width)}`;
      case 0x8a:
      case 0x8b:
        return `mov${suffix} ${this.pairToRegister(width)}`;
      case 0x8d:
        return `lea${SUFFIX[this.wide]} ${this.pairToRegister(this.wide)}`;
      case 0x8f:
        this.modrm(this.wide);
        return this.middle() === 0 ? `pop${SUFFIX[this.wide]} ${this.place}` : undefined;
      case 0xc0:
      case 0xc1:
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3: {
        this.modrm(width);
        const name = SHIFT_NAMES[this.middle()];
        if (name === undefined) return undefined;
        const count = opcode < 0xd0 ? `$${String(this.byte())}, ` : opcode < 0xd2 ? '' : '%cl, ';
        return `${name}${suffix} ${count}${this.place}`;
      }
      case 0xc6:
      case 0xc7:
        this.modrm(width);
        return this.middle() === 0
          ? `mov${suffix} ${this.immediate(width)}, ${this.place}`
          : undefined;
      case 0xf6:
      case 0xf7: {
        this.modrm(width);
        if (this.middle() === 0) return `test${suffix} ${this.immediate(width)}, ${this.place}`;
        const name = UNARY_NAMES[this.middle()];
        return name === undefined ? undefined : `${name}${suffix} ${this.place}`;
      }
      case 0xfe:
      case 0xff:
        return this.decodeGroup5(opcode, width);
      default:
        return undefined;
    }
  }

  private decodeGroup5(opcode: number, width: Width): string | undefined {
    this.modrm(width);
    const operation = this.middle();
    if (opcode === 0xfe && operation > 1) return undefined;
    switch (operation) {
      case 0:
      case 1:
        return `${operation === 0 ? 'inc' : 'dec'}${SUFFIX[width]} ${this.place}`;
      case 2:
        return `call *${this.place}`;
      case 4:
        return `jmp *${this.place}`;
      case 6:
        return `push${SUFFIX[width]} ${this.place}`;
      default:
        return undefined;
    }
  }

  /** Opcodes without a ModR/M byte. */
  private decodeSimple(opcode: number): string | undefined {
    const { wide } = this;
    const suffix = SUFFIX[wide];
    const low = register(opcode & 7, wide);
    switch (opcode >> 3) {
      case 8:
        return `inc${suffix} ${low}`;
      case 9:
        return `dec${suffix} ${low}`;
      case 10:
        return `push${suffix} ${low}`;
      case 11:
        return `pop${suffix} ${low}`;
      case 14:
      case 15:
        return `j${CONDITIONS[opcode & 15]?.[0] ?? ''} ${this.target(1)}`;
      case 18:
        return `xchg${suffix} ${low}, ${register(0, wide)}`;
      case 22:
        return `movb ${this.immediate(1)}, ${register(opcode & 7, 1)}`;
      case 23:
        return `mov${suffix} ${this.immediate(wide)}, ${low}`;
      default:
        break;
    }
    const width = this.widthOf(opcode);
    switch (opcode) {
      case 0x68:
        return `push${suffix} ${this.immediate(wide)}`;
      case 0x6a:
        return `push${suffix} ${this.immediate(1)}`;
      case 0xa0:
      case 0xa1:
        return `mov${SUFFIX[width]} ${hex(this.number(4))}, ${register(0, width)}`;
      case 0xa2:
      case 0xa3:
        return `mov${SUFFIX[width]} ${register(0, width)}, ${hex(this.number(4))}`;
      case 0xa8:
      case 0xa9:
        return `test${SUFFIX[width]} ${this.immediate(width)}, ${register(0, width)}`;
      case 0xc2:
        return `ret ${hexImmediate(this.number(2))}`;
      case 0xcd:
        return `int ${hexImmediate(this.byte())}`;
      case 0xe0:
        return `loopne ${this.target(1)}`;
      case 0xe1:
        return `loope ${this.target(1)}`;
      case 0xe2:
        return `loop ${this.target(1)}`;
      case 0xe3:
        return `jecxz ${this.target(1)}`;
      case 0xe8:
        return `call ${this.target(4)}`;
      case 0xe9:
        return `jmp ${this.target(4)}`;
      case 0xeb:
        return `jmp ${this.target(1)}`;
      default:
        return undefined;
    }
  }

  private decodeTwoByte(): string | undefined {
    const opcode = this.byte();
    const condition = CONDITIONS[opcode & 15]?.[0] ?? '';
    if (opcode >> 4 === 8) return `j${condition} ${this.target(4)}`;
    if (opcode >> 4 === 9) {
      this.modrm(1);
      return `set${condition} ${this.place}`;
    }
    const suffix = SUFFIX[this.wide];
    if (opcode === 0xaf) return `imul${suffix} ${this.pairToRegister(this.wide)}`;
    if ((opcode & 0xf6) !== 0xb6) return undefined;
    const from: Width = (opcode & 1) === 0 ? 1 : 2;
    this.modrm(from);
    return `mov${opcode < 0xbe ? 'z' : 's'}${SUFFIX[from]}${suffix} ${this.place}, ${this.middleRegister(this.wide)}`;
  }

  private decodeString(
    opcode: number,
    isRepeated: boolean,
    isWhileUnequal: boolean,
  ): string | undefined {
    const found = STRING_OPERATIONS.find(([, code]) => code === (opcode & 0xfe));
    if (found === undefined) return undefined;
    const [name, , compares] = found;
    if (isWhileUnequal && !compares) return undefined;
    const prefix = !isRepeated ? '' : !compares ? 'rep ' : isWhileUnequal ? 'repne ' : 'repe ';
    return `${prefix}${name}${SUFFIX[this.widthOf(opcode)]}`;
  }

  private pairFromRegister(width: Width): string {
    this.modrm(width);
    return `${this.middleRegister(width)}, ${this.place}`;
  }

  private pairToRegister(width: Width): string {
    this.modrm(width);
    return `${this.place}, ${this.middleRegister(width)}`;
  }

  private widthOf(opcode: number): Width {
    return (opcode & 1) === 0 ? 1 : this.wide;
  }

  private middle(): number {
    return (this.modrmByte >> 3) & 7;
  }

  private middleRegister(width: Width): string {
    return register(this.middle(), width);
  }

  /** Reads the ModR/M byte and what belongs to it, and sets the text of its place. */
  private modrm(width: Width): void {
    this.modrmByte = this.byte();
    const mode = this.modrmByte >> 6;
    const rm = this.modrmByte & 7;
    if (mode === 3) {
      this.place = register(rm, width);
      return;
    }
    let base: number | undefined = rm;
    let index = '';
    if (rm === 4) {
      const sib = this.byte();
      base = sib & 7;
      const number = (sib >> 3) & 7;
      if (number !== 4) index = `, ${register(number, 4)}, ${String(1 << (sib >> 6))}`;
    }
    if (mode === 0 && base === 5) base = undefined;
    let displacement = '';
    if (mode === 1) {
      const value = signExtend(this.byte(), 1);
      displacement = `${value < 0 ? '-' : ''}${hex(Math.abs(value))}`;
    } else if (mode === 2 || base === undefined) displacement = hex(this.number(4));
    const inside = `${base === undefined ? '' : register(base, 4)}${index}`;
    this.place = inside === '' ? displacement : `${displacement}(${inside})`;
  }

  /** An immediate operand; a byte stands for its sign-extended value. */
  private immediate(width: Width): string {
    const value = signExtend(this.number(width), width);
    return width === 1 && value < 0 ? `$-${hex(-value)}` : hexImmediate(value);
  }

  private target(width: 1 | 4): string {
    const distance = signExtend(this.number(width), width);
    return hex(this.base + this.at + distance);
  }

  private number(width: Width): number {
    let value = 0;
    for (let shift = 0; shift < 8 * width; shift += 8) value |= this.byte() << shift;
    return value >>> 0;
  }

  private byte(): number {
    const value = this.bytes[this.at] ?? 0;
    this.at += 1;
    return value;
  }
}

function hexImmediate(value: number): string {
  return `$${hex(value)}`;
}

function register(number: number, width: Width): string {
  return `%${REGISTER_NAMES[width][number] ?? ''}`;
}
