/**
 * Operations that run the machine forward: to a breakpoint, by a step, with all tasks or one alone.
 */
import { asAddress, type Pc, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { Frame } from '../machine/frame.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import { bodyPcs } from './bodyPcs.ts';
import type { DebugStop, StopReason } from './debugStop.ts';
import { taskName } from './debugTarget.ts';
import { findExitPcs } from './exitPlaces.ts';
import { identifyChain, identifyFrame, isInChain, type FrameId } from './frameChain.ts';
import { anchorPcs } from './moments.ts';
import type { Operation, Work } from './operation.ts';
import { ReturnWatch } from './returnedValue.ts';
import { RunControl } from './runControl.ts';
import {
  runToFrames,
  stepInIdleInterrupt,
  stepInto,
  stepOverInstruction,
  type StepContext,
  type StepEnd,
} from './stepping.ts';
import * as texts from './stopTexts.ts';

/** The three forward steps of DAP: next, stepIn, stepOut. */
export type StepKind = 'over' | 'into' | 'out';

/** `true`: the first `do_page_fault`; `user`: the first user instruction; or an anchor's name. */
export type EntryStop = boolean | string;

/** Where a step was made that ended because its task went to sleep. */
interface SuspendedStep {
  readonly task: TaskId;
  readonly frames: readonly FrameId[];
  /** The user instruction that was stepped over, when it was one. */
  readonly instruction: number | undefined;
}

/** A step to be made. */
interface StepRequest {
  readonly kind: StepKind;
  readonly task: TaskId;
  /** The calls to which it applies, innermost first. */
  readonly frames: readonly FrameId[];
  /** The step that it goes on with. */
  readonly resumed?: SuspendedStep | undefined;
  readonly isAlone?: boolean;
  readonly watch?: ReturnWatch;
}

export class ForwardDebugger extends RunControl {
  private readonly exitPcs: ReadonlySet<Pc> = findExitPcs(this.target.program);
  private suspended: SuspendedStep | undefined;

  /**
   * Whether a frame lies inside the statement that is being stepped over: the task went to sleep
   * there, and the user looks at the statement, not at the depths of the scheduler.
   */
  isInsideStep(task: TaskId, frame: Frame): boolean {
    if (this.suspended?.task !== task) return false;
    return !isInChain(this.suspended.frames, identifyFrame(this.target.machine, frame));
  }

  /** Runs to the stop on entry, or to a breakpoint before it. */
  start(entry: EntryStop): Operation {
    const { program, entries, machine } = this.target;
    if (entry === false) return this.resume();
    const pcs = typeof entry === 'string' && entry !== 'user' ? anchorPcs(program, entry) : [];
    if (entry === true) pcs.push(...bodyPcs(program, entries.pageFault));
    this.useBreakpoints(pcs);
    if (entry === 'user') {
      machine.setUserBreakpoints([...this.breakpoints.userPlaces(), ...this.firstInstructions()]);
      this.ownsUserStops = true;
    }
    return this.forward(this.runToEntry(pcs));
  }

  /** Continue: runs to the next breakpoint or the end. */
  resume(): Operation {
    this.useBreakpoints([]);
    return this.forward(this.runForward('breakpoint'));
  }

  /** Runs to the end without stopping at breakpoints. */
  runOut(): Operation {
    this.useOnly([]);
    return this.forward(this.runForward('breakpoint'));
  }

  /**
   * A step of a task; of a sleeping one, the run until it wakes. Alone: the others stand still wherever
   * they can, which becomes part of the schedule.
   *
   * Errors: `UserError` `task-ended`.
   */
  step(kind: StepKind, task: TaskId, isAlone = false): Operation {
    this.requireAlive(task);
    const resumed = this.suspended?.task === task ? this.suspended : undefined;
    const isAsleep = this.target.machine.task(task).status === 'blocked';
    if (isAlone) this.letGoOn(task);
    const frames = resumed?.frames ?? this.steppedFrames(task);
    const watch = new ReturnWatch(this.target, task, frames);
    this.useBreakpoints(isAsleep ? [] : [...this.exitPcs, ...watch.pcs], (stop) => {
      if (this.exitPcs.has(stop.pc)) return true;
      watch.note(stop.task);
      return false;
    });
    return this.forward(this.runStep({ kind, task, frames, resumed, isAlone, watch }));
  }

  private requireAlive(task: TaskId): void {
    if (this.target.machine.task(task).status !== 'exited') return;
    const name = taskName(this.target, task);
    throw new UserError('task-ended', `${name} has ended.`, 'Select another task.');
  }

  /** Steps into a function that the task's statement calls; ends behind the statement if it does not. */
  stepIntoCall(task: TaskId, functionIndex: number): Operation {
    const body = bodyPcs(this.target.program, functionIndex);
    this.useBreakpoints([...this.exitPcs, ...body], (stop) => stop.task === task);
    const frames = this.steppedFrames(task);
    return this.forward(this.runStep({ kind: 'over', task, frames }));
  }

  /** Executes one instruction of a task, of the kernel's code or of its program. */
  stepInstruction(task: TaskId): Operation {
    this.requireAlive(task);
    this.useBreakpoints([]);
    return this.forward(this.runInstruction(task));
  }

  private *runInstruction(task: TaskId): Work<DebugStop> {
    const { machine } = this.target;
    this.runner.leave();
    for (;;) {
      const before = machine.ranUntil(task);
      const untilPosition = machine.position + 1;
      const stop = yield* this.runner.run({ breakpoints: true, untilPosition });
      if (stop.kind !== 'position') return this.describer.ofStop(stop, 'breakpoint');
      const isExecuted = machine.ranUntil(task) > before;
      if (isExecuted) return this.describer.here('step', task);
    }
  }

  /** Runs a task, the others standing still wherever they can, until it sleeps, ends or stops. */
  runUntilBlocked(task: TaskId): Operation {
    this.letGoOn(task);
    this.useBreakpoints([]);
    return this.forward(this.runAlone(task));
  }

  private *runAlone(task: TaskId): Work<DebugStop> {
    this.runner.leave();
    const request = { breakpoints: true, stopWhenSleeps: task, prefers: task };
    return this.describer.ofStop(yield* this.runner.run(request), 'breakpoint');
  }

  /** Takes the decision at hand for a task, if it can go on; what was recorded behind is left. */
  private letGoOn(task: TaskId): void {
    const { machine } = this.target;
    const { position } = machine;
    const option = machine.choices().find((choice) => choice.task === task && !choice.isTaken);
    this.whatIfs.begin(texts.aloneText(this.target, task), this.stop, true);
    if (option !== undefined) machine.choose(option.choice);
    this.forgetFrom(position);
    this.tellPlaceAgain();
  }

  private firstInstructions(): { taskId: TaskId; address: ReturnType<typeof asAddress> }[] {
    return this.target.tasks.map(({ id }) => ({
      taskId: id,
      address: asAddress(this.target.machine.task(id).userRegisters[USER_EIP] ?? 0),
    }));
  }

  protected *runForward(reason: StopReason): Work<DebugStop> {
    this.runner.leave();
    const stop = yield* this.runner.run({ breakpoints: true });
    return this.describer.ofStop(stop, reason);
  }

  /** Runs to the stop on entry at one of the places, or in user mode where there are none. */
  private *runToEntry(entries: readonly Pc[]): Work<DebugStop> {
    const stop = yield* this.runner.run({ breakpoints: true });
    const isEntry =
      stop.kind === 'breakpoint' &&
      (stop.pc === undefined ? entries.length === 0 : entries.includes(stop.pc));
    return this.describer.ofStop(stop, isEntry ? 'entry' : 'breakpoint');
  }

  private *runStep(step: StepRequest): Work<DebugStop> {
    const { kind, task, frames, resumed, isAlone = false, watch } = step;
    const { machine, program } = this.target;
    const view = machine.task(task);
    this.runner.leave();
    if (view.status === 'blocked') {
      const stop = yield* this.runner.run({
        breakpoints: true,
        stopWhenWakes: task,
      });
      return this.describer.ofStop(stop, 'wake');
    }
    const start = view.userRegisters[USER_EIP] ?? 0;
    const inUser = view.mode === 'user' || resumed?.instruction !== undefined;
    const instruction =
      inUser && view.status !== 'new' ? (resumed?.instruction ?? start) : undefined;
    const stopsAtSleep = this.breakpoints.hasFilter('steppedTaskSleeps');
    const sleep = stopsAtSleep ? { stopWhenSleeps: task } : {};
    const context: StepContext = {
      machine,
      program,
      runner: this.runner,
      task,
      request: { breakpoints: true, ...sleep, ...(isAlone ? { prefers: task } : {}) },
      exitPcs: this.exitPcs,
      hasBreakpointHere: () => (this.judge.here?.ids.length ?? 0) > 0,
    };
    const end = yield* this.chooseStep(context, kind, frames, instruction);
    const stop = this.describeStepEnd(task, end);
    if (stop.reason === 'sleep' && stop.task === task) {
      this.suspended = { task, frames, instruction };
    }
    const returned = stop.task === task ? watch?.value : undefined;
    return returned === undefined ? stop : { ...stop, returned };
  }

  private chooseStep(
    context: StepContext,
    kind: StepKind,
    frames: readonly FrameId[],
    instruction: number | undefined,
  ): Work<StepEnd> {
    const view = this.target.machine.task(context.task);
    if (view.isIdle && kind !== 'into') {
      return stepInIdleInterrupt(context, kind === 'over' ? frames : frames.slice(1));
    }
    if (kind === 'into') return stepInto(context, frames);
    if (instruction !== undefined) return stepOverInstruction(context, instruction);
    return runToFrames(context, kind === 'over' ? frames : frames.slice(1));
  }

  /**
   * The frames to which a step applies. A task that was stopped in the middle of a statement of
   * plumbing, as by a pause while it sleeps, is stepped in the first frame that is none.
   */
  private steppedFrames(task: TaskId): readonly FrameId[] {
    const { machine, program } = this.target;
    const chain = identifyChain(machine, task);
    const { pc } = machine.task(task);
    if (this.describer.isAtStatement(pc)) return chain;
    const first = chain.findIndex(
      ({ functionIndex }) => program.functions[functionIndex]?.isPlumbing !== true,
    );
    return chain.slice(Math.max(0, first));
  }

  private describeStepEnd(task: TaskId, end: StepEnd): DebugStop {
    switch (end.kind) {
      case 'reached':
        return this.describer.here('step', task);
      case 'exited':
        return this.describer.here('exit', task, texts.exitText(this.target, task));
      case 'interruptOver': {
        const { machine } = this.target;
        const next = machine.cpu(machine.currentCpu).task;
        return this.describer.here('step', next, texts.INTERRUPT_OVER_TEXT);
      }
      case 'stopped':
        return this.describer.ofStop(end.stop, 'breakpoint');
    }
  }

  protected override arrive(stop: DebugStop): void {
    if (stop.reason !== 'sleep' && stop.reason !== 'wake') this.suspended = undefined;
    super.arrive(stop);
  }

  protected override giveUp(): void {
    super.giveUp();
    this.suspended = undefined;
  }
}
