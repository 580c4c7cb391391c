/**
 * Where a run stops by itself: breakpoints, the ends of steps, bounds.
 *
 * None of this is machine state: a stop never changes what the machine does.
 */
import { asAddress, asCpuId, asPc, asTaskId } from '../base/brand.ts';
import {
  FLAG_BREAKPOINT,
  FLAG_LOCAL,
  FLAG_STATEMENT,
  FLAG_TRACE,
} from '../bytecode/instruction.ts';
import { TASK, TIMES } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import type { RunRequest, StepRequest } from './runRequest.ts';
import { tell } from './tellTrace.ts';
import { USER_EIP } from './userCpu.ts';

/** What one `run` looks out for. */
export class StopConditions {
  readonly breakpoints: boolean;
  readonly step: StepRequest | undefined;
  /** Interrupts on the stepped task's stack when the step began; frames of later ones do not count. */
  private readonly stepInterruptDepth: number;
  /** The position whose instruction does not stop again. */
  private readonly exemptPosition: number;
  private readonly userBreakpoints: ReadonlySet<number>;
  /** Flags of instructions at which the run may stop: 0 when nothing is of interest. */
  readonly watchedFlags: number;

  constructor(
    state: MachineState,
    request: RunRequest,
    exemptPosition: number,
    userBreakpoints: ReadonlySet<number>,
  ) {
    this.breakpoints = request.breakpoints;
    this.step = request.step;
    this.exemptPosition = exemptPosition;
    this.userBreakpoints = userBreakpoints;
    this.watchedFlags =
      (request.breakpoints ? FLAG_BREAKPOINT | FLAG_LOCAL : 0) |
      (request.step === undefined ? 0 : FLAG_STATEMENT) |
      (state.trace === undefined ? 0 : FLAG_TRACE);
    const { step } = request;
    this.stepInterruptDepth =
      step === undefined
        ? 0
        : (step.interruptDepth ?? state.word(taskAt(step.task) + TASK.interruptDepth));
  }

  /**
   * Whether the run stops before the kernel instruction with the first word `word`, to which the
   * running task comes; sets `MachineState.stop` if so. Its pc and frame pointer have been saved. If it is to
   * stop behind it, `endsBehindInstruction` of the state says so.
   */
  stopsHere(state: MachineState, word: number): boolean {
    if ((word & FLAG_TRACE) !== 0) tellArrival(state);
    // Runs that step without breakpoints come here too.
    if ((word & FLAG_LOCAL) === 0 || !this.breakpoints) return this.stopsBefore(state, word);
    if (state.watchpoints?.arriveBehindCall() === true) return true;
    if (this.stopsBefore(state, word)) return true;
    if (state.watchpoints?.arriveAtLocal() === true) state.endsBehindInstruction = true;
    return false;
  }

  private stopsBefore(state: MachineState, word: number): boolean {
    if (state.double(TIMES.positionDouble) === this.exemptPosition) return false;
    const task = state.currentTask;
    const fp = state.word(taskAt(task) + TASK.fp);
    const isBreakpoint = this.breakpoints && (word & FLAG_BREAKPOINT) !== 0;
    const endsStep = this.endsStep(state, task, fp, word);
    if (!isBreakpoint && !endsStep) return false;
    state.stop = {
      kind: isBreakpoint ? 'breakpoint' : 'statement',
      ...(isBreakpoint && endsStep ? { endsStep } : {}),
      cpu: asCpuId(state.currentCpu),
      task: asTaskId(task),
      pc: asPc(state.word(taskAt(task) + TASK.pc)),
    };
    return true;
  }

  /** Whether the step ends before the kernel instruction to which a task has come. */
  private endsStep(state: MachineState, task: number, fp: number, word: number): boolean {
    const { step } = this;
    if (step?.task !== task || (word & FLAG_STATEMENT) === 0) return false;
    if (state.word(taskAt(task) + TASK.interruptDepth) > this.stepInterruptDepth) return false;
    return step.minFp === 0 || fp >>> 0 >= step.minFp;
  }

  /** Whether the running task's user instructions may stop the run: each of them must ask. */
  watchesUser(state: MachineState): boolean {
    const isStepped = this.step?.intoUser === true && this.step.task === state.currentTask;
    return isStepped || (this.breakpoints && this.userBreakpoints.size > 0);
  }

  /**
   * Whether nothing that the running task does in the frame `fp`, or in frames below it, can end a step:
   * breakpoints apart, its kernel code may be executed without asking.
   */
  passesFrame(state: MachineState, fp: number): boolean {
    const { step } = this;
    if (step === undefined || step.task !== state.currentTask) return true;
    if (state.word(taskAt(step.task) + TASK.interruptDepth) > this.stepInterruptDepth) return true;
    return step.minFp !== 0 && fp >>> 0 < step.minFp;
  }

  /** The same before a user instruction. */
  stopsAtUser(state: MachineState): boolean {
    if (this.watchedFlags === 0) return false;
    if (state.double(TIMES.positionDouble) === this.exemptPosition) return false;
    const task = state.currentTask;
    const address = (state.userRegisters[task] as Int32Array)[USER_EIP] as number;
    // A breakpoint stands before a repeated instruction, not before each of its elements.
    const isRepeating = state.word(taskAt(task) + TASK.isRepeating) === 1;
    const isBreakpoint =
      this.breakpoints &&
      !isRepeating &&
      this.userBreakpoints.has(userBreakpointKey(task, address));
    const { step } = this;
    const endsStep =
      step?.task === task && step.intoUser && !(isRepeating && step.overRepeats === true);
    if (!isBreakpoint && !endsStep) return false;
    state.stop = {
      kind: isBreakpoint ? 'breakpoint' : 'statement',
      ...(isBreakpoint && endsStep ? { endsStep } : {}),
      cpu: asCpuId(state.currentCpu),
      task: asTaskId(task),
      userAddress: asAddress(address),
    };
    return true;
  }
}

/** Tells who traces the run that the running task is about to execute an instruction with `FLAG_TRACE`. */
function tellArrival(state: MachineState): void {
  const position = state.double(TIMES.positionDouble);
  // A run that stopped here and goes on comes here a second time.
  if (position === state.tracedPosition) return;
  state.tracedPosition = position;
  const task = state.currentTask;
  const at = taskAt(task);
  const points = state.tracePoints.get(state.word(at + TASK.pc)) ?? [];
  for (const { kind, index } of points) tell(state, kind, task, index, state.word(at + TASK.fp));
}

/** A task and an address in one number. */
export function userBreakpointKey(task: number, address: number): number {
  return task * 4294967296 + (address >>> 0);
}
