/**
 * The record of kernel code (or an idle CPU) that was broken off: by an interrupt, or by a page fault of
 * its own access to user memory. It lies on the stack of the task, between the frames:
 *
 *   broken-off frame … | only for a fault: trap frame (17 words) and the trap before (3 words)
 *     | the record: pc, fp, cost region (2 words), record further out, kind | arguments, frame of the handler
 *
 * The handler returns through the stub `STUB_INTERRUPT_RETURN` in both cases.
 */
import { INSTRUCTION_WORDS, STUB_TRAP_RETURN } from '../bytecode/instruction.ts';
import { TASK } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { functionIndexAt, isIdleTask, PC_IDLE } from './tasks.ts';
import { TRAP_FRAME_WORDS, trapFrameAddress } from './trapFrame.ts';

/** What broke the code off. */
export const BROKEN_BY_INTERRUPT = 0;
export const BROKEN_BY_FAULT = 1;

/** Words of a record. */
const RECORD = { words: 6, pc: 0, fp: 1, costFrame: 2, costDepth: 3, outer: 4, kind: 5 } as const;
const RECORD_BYTES = 4 * RECORD.words;

/** What a fault keeps above its record: the trap that was noted before, then the trap frame. */
const KEPT_TRAP_WORDS = 3;
const FAULT_BYTES = 4 * (KEPT_TRAP_WORDS + TRAP_FRAME_WORDS);

function wordOf(address: number): number {
  return ((address + IMAGE_BIAS) >>> 0) >> 2;
}

/** Where a record goes when what lies above ends at the address `low`. */
export function recordBelow(low: number, kind: number): number {
  return low - RECORD_BYTES - (kind === BROKEN_BY_FAULT ? FAULT_BYTES : 0);
}

/** The address of the trap frame of a fault. */
export function faultFrameOf(record: number): number {
  return record + RECORD_BYTES + 4 * KEPT_TRAP_WORDS;
}

/**
 * Writes the record of a task that is about to enter a handler, and makes it the innermost. Does nothing
 * where the stack has no room; the call of the handler, which lies below, then fails.
 */
export function pushRecord(state: MachineState, task: number, record: number, kind: number): void {
  const at = taskAt(task);
  if (record <= state.word(at + TASK.stackLow)) return;
  const { words } = state;
  const word = wordOf(record);
  words[word + RECORD.pc] = state.word(at + TASK.pc);
  words[word + RECORD.fp] = state.word(at + TASK.fp);
  words[word + RECORD.costFrame] = state.word(at + TASK.costFrame);
  words[word + RECORD.costDepth] = state.word(at + TASK.costDepth);
  words[word + RECORD.outer] = state.word(at + TASK.interruptRecord);
  words[word + RECORD.kind] = kind;
  let end = word + RECORD.words;
  if (kind === BROKEN_BY_FAULT) {
    words[end] = state.word(at + TASK.trapKind);
    words[end + 1] = state.word(at + TASK.trapCode);
    words[end + 2] = state.word(at + TASK.trapAddress);
    end += KEPT_TRAP_WORDS;
  }
  state.memory.mark(word * 4, end * 4);
  words[at + TASK.costFrame] = 0;
  words[at + TASK.costDepth] = 0;
  words[at + TASK.interruptRecord] = record;
}

/** Brings back what the innermost record, which is intact, keeps. Returns its kind. */
export function popRecord(state: MachineState, task: number): number {
  const { words } = state;
  const at = taskAt(task);
  const word = wordOf(state.word(at + TASK.interruptRecord));
  words[at + TASK.pc] = state.word(word + RECORD.pc);
  words[at + TASK.fp] = state.word(word + RECORD.fp);
  words[at + TASK.costFrame] = state.word(word + RECORD.costFrame);
  words[at + TASK.costDepth] = state.word(word + RECORD.costDepth);
  words[at + TASK.interruptRecord] = state.word(word + RECORD.outer);
  const kind = state.word(word + RECORD.kind);
  if (kind === BROKEN_BY_FAULT) {
    const [trapKind, trapCode, trapAddress] = keptTrapOf(state, word);
    words[at + TASK.trapKind] = trapKind;
    words[at + TASK.trapCode] = trapCode;
    words[at + TASK.trapAddress] = trapAddress;
  }
  return kind;
}

function keptTrapOf(state: MachineState, recordWord: number): [number, number, number] {
  const word = recordWord + RECORD.words;
  return [state.word(word), state.word(word + 1), state.word(word + 2)];
}

/** What a record says, for those who look. */
export interface RecordView {
  readonly pc: number;
  readonly fp: number;
  readonly isFault: boolean;
  /** For a fault, the trap during which it struck: kind, code, address. */
  readonly trapBefore: readonly [number, number, number];
}

/** Reads the record at an address of kernel memory. */
export function viewRecord(state: MachineState, record: number): RecordView {
  const word = wordOf(record);
  return {
    pc: state.word(word + RECORD.pc),
    fp: state.word(word + RECORD.fp),
    isFault: state.word(word + RECORD.kind) === BROKEN_BY_FAULT,
    trapBefore: keptTrapOf(state, word),
  };
}

/** Whether the kernel has not overwritten the record: it names code and a frame on this stack. */
export function isRecordIntact(state: MachineState, task: number, record: number): boolean {
  const at = taskAt(task);
  const low = state.word(at + TASK.stackLow);
  const high = state.word(at + TASK.stackHigh);
  if (record < low || record + RECORD_BYTES > high) return false;
  const { pc, fp, isFault } = viewRecord(state, record);
  if (pc === PC_IDLE) return !isFault && isIdleTask(state, task);
  if (pc === STUB_TRAP_RETURN) return !isFault && fp === trapFrameAddress(state, task);
  const index = functionIndexAt(state, pc);
  if (index < 0 || pc % INSTRUCTION_WORDS !== 0) return false;
  const end = fp - (state.functionFrameBytes[index] as number);
  const kind = isFault ? BROKEN_BY_FAULT : BROKEN_BY_INTERRUPT;
  return (fp & 3) === 0 && fp < high && record === recordBelow(end, kind);
}
