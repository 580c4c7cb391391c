/**
 * A load or store of which a watchpoint is to be told: executed here, outside of the interpreter's loop and of
 * generated code, which do nothing of the kind.
 */
import { OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import type { MachineState } from './machineState.ts';
import { admits } from './shadow.ts';

/**
 * Executes the load or store at `pc`, to which the running task has come and whose place in the image is `at`,
 * if a watchpoint is to be told of it; the position and the clock have been saved. Returns whether it did; the position is the caller's.
 */
export function performWatchedAccess(
  state: MachineState,
  pc: number,
  f: number,
  at: number,
  bytes: number,
  isWrite: boolean,
): boolean {
  const { memory, watchpoints, code } = state;
  if (memory.watched?.catches(at, bytes, isWrite) !== true) return false;
  const word = code[pc] as number;
  memory.watched.isActive = false;
  const isUsable = admits(memory, at, bytes, isWrite, word);
  memory.watched.isActive = true;
  if (!isUsable) return false;
  watchpoints?.note(at, bytes, isWrite ? 'write' : 'read', 'task');
  const slot = f + (code[pc + 1] as number);
  if (isWrite) storeSlot(state, slot, at, bytes);
  else loadSlot(state, word & OPCODE_MASK, slot, at);
  return true;
}

function storeSlot({ memory, words }: MachineState, slot: number, at: number, bytes: number): void {
  const value = words[slot] as number;
  if (bytes >= 4) memory.setWordAt(at, value);
  if (bytes === 8) memory.setWordAt(at + 4, words[slot + 1] as number);
  if (bytes >= 4) return;
  memory.mark(at, at + bytes);
  memory.bytes[at] = value;
  if (bytes === 2) memory.bytes[at + 1] = value >> 8;
}

function loadSlot({ memory, words }: MachineState, opcode: number, slot: number, at: number): void {
  const low = memory.bytes[at] as number;
  const half = low | ((memory.bytes[at + 1] as number) << 8);
  switch (opcode) {
    case OP.load8s:
      words[slot] = (low << 24) >> 24;
      return;
    case OP.load8u:
      words[slot] = low;
      return;
    case OP.load16s:
      words[slot] = (half << 16) >> 16;
      return;
    case OP.load16u:
      words[slot] = half;
      return;
    case OP.load64: {
      const high = memory.wordAt(at + 4);
      words[slot] = memory.wordAt(at);
      words[slot + 1] = high;
      return;
    }
    default:
      words[slot] = memory.wordAt(at);
  }
}
