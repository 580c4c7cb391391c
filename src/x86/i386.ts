/**
 * Executes user programs: one real i386 instruction at a time, from its bytes.
 *
 * A fault sets the registers back to what they were before the instruction, and an instruction writes
 * memory only after all its reads and checks, so a fault leaves nothing half done. What the assembler cannot produce is an invalid opcode here.
 * The families of instructions have files of their own; this one decodes prefixes and the first byte.
 * Source: Intel SDM volume 2, chapter 2 and appendix A (opcode map).
 */
import {
  USER_BREAKPOINT,
  USER_DIVIDE,
  USER_DONE,
  USER_EAX,
  USER_EBX,
  USER_ECX,
  USER_EDX,
  USER_EFLAGS,
  USER_EIP,
  USER_FAULT,
  USER_INVALID,
  USER_SYSTEM_CALL,
  type UserBus,
  type UserCpu,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import * as arithmetic from './executeArithmetic.ts';
import * as stack from './executeStack.ts';
import { executeRepeated, executeString, isStringOpcode } from './executeString.ts';
import { executeTwoByte } from './executeTwoByte.ts';
import { OperandAccess } from './operandAccess.ts';
import type { Width } from './register.ts';

/** Creates the executor; it keeps nothing between steps. */
export function createUserCpu(): UserCpu {
  return new I386();
}

/** An instruction has at most this many bytes, prefixes included. */
const LONGEST_INSTRUCTION = 15;

const PREFIX_OPERAND_SIZE = 0x66;
const PREFIX_LOCK = 0xf0;
const PREFIX_REPEAT_UNEQUAL = 0xf2;
const PREFIX_REPEAT = 0xf3;

class I386 implements UserCpu {
  private readonly on = new OperandAccess();

  step(registers: Int32Array, bus: UserBus): UserStepResult {
    const { on } = this;
    on.begin(registers, bus);
    const result = execute(on);
    if (!bus.faulted && result !== USER_INVALID && result !== USER_DIVIDE) return result;
    on.undo();
    return bus.faulted ? USER_FAULT : result;
  }
}

function execute(on: OperandAccess): UserStepResult {
  const opcode = on.fetch8();
  const isPrefixed =
    opcode === PREFIX_OPERAND_SIZE || (opcode >= PREFIX_LOCK && opcode <= PREFIX_REPEAT);
  return isPrefixed ? executePrefixed(on, opcode) : executePlain(on, opcode, 4);
}

function executePlain(on: OperandAccess, opcode: number, wide: 2 | 4): UserStepResult {
  const result =
    opcode === 0x0f ? executeTwoByte(on, on.fetch8(), wide) : executeOneByte(on, opcode, wide);
  if (!on.hasJumped) on.registers[USER_EIP] = on.at;
  return result;
}

/** An instruction whose first prefix has been fetched. */
function executePrefixed(on: OperandAccess, firstByte: number): UserStepResult {
  const start = on.at - 1;
  let wide: 2 | 4 = 4;
  let repeat = 0;
  let isLocked = false;
  let opcode = firstByte;
  for (; ; opcode = on.fetch8()) {
    if (opcode === PREFIX_OPERAND_SIZE) wide = 2;
    else if (opcode === PREFIX_LOCK) isLocked = true;
    else if (opcode === PREFIX_REPEAT || opcode === PREFIX_REPEAT_UNEQUAL) repeat = opcode;
    else break;
    if (on.at - start >= LONGEST_INSTRUCTION) return USER_INVALID;
  }
  if (on.isFaulted()) return USER_FAULT;
  if (isLocked && (repeat !== 0 || !isLockable(on, opcode))) return USER_INVALID;
  if (repeat === 0) return executePlain(on, opcode, wide);
  if (isStringOpcode(opcode)) {
    return executeRepeated(on, start, repeat, opcode, (opcode & 1) === 0 ? 1 : wide);
  }
  // `rep nop` is the hint `pause`; `rep ret` is a custom of compilers.
  if (repeat === PREFIX_REPEAT && (opcode === 0x90 || opcode === 0xc3)) {
    return executePlain(on, opcode, wide);
  }
  return USER_INVALID;
}

/**
 * Whether `lock` may stand before the instruction: it reads, changes and writes one place in memory.
 * Source: Intel SDM volume 2, LOCK; elsewhere the CPU raises an invalid opcode.
 */
function isLockable(on: OperandAccess, opcode: number): boolean {
  const second = on.peek(0);
  const modrm = opcode === 0x0f ? on.peek(1) : second;
  if (modrm >= 0xc0) return false;
  const operation = (modrm >> 3) & 7;
  if (opcode < 0x38 && opcode !== 0x0f) return (opcode & 7) <= 1;
  switch (opcode) {
    case 0x80:
    case 0x81:
    case 0x83:
      return operation !== 7;
    case 0x86:
    case 0x87:
      return true;
    case 0xf6:
    case 0xf7:
      return operation === 2 || operation === 3;
    case 0xfe:
    case 0xff:
      return operation <= 1;
    case 0x0f:
      switch (second) {
        case 0xab:
        case 0xb3:
        case 0xbb:
        case 0xb0:
        case 0xb1:
        case 0xc0:
        case 0xc1:
          return true;
        case 0xba:
          return operation >= 5;
        default:
          return second === 0xc7 && operation === 1;
      }
    default:
      return false;
  }
}

function executeOneByte(on: OperandAccess, opcode: number, wide: 2 | 4): UserStepResult {
  const width: Width = (opcode & 1) === 0 ? 1 : wide;
  if (opcode < 0x40) return arithmetic.executeAlu(on, opcode, width);
  switch (opcode >> 3) {
    case 8:
    case 9:
      return arithmetic.executeIncrement(on, opcode, wide);
    case 10:
      return on.push(on.getRegister(opcode & 7, wide), wide);
    case 11: {
      const value = on.pop(wide);
      return on.setRegister(opcode & 7, wide, value);
    }
    case 14:
    case 15:
      return jumpIf(on, alu.isConditionTrue(on.registers, opcode & 15), 1, wide);
    case 18: {
      const value = on.getRegister(opcode & 7, wide);
      on.setRegister(opcode & 7, wide, on.getRegister(USER_EAX, wide));
      return on.setRegister(USER_EAX, wide, value);
    }
    case 22:
      return on.setRegister(opcode & 7, 1, on.fetch8());
    case 23:
      return on.setRegister(opcode & 7, wide, on.fetch(wide));
    default:
      break;
  }
  return opcode < 0xa8
    ? executeMoves(on, opcode, width, wide)
    : executeOthers(on, opcode, width, wide);
}

/** Opcodes 60 to a7: moves and the groups of arithmetic with numbers. */
function executeMoves(
  on: OperandAccess,
  opcode: number,
  width: Width,
  wide: 2 | 4,
): UserStepResult {
  switch (opcode) {
    case 0x60:
      return stack.pushAll(on, wide);
    case 0x61:
      return stack.popAll(on, wide);
    case 0x68:
      return on.push(on.fetch(wide), wide);
    case 0x6a:
      return on.push(alu.signExtend(on.fetch8(), 1), wide);
    case 0x69:
    case 0x6b: {
      on.modrm();
      const right = opcode === 0x69 ? on.fetch(wide) : alu.signExtend(on.fetch8(), 1);
      return arithmetic.multiplyIntoRegister(on, on.readPlace(wide, false), right, wide);
    }
    case 0x80:
    case 0x81:
    case 0x83:
      return arithmetic.executeAluImmediate(on, opcode, width);
    case 0x84:
    case 0x85: {
      on.modrm();
      const value = on.readPlace(width, false) & on.getRegister(on.middle(), width);
      alu.logic(on.registers, value, width);
      return USER_DONE;
    }
    case 0x86:
    case 0x87: {
      on.modrm();
      const value = on.readPlace(width, true);
      on.writePlace(width, on.getRegister(on.middle(), width));
      return on.setRegister(on.middle(), width, value);
    }
    case 0x88:
    case 0x89:
      on.modrm();
      return on.writePlace(width, on.getRegister(on.middle(), width));
    case 0x8a:
    case 0x8b:
      on.modrm();
      return on.setRegister(on.middle(), width, on.readPlace(width, false));
    case 0x8d:
      on.modrm();
      return on.isRegisterPlace() ? USER_INVALID : on.setRegister(on.middle(), wide, on.address);
    case 0x8f: {
      // The address of a popped place is computed with the stack pointer after the pop.
      const value = on.pop(wide);
      on.modrm();
      return on.middle() === 0 ? on.writePlace(wide, value) : USER_INVALID;
    }
    case 0x98:
      return on.setRegister(USER_EAX, wide, alu.signExtend(on.get(USER_EAX), wide === 4 ? 2 : 1));
    case 0x99:
      return on.setRegister(USER_EDX, wide, alu.signExtend(on.get(USER_EAX), wide) >> 31);
    case 0x9c:
      return stack.pushFlags(on, wide);
    case 0x9d:
      return stack.popFlags(on, wide);
    case 0x9e:
      return stack.loadFlagsFromAh(on);
    case 0x9f:
      return stack.storeFlagsInAh(on);
    case 0xa0:
    case 0xa1:
      return on.setRegister(USER_EAX, width, on.read(on.fetch(4), width, false));
    case 0xa2:
    case 0xa3:
      return on.write(on.fetch(4), width, on.getRegister(USER_EAX, width));
    default:
      return isStringOpcode(opcode) ? executeString(on, opcode, width) : USER_INVALID;
  }
}

/** Opcodes a8 to ff: shifts, control, flags and the last groups. */
function executeOthers(
  on: OperandAccess,
  opcode: number,
  width: Width,
  wide: 2 | 4,
): UserStepResult {
  switch (opcode) {
    case 0xa8:
    case 0xa9:
      alu.logic(on.registers, on.getRegister(USER_EAX, width) & on.fetch(width), width);
      return USER_DONE;
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return arithmetic.executeShift(on, opcode, width);
    case 0xc2:
      return stack.returnNear(on, on.fetch(2), wide);
    case 0xc3:
      return stack.returnNear(on, 0, wide);
    case 0xc6:
    case 0xc7:
      on.modrm();
      return on.middle() === 0 ? on.writePlace(width, on.fetch(width)) : USER_INVALID;
    case 0xc8:
      return wide === 2 ? USER_INVALID : stack.enterFrame(on);
    case 0xc9:
      return stack.leaveFrame(on, wide);
    case 0xcc:
      return USER_BREAKPOINT;
    case 0xcd: {
      const vector = on.fetch8();
      return vector === 0x80 ? USER_SYSTEM_CALL : vector === 3 ? USER_BREAKPOINT : USER_INVALID;
    }
    case 0xd7: {
      const address = on.get(USER_EBX) + on.getRegister(USER_EAX, 1);
      return on.setRegister(USER_EAX, 1, on.read(address, 1, false));
    }
    case 0xe0:
    case 0xe1:
    case 0xe2: {
      const left = (on.registers[USER_ECX] = on.get(USER_ECX) - 1);
      const isZero = (on.get(USER_EFLAGS) & alu.FLAG_ZERO) !== 0;
      return jumpIf(on, left !== 0 && (opcode === 0xe2 || isZero === (opcode === 0xe1)), 1, wide);
    }
    case 0xe3:
      return jumpIf(on, on.get(USER_ECX) === 0, 1, wide);
    case 0xe8: {
      const distance = on.fetch(4);
      if (wide === 2) return USER_INVALID;
      on.push(on.at, 4);
      return on.jump(on.at + distance);
    }
    case 0xe9:
      return jumpIf(on, true, 4, wide);
    case 0xeb:
      return jumpIf(on, true, 1, wide);
    case 0xf5:
      return on.set(USER_EFLAGS, on.get(USER_EFLAGS) ^ alu.FLAG_CARRY);
    case 0xf6:
    case 0xf7:
      return arithmetic.executeUnary(on, width);
    case 0xf8:
    case 0xf9:
      return on.setFlag(alu.FLAG_CARRY, opcode === 0xf9);
    case 0xfc:
    case 0xfd:
      return on.setFlag(alu.FLAG_DIRECTION, opcode === 0xfd);
    case 0xfe:
    case 0xff:
      return arithmetic.executeGroup5(on, opcode, width);
    default:
      return isStringOpcode(opcode) ? executeString(on, opcode, width) : USER_INVALID;
  }
}

function jumpIf(on: OperandAccess, isTaken: boolean, width: 1 | 4, wide: 2 | 4): UserStepResult {
  const distance = alu.signExtend(on.fetch(width), width);
  if (wide === 2) return USER_INVALID;
  return isTaken ? on.jump(on.at + distance) : USER_DONE;
}
