/**
 * The flags of locals: words of a frame that say whether a scalar of the function has a value.
 *
 * Only instructions of the function write such a scalar, and with it the flag. When a user writes it from
 * outside, the flag has to learn of it, or the next read would still be said to come too early.
 *
 * The registers of the running task must have been saved.
 */
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import type { Program, Scope } from '../bytecode/program.ts';
import { asTaskId } from '../base/brand.ts';
import type { Frame } from './frame.ts';
import type { MachineState } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { stackAround } from './stackObjects.ts';
import { viewFrames } from './viewTasks.ts';

/**
 * The slot of the flag of the variable at a byte offset from the frame pointer; `undefined` when it has
 * none. Cost: the code of the scope.
 */
export function findValueFlag(program: Program, scope: Scope, offset: number): number | undefined {
  const { code } = program;
  for (let pc: number = scope.start; pc < scope.end; pc += INSTRUCTION_WORDS) {
    if (((code[pc] ?? 0) & OPCODE_MASK) !== OP.checkAssigned) continue;
    if (code[pc + 2] === offset) return code[pc + 1];
  }
  return undefined;
}

/** Sets the flags of the locals, of any task, that lie whole in a range that a user has written. */
export function flagWritten(state: MachineState, address: number, bytes: number): void {
  const task = stackAround(state, address);
  if (task < 0) return;
  viewFrames(state, asTaskId(task)).forEach((frame, index) => {
    // In a caller the pc stands behind the call.
    const pc = index === 0 ? frame.pc : frame.pc - INSTRUCTION_WORDS;
    flagInFrame(state, frame, pc, address, address + bytes);
  });
}

function flagInFrame(
  state: MachineState,
  { functionIndex, fp }: Frame,
  pc: number,
  start: number,
  end: number,
): void {
  const { program, memory } = state;
  for (const scope of program.functions[functionIndex]?.scopes ?? []) {
    if (pc < scope.start || pc >= scope.end) continue;
    for (const { storage, type } of scope.variables) {
      if (storage.kind !== 'frame') continue;
      const at = fp + storage.offset;
      if (at < start || at + (sizeOf(type) ?? 4) > end) continue;
      const flag = findValueFlag(program, scope, storage.offset);
      if (flag !== undefined) memory.setWordAt((fp + 4 * flag + IMAGE_BIAS) >>> 0, 1);
    }
  }
}
