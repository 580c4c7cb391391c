/**
 * Instructions that move several things on the stack: `enter`, `leave`, `pusha`, `popa`; flags and
 * returns. Before the first of several writes, all their places are checked, so that a fault leaves
 * nothing half done.
 * Source: Intel SDM volume 2, the instruction pages.
 */
import {
  USER_DONE,
  USER_EBP,
  USER_EDI,
  USER_EFLAGS,
  USER_ESP,
  USER_INVALID,
  type UserStepResult,
} from '../machine/userCpu.ts';
import * as alu from './alu.ts';
import type { OperandAccess } from './operandAccess.ts';

/** The flags that `popf` may change in user mode; the trap flag is not one: there is no single-step trap. */
const POPF_FLAGS = alu.ARITHMETIC_FLAGS | alu.FLAG_DIRECTION;

/** The flags that `pushf` shows: all but the resume flag and the one of virtual 8086 mode. */
const PUSHF_FLAGS = 0x00fc_ffff;

/** The flags that `sahf` loads. */
const AH_FLAGS = alu.ARITHMETIC_FLAGS & ~alu.FLAG_OVERFLOW;

/** Bit 1 of the flags is always set. */
const ALWAYS_SET = 2;

/** Opcode 60: eax, ecx, edx, ebx, the old esp, ebp, esi, edi. */
export function pushAll(on: OperandAccess, wide: 2 | 4): UserStepResult {
  const top = on.get(USER_ESP);
  for (let register = 0; register <= USER_EDI; register += 1) {
    on.read(top - (register + 1) * wide, wide, true);
  }
  for (let register = 0; register <= USER_EDI; register += 1) {
    on.write(top - (register + 1) * wide, wide, on.get(register));
  }
  return on.set(USER_ESP, top - 8 * wide);
}

/**
 * Opcode 61: the reverse; the stored esp is skipped. A fault changes no register; on a real CPU those
 * that were popped before it may have changed already, which makes no difference once it goes on.
 */
export function popAll(on: OperandAccess, wide: 2 | 4): UserStepResult {
  for (let register = USER_EDI; register >= 0; register -= 1) {
    const value = on.pop(wide);
    if (register !== USER_ESP) on.setRegister(register, wide, value);
  }
  return USER_DONE;
}

/** Opcode c8: a stack frame with `level` pointers to the frames around it. */
export function enterFrame(on: OperandAccess): UserStepResult {
  const bytes = on.fetch(2);
  const level = on.fetch8() & 31;
  const outer = on.get(USER_EBP);
  const frame = on.get(USER_ESP) - 4;
  // All accesses in their order; the last is the check that the new top of the stack can be written.
  on.read(frame, 4, true);
  for (let index = 1; index < level; index += 1) {
    on.read(outer - 4 * index, 4, false);
    on.read(frame - 4 * index, 4, true);
  }
  if (level > 0) on.read(frame - 4 * level, 4, true);
  on.read(frame - 4 * level - bytes, 4, true);
  on.push(outer, 4);
  for (let index = 1; index < level; index += 1) {
    on.push(on.read(outer - 4 * index, 4, false), 4);
  }
  if (level > 0) on.push(frame, 4);
  on.registers[USER_EBP] = frame;
  return on.set(USER_ESP, on.get(USER_ESP) - bytes);
}

/** Opcode c9. */
export function leaveFrame(on: OperandAccess, wide: 2 | 4): UserStepResult {
  if (wide === 2) return USER_INVALID;
  const frame = on.get(USER_EBP);
  const value = on.read(frame, 4, false);
  on.registers[USER_ESP] = frame + 4;
  return on.set(USER_EBP, value);
}

/** Opcode 9c. */
export function pushFlags(on: OperandAccess, wide: 2 | 4): UserStepResult {
  return on.push((on.get(USER_EFLAGS) & PUSHF_FLAGS) | ALWAYS_SET, wide);
}

/** Opcode 9d. */
export function popFlags(on: OperandAccess, wide: 2 | 4): UserStepResult {
  return replaceFlags(on, POPF_FLAGS, on.pop(wide));
}

/** Opcode 9e. */
export function loadFlagsFromAh(on: OperandAccess): UserStepResult {
  return replaceFlags(on, AH_FLAGS, on.getRegister(4, 1));
}

/** Opcode 9f. */
export function storeFlagsInAh(on: OperandAccess): UserStepResult {
  return on.setRegister(4, 1, (on.get(USER_EFLAGS) & AH_FLAGS) | ALWAYS_SET);
}

/** Opcodes c2 and c3. */
export function returnNear(on: OperandAccess, extra: number, wide: 2 | 4): UserStepResult {
  if (wide === 2) return USER_INVALID;
  const target = on.pop(4);
  on.registers[USER_ESP] = on.get(USER_ESP) + extra;
  return on.jump(target);
}

function replaceFlags(on: OperandAccess, mask: number, flags: number): UserStepResult {
  return on.set(USER_EFLAGS, (on.get(USER_EFLAGS) & ~mask) | (flags & mask));
}
