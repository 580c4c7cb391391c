/**
 * Interrupts of devices, and signals that a user sends: delivery as frames on top of whatever a CPU runs, and return.
 *
 * Delivery needs the CPU's interrupt flag and happens only at scheduling points; all devices
 * interrupt CPU 0. The record of what was interrupted lies on the stack, between the frames:
 *
 *   interrupted frame … | pc, fp, cost region (2 words), record of the outer interrupt | arguments, frame of the handler
 *
 * Interrupted user code leaves a trap frame as any trap does, and goes on through the trap's return.
 */
import {
  INSTRUCTION_WORDS,
  STUB_INTERRUPT_RETURN,
  STUB_TRAP_RETURN,
} from '../bytecode/instruction.ts';
import { CPU, HEADER, TASK } from './imageLayout.ts';
import { pushCall } from './kernelCall.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { functionIndexAt, isIdleTask, lowEnd, PC_IDLE, PC_USER, runNextTask } from './tasks.ts';
import { hasDueTimer, takeDueTimer } from './timers.ts';
import { saveUserRegisters, trapFrameAddress } from './trapFrame.ts';
import { TRAP_INTERRUPT } from './traps.ts';

/** The CPU that takes all interrupts of devices. */
export const INTERRUPT_CPU = 0;

const RECORD_WORDS = 5;

/** Whether an interrupt waits and the CPU would take it now. */
export function canTakeInterrupt(state: MachineState, cpu: number): boolean {
  if (cpu !== INTERRUPT_CPU || state.word(cpuAt(cpu) + CPU.irqsEnabled) === 0) return false;
  return (
    state.word(cpuAt(cpu) + CPU.diskPending) !== 0 ||
    hasDueTimer(state) ||
    state.word(HEADER.signalTask) !== 0
  );
}

/** Delivers the next pending interrupt to the CPU, which can take it. */
export function deliverInterrupt(state: MachineState, cpu: number): void {
  const { words } = state;
  const atCpu = cpuAt(cpu);
  const task = state.word(atCpu + CPU.task);
  const at = taskAt(task);
  if (state.word(atCpu + CPU.stallAddress) !== 0) {
    // The handler's frame goes on top; afterwards the CPU looks at the word again.
    words[atCpu + CPU.stallAddress] = 0;
    words[at + TASK.pc] = state.word(at + TASK.pc) - INSTRUCTION_WORDS;
  }
  if (state.word(at + TASK.pc) === PC_USER) {
    saveUserRegisters(state, task, -1);
    words[at + TASK.pc] = STUB_TRAP_RETURN;
    words[at + TASK.fp] = trapFrameAddress(state, task);
    words[at + TASK.exitHookDone] = 0;
    words[at + TASK.trapKind] = TRAP_INTERRUPT;
  }
  const record = lowEnd(state, task) - 4 * RECORD_WORDS;
  const word = ((record + IMAGE_BIAS) >>> 0) >> 2;
  if (record > state.word(at + TASK.stackLow)) {
    words[word] = state.word(at + TASK.pc);
    words[word + 1] = state.word(at + TASK.fp);
    words[word + 2] = state.word(at + TASK.costFrame);
    words[word + 3] = state.word(at + TASK.costDepth);
    words[word + 4] = state.word(at + TASK.interruptRecord);
    state.memory.mark(word * 4, (word + RECORD_WORDS) * 4);
  }
  const { entries } = state.config;
  if (state.word(atCpu + CPU.diskPending) !== 0) {
    words[atCpu + CPU.diskPending] = 0;
    pushCall(state, cpu, entries.diskInterrupt, [], record, record, STUB_INTERRUPT_RETURN);
  } else if (hasDueTimer(state)) {
    const cookie = takeDueTimer(state);
    pushCall(state, cpu, entries.timerInterrupt, [cookie], record, record, STUB_INTERRUPT_RETURN);
  } else {
    const handler = entries.signal ?? entries.boot;
    const signal = takeSignal(state);
    pushCall(state, cpu, handler, signal, record, record, STUB_INTERRUPT_RETURN);
  }
  if (state.end !== undefined) return;
  words[at + TASK.costFrame] = 0;
  words[at + TASK.costDepth] = 0;
  words[at + TASK.interruptRecord] = record;
  words[at + TASK.interruptDepth] = state.word(at + TASK.interruptDepth) + 1;
  words[atCpu + CPU.irqsEnabled] = 0;
  state.charge(cpu, state.costs.interruptNs);
}

/** Takes the pending signal; returns the parameters of the kernel's entry for it. */
function takeSignal(state: MachineState): readonly number[] {
  const { words } = state;
  const cookie = state.word(taskAt(state.word(HEADER.signalTask) - 1) + TASK.cookie);
  words[HEADER.signalTask] = 0;
  return [state.word(HEADER.signalNumber), cookie];
}

/** The handler has returned: the running task of the current CPU goes on with what was interrupted. */
export function returnFromInterrupt(state: MachineState): void {
  const { words } = state;
  const cpu = state.currentCpu;
  const task = state.currentTask;
  const at = taskAt(task);
  const record = state.word(at + TASK.interruptRecord);
  const word = ((record + IMAGE_BIAS) >>> 0) >> 2;
  if (state.word(at + TASK.interruptDepth) === 0 || !isRecordIntact(state, task, record)) {
    state.raise({
      kind: 'stackCorrupt',
      message: 'The return from an interrupt finds no intact record of what was interrupted.',
      address: unsigned(record),
    });
    return;
  }
  words[at + TASK.pc] = state.word(word);
  words[at + TASK.fp] = state.word(word + 1);
  words[at + TASK.costFrame] = state.word(word + 2);
  words[at + TASK.costDepth] = state.word(word + 3);
  words[at + TASK.interruptRecord] = state.word(word + 4);
  words[at + TASK.interruptDepth] = state.word(at + TASK.interruptDepth) - 1;
  words[cpuAt(cpu) + CPU.irqsEnabled] = 1;
  if (state.word(at + TASK.pc) === PC_IDLE) runNextTask(state, cpu);
}

/** Whether the kernel has not overwritten the record: it names code and a frame on this stack. */
function isRecordIntact(state: MachineState, task: number, record: number): boolean {
  const at = taskAt(task);
  const low = state.word(at + TASK.stackLow);
  const high = state.word(at + TASK.stackHigh);
  if (record < low || record + 4 * RECORD_WORDS > high) return false;
  const word = ((record + IMAGE_BIAS) >>> 0) >> 2;
  const pc = state.word(word);
  const fp = state.word(word + 1);
  if (pc === PC_IDLE) return isIdleTask(state, task);
  if (pc === STUB_TRAP_RETURN) return fp === trapFrameAddress(state, task);
  const index = functionIndexAt(state, pc);
  if (index < 0 || pc % INSTRUCTION_WORDS !== 0) return false;
  const end = fp - (state.functionFrameBytes[index] as number);
  return (fp & 3) === 0 && fp < high && end === record + 4 * RECORD_WORDS;
}
