/**
 * Runs user code: one instruction of the running task after another, each of them a visible operation.
 *
 * A fault, a system call or an exception enters the kernel; the caller goes on with the interpreter.
 */
import { HEADER, TASK, TIMES } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import type { Mmu } from './mmu.ts';
import { decide, SCHEDULING_DECIDED, SCHEDULING_RUNNING } from './scheduler.ts';
import type { StopConditions } from './stopping.ts';
import { PC_USER } from './tasks.ts';
import {
  enterException,
  enterPageFault,
  enterSystemCall,
  VECTOR_BREAKPOINT,
  VECTOR_DIVIDE,
  VECTOR_INVALID_OPCODE,
} from './traps.ts';
import {
  USER_DIVIDE,
  USER_DONE,
  USER_FAULT,
  USER_INVALID,
  USER_REPEAT,
  USER_SYSTEM_CALL,
} from './userCpu.ts';

/** Executes at most `steps` user instructions of the current CPU; returns when it runs anything else. */
export function runUserCode(
  state: MachineState,
  mmu: Mmu,
  conditions: StopConditions,
  steps: number,
): void {
  const { userCpu } = state.config;
  const { words, doubles, costs } = state;
  for (let left = steps; ; left -= 1) {
    if (state.word(HEADER.scheduling) !== SCHEDULING_DECIDED && decide(state)) return;
    if (left === 0) return;
    if (conditions.stopsAtUser(state)) return;
    words[HEADER.scheduling] = SCHEDULING_RUNNING;
    doubles[TIMES.positionDouble] = state.double(TIMES.positionDouble) + 1;
    const task = state.currentTask;
    mmu.faulted = false;
    const result = userCpu.step(state.userRegisters[task] as Int32Array, mmu);
    words[taskAt(task) + TASK.isRepeating] = result === USER_REPEAT ? 1 : 0;
    if (result === USER_DONE || result === USER_REPEAT) {
      state.charge(state.currentCpu, costs.userInstructionNs);
      continue;
    }
    if (state.end === undefined) {
      if (result === USER_FAULT) enterPageFault(state, state.faultAddress, state.faultCode);
      else if (result === USER_SYSTEM_CALL) enterSystemCall(state);
      else if (result === USER_INVALID) enterException(state, VECTOR_INVALID_OPCODE);
      else if (result === USER_DIVIDE) enterException(state, VECTOR_DIVIDE);
      else enterException(state, VECTOR_BREAKPOINT);
    }
    return;
  }
}

/** Whether the current CPU's task is in user mode. */
export function isInUserMode(state: MachineState): boolean {
  return state.word(taskAt(state.currentTask) + TASK.pc) === PC_USER;
}
