/**
 * What instructions have in common: fetching bytes, decoding the ModR/M byte, and reading and
 * writing registers, memory and the stack. The base of the executor in `i386.ts`.
 *
 * Everything works on a copy of the registers; after the first failed access of the bus nothing is
 * read or written any more, so that the failed one is the one that is reported.
 * Source: Intel SDM volume 2, chapter 2.
 */
import {
  USER_DONE,
  USER_ESP,
  USER_FAULT,
  USER_REGISTER_COUNT,
  type UserBus,
  type UserStepResult,
} from '../machine/userCpu.ts';
import { signExtend, truncate } from './alu.ts';
import type { Width } from './register.ts';

/** The state of one step; `i386.ts` sets all of it before use. */
export class OperandAccess {
  /** A copy of the task's registers. */
  protected readonly registers = new Int32Array(USER_REGISTER_COUNT);
  protected bus: UserBus | undefined;
  /** The address of the next byte to fetch. */
  protected at = 0;
  protected hasJumped = false;
  protected modrmByte = 0;
  /** The address that the ModR/M byte stands for, when it is not a register. */
  protected address = 0;

  protected push(value: number, width: Width): UserStepResult {
    const top = this.get(USER_ESP) - width;
    this.registers[USER_ESP] = top;
    return this.write(top, width, value);
  }

  protected pop(width: Width): number {
    const top = this.get(USER_ESP);
    this.registers[USER_ESP] = top + width;
    return this.read(top, width, false);
  }

  /** Decodes the ModR/M byte, the SIB byte and the displacement. */
  protected modrm(): void {
    this.modrmByte = this.fetch8();
    if (this.isRegisterPlace()) return;
    const mode = this.modrmByte >> 6;
    let base = this.modrmByte & 7;
    let address = 0;
    if (base === 4) {
      const sib = this.fetch8();
      const index = (sib >> 3) & 7;
      if (index !== 4) address = this.get(index) << (sib >> 6);
      base = sib & 7;
    }
    if (base === 5 && mode === 0) address += this.fetch(4);
    else address += this.get(base);
    if (mode === 1) address += signExtend(this.fetch8(), 1);
    else if (mode === 2) address += this.fetch(4);
    this.address = address >>> 0;
  }

  /** The register or operation number in the middle of the ModR/M byte. */
  protected middle(): number {
    return (this.modrmByte >> 3) & 7;
  }

  protected isRegisterPlace(): boolean {
    return this.modrmByte >= 0xc0;
  }

  protected readPlace(width: Width, willWrite: boolean): number {
    if (this.isRegisterPlace()) return this.getRegister(this.modrmByte & 7, width);
    return this.read(this.address, width, willWrite);
  }

  protected writePlace(width: Width, value: number): UserStepResult {
    if (!this.isRegisterPlace()) return this.write(this.address, width, value);
    return this.setRegister(this.modrmByte & 7, width, value);
  }

  protected get(index: number): number {
    return this.registers[index] ?? 0;
  }

  protected set(index: number, value: number): UserStepResult {
    this.registers[index] = value;
    return USER_DONE;
  }

  /** The unsigned value of a register as an instruction codes it. */
  protected getRegister(number: number, width: Width): number {
    if (width === 1 && number >= 4) return (this.get(number - 4) >> 8) & 0xff;
    return truncate(this.get(number), width);
  }

  protected setRegister(number: number, width: Width, value: number): UserStepResult {
    if (width === 4) this.registers[number] = value;
    else if (width === 2) this.registers[number] = (this.get(number) & ~0xffff) | (value & 0xffff);
    else if (number < 4) this.registers[number] = (this.get(number) & ~0xff) | (value & 0xff);
    else this.registers[number - 4] = (this.get(number - 4) & ~0xff00) | ((value & 0xff) << 8);
    return USER_DONE;
  }

  protected fetch8(): number {
    if (this.bus === undefined || this.bus.faulted) return 0;
    const byte = this.bus.fetch(this.at >>> 0);
    this.at = (this.at + 1) | 0;
    return byte;
  }

  protected fetch(width: Width): number {
    let value = 0;
    for (let shift = 0; shift < 8 * width; shift += 8) value |= this.fetch8() << shift;
    return value >>> 0;
  }

  protected read(address: number, width: Width, willWrite: boolean): number {
    if (this.bus === undefined || this.bus.faulted) return 0;
    return this.bus.read(address >>> 0, width, willWrite);
  }

  protected write(address: number, width: Width, value: number): UserStepResult {
    if (this.bus === undefined || this.bus.faulted) return USER_FAULT;
    this.bus.write(address >>> 0, width, truncate(value, width));
    return USER_DONE;
  }

  protected isFaulted(): boolean {
    return this.bus?.faulted === true;
  }
}
