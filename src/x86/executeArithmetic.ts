/**
 * Arithmetic on registers and memory: the groups of opcodes whose ModR/M byte chooses the operation,
 * and the two-operand forms.
 * Source: Intel SDM volume 2, the opcode map and the instruction pages.
 */
import {
  USER_DIVIDE,
  USER_DONE,
  USER_EAX,
  USER_ECX,
  USER_EDX,
  USER_INVALID,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import type { OperandAccess } from './operandAccess.ts';
import type { Width } from './register.ts';

/** What `inc` and `dec` change. */
const KEEPS_CARRY = alu.ARITHMETIC_FLAGS & ~alu.FLAG_CARRY;

/** The number of `cmp` among the operations of opcodes 00-3f. */
const COMPARE = 7;

/** Opcodes 00-3f: operation in bits 3-5, form in bits 0-2. */
export function executeAlu(on: OperandAccess, opcode: number, width: Width): UserStepResult {
  const operation = opcode >> 3;
  switch (opcode & 7) {
    case 0:
    case 1: {
      on.modrm();
      const left = on.readPlace(width, operation !== COMPARE);
      return storeUnlessCompare(on, operation, left, on.getRegister(on.middle(), width), width);
    }
    case 2:
    case 3: {
      on.modrm();
      const left = on.getRegister(on.middle(), width);
      const right = on.readPlace(width, false);
      const result = alu.calculate(on.registers, operation, left, right, width);
      return operation === COMPARE ? USER_DONE : on.setRegister(on.middle(), width, result);
    }
    case 4:
    case 5: {
      const left = on.getRegister(USER_EAX, width);
      const result = alu.calculate(on.registers, operation, left, on.fetch(width), width);
      return operation === COMPARE ? USER_DONE : on.setRegister(USER_EAX, width, result);
    }
    default:
      return USER_INVALID;
  }
}

/** Opcodes 80, 81 and 83: an operation with a number. */
export function executeAluImmediate(
  on: OperandAccess,
  opcode: number,
  width: Width,
): UserStepResult {
  on.modrm();
  const operation = on.middle();
  const right = opcode === 0x83 ? alu.signExtend(on.fetch8(), 1) : on.fetch(width);
  const left = on.readPlace(width, operation !== COMPARE);
  return storeUnlessCompare(on, operation, left, right, width);
}

function storeUnlessCompare(
  on: OperandAccess,
  operation: number,
  left: number,
  right: number,
  width: Width,
): UserStepResult {
  const result = alu.calculate(on.registers, operation, left, right, width);
  return operation === COMPARE ? USER_DONE : on.writePlace(width, result);
}

/** Opcodes 40-4f: `inc` and `dec` of a register. */
export function executeIncrement(on: OperandAccess, opcode: number, wide: 2 | 4): UserStepResult {
  const number = opcode & 7;
  return on.setRegister(
    number,
    wide,
    increment(on, on.getRegister(number, wide), opcode >= 0x48, wide),
  );
}

function increment(on: OperandAccess, value: number, isDown: boolean, width: Width): number {
  return isDown
    ? alu.subtract(on.registers, value, 1, 0, width, KEEPS_CARRY)
    : alu.add(on.registers, value, 1, 0, width, KEEPS_CARRY);
}

/** Opcodes c0, c1, d0-d3: shifts and rotations. */
export function executeShift(on: OperandAccess, opcode: number, width: Width): UserStepResult {
  on.modrm();
  const operation = on.middle();
  if (operation === 6) return USER_INVALID;
  const count = opcode < 0xd0 ? on.fetch8() : opcode < 0xd2 ? 1 : on.get(USER_ECX);
  const value = on.readPlace(width, true);
  return on.writePlace(width, alu.shift(on.registers, operation, value, count, width));
}

/** Opcodes f6 and f7: test, not, neg, multiplication and division. */
export function executeUnary(on: OperandAccess, width: Width): UserStepResult {
  on.modrm();
  const operation = on.middle();
  if (operation === 1) return USER_INVALID;
  if (operation === 0) {
    const mask = on.fetch(width);
    alu.logic(on.registers, on.readPlace(width, false) & mask, width);
    return USER_DONE;
  }
  const value = on.readPlace(width, operation <= 3);
  switch (operation) {
    case 2:
      return on.writePlace(width, ~value);
    case 3:
      return on.writePlace(width, alu.subtract(on.registers, 0, value, 0, width));
    case 4:
    case 5: {
      const left = on.getRegister(USER_EAX, width);
      alu.multiply(on.registers, left, value, width, operation === 5, on.pair);
      break;
    }
    default: {
      const low = on.getRegister(USER_EAX, width);
      const high = width === 1 ? on.getRegister(4, 1) : on.getRegister(USER_EDX, width);
      if (!alu.divide(low, high, value, width, operation === 7, on.pair)) return USER_DIVIDE;
      break;
    }
  }
  // ah:al, dx:ax or edx:eax.
  on.setRegister(USER_EAX, width, on.pair.low);
  return on.setRegister(width === 1 ? 4 : USER_EDX, width, on.pair.high);
}

/** Opcodes 69, 6b and 0f af: multiplication into a register; `right` is the other factor. */
export function multiplyIntoRegister(
  on: OperandAccess,
  left: number,
  right: number,
  wide: 2 | 4,
): UserStepResult {
  alu.multiply(on.registers, left, right, wide, true, on.pair);
  return on.setRegister(on.middle(), wide, on.pair.low);
}

/** Opcodes fe and ff: inc, dec, indirect call and jump, push. */
export function executeGroup5(on: OperandAccess, opcode: number, width: Width): UserStepResult {
  on.modrm();
  const operation = on.middle();
  const isUpdate = operation <= 1;
  if (operation === 3 || operation === 5 || operation === 7) return USER_INVALID;
  if (!isUpdate && (opcode === 0xfe || (width === 2 && operation !== 6))) return USER_INVALID;
  const value = on.readPlace(width, isUpdate);
  if (isUpdate) return on.writePlace(width, increment(on, value, operation === 1, width));
  if (operation === 6) return on.push(value, width);
  if (operation === 2) on.push(on.at, 4);
  return on.jump(value);
}
