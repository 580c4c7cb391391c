/**
 * Executes user programs: one real i386 instruction at a time, from its bytes.
 *
 * The instruction works on a copy of the registers, which becomes the task's registers only when the
 * instruction is done. An instruction writes memory at most once, after all its reads, so a fault
 * leaves nothing half done. A `rep` instruction executes one element a step and stays at its address
 * until it is done, as the CPU does when it is interrupted between elements.
 * What the assembler cannot produce is an invalid opcode here.
 * Source: Intel SDM volume 2; the encodings are listed in `encoder.ts`.
 */
import {
  USER_BREAKPOINT,
  USER_DIVIDE,
  USER_DONE,
  USER_EAX,
  USER_EBP,
  USER_ECX,
  USER_EDI,
  USER_EDX,
  USER_EFLAGS,
  USER_EIP,
  USER_ESI,
  USER_ESP,
  USER_FAULT,
  USER_INVALID,
  USER_SYSTEM_CALL,
  type UserBus,
  type UserCpu,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import { OperandAccess } from './operandAccess.ts';
import type { Width } from './register.ts';

/** Creates the executor; it keeps nothing between steps. */
export function createUserCpu(): UserCpu {
  return new I386();
}

/** An instruction has at most this many bytes, prefixes included. */
const LONGEST_INSTRUCTION = 15;

/** The flags that `popf` may change in user mode. */
const POPF_FLAGS = alu.ARITHMETIC_FLAGS | alu.FLAG_DIRECTION;

const KEEPS_CARRY = alu.ARITHMETIC_FLAGS & ~alu.FLAG_CARRY;

class I386 extends OperandAccess implements UserCpu {
  step(registers: Int32Array, bus: UserBus): UserStepResult {
    this.registers.set(registers);
    this.bus = bus;
    this.at = this.get(USER_EIP);
    this.hasJumped = false;
    const result = this.execute();
    if (bus.faulted) return USER_FAULT;
    if (result === USER_INVALID || result === USER_DIVIDE) return result;
    registers.set(this.registers);
    return result;
  }

  private execute(): UserStepResult {
    const start = this.at;
    let width: 2 | 4 = 4;
    let repeat = 0;
    let opcode = this.fetch8();
    for (; opcode === 0x66 || opcode === 0xf2 || opcode === 0xf3; opcode = this.fetch8()) {
      if (opcode === 0x66) width = 2;
      else repeat = opcode;
      if (this.at - start >= LONGEST_INSTRUCTION) return USER_INVALID;
    }
    if (this.isFaulted()) return USER_FAULT;
    if (repeat !== 0) return this.executeRepeated(start, repeat, opcode, width);
    const result =
      opcode === 0x0f ? this.executeTwoByte(width) : this.executeOneByte(opcode, width);
    if (!this.hasJumped) this.registers[USER_EIP] = this.at;
    return result;
  }

  private executeOneByte(opcode: number, wide: 2 | 4): UserStepResult {
    const width: Width = (opcode & 1) === 0 ? 1 : wide;
    if (opcode < 0x40) return this.executeAlu(opcode, width);
    switch (opcode >> 3) {
      case 8:
        return this.setRegister(
          opcode & 7,
          wide,
          alu.add(this.registers, this.getRegister(opcode & 7, wide), 1, 0, wide, KEEPS_CARRY),
        );
      case 9:
        return this.setRegister(
          opcode & 7,
          wide,
          alu.subtract(this.registers, this.getRegister(opcode & 7, wide), 1, 0, wide, KEEPS_CARRY),
        );
      case 10:
        return this.push(this.getRegister(opcode & 7, wide), wide);
      case 11: {
        const value = this.pop(wide);
        return this.setRegister(opcode & 7, wide, value);
      }
      case 14:
      case 15:
        return this.jumpIf(alu.isConditionTrue(this.registers, opcode & 15), 1, wide);
      case 18: {
        const value = this.getRegister(opcode & 7, wide);
        this.setRegister(opcode & 7, wide, this.getRegister(USER_EAX, wide));
        return this.setRegister(USER_EAX, wide, value);
      }
      case 22:
        return this.setRegister(opcode & 7, 1, this.fetch(1));
      case 23:
        return this.setRegister(opcode & 7, wide, this.fetch(wide));
      default:
        break;
    }
    switch (opcode) {
      case 0x68:
        return this.push(this.fetch(wide), wide);
      case 0x6a:
        return this.push(alu.signExtend(this.fetch(1), 1), wide);
      case 0x69:
      case 0x6b: {
        this.modrm();
        const left = this.readPlace(wide, false);
        const right = opcode === 0x69 ? this.fetch(wide) : alu.signExtend(this.fetch(1), 1);
        return this.setRegister(
          this.middle(),
          wide,
          alu.multiply(this.registers, left, right, wide, true)[0],
        );
      }
      case 0x80:
      case 0x81:
      case 0x83: {
        this.modrm();
        const operation = this.middle();
        const left = this.readPlace(width, operation !== 7);
        const right = opcode === 0x83 ? alu.signExtend(this.fetch(1), 1) : this.fetch(width);
        return this.storeUnlessCompare(operation, left, right, width);
      }
      case 0x84:
      case 0x85:
        this.modrm();
        alu.logic(
          this.registers,
          this.readPlace(width, false) & this.getRegister(this.middle(), width),
          width,
        );
        return USER_DONE;
      case 0x86:
      case 0x87: {
        this.modrm();
        const value = this.readPlace(width, true);
        this.writePlace(width, this.getRegister(this.middle(), width));
        return this.setRegister(this.middle(), width, value);
      }
      case 0x88:
      case 0x89:
        this.modrm();
        return this.writePlace(width, this.getRegister(this.middle(), width));
      case 0x8a:
      case 0x8b:
        this.modrm();
        return this.setRegister(this.middle(), width, this.readPlace(width, false));
      case 0x8d:
        this.modrm();
        if (this.isRegisterPlace()) return USER_INVALID;
        return this.setRegister(this.middle(), wide, this.address);
      case 0x8f: {
        // The address of a popped place is computed with the stack pointer after the pop.
        const value = this.pop(wide);
        this.modrm();
        return this.middle() === 0 ? this.writePlace(wide, value) : USER_INVALID;
      }
      case 0x98:
        return this.setRegister(
          USER_EAX,
          wide,
          alu.signExtend(this.get(USER_EAX), wide === 4 ? 2 : 1),
        );
      case 0x99:
        return this.setRegister(USER_EDX, wide, alu.signExtend(this.get(USER_EAX), wide) >> 31);
      case 0x9c:
        return this.push(this.get(USER_EFLAGS) | 2, wide);
      case 0x9d: {
        const flags = this.pop(wide);
        return this.set(USER_EFLAGS, (this.get(USER_EFLAGS) & ~POPF_FLAGS) | (flags & POPF_FLAGS));
      }
      case 0xa0:
      case 0xa1:
        return this.setRegister(USER_EAX, width, this.read(this.fetch(4), width, false));
      case 0xa2:
      case 0xa3:
        return this.write(this.fetch(4), width, this.getRegister(USER_EAX, width));
      case 0xa8:
      case 0xa9:
        alu.logic(this.registers, this.getRegister(USER_EAX, width) & this.fetch(width), width);
        return USER_DONE;
      case 0xc0:
      case 0xc1:
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.executeShift(opcode, width);
      case 0xc2:
      case 0xc3: {
        const extra = opcode === 0xc2 ? this.fetch(2) : 0;
        if (wide === 2) return USER_INVALID;
        const target = this.pop(4);
        this.registers[USER_ESP] = this.get(USER_ESP) + extra;
        return this.jump(target);
      }
      case 0xc6:
      case 0xc7:
        this.modrm();
        return this.middle() === 0 ? this.writePlace(width, this.fetch(width)) : USER_INVALID;
      case 0xc9: {
        const value = this.read(this.get(USER_EBP), 4, false);
        this.registers[USER_ESP] = this.get(USER_EBP) + 4;
        return this.set(USER_EBP, value);
      }
      case 0xcc:
        return USER_BREAKPOINT;
      case 0xcd: {
        const vector = this.fetch8();
        return vector === 0x80 ? USER_SYSTEM_CALL : vector === 3 ? USER_BREAKPOINT : USER_INVALID;
      }
      case 0xe0:
      case 0xe1:
      case 0xe2: {
        const left = (this.registers[USER_ECX] = this.get(USER_ECX) - 1);
        const isZero = alu.isConditionTrue(this.registers, 4);
        return this.jumpIf(
          left !== 0 && (opcode === 0xe2 || isZero === (opcode === 0xe1)),
          1,
          wide,
        );
      }
      case 0xe3:
        return this.jumpIf(this.get(USER_ECX) === 0, 1, wide);
      case 0xe8: {
        const distance = this.fetch(4);
        if (wide === 2) return USER_INVALID;
        this.push(this.at, 4);
        return this.jump(this.at + distance);
      }
      case 0xe9:
        return this.jumpIf(true, 4, wide);
      case 0xeb:
        return this.jumpIf(true, 1, wide);
      case 0xf5:
        return this.set(USER_EFLAGS, this.get(USER_EFLAGS) ^ alu.FLAG_CARRY);
      case 0xf6:
      case 0xf7:
        return this.executeUnary(width);
      case 0xf8:
      case 0xf9:
        return this.setFlag(alu.FLAG_CARRY, opcode === 0xf9);
      case 0xfc:
      case 0xfd:
        return this.setFlag(alu.FLAG_DIRECTION, opcode === 0xfd);
      case 0xfe:
      case 0xff:
        return this.executeGroup5(opcode, width);
      default:
        return this.executeString(opcode, width);
    }
  }

  /** Opcodes 0f xx: near conditional jumps, set, extending moves, multiplication. */
  private executeTwoByte(wide: 2 | 4): UserStepResult {
    const opcode = this.fetch8();
    switch (opcode >> 4) {
      case 8:
        return this.jumpIf(alu.isConditionTrue(this.registers, opcode & 15), 4, wide);
      case 9:
        this.modrm();
        return this.writePlace(1, alu.isConditionTrue(this.registers, opcode & 15) ? 1 : 0);
      default:
        break;
    }
    switch (opcode) {
      case 0xaf: {
        this.modrm();
        const right = this.readPlace(wide, false);
        const left = this.getRegister(this.middle(), wide);
        return this.setRegister(
          this.middle(),
          wide,
          alu.multiply(this.registers, left, right, wide, true)[0],
        );
      }
      case 0xb6:
      case 0xb7:
      case 0xbe:
      case 0xbf: {
        this.modrm();
        const from: Width = (opcode & 1) === 0 ? 1 : 2;
        const value = this.readPlace(from, false);
        return this.setRegister(
          this.middle(),
          wide,
          opcode >= 0xbe ? alu.signExtend(value, from) : value,
        );
      }
      default:
        return USER_INVALID;
    }
  }

  /** Opcodes 00-3f: operation in bits 3-5, form in bits 0-2. */
  private executeAlu(opcode: number, width: Width): UserStepResult {
    const operation = opcode >> 3;
    switch (opcode & 7) {
      case 0:
      case 1: {
        this.modrm();
        const left = this.readPlace(width, operation !== 7);
        return this.storeUnlessCompare(
          operation,
          left,
          this.getRegister(this.middle(), width),
          width,
        );
      }
      case 2:
      case 3: {
        this.modrm();
        const left = this.getRegister(this.middle(), width);
        const result = alu.calculate(
          this.registers,
          operation,
          left,
          this.readPlace(width, false),
          width,
        );
        if (operation !== 7) this.setRegister(this.middle(), width, result);
        return USER_DONE;
      }
      case 4:
      case 5: {
        const left = this.getRegister(USER_EAX, width);
        const result = alu.calculate(this.registers, operation, left, this.fetch(width), width);
        if (operation !== 7) this.setRegister(USER_EAX, width, result);
        return USER_DONE;
      }
      default:
        return USER_INVALID;
    }
  }

  private storeUnlessCompare(
    operation: number,
    left: number,
    right: number,
    width: Width,
  ): UserStepResult {
    const result = alu.calculate(this.registers, operation, left, right, width);
    return operation === 7 ? USER_DONE : this.writePlace(width, result);
  }

  private executeShift(opcode: number, width: Width): UserStepResult {
    this.modrm();
    const operation = this.middle();
    if (operation === 2 || operation === 3 || operation === 6) return USER_INVALID;
    const value = this.readPlace(width, true);
    const count = opcode < 0xd0 ? this.fetch8() : opcode < 0xd2 ? 1 : this.get(USER_ECX);
    return this.writePlace(width, alu.shift(this.registers, operation, value, count, width));
  }

  /** Opcodes f6 and f7: test, not, neg, multiplication and division. */
  private executeUnary(width: Width): UserStepResult {
    this.modrm();
    const operation = this.middle();
    const value = this.readPlace(width, operation === 2 || operation === 3);
    switch (operation) {
      case 0:
        alu.logic(this.registers, value & this.fetch(width), width);
        return USER_DONE;
      case 1:
        return USER_INVALID;
      case 2:
        return this.writePlace(width, ~value);
      case 3:
        return this.writePlace(width, alu.subtract(this.registers, 0, value, 0, width));
      case 4:
      case 5: {
        const [low, high] = alu.multiply(
          this.registers,
          this.getRegister(USER_EAX, width),
          value,
          width,
          operation === 5,
        );
        return this.setPair(low, high, width);
      }
      default: {
        const high = width === 1 ? this.getRegister(4, 1) : this.getRegister(USER_EDX, width);
        const result = alu.divide(
          this.getRegister(USER_EAX, width),
          high,
          value,
          width,
          operation === 7,
        );
        return result === undefined ? USER_DIVIDE : this.setPair(result[0], result[1], width);
      }
    }
  }

  /** A double-width result: ah:al, dx:ax or edx:eax. */
  private setPair(low: number, high: number, width: Width): UserStepResult {
    this.setRegister(USER_EAX, width, low);
    return this.setRegister(width === 1 ? 4 : USER_EDX, width, high);
  }

  /** Opcodes fe and ff: inc, dec, indirect call and jump, push. */
  private executeGroup5(opcode: number, width: Width): UserStepResult {
    this.modrm();
    const operation = this.middle();
    const isUpdate = operation <= 1;
    if (opcode === 0xfe && !isUpdate) return USER_INVALID;
    const value = this.readPlace(width, isUpdate);
    switch (operation) {
      case 0:
        return this.writePlace(width, alu.add(this.registers, value, 1, 0, width, KEEPS_CARRY));
      case 1:
        return this.writePlace(
          width,
          alu.subtract(this.registers, value, 1, 0, width, KEEPS_CARRY),
        );
      case 2:
        if (width === 2) return USER_INVALID;
        this.push(this.at, 4);
        return this.jump(value);
      case 4:
        return width === 2 ? USER_INVALID : this.jump(value);
      case 6:
        return this.push(value, width);
      default:
        return USER_INVALID;
    }
  }

  private executeRepeated(
    start: number,
    repeat: number,
    opcode: number,
    wide: 2 | 4,
  ): UserStepResult {
    const width: Width = (opcode & 1) === 0 ? 1 : wide;
    if (this.get(USER_ECX) !== 0) {
      const result = this.executeString(opcode, width);
      if (result !== USER_DONE) return result;
      const left = (this.registers[USER_ECX] = this.get(USER_ECX) - 1);
      const compares = opcode === 0xa6 || opcode === 0xa7 || opcode === 0xae || opcode === 0xaf;
      const isZero = alu.isConditionTrue(this.registers, 4);
      if (left !== 0 && (!compares || isZero === (repeat === 0xf3))) {
        this.registers[USER_EIP] = start;
        return USER_DONE;
      }
    } else if (!isStringOpcode(opcode)) return USER_INVALID;
    this.registers[USER_EIP] = this.at;
    return USER_DONE;
  }

  /** One element of a string instruction. */
  private executeString(opcode: number, width: Width): UserStepResult {
    const distance = (this.get(USER_EFLAGS) & alu.FLAG_DIRECTION) === 0 ? width : -width;
    const from = this.get(USER_ESI);
    const to = this.get(USER_EDI);
    switch (opcode & ~1) {
      case 0xa4:
        this.write(to, width, this.read(from, width, false));
        break;
      case 0xa6:
        alu.subtract(
          this.registers,
          this.read(from, width, false),
          this.read(to, width, false),
          0,
          width,
        );
        break;
      case 0xaa:
        this.write(to, width, this.getRegister(USER_EAX, width));
        break;
      case 0xac:
        this.setRegister(USER_EAX, width, this.read(from, width, false));
        break;
      case 0xae:
        alu.subtract(
          this.registers,
          this.getRegister(USER_EAX, width),
          this.read(to, width, false),
          0,
          width,
        );
        break;
      default:
        return USER_INVALID;
    }
    const pair = opcode & ~1;
    if (pair === 0xa4 || pair === 0xa6 || pair === 0xac) this.registers[USER_ESI] = from + distance;
    if (pair !== 0xac) this.registers[USER_EDI] = to + distance;
    return USER_DONE;
  }

  private jumpIf(isTaken: boolean, width: 1 | 4, wide: 2 | 4): UserStepResult {
    const distance = alu.signExtend(this.fetch(width), width);
    if (wide === 2) return USER_INVALID;
    return isTaken ? this.jump(this.at + distance) : USER_DONE;
  }

  private jump(target: number): UserStepResult {
    this.registers[USER_EIP] = target;
    this.hasJumped = true;
    return USER_DONE;
  }

  private setFlag(flag: number, isSet: boolean): UserStepResult {
    const flags = this.get(USER_EFLAGS);
    return this.set(USER_EFLAGS, isSet ? flags | flag : flags & ~flag);
  }
}

function isStringOpcode(opcode: number): boolean {
  const pair = opcode & ~1;
  return pair === 0xa4 || pair === 0xa6 || pair === 0xaa || pair === 0xac || pair === 0xae;
}
