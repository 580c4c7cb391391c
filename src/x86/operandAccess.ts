/**
 * What instructions have in common: fetching bytes, decoding the ModR/M byte, and reading and
 * writing registers, memory and the stack. The families of instructions (`i386.ts`,
 * `executeArithmetic.ts`, …) work through one object of this class.
 *
 * After the first failed access of the bus nothing is read or written any more, so that the failed one
 * is the one that is reported; the registers are then set back.
 * Source: Intel SDM volume 2, chapter 2.
 */
import {
  USER_DONE,
  USER_EFLAGS,
  USER_EIP,
  USER_ESP,
  USER_FAULT,
  USER_REGISTER_COUNT,
  type UserBus,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import type { Width } from './register.ts';

/** The state of one step; `begin` sets all of it. */
export class OperandAccess {
  /** The task's registers. */
  registers: Int32Array = new Int32Array(USER_REGISTER_COUNT);
  /** What they were when the instruction began. */
  private readonly saved = new Int32Array(USER_REGISTER_COUNT);
  private bus: UserBus | undefined;
  /** The address of the next byte to fetch. */
  at = 0;
  hasJumped = false;
  private modrmByte = 0;
  /** A result of twice the width, or quotient and remainder. */
  readonly pair: alu.Pair = { low: 0, high: 0 };
  /** The address that the ModR/M byte stands for, when it is not a register. */
  address = 0;

  /** Starts an instruction at `eip`. */
  begin(registers: Int32Array, bus: UserBus): void {
    const { saved } = this;
    for (let index = 0; index < USER_REGISTER_COUNT; index += 1) {
      saved[index] = registers[index] as number;
    }
    this.registers = registers;
    this.bus = bus;
    this.at = this.get(USER_EIP);
    this.hasJumped = false;
  }

  /** Takes back what the instruction has done to the registers. */
  undo(): void {
    this.registers.set(this.saved);
  }

  push(value: number, width: Width): UserStepResult {
    const top = this.get(USER_ESP) - width;
    this.registers[USER_ESP] = top;
    return this.write(top, width, value);
  }

  pop(width: Width): number {
    const top = this.get(USER_ESP);
    this.registers[USER_ESP] = top + width;
    return this.read(top, width, false);
  }

  /** Decodes the ModR/M byte, the SIB byte and the displacement. */
  modrm(): void {
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
    if (mode === 1) address += alu.signExtend(this.fetch8(), 1);
    else if (mode === 2) address += this.fetch(4);
    this.address = address >>> 0;
  }

  /** The register or operation number in the middle of the ModR/M byte. */
  middle(): number {
    return (this.modrmByte >> 3) & 7;
  }

  isRegisterPlace(): boolean {
    return this.modrmByte >= 0xc0;
  }

  readPlace(width: Width, willWrite: boolean): number {
    if (this.isRegisterPlace()) return this.getRegister(this.modrmByte & 7, width);
    return this.read(this.address, width, willWrite);
  }

  writePlace(width: Width, value: number): UserStepResult {
    if (!this.isRegisterPlace()) return this.write(this.address, width, value);
    return this.setRegister(this.modrmByte & 7, width, value);
  }

  get(index: number): number {
    return this.registers[index] as number;
  }

  set(index: number, value: number): UserStepResult {
    this.registers[index] = value;
    return USER_DONE;
  }

  /** The unsigned value of a register as an instruction codes it. */
  getRegister(number: number, width: Width): number {
    if (width === 1 && number >= 4) return (this.get(number - 4) >> 8) & 0xff;
    return alu.truncate(this.get(number), width);
  }

  setRegister(number: number, width: Width, value: number): UserStepResult {
    if (width === 4) this.registers[number] = value;
    else if (width === 2) this.registers[number] = (this.get(number) & ~0xffff) | (value & 0xffff);
    else if (number < 4) this.registers[number] = (this.get(number) & ~0xff) | (value & 0xff);
    else this.registers[number - 4] = (this.get(number - 4) & ~0xff00) | ((value & 0xff) << 8);
    return USER_DONE;
  }

  setFlag(flag: number, isSet: boolean): UserStepResult {
    const flags = this.get(USER_EFLAGS);
    return this.set(USER_EFLAGS, isSet ? flags | flag : flags & ~flag);
  }

  jump(target: number): UserStepResult {
    this.registers[USER_EIP] = target;
    this.hasJumped = true;
    return USER_DONE;
  }

  fetch8(): number {
    if (this.bus === undefined || this.bus.faulted) return 0;
    const byte = this.bus.fetch(this.at >>> 0);
    this.at = (this.at + 1) | 0;
    return byte;
  }

  fetch(width: Width): number {
    let value = 0;
    for (let shift = 0; shift < 8 * width; shift += 8) value |= this.fetch8() << shift;
    return value >>> 0;
  }

  /** A byte further on, which stays to be fetched. */
  peek(distance: number): number {
    if (this.bus === undefined || this.bus.faulted) return 0;
    return this.bus.fetch((this.at + distance) >>> 0);
  }

  read(address: number, width: Width, willWrite: boolean): number {
    if (this.bus === undefined || this.bus.faulted) return 0;
    return this.bus.read(address >>> 0, width, willWrite);
  }

  write(address: number, width: Width, value: number): UserStepResult {
    if (this.bus === undefined || this.bus.faulted) return USER_FAULT;
    this.bus.write(address >>> 0, width, alu.truncate(value, width));
    return USER_DONE;
  }

  isFaulted(): boolean {
    return this.bus?.faulted === true;
  }
}
