/**
 * Which instructions of a function write its locals.
 *
 * A scalar whose address nobody takes is a slot, a word of the frame: only instructions of its own
 * function write it, and each names the slot.
 */
import { isScalar, sizeOf } from '../bytecode/ctype.ts';
import { INSTRUCTION_WORDS } from '../bytecode/instruction.ts';
import { asPc, type Pc } from '../base/brand.ts';
import type { FunctionInfo, Program, Scope, Variable } from '../bytecode/program.ts';
import { useOfSlot } from '../bytecode/slotUse.ts';
import { isGuardedLocal } from './frameLocals.ts';

/** The instructions of a code range that write a slot, or some of the words behind it. */
export function writesOfSlot(
  { code }: Program,
  { start, end }: Pick<Scope, 'start' | 'end'>,
  slot: number,
  words: number,
): Pc[] {
  const found: Pc[] = [];
  for (let pc: number = start; pc < end; pc += INSTRUCTION_WORDS) {
    if (useOfSlot(code, pc, slot, words).isWrite) found.push(asPc(pc));
  }
  return found;
}

/** Whether a local is a slot that only instructions of its function write; its first one. */
export function slotOf(info: FunctionInfo, variable: Variable): number | undefined {
  const { storage, type } = variable;
  if (storage.kind !== 'frame' || !isScalar(type)) return undefined;
  return isGuardedLocal(info, variable) ? undefined : storage.offset / 4;
}

/** The instructions that write a local which is a slot. */
export function writesOfLocal(program: Program, scope: Scope, variable: Variable): Pc[] {
  const { storage, type } = variable;
  if (storage.kind !== 'frame') return [];
  return writesOfSlot(program, scope, storage.offset / 4, Math.ceil((sizeOf(type) ?? 4) / 4));
}

/** The lines that write each local of a function, by its name; `linesAt` tells those of an instruction. */
export function listSlotWrites(
  program: Program,
  info: FunctionInfo,
  linesAt: (pc: Pc) => readonly number[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const scope of info.scopes) {
    for (const variable of scope.variables) {
      if (slotOf(info, variable) === undefined) continue;
      const lines = found.get(variable.name) ?? new Set();
      found.set(variable.name, lines);
      for (const pc of writesOfLocal(program, scope, variable)) {
        for (const line1 of linesAt(pc)) lines.add(line1);
      }
    }
  }
  return found;
}
