/**
 * String instructions and their repetition.
 *
 * A repeated instruction executes one element a step: registers advance by one element and `eip` stays
 * at the instruction until it is done. So a fault leaves the registers as of the elements that are
 * done, and interrupts, other CPUs, breakpoints and limits come in between elements, as on a real
 * CPU. Each element costs the time of one instruction, and no count can hang the machine.
 * Source: Intel SDM volume 2, REP/REPE/REPZ/REPNE/REPNZ; volume 3, section 6.6 (restart).
 */
import {
  USER_DONE,
  USER_EAX,
  USER_ECX,
  USER_EDI,
  USER_EFLAGS,
  USER_EIP,
  USER_ESI,
  USER_REPEAT,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import type { OperandAccess } from './operandAccess.ts';
import type { Width } from './register.ts';

const REPEAT_WHILE_EQUAL = 0xf3;

/** Whether this is one of the opcodes a4-a7 and aa-af without test. */
export function isStringOpcode(opcode: number): boolean {
  return (opcode >= 0xa4 && opcode <= 0xa7) || (opcode >= 0xaa && opcode <= 0xaf);
}

/** The next element of an instruction with a repeat prefix that starts at `start`. */
export function executeRepeated(
  on: OperandAccess,
  start: number,
  prefix: number,
  opcode: number,
  width: Width,
): UserStepResult {
  if (on.get(USER_ECX) !== 0) {
    const result = executeString(on, opcode, width);
    const left = (on.registers[USER_ECX] = on.get(USER_ECX) - 1);
    const compares = (opcode & 0xf6) === 0xa6;
    const isZero = (on.get(USER_EFLAGS) & alu.FLAG_ZERO) !== 0;
    const goesOn = left !== 0 && (!compares || isZero === (prefix === REPEAT_WHILE_EQUAL));
    on.registers[USER_EIP] = goesOn ? start : on.at;
    return goesOn ? USER_REPEAT : result;
  }
  on.registers[USER_EIP] = on.at;
  return USER_DONE;
}

/** One element of a string instruction. */
export function executeString(on: OperandAccess, opcode: number, width: Width): UserStepResult {
  const distance = (on.get(USER_EFLAGS) & alu.FLAG_DIRECTION) === 0 ? width : -width;
  const from = on.get(USER_ESI);
  const to = on.get(USER_EDI);
  const pair = opcode & ~1;
  switch (pair) {
    case 0xa4:
      on.write(to, width, on.read(from, width, false));
      break;
    case 0xa6: {
      // The second operand is read first, as a real CPU does: it decides which of two faults comes.
      const right = on.read(to, width, false);
      alu.subtract(on.registers, on.read(from, width, false), right, 0, width);
      break;
    }
    case 0xaa:
      on.write(to, width, on.getRegister(USER_EAX, width));
      break;
    case 0xac:
      on.setRegister(USER_EAX, width, on.read(from, width, false));
      break;
    default: {
      const left = on.getRegister(USER_EAX, width);
      alu.subtract(on.registers, left, on.read(to, width, false), 0, width);
      break;
    }
  }
  if (pair === 0xa4 || pair === 0xa6 || pair === 0xac) on.registers[USER_ESI] = from + distance;
  if (pair !== 0xac) on.registers[USER_EDI] = to + distance;
  return USER_DONE;
}
