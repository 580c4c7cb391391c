/**
 * Where tasks die: the instructions of a program that call `fl_task_exit`.
 */
import { asPc, type Pc } from '../base/brand.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { INTRINSIC } from '../bytecode/intrinsic.ts';
import type { Program } from '../bytecode/program.ts';

/** The places of all such instructions. */
export function findExitPcs({ code }: Program): ReadonlySet<Pc> {
  const pcs = new Set<Pc>();
  for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
    const isIntrinsic = ((code[pc] ?? 0) & OPCODE_MASK) === OP.intrinsic;
    if (isIntrinsic && code[pc + 2] === INTRINSIC.fl_task_exit) pcs.add(asPc(pc));
  }
  return pcs;
}
