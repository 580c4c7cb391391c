/**
 * Traps: how user code enters the kernel and how it goes back.
 *
 * The machine saves the user registers in a trap frame at the top of the task's kernel stack, and
 * calls the kernel's entry function with the frame's address. The entry returns to a stub; before user
 * code goes on, the kernel's exit hook is called once. Page faults and exceptions enter with interrupts
 * disabled, system calls leave the flag as it is.
 * Source: Intel SDM volume 3, sections 6.12.1.2 (interrupt gates clear IF, trap gates do not) and
 * 6.15 (error code and CR2 of interrupt 14).
 */
import { STUB_TRAP_RETURN } from '../bytecode/instruction.ts';
import { CPU, TASK } from './imageLayout.ts';
import { pushCall } from './kernelCall.ts';
import { cpuAt, type MachineState, taskAt } from './machineState.ts';
import { beginRounds } from './rounds.ts';
import { markStack, PC_USER } from './tasks.ts';
import { tell } from './tellTrace.ts';
import { TRACE } from './trace.ts';
import { loadUserRegisters, saveUserRegisters, trapFrameAddress } from './trapFrame.ts';
import { USER_EAX } from './userCpu.ts';

/** Kinds of traps in `TASK.trapKind`; 0 before the first one. */
export const TRAP_PAGE_FAULT = 1;
export const TRAP_SYSTEM_CALL = 2;
export const TRAP_EXCEPTION = 3;
export const TRAP_INTERRUPT = 4;

/** Exception vectors. */
export const VECTOR_DIVIDE = 0;
export const VECTOR_BREAKPOINT = 3;
export const VECTOR_INVALID_OPCODE = 6;

/** Bytes between the trap frame and the exit hook's call: more than the parameters of an entry function. */
const HOOK_GAP = 16;

function enter(
  state: MachineState,
  functionIndex: number,
  originalEax: number,
  parameters: readonly number[],
): void {
  const task = state.currentTask;
  saveUserRegisters(state, task, originalEax);
  state.words[taskAt(task) + TASK.exitHookDone] = 0;
  const frame = trapFrameAddress(state, task);
  pushCall(
    state,
    state.currentCpu,
    functionIndex,
    [frame, ...parameters],
    frame,
    frame,
    STUB_TRAP_RETURN,
  );
}

/** Notes the trap that the running task enters, for those who look. */
export function noteTrap(state: MachineState, kind: number, code: number, address: number): void {
  const at = taskAt(state.currentTask);
  state.words[at + TASK.trapKind] = kind;
  state.words[at + TASK.trapCode] = code;
  state.words[at + TASK.trapAddress] = address;
  if (state.trace !== undefined) tell(state, TRACE.trap, state.currentTask, kind, code, address);
}

/** The running user instruction accessed a page that its page tables do not allow. */
export function enterPageFault(state: MachineState, address: number, errorCode: number): void {
  const atCpu = cpuAt(state.currentCpu);
  state.words[atCpu + CPU.cr2] = address;
  state.words[atCpu + CPU.irqsEnabled] = 0;
  noteTrap(state, TRAP_PAGE_FAULT, errorCode, address);
  state.charge(state.currentCpu, state.costs.trapNs);
  enter(state, state.config.entries.pageFault, -1, [errorCode]);
  beginRounds(state);
}

/** The running user code executed `int $0x80`. */
export function enterSystemCall(state: MachineState): void {
  const eax = (state.userRegisters[state.currentTask] as Int32Array)[USER_EAX] as number;
  noteTrap(state, TRAP_SYSTEM_CALL, eax, 0);
  state.charge(state.currentCpu, state.costs.systemCallNs);
  enter(state, state.config.entries.systemCall, eax, []);
}

/** The running user instruction cannot be executed. Without a handler this ends the run. */
export function enterException(state: MachineState, vector: number): void {
  const handler = state.config.entries.invalidOpcode;
  if (handler === undefined) {
    state.raise({
      kind: 'userException',
      message: `A user instruction raised exception ${String(vector)}, and the kernel has no handler for it.`,
    });
    return;
  }
  state.words[cpuAt(state.currentCpu) + CPU.irqsEnabled] = 0;
  noteTrap(state, TRAP_EXCEPTION, vector, 0);
  state.charge(state.currentCpu, state.costs.trapNs);
  enter(state, handler, -1, [vector]);
}

/** The stub behind an entry function: calls the exit hook the first time, then goes back to user mode. */
export function returnFromTrap(state: MachineState): void {
  const task = state.currentTask;
  const at = taskAt(task);
  const frame = trapFrameAddress(state, task);
  const hook = state.config.entries.exitToUser;
  if (hook !== undefined && state.word(at + TASK.exitHookDone) === 0) {
    state.words[at + TASK.exitHookDone] = 1;
    // Lower than the frame of any entry function: a step out of one must not end in the hook.
    const below = frame - HOOK_GAP;
    pushCall(state, state.currentCpu, hook, [frame], below, frame, STUB_TRAP_RETURN);
    return;
  }
  state.watcher?.returning();
  if (state.end !== undefined) return;
  loadUserRegisters(state, task, state.userRegisters[task] as Int32Array);
  state.words[at + TASK.pc] = PC_USER;
  state.words[at + TASK.fp] = 0;
  state.words[at + TASK.costFrame] = 0;
  state.words[at + TASK.costDepth] = 0;
  state.words[cpuAt(state.currentCpu) + CPU.irqsEnabled] = 1;
  markStack(state, task);
  if (state.trace !== undefined) tell(state, TRACE.user, task);
}
