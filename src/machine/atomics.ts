/**
 * The atomic read-modify-write intrinsics: each is one indivisible operation on a word of memory.
 */
import { INTRINSIC } from '../bytecode/intrinsic.ts';
import { requireUsable } from './accessFaults.ts';
import { describeAccess } from './faults.ts';
import { CPU, HEADER, TASK } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { INSTRUCTION_WORDS } from '../bytecode/instruction.ts';
import { SCHEDULING_NEEDED } from './scheduler.ts';
import { defineBytes, isUnmarked } from './shadow.ts';

/** What an operation does to a word: an exchange may be the first write, nobody looks at what was. */
type WordUse = 'read' | 'write' | 'update';

/** The image offset of the word at an address; -1 with a fault. */
function locateWord(state: MachineState, address: number, use: WordUse): number {
  const isWrite = use !== 'read';
  const offset = state.memory.locate(address, 4);
  if (offset < 0) {
    state.raise(describeAccess(unsigned(address), 4, isWrite));
    return offset;
  }
  if (!isUnmarked(state.memory, offset, 4)) {
    if (isWrite && !requireUsable(state, offset, 4, true, false)) return -1;
    if (use !== 'write' && !requireUsable(state, offset, 4, false, false)) return -1;
    if (isWrite) defineBytes(state.memory, offset, 4);
  }
  state.watchpoints?.note(offset, 4, use, 'task');
  return offset;
}

/** Writes the word at an address, which lies at an image offset, and tells who watches when that changes it. */
function storeWord(
  state: MachineState,
  address: number,
  offset: number,
  before: number,
  after: number,
): void {
  state.memory.setWordAt(offset, after);
  if (after !== before) state.watcher?.changed(address, before);
}

/** Performs one of the operations on a word; the result is the word before. Faults end the run. */
export function modifyWord(
  state: MachineState,
  intrinsic: number,
  address: number,
  first: number,
  second: number,
): number {
  const isExchange = intrinsic === INTRINSIC.fl_atomic_xchg;
  const offset = locateWord(state, address, isExchange ? 'write' : 'update');
  if (offset < 0) return 0;
  const before = state.memory.wordAt(offset);
  if (intrinsic === INTRINSIC.fl_atomic_add) {
    storeWord(state, address, offset, before, (before + first) | 0);
  } else if (isExchange) storeWord(state, address, offset, before, first);
  else if (before === first) storeWord(state, address, offset, before, second);
  return before;
}

/**
 * Sets or clears a bit of an array of words from `start` on, bit 0 being the lowest of the first; the result is the bit
 * before. Faults end the run.
 */
export function modifyBit(state: MachineState, bit: number, start: number, isSet: boolean): number {
  const address = (start + 4 * (bit >> 5)) | 0;
  const offset = locateWord(state, address, 'update');
  if (offset < 0) return 0;
  const before = state.memory.wordAt(offset);
  const mask = 1 << (bit & 31);
  storeWord(state, address, offset, before, isSet ? before | mask : before & ~mask);
  return (before & mask) !== 0 ? 1 : 0;
}

/** The current CPU stands still while the word has the value. Returns whether it does. */
export function waitForChange(state: MachineState, address: number, value: number): boolean {
  const offset = locateWord(state, address, 'read');
  if (offset < 0 || state.memory.wordAt(offset) !== value) return false;
  const atCpu = cpuAt(state.currentCpu);
  if (!state.isBooted) {
    state.raise({
      kind: 'boot',
      message: 'Boot code waits for a word that no other CPU can change: only one CPU runs yet.',
    });
    return false;
  }
  const at = taskAt(state.currentTask);
  state.words[at + TASK.pc] = state.word(at + TASK.pc) + INSTRUCTION_WORDS;
  state.words[atCpu + CPU.stallAddress] = address;
  state.words[atCpu + CPU.stallValue] = value;
  state.words[HEADER.scheduling] = SCHEDULING_NEEDED;
  return true;
}
