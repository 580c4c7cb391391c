/**
 * The ways out of the interpreter's loop: saving its locals, and the machine faults of instructions.
 *
 * They are apart from the loop so that it stays one readable switch, and so that the rare paths do not
 * count when the host compiles it. Every `raise…` first saves the locals; `executed` is the number of
 * whole instructions since the position was last brought up to date, without the faulting one.
 */
import { hex } from '../base/brand.ts';
import {
  INSTRUCTION_WORDS,
  OP,
  OPCODE_MASK,
  STUB_BOOT_RETURN,
  STUB_INTERRUPT_RETURN,
  STUB_TRAP_RETURN,
} from '../bytecode/instruction.ts';
import { CODE_BASE } from '../bytecode/program.ts';
import { describeBadAccess, describeUnassigned } from './accessFaults.ts';
import { isFrameFree } from './annotations.ts';
import { describeAccess, describeIndex, type MachineFault } from './faults.ts';
import { HEADER, TASK, TIMES } from './imageLayout.ts';
import { raiseStackOverflow } from './kernelCall.ts';
import { type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { SCHEDULING_DECIDED, SCHEDULING_RUNNING } from './scheduler.ts';
import type { StopConditions } from './stopping.ts';
import { trapFrameAddress } from './trapFrame.ts';
import { performWatchedAccess } from './watchedAccess.ts';

export const OP_CALL = OP.call;
export const OP_CALL_POINTER = OP.callPointer;

/** Brings the image up to date: the task's pc and frame pointer, the clock, the position. */
export function save(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
  decided: boolean,
): void {
  const { words, doubles } = state;
  const at = taskAt(state.currentTask);
  words[at + TASK.pc] = pc;
  words[at + TASK.fp] = (f << 2) - IMAGE_BIAS;
  words[HEADER.scheduling] = decided ? SCHEDULING_DECIDED : SCHEDULING_RUNNING;
  if (statements !== 0) state.charge(state.currentCpu, statements * state.costs.statementNs);
  if (executed === 0) return;
  const counter = state.isBooted ? TIMES.positionDouble : TIMES.bootStepsDouble;
  doubles[counter] = state.double(counter) + executed;
}

/**
 * Whether generated code may execute the frame `f` of the running task and what it calls: no step can end in
 * it, and either all of its statements are charged or (`isFree`) none.
 */
export function isEnterable(
  state: MachineState,
  conditions: StopConditions,
  f: number,
  isFree: boolean,
): boolean {
  const fp = (f << 2) - IMAGE_BIAS;
  // Without checks generated code does not look at the shadow.
  if (!state.hasChecks && state.watchpoints?.isActive === true) return false;
  return (!isFree || isFrameFree(state, fp)) && conditions.passesFrame(state, fp);
}

/** Counts the instruction that just ended the CPU's turn, unless it was a fault. */
export function countInstruction(state: MachineState): void {
  if (state.end?.kind === 'fault') return;
  const counter = state.isBooted ? TIMES.positionDouble : TIMES.bootStepsDouble;
  state.doubles[counter] = state.double(counter) + 1;
}

/** The function at a code address, or -1. */
export function functionOfAddress(state: MachineState, address: number): number {
  const instruction = ((address >>> 0) - CODE_BASE) / 16;
  const index = state.functionAtEntry[instruction];
  return index === undefined ? -1 : index - 1;
}

/** Whether a return may lead to a stub: only where the machine itself pushed the call. */
export function isStubReturn(state: MachineState, f: number, pc: number, target: number): boolean {
  const task = state.currentTask;
  const fp = ((target << 2) - IMAGE_BIAS) | 0;
  if (target <= f) return false;
  switch (pc) {
    case STUB_TRAP_RETURN:
      return fp === trapFrameAddress(state, task);
    case STUB_INTERRUPT_RETURN:
      return fp === state.word(taskAt(task) + TASK.interruptRecord);
    case STUB_BOOT_RETURN:
      return !state.isBooted && fp === state.word(taskAt(task) + TASK.stackHigh);
    default:
      return false;
  }
}

/**
 * A load or store that is to be told to watchpoints, and is done here; or one outside of memory or of the
 * object it means. The address is operand b plus c of the instruction.
 */
export function raiseAccess(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
  bytes: number,
  isWrite: boolean,
): void {
  save(state, pc, f, statements, executed, false);
  const base = state.word(f + (state.code[pc + 2] as number));
  const address = unsigned(base + (state.code[pc + 3] as number));
  const at = state.memory.locate(address, bytes);
  if (at >= 0 && performWatchedAccess(state, pc, f, at, bytes, isWrite)) {
    save(state, pc + INSTRUCTION_WORDS, f, 0, 1, false);
    return;
  }
  state.raise(
    at < 0 ? describeAccess(address, bytes, isWrite) : describeBadAccess(state, at, bytes, isWrite),
  );
}

/** What a check instruction has found: an index outside of the array, or a local without a value. */
export function raiseFailedCheck(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
): void {
  save(state, pc, f, statements, executed, false);
  state.raise(describeFailedCheck(state, pc, f));
}

function describeFailedCheck(state: MachineState, pc: number, f: number): MachineFault {
  const word = state.code[pc] as number;
  const a = state.code[pc + 1] as number;
  const b = state.code[pc + 2] as number;
  switch (word & OPCODE_MASK) {
    case OP.checkIndex:
      return describeIndex(state.word(f + a), b);
    case OP.checkAssigned:
      return describeUnassigned(state, pc, b);
    default:
      return describeBadAccess(state, (f << 2) + a, b, false);
  }
}

/** A division by zero. */
export function raiseDivide(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
): void {
  save(state, pc, f, statements, executed, false);
  state.raise({ kind: 'divideByZero', message: 'Division by zero.' });
}

/** A call for whose frame, down to the word `low`, the stack has no room. */
export function raiseOverflow(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
  low: number,
): void {
  save(state, pc, f, statements, executed, false);
  const stackLow = state.word(taskAt(state.currentTask) + TASK.stackLow);
  raiseStackOverflow(state, (low << 2) - IMAGE_BIAS, stackLow);
}

/** A call of an address where no function starts. */
export function raiseCall(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
  address: number,
): void {
  save(state, pc, f, statements, executed, false);
  if (address >>> 0 < 4096) {
    state.raise({
      kind: 'nullCall',
      message: `Call through a null function pointer (${hex(address)}).`,
      address: unsigned(address),
    });
    return;
  }
  state.raise({
    kind: 'wildCall',
    message: `Call of ${hex(address, 8)}, where no function starts.`,
    address: unsigned(address),
  });
}

/** A return whose address or saved frame pointer the kernel has overwritten. */
export function raiseReturn(
  state: MachineState,
  pc: number,
  f: number,
  statements: number,
  executed: number,
): void {
  save(state, pc, f, statements, executed, false);
  const fp = unsigned((f << 2) - IMAGE_BIAS);
  state.raise({
    kind: 'stackCorrupt',
    message: `The return address or the saved frame pointer at ${hex(fp, 8)} was overwritten.`,
    address: fp,
  });
}

/** The instruction `trap`, by its operand. */
export function raiseTrap(state: MachineState, reason: number): void {
  if (reason === 0) {
    state.raise({ kind: 'nullCall', message: 'Call through a null function pointer.' });
    return;
  }
  state.raise({
    kind: 'missingReturn',
    message: 'The end of a function that returns a value was reached without `return`.',
  });
}
