/**
 * Where steps end.
 *
 * A step belongs to one task and one frame; meanwhile everyone runs under the schedule. It ends at the
 * task's next statement in the frame or in a caller, at a user instruction when the trap is over, when
 * any task hits a breakpoint, when the task dies, and (with the filter) when it goes to sleep. Frames
 * of interrupts on top of the stepped stack are neither entered nor counted; Step Into passes over
 * plumbing functions with all they call.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import type { Stop } from '../machine/stop.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import { identifyChain, isInChain, type FrameId } from './frameChain.ts';
import type { SlicedRequest, SlicedRunner, Work } from './operation.ts';
import { isSameMacroUse, StatementFilter } from './statementFilter.ts';

/** More than any frame address: no statement of the kernel is this far out. */
export const OUTSIDE_KERNEL = 0xffffffff;

/** How a step ended. */
export type StepEnd =
  /** Where it was meant to end. */
  | { readonly kind: 'reached' }
  /** The task died. */
  | { readonly kind: 'exited' }
  /** The interrupt in which it was made is over, and its CPU has nothing else to do. */
  | { readonly kind: 'interruptOver' }
  /** Something else stopped the machine. */
  | { readonly kind: 'stopped'; readonly stop: Stop };

/** What a step needs besides the machine. */
export interface StepContext {
  readonly machine: Machine;
  readonly program: Program;
  readonly runner: SlicedRunner;
  readonly task: TaskId;
  /** The sleep filter and the like, as they apply to every run of this step. */
  readonly request: Omit<SlicedRequest, 'step'>;
  /** Where tasks die; the machine has breakpoints there. */
  readonly exitPcs: ReadonlySet<Pc>;
  /** Whether the user has a breakpoint where the stepped task stands. */
  hasBreakpointHere(): boolean;
}

const REACHED: StepEnd = { kind: 'reached' };
const EXITED: StepEnd = { kind: 'exited' };

function isInUserMode({ machine, task }: StepContext): boolean {
  return machine.task(task).mode === 'user';
}

function isAtExit(context: StepContext): boolean {
  const { pc } = context.machine.task(context.task);
  return pc !== undefined && context.exitPcs.has(pc);
}

/** Executes the instruction by which the task dies. */
function* runExit(context: StepContext): Work<StepEnd> {
  const { machine, runner, task } = context;
  while (machine.task(task).status !== 'exited') {
    const untilPosition = machine.position + 1;
    const stop = yield* runner.run({ breakpoints: false, untilPosition });
    if (stop.kind !== 'position') return { kind: 'stopped', stop };
  }
  return EXITED;
}

/** Runs to a statement of the task with at least this frame address, or to its user mode. */
function* runStep(
  context: StepContext,
  minFp: number,
  extra: Partial<SlicedRequest> = {},
  overRepeats = false,
): Work<StepEnd> {
  const { runner, task, exitPcs, request } = context;
  if (isAtExit(context)) return yield* runExit(context);
  for (;;) {
    const stop = yield* runner.run({
      ...request,
      ...extra,
      step: { task, minFp, intoUser: true, overRepeats },
    });
    if (stop.kind === 'statement' && stop.task === task) return REACHED;
    const isExit = stop.kind === 'breakpoint' && stop.pc !== undefined && exitPcs.has(stop.pc);
    if (!isExit) return { kind: 'stopped', stop };
    if (stop.task === task) return yield* runExit(context);
  }
}

/**
 * Runs until the task stands at a statement of one of the frames, or in user mode. `frames` are calls
 * that are running now, innermost first; with none of them the goal is user mode. Step Over takes the
 * frames of the stepped stack, Step Out those without the first.
 */
export function* runToFrames(context: StepContext, frames: readonly FrameId[]): Work<StepEnd> {
  const { machine, program, task } = context;
  let last = machine.task(task).pc;
  let [goal] = frames;
  while (goal !== undefined) {
    const end = yield* runStep(context, goal.fp);
    const { mode, pc } = machine.task(task);
    if (end.kind !== 'reached' || mode === 'user' || pc === undefined) return end;
    if (context.hasBreakpointHere()) return REACHED;
    const chain = identifyChain(machine, task);
    const [innermost] = chain;
    if (innermost !== undefined && isInChain(frames, innermost)) {
      if (last === undefined || !isSameMacroUse(program, last, pc)) return REACHED;
      last = pc;
      goal = innermost;
      continue;
    }
    // Another call by a frame of ours, at the address of one that has returned: wait for its caller.
    goal = chain.find((frame) => isInChain(frames, frame));
  }
  return yield* runStep(context, OUTSIDE_KERNEL);
}

/** Step into: ends at the task's next statement or user instruction, plumbing passed over. */
export function* stepInto(context: StepContext, frames: readonly FrameId[]): Work<StepEnd> {
  const { machine, program, task } = context;
  const filter = new StatementFilter(machine, program, task, frames);
  for (;;) {
    const end = yield* runStep(context, filter.minFp);
    if (end.kind !== 'reached') return end;
    if (filter.admits(machine.task(task).pc) || context.hasBreakpointHere()) return REACHED;
  }
}

/** Whether a step was stopped by the breakpoint at the user instruction that is stepped over. */
function isBreakpointAt(end: StepEnd, task: TaskId, address: number): boolean {
  return (
    end.kind === 'stopped' &&
    end.stop.kind === 'breakpoint' &&
    end.stop.task === task &&
    end.stop.userAddress === address
  );
}

/**
 * Step over the user instruction at `start`: ends at the following one, its faults, its system calls and
 * all elements of a repeated one included. The task may be in the middle of such a trap.
 */
export function* stepOverInstruction(context: StepContext, start: number): Work<StepEnd> {
  for (;;) {
    const end = isInUserMode(context) ? yield* runStep(context, 0, {}, true) : REACHED;
    if (end.kind !== 'reached' || isInUserMode(context)) return end;
    const back = yield* runStep(context, OUTSIDE_KERNEL);
    if (back.kind !== 'reached' && !isBreakpointAt(back, context.task, start)) return back;
    // Still at the same instruction: the fault is handled and the instruction runs again.
    if (context.machine.task(context.task).userRegisters[USER_EIP] !== start) return REACHED;
  }
}

/**
 * A step in an interrupt of an idle CPU, behind which there is no code to end at; `frames` as for
 * `runToFrames`.
 */
export function* stepInIdleInterrupt(
  context: StepContext,
  frames: readonly FrameId[],
): Work<StepEnd> {
  const { machine, task } = context;
  let goal = frames[0];
  for (;;) {
    const untilPosition = machine.position + 1;
    const end = yield* runStep(context, goal?.fp ?? OUTSIDE_KERNEL, { untilPosition });
    const chain = identifyChain(machine, task);
    if (end.kind === 'reached') {
      const [innermost] = chain;
      if (innermost === undefined || isInChain(frames, innermost)) return REACHED;
      goal = chain.find((frame) => isInChain(frames, frame));
      continue;
    }
    const isInstructionDone = end.kind === 'stopped' && end.stop.kind === 'position';
    if (!isInstructionDone) return end;
    if (!machine.task(task).isInInterrupt) return { kind: 'interruptOver' };
  }
}
