/**
 * Opcodes with the first byte 0f: near conditional jumps, conditional sets and moves, extending moves,
 * bit operations, and the read-modify-write instructions that programs build locks from.
 * Source: Intel SDM volume 2, the opcode map and the instruction pages.
 */
import {
  USER_DONE,
  USER_EAX,
  USER_EBX,
  USER_ECX,
  USER_EDX,
  USER_EFLAGS,
  USER_INVALID,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import * as bits from './bits.ts';
import { multiplyIntoRegister } from './executeArithmetic.ts';
import type { OperandAccess } from './operandAccess.ts';
import type { Width } from './register.ts';

/** Executes the instruction 0f `opcode`. */
export function executeTwoByte(on: OperandAccess, opcode: number, wide: 2 | 4): UserStepResult {
  const width: Width = (opcode & 1) === 0 ? 1 : wide;
  switch (opcode >> 4) {
    case 4: {
      // The place is read, and can fault, whether or not the condition holds.
      on.modrm();
      const value = on.readPlace(wide, false);
      if (!alu.isConditionTrue(on.registers, opcode & 15)) return USER_DONE;
      return on.setRegister(on.middle(), wide, value);
    }
    case 8: {
      const distance = on.fetch(4);
      if (wide === 2) return USER_INVALID;
      return alu.isConditionTrue(on.registers, opcode & 15) ? on.jump(on.at + distance) : USER_DONE;
    }
    case 9:
      on.modrm();
      return on.writePlace(1, alu.isConditionTrue(on.registers, opcode & 15) ? 1 : 0);
    default:
      break;
  }
  if (opcode >= 0xc8 && opcode <= 0xcf) {
    if (wide === 2) return USER_INVALID;
    return on.set(opcode & 7, bits.swapBytes(on.get(opcode & 7)));
  }
  switch (opcode) {
    case 0x1f:
      on.modrm();
      return USER_DONE;
    case 0xa3:
    case 0xab:
    case 0xb3:
    case 0xbb:
      return executeBitTest(on, (opcode >> 3) & 3, wide);
    case 0xba:
      return executeBitTestImmediate(on, wide);
    case 0xa4:
    case 0xa5:
    case 0xac:
    case 0xad: {
      on.modrm();
      const count = (opcode & 1) === 0 ? on.fetch8() : on.get(USER_ECX);
      const into = on.readPlace(wide, true);
      const from = on.getRegister(on.middle(), wide);
      return on.writePlace(
        wide,
        bits.shiftDouble(on.registers, opcode < 0xa8, into, from, count, wide),
      );
    }
    case 0xae: {
      // lfence, mfence, sfence: accesses are never reordered here.
      const modrm = on.fetch8();
      return modrm === 0xe8 || modrm === 0xf0 || modrm === 0xf8 ? USER_DONE : USER_INVALID;
    }
    case 0xaf: {
      on.modrm();
      const right = on.readPlace(wide, false);
      return multiplyIntoRegister(on, on.getRegister(on.middle(), wide), right, wide);
    }
    case 0xb0:
    case 0xb1:
      return compareAndExchange(on, width);
    case 0xb6:
    case 0xb7:
    case 0xbe:
    case 0xbf: {
      on.modrm();
      const from: Width = (opcode & 1) === 0 ? 1 : 2;
      const value = on.readPlace(from, false);
      return on.setRegister(on.middle(), wide, opcode < 0xbe ? value : alu.signExtend(value, from));
    }
    case 0xbc:
    case 0xbd: {
      on.modrm();
      const value = on.readPlace(wide, false);
      const found = bits.scan(on.registers, value, opcode === 0xbd);
      return found < 0 ? USER_DONE : on.setRegister(on.middle(), wide, found);
    }
    case 0xc0:
    case 0xc1: {
      on.modrm();
      const old = on.readPlace(width, true);
      const sum = alu.add(on.registers, old, on.getRegister(on.middle(), width), 0, width);
      on.setRegister(on.middle(), width, old);
      return on.writePlace(width, sum);
    }
    case 0xc7:
      return compareAndExchangeEight(on);
    default:
      return USER_INVALID;
  }
}

/** Opcodes 0f a3, ab, b3, bb: the register counts bits from the place, also beyond it in memory. */
function executeBitTest(on: OperandAccess, operation: number, wide: 2 | 4): UserStepResult {
  on.modrm();
  const bit = alu.signExtend(on.getRegister(on.middle(), wide), wide);
  if (!on.isRegisterPlace()) {
    on.address = (on.address + (wide === 4 ? (bit >> 5) * 4 : (bit >> 4) * 2)) >>> 0;
  }
  return changeBit(on, operation, bit, wide);
}

/** Opcode 0f ba: the bit is a number, taken modulo the width. */
function executeBitTestImmediate(on: OperandAccess, wide: 2 | 4): UserStepResult {
  on.modrm();
  const operation = on.middle() - 4;
  const bit = on.fetch8();
  return operation < 0 ? USER_INVALID : changeBit(on, operation, bit, wide);
}

function changeBit(on: OperandAccess, operation: number, bit: number, wide: 2 | 4): UserStepResult {
  const value = on.readPlace(wide, operation !== 0);
  const mask = 1 << (bit & (8 * wide - 1));
  on.setFlag(alu.FLAG_CARRY, (value & mask) !== 0);
  switch (operation) {
    case 0:
      return USER_DONE;
    case 1:
      return on.writePlace(wide, value | mask);
    case 2:
      return on.writePlace(wide, value & ~mask);
    default:
      return on.writePlace(wide, value ^ mask);
  }
}

/** Opcodes 0f b0 and b1; the place is written back when it differs, so it is always accessed as a write. */
function compareAndExchange(on: OperandAccess, width: Width): UserStepResult {
  on.modrm();
  const old = on.readPlace(width, true);
  alu.subtract(on.registers, on.getRegister(USER_EAX, width), old, 0, width);
  const isEqual = (on.get(USER_EFLAGS) & alu.FLAG_ZERO) !== 0;
  if (isEqual) return on.writePlace(width, on.getRegister(on.middle(), width));
  on.writePlace(width, old);
  return on.setRegister(USER_EAX, width, old);
}

/** Opcode 0f c7: edx:eax against eight bytes of memory, replaced by ecx:ebx. */
function compareAndExchangeEight(on: OperandAccess): UserStepResult {
  on.modrm();
  if (on.middle() !== 1 || on.isRegisterPlace()) return USER_INVALID;
  const low = on.read(on.address, 4, true);
  const high = on.read(on.address + 4, 4, true);
  const isEqual = (low | 0) === on.get(USER_EAX) && (high | 0) === on.get(USER_EDX);
  on.setFlag(alu.FLAG_ZERO, isEqual);
  on.write(on.address, 4, isEqual ? on.get(USER_EBX) : low);
  on.write(on.address + 4, 4, isEqual ? on.get(USER_ECX) : high);
  if (isEqual) return USER_DONE;
  on.registers[USER_EAX] = low;
  return on.set(USER_EDX, high);
}
