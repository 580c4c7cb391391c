/**
 * Which attempt at resolving a page fault a call of the handler is in.
 *
 * The kernel itself does not count attempts: the handler of the patch knows by `release_flag` whether it may drop
 * `mmap_sem`, that of 2.6.37 by a bit of `flags`, and both can be changed by hand or by an edit. So the machine
 * counts what the handler does: an attempt is a round through the call of `handle_mm_fault`, and whoever jumps back
 * to before that call begins another. A handler that cannot jump back makes one attempt only, and nothing is said
 * about it.
 * Source: arch/x86/mm/fault.c, 2.6.36 with the patch and 2.6.37.
 */
import type { TaskId } from '../base/brand.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { findFunction, type Program } from '../bytecode/program.ts';
import type { Frame } from '../machine/frame.ts';
import type { Machine } from '../machine/machine.ts';
import type { EntryPoints } from '../machine/machineConfig.ts';
import type { RoundPlaces } from '../machine/roundPlaces.ts';
import { jumpTarget } from '../machine/unitGraph.ts';

const RESOLVER = 'handle_mm_fault';

/** Where the attempts of this kernel's handler begin; `undefined` when it makes one only. */
function findRounds(program: Program, handler: number): RoundPlaces | undefined {
  const { code } = program;
  const info = program.functions[handler];
  const resolver = findFunction(program, RESOLVER);
  if (info === undefined || resolver === undefined) return undefined;
  const calls = new Set<number>();
  const heads = new Set<number>();
  const jumps = new Set<number>();
  for (let pc: number = info.entry; pc < info.end; pc += INSTRUCTION_WORDS) {
    const opcode = (code[pc] ?? 0) & OPCODE_MASK;
    if (opcode === OP.call && code[pc + 2] === resolver.index) calls.add(pc);
    const target = jumpTarget(code, pc);
    const isBack = target >= info.entry && target <= pc;
    if (!isBack || ![...calls].some((call) => call >= target)) continue;
    if (opcode === OP.jump) jumps.add(pc);
    else heads.add(target);
  }
  if (heads.size === 0 && jumps.size === 0) return undefined;
  return { jumps, heads, calls: heads.size === 0 ? new Set() : calls };
}

/** From here on the machine counts attempts; it has booted and stands at the start of the run. */
export function countAttempts(machine: Machine, { pageFault }: EntryPoints): void {
  const rounds = findRounds(machine.program, pageFault);
  if (rounds !== undefined) machine.countRounds(rounds);
}

/**
 * The attempt, from 1 on, that a frame of the page-fault handler is in; `undefined` when this kernel makes one only,
 * or when nobody counts.
 */
export function readAttempt(machine: Machine, task: TaskId, frame: Frame): number | undefined {
  return machine.roundOf(task, frame);
}
