/**
 * Reads the bytes of one instruction for the disassembler, and gives its operands as text.
 * Numbers are written as objdump does: hexadecimal, displacements with their sign, immediates of the
 * operand's width.
 * Source: Intel SDM volume 2, chapter 2.
 */
import { hex, type Address } from '../base/brand.ts';
import { signExtend, truncate } from './alu.ts';
import { REGISTER_NAMES, type Width } from './register.ts';

const SUFFIX: Readonly<Record<Width, string>> = { 1: 'b', 2: 'w', 4: 'l' };

export class InstructionBytes {
  /** Index of the next byte. */
  at: number;
  /** 2 behind the prefix 66. */
  wide: 2 | 4 = 4;
  /** The register or address of the ModR/M byte, once `modrm` has read it. */
  place = '';
  private modrmByte = 0xff;
  private readonly bytes: Uint8Array;
  private readonly base: Address;

  constructor(bytes: Uint8Array, at: number, base: Address) {
    this.bytes = bytes;
    this.at = at;
    this.base = base;
  }

  byte(): number {
    const value = this.bytes[this.at] ?? 0;
    this.at += 1;
    return value;
  }

  number(width: Width): number {
    let value = 0;
    for (let shift = 0; shift < 8 * width; shift += 8) value |= this.byte() << shift;
    return value >>> 0;
  }

  widthOf(opcode: number): Width {
    return (opcode & 1) === 0 ? 1 : this.wide;
  }

  /** Reads the ModR/M byte and what belongs to it; `width` is that of a register place. */
  modrm(width: Width): void {
    this.modrmByte = this.byte();
    const mode = this.modrmByte >> 6;
    const rm = this.modrmByte & 7;
    if (mode === 3) {
      this.place = registerText(rm, width);
      return;
    }
    let base: number | undefined = rm;
    let index = '';
    if (rm === 4) {
      const sib = this.byte();
      base = sib & 7;
      const number = (sib >> 3) & 7;
      const scale = String(1 << (sib >> 6));
      if (number !== 4) index = `,${registerText(number, 4)},${scale}`;
      else if (base !== 4) index = `,%eiz,${scale}`;
    }
    if (mode === 0 && base === 5) base = undefined;
    const inside = `${base === undefined ? '' : registerText(base, 4)}${index}`;
    let displacement = '';
    if (mode === 1) displacement = signedHex(signExtend(this.byte(), 1));
    else if (mode === 2 || base === undefined) {
      const value = this.number(4);
      displacement = inside === '' ? hex(value) : signedHex(value | 0);
    }
    this.place = inside === '' ? displacement : `${displacement}(${inside})`;
  }

  /** The register or operation number in the middle of the ModR/M byte. */
  middle(): number {
    return (this.modrmByte >> 3) & 7;
  }

  isMemory(): boolean {
    return this.modrmByte < 0xc0;
  }

  middleRegister(width: Width): string {
    return registerText(this.middle(), width);
  }

  /** The name with a suffix where no register tells the width. */
  sized(name: string, width: Width): string {
    return this.isMemory() ? name + SUFFIX[width] : name;
  }

  /** An immediate of the width. */
  immediate(width: Width): string {
    return `$${hex(this.number(width))}`;
  }

  /** A sign-extended byte as an immediate of the width. */
  shortImmediate(width: Width): string {
    return `$${hex(truncate(signExtend(this.byte(), 1), width))}`;
  }

  /** The target of a jump, relative to the end of the instruction. */
  target(width: 1 | 4): string {
    const distance = signExtend(this.number(width), width);
    return hex((this.base + this.at + distance) >>> 0);
  }
}

/** A register by its code. */
export function registerText(number: number, width: Width): string {
  return `%${REGISTER_NAMES[width][number] ?? ''}`;
}

/** The suffix of a width. */
export function suffixOf(width: Width): string {
  return SUFFIX[width];
}

function signedHex(value: number): string {
  return `${value < 0 ? '-' : ''}${hex(Math.abs(value))}`;
}
