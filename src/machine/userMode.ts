/**
 * Runs user code: one instruction of the running task after another, each of them a visible operation.
 *
 * A fault, a system call or an exception enters the kernel; the caller goes on with the interpreter.
 */
import { HEADER, TASK, TIMES } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import type { Mmu } from './mmu.ts';
import { decide, quietUntil, SCHEDULING_DECIDED, SCHEDULING_RUNNING } from './scheduler.ts';
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
  USER_EIP,
  USER_FAULT,
  USER_INVALID,
  USER_REPEAT,
  USER_SYSTEM_CALL,
  type UserStepResult,
} from './userCpu.ts';

/**
 * Executes at most `steps` user instructions of the current CPU; returns when it runs anything else.
 *
 * Before each one it is decided who goes on. As long as that is known to be this CPU (`quietUntil`), the
 * inner loop goes on without asking, and only notes what the decisions would have noted.
 */
export function runUserCode(
  state: MachineState,
  mmu: Mmu,
  conditions: StopConditions,
  steps: number,
): void {
  const { userCpu } = state.config;
  const { words, doubles } = state;
  const { userInstructionNs } = state.costs;
  let left = steps;
  for (;;) {
    if (state.word(HEADER.scheduling) !== SCHEDULING_DECIDED && decide(state)) return;
    if (left === 0 || hasStop(state)) return;
    if (conditions.stopsAtUser(state)) return;
    words[HEADER.scheduling] = SCHEDULING_RUNNING;
    const task = state.currentTask;
    const registers = state.userRegisters[task] as Int32Array;
    const atRepeating = taskAt(task) + TASK.isRepeating;
    const atClock = TIMES.cpuClockDouble + state.currentCpu;
    const countedAddress = state.countedAddresses[task] as number;
    const quietNs = conditions.watchesUser(state) ? -1 : quietUntil(state);
    const pointsPerDecision = state.pointsPerDecision;
    for (;;) {
      left -= 1;
      doubles[TIMES.positionDouble] = (doubles[TIMES.positionDouble] as number) + 1;
      mmu.faulted = false;
      const isCounted = registers[USER_EIP] === countedAddress && words[atRepeating] === 0;
      const result = userCpu.step(registers, mmu);
      if (isCounted && result !== USER_FAULT) {
        state.counts[task] = (state.counts[task] as number) + 1;
      }
      words[atRepeating] = result === USER_REPEAT ? 1 : 0;
      if (result !== USER_DONE && result !== USER_REPEAT) {
        if (result === USER_FAULT) state.watchpoints?.forget();
        enterKernel(state, result);
        return;
      }
      const clock = (doubles[atClock] as number) + userInstructionNs;
      doubles[atClock] = clock;
      if (left === 0 || clock >= quietNs || hasStop(state)) break;
      if (pointsPerDecision === 0) continue;
      // The decision is noted as `decide` notes it.
      const point = (doubles[TIMES.pointsDouble] as number) + 1;
      doubles[TIMES.pointsDouble] = point;
      doubles[TIMES.openPointDouble] = point;
    }
  }
}

/** Whether a watchpoint was hit. */
function hasStop(state: MachineState): boolean {
  return state.stop !== undefined;
}

/** An instruction was not done: a trap, unless the run has ended. */
function enterKernel(state: MachineState, result: UserStepResult): void {
  if (state.end !== undefined) return;
  if (result === USER_FAULT) enterPageFault(state, state.faultAddress, state.faultCode);
  else if (result === USER_SYSTEM_CALL) enterSystemCall(state);
  else if (result === USER_INVALID) enterException(state, VECTOR_INVALID_OPCODE);
  else if (result === USER_DIVIDE) enterException(state, VECTOR_DIVIDE);
  else enterException(state, VECTOR_BREAKPOINT);
}

/** Whether the current CPU's task is in user mode. */
export function isInUserMode(state: MachineState): boolean {
  return state.word(taskAt(state.currentTask) + TASK.pc) === PC_USER;
}
