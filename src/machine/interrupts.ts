/**
 * Interrupts of devices, and signals that a user sends: delivery as frames on top of whatever a CPU runs, and return.
 *
 * Delivery needs the CPU's interrupt flag and happens only at scheduling points; all devices
 * interrupt CPU 0. A CPU can also interrupt another one: a kick. What was interrupted is recorded on the
 * stack; see `interruptRecord.ts`. Interrupted user code leaves a trap frame as any trap does, and goes on
 * through the trap's return.
 */
import { defined } from '../base/errors.ts';
import {
  INSTRUCTION_WORDS,
  STUB_INTERRUPT_RETURN,
  STUB_TRAP_RETURN,
} from '../bytecode/instruction.ts';
import { CPU, HEADER, TASK } from './imageLayout.ts';
import {
  BROKEN_BY_INTERRUPT,
  isRecordIntact,
  popRecord,
  pushRecord,
  recordBelow,
  viewRecord,
} from './interruptRecord.ts';
import { pushCall } from './kernelCall.ts';
import { returnFromKernelFault } from './kernelFaults.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { lowEnd, PC_IDLE, PC_USER, runNextTask, STATUS_RUNNING, taskOfCookie } from './tasks.ts';
import { hasDueTimer, takeDueTimer } from './timers.ts';
import { tell, tellAt } from './tellTrace.ts';
import { INTERRUPT_SOURCE, TRACE } from './trace.ts';
import { saveUserRegisters, trapFrameAddress } from './trapFrame.ts';
import { TRAP_INTERRUPT } from './traps.ts';

/** The CPU that takes all interrupts of devices. */
export const INTERRUPT_CPU = 0;

type InterruptSource = (typeof INTERRUPT_SOURCE)[keyof typeof INTERRUPT_SOURCE];

/** What interrupts the CPU next. */
function pendingSource(state: MachineState, cpu: number): InterruptSource | undefined {
  const atCpu = cpuAt(cpu);
  if (state.word(atCpu + CPU.kickPending) !== 0) return INTERRUPT_SOURCE.kick;
  if (cpu !== INTERRUPT_CPU) return undefined;
  if (state.word(atCpu + CPU.diskPending) !== 0) return INTERRUPT_SOURCE.disk;
  if (hasDueTimer(state)) return INTERRUPT_SOURCE.timer;
  return state.word(HEADER.signalTask) === 0 ? undefined : INTERRUPT_SOURCE.signal;
}

/** Whether an interrupt waits and the CPU would take it now. */
export function canTakeInterrupt(state: MachineState, cpu: number): boolean {
  if (state.word(cpuAt(cpu) + CPU.irqsEnabled) === 0) return false;
  return pendingSource(state, cpu) !== undefined;
}

/** Delivers the next pending interrupt to the CPU, which can take it. */
export function deliverInterrupt(state: MachineState, cpu: number): void {
  const { words } = state;
  const atCpu = cpuAt(cpu);
  const task = state.word(atCpu + CPU.task);
  const at = taskAt(task);
  const source = defined(pendingSource(state, cpu), 'pending interrupt');
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
  const record = recordBelow(lowEnd(state, task), BROKEN_BY_INTERRUPT);
  pushRecord(state, task, record, BROKEN_BY_INTERRUPT);
  if (state.trace !== undefined) {
    tellAt(state, TRACE.interruptEntry, cpu, task, state.clock(cpu), source);
  }
  const { handler, parameters } = takeInterrupt(state, cpu, source);
  pushCall(state, cpu, handler, parameters, record, record, STUB_INTERRUPT_RETURN);
  if (state.end !== undefined) return;
  words[at + TASK.interruptDepth] = state.word(at + TASK.interruptDepth) + 1;
  words[atCpu + CPU.irqsEnabled] = 0;
  state.charge(cpu, state.costs.interruptNs);
}

/** The function of the kernel that handles an interrupt, and its parameters. */
interface HandlerCall {
  readonly handler: number;
  readonly parameters: readonly number[];
}

/** The interrupt no longer waits; returns what handles it. */
function takeInterrupt(state: MachineState, cpu: number, source: InterruptSource): HandlerCall {
  const { words } = state;
  const { entries } = state.config;
  switch (source) {
    case INTERRUPT_SOURCE.kick:
      words[cpuAt(cpu) + CPU.kickPending] = 0;
      return { handler: defined(entries.kick, 'handler of kicks'), parameters: [] };
    case INTERRUPT_SOURCE.disk:
      words[cpuAt(cpu) + CPU.diskPending] = 0;
      return { handler: entries.diskInterrupt, parameters: [] };
    case INTERRUPT_SOURCE.timer:
      return { handler: entries.timerInterrupt, parameters: [takeDueTimer(state)] };
    case INTERRUPT_SOURCE.signal:
      return {
        handler: defined(entries.signal, 'function that sends signals'),
        parameters: takeSignal(state),
      };
  }
}

/**
 * Interrupts the CPU that runs a task, if that is another one than the current; returns whether it does.
 * A kernel without a handler for it cannot kick.
 */
export function kickTask(state: MachineState, cookie: number): boolean {
  const task = taskOfCookie(state, cookie);
  if (task < 0 || state.config.entries.kick === undefined) return false;
  const at = taskAt(task);
  const cpu = state.word(at + TASK.cpu);
  if (state.word(at + TASK.status) !== STATUS_RUNNING || cpu === state.currentCpu) return false;
  state.words[cpuAt(cpu) + CPU.kickPending] = 1;
  return true;
}

/** Takes the pending signal; returns the parameters of the kernel's entry for it. */
function takeSignal(state: MachineState): readonly number[] {
  const { words } = state;
  const cookie = state.word(taskAt(state.word(HEADER.signalTask) - 1) + TASK.cookie);
  words[HEADER.signalTask] = 0;
  return [state.word(HEADER.signalNumber), cookie];
}

/**
 * The handler of an interrupt, or of a page fault of kernel code, has returned: the running task of the current
 * CPU goes on with what was broken off.
 */
export function returnFromInterrupt(state: MachineState): void {
  const { words } = state;
  const cpu = state.currentCpu;
  const task = state.currentTask;
  const at = taskAt(task);
  const record = state.word(at + TASK.interruptRecord);
  const depth = state.word(at + TASK.interruptDepth);
  const isIntact = record !== 0 && isRecordIntact(state, task, record);
  if (isIntact && viewRecord(state, record).isFault) {
    returnFromKernelFault(state);
    return;
  }
  if (depth === 0 || !isIntact) {
    state.raise({
      kind: 'stackCorrupt',
      message: 'The return from an interrupt finds no intact record of what was interrupted.',
      address: unsigned(record),
    });
    return;
  }
  popRecord(state, task);
  words[at + TASK.interruptDepth] = depth - 1;
  words[cpuAt(cpu) + CPU.irqsEnabled] = 1;
  if (state.trace !== undefined) tell(state, TRACE.interruptExit, task);
  if (state.word(at + TASK.pc) === PC_IDLE) runNextTask(state, cpu);
}
