/**
 * The debugger of one run: starts operations, remembers where the run stands and why.
 *
 * Operations are resumable (`operation.ts`); one at a time. A stop is always about the whole machine;
 * the task it names is the one the user looks at. While the user stands somewhere, `lastStop` says
 * where and why.
 */
import { asAddress, type Pc, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { Checkpoint } from '../machine/checkpoint.ts';
import type { Frame } from '../machine/frame.ts';
import type { Intervention } from '../machine/intervention.ts';
import type { Machine } from '../machine/machine.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import { bodyPcs } from './bodyPcs.ts';
import { BreakpointJudge } from './breakpointJudge.ts';
import { BreakpointTable } from './breakpointTable.ts';
import { describeChoice } from './choiceTexts.ts';
import type { DebugStop, StopReason } from './debugStop.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { identifyChain, identifyFrame, isInChain, type FrameId } from './frameChain.ts';
import { History, historyLimits } from './history.ts';
import { anchorPcs, momentPcs } from './moments.ts';
import { Operation, SlicedRunner, type GuardedStop, type Work } from './operation.ts';
import { findExitPcs } from './exitPlaces.ts';
import {
  goToFirstTry,
  goToLastBreakpoint,
  goToLastChange,
  goToLastStatement,
  goToPosition,
} from './reverse.ts';
import { runToArrival } from './seek.ts';
import {
  OUTSIDE_KERNEL,
  runToFrames,
  stepInIdleInterrupt,
  stepInto,
  stepOverInstruction,
  type StepContext,
  type StepEnd,
} from './stepping.ts';
import { StopDescriber } from './stopDescriber.ts';
import * as texts from './stopTexts.ts';
import { WhatIfs, type WhatIf } from './whatIfs.ts';

export type { Intervention };

/** The three forward steps of DAP: next, stepIn, stepOut. */
export type StepKind = 'over' | 'into' | 'out';

/** `true`: the first `do_page_fault`; `user`: the first user instruction; or an anchor's name. */
export type EntryStop = boolean | string;

/** A place of the story: the n-th arrival of a task (of any task) at an anchor. */
export interface MomentPlace {
  readonly anchor: string;
  readonly task: TaskId | undefined;
  /** From 1 on, counted from the start of the run. */
  readonly occurrence: number;
}

/** Where a step was made that ended because its task went to sleep. */
interface SuspendedStep {
  readonly task: TaskId;
  readonly frames: readonly FrameId[];
  /** The user instruction that was stepped over, when it was one. */
  readonly instruction: number | undefined;
}

export class Debugger {
  readonly target: DebugTarget;
  readonly breakpoints: BreakpointTable;
  private readonly history: History;
  private readonly runner: SlicedRunner;
  private readonly judge: BreakpointJudge;
  private readonly whatIfs: WhatIfs;
  private readonly describer: StopDescriber;
  private readonly exitPcs: ReadonlySet<Pc>;
  private stop: DebugStop;
  private suspended: SuspendedStep | undefined;
  /** Where the operation in progress stops besides the user's breakpoints; `undefined` if not at those. */
  private extraPcs: readonly Pc[] | undefined;
  /** Whether the operation in progress stops at any user instruction where the machine does. */
  private ownsUserStops = false;

  /** Where the scratch operation in progress, or an abandoned one, began. */
  private origin: Checkpoint | undefined;
  /** Where a look ahead began that is in progress. */
  private lookout: Checkpoint | undefined;

  /**
   * The machine has booted and stands at position 0. `historyBytes` bounds the memory of the past;
   * `print` takes what log points print.
   */
  constructor(
    target: DebugTarget,
    historyBytes?: number,
    print: (text: string) => void = () => undefined,
  ) {
    this.target = target;
    this.breakpoints = new BreakpointTable(target);
    this.history = new History(target.machine, historyLimits(historyBytes));
    this.runner = new SlicedRunner(target.machine, this.history);
    this.judge = new BreakpointJudge(target, this.breakpoints, {
      wouldSleep: (task) => this.wouldSleep(task),
      print,
    });
    this.describer = new StopDescriber(target, this.judge);
    this.whatIfs = new WhatIfs(target.machine);
    this.exitPcs = findExitPcs(target.program);
    this.stop = this.describer.here('start', undefined, texts.START_TEXT);
  }

  /** Where and why the run stands; out of date while an operation is in progress. */
  get lastStop(): DebugStop {
    return this.stop;
  }

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
    if (this.target.machine.task(task).status === 'exited') {
      const name = taskName(this.target, task);
      throw new UserError('task-ended', `${name} has ended.`, 'Select another task.');
    }
    const resumed = this.suspended?.task === task ? this.suspended : undefined;
    const isAsleep = this.target.machine.task(task).status === 'blocked';
    if (isAlone) this.letGoOn(task);
    this.useBreakpoints(isAsleep ? [] : this.exitPcs);
    return this.forward(this.runStep(kind, task, resumed, isAlone));
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
    if (option !== undefined) machine.choose(option.choice);
    this.forgetFrom(position);
  }

  /**
   * Goes to the next place where another task can be let go on, or with none the next event happen, and
   * does that; at the end of the run it says that there was no such place.
   */
  switchTo(task: TaskId | undefined): Operation {
    this.useOnly([]);
    return this.scratch((origin) => this.runToChoice(task, origin));
  }

  private *runToChoice(task: TaskId | undefined, origin: Checkpoint): Work<DebugStop> {
    const { machine } = this.target;
    const before = this.stop;
    for (;;) {
      const option = machine
        .choices()
        .find((item) => (task === undefined ? item.event !== undefined : item.task === task));
      if (option !== undefined) {
        this.choose(option.choice);
        const next = task ?? machine.cpu(machine.currentCpu).task;
        return this.describer.here('goto', next, describeChoice(this.target, option));
      }
      const untilPosition = machine.position + 1;
      const stop = yield* this.runner.run({ breakpoints: false, untilPosition });
      if (stop.kind === 'position') continue;
      machine.restore(origin);
      return { ...before, reason: 'goto', text: texts.noChoiceText(this.target, task) };
    }
  }

  /** Steps into a function that the task's statement calls; ends behind the statement if it does not. */
  stepIntoCall(task: TaskId, functionIndex: number): Operation {
    const body = bodyPcs(this.target.program, functionIndex);
    this.useBreakpoints([...this.exitPcs, ...body], (stop) => stop.task === task);
    return this.forward(this.runStep('over', task, undefined));
  }

  /**
   * Goes to a task's previous statement start or user instruction; stays where there is none before.
   * `over` passes over what was called from the frame, `out` over the frame as well.
   */
  stepBack(task: TaskId, kind: StepKind = 'into'): Operation {
    const { describer, target } = this;
    const chain = kind === 'into' ? undefined : identifyChain(target.machine, task);
    const among = kind === 'out' ? chain?.slice(1) : chain;
    const context = this.reverseContext();
    return this.scratch(function* (origin) {
      if ((yield* goToLastStatement(context, task, among)) !== undefined) {
        if (among !== undefined) yield* goToFirstTry(context, task);
        return describer.here('step', task);
      }
      target.machine.restore(origin);
      return describer.here('start', task, texts.firstStepText(target, task));
    });
  }

  /**
   * Goes back to the last instruction that changed something that `read` tells as text; where nothing did,
   * stays and says `withoutChange`.
   */
  reverseToChange(
    read: () => string,
    describe: (task: TaskId) => string,
    withoutChange: string,
  ): Operation {
    const { describer, target } = this;
    const { machine } = target;
    const before = this.stop;
    const context = this.reverseContext();
    this.useOnly([]);
    return this.scratch(function* (origin) {
      const found = yield* goToLastChange(context, read);
      if (found !== undefined) {
        return describer.here('goto', found.task, describe(found.task));
      }
      machine.restore(origin);
      return { ...before, reason: 'goto', text: withoutChange };
    });
  }

  /** Goes back to where a call began: to the first statement of its function. */
  restartFrame(task: TaskId, frame: Frame): Operation {
    const { describer, target } = this;
    const { machine, program } = target;
    const before = this.stop;
    this.useOnly(bodyPcs(program, frame.functionIndex));
    const isHere = (): boolean => {
      const [innermost] = machine.frames(task);
      return innermost?.fp === frame.fp && innermost.functionIndex === frame.functionIndex;
    };
    this.runner.guard = {
      watchesSleeps: false,
      watchesWakes: false,
      // eslint-disable-next-line require-yield
      *admits(stop) {
        return stop.kind === 'breakpoint' && stop.task === task && isHere();
      },
    };
    const search = goToLastBreakpoint(this.reverseContext());
    return this.scratch(function* (origin) {
      const found = yield* search;
      if (found !== undefined) return describer.here('goto', task);
      machine.restore(origin);
      return { ...before, reason: 'goto' };
    });
  }

  /** Goes back to the last breakpoint that was passed, or to the start of the run. */
  reverse(): Operation {
    this.useBreakpoints([]);
    return this.backward('breakpoint', texts.NO_EARLIER_BREAKPOINT_TEXT);
  }

  /** Runs to the next, or goes back to the previous, anchor with a title. */
  moment(direction: 'next' | 'previous'): Operation {
    this.useOnly(momentPcs(this.target.program));
    if (direction === 'next') return this.forward(this.runForward('moment'));
    return this.backward('moment', texts.START_TEXT);
  }

  /** Goes to a position, forwards or backwards, or to the end when the run is shorter. */
  seekPosition(position: number): Operation {
    this.useOnly([]);
    return this.scratch(() => this.goTo(position));
  }

  /**
   * Goes to a moment; when the run has none such, stays where it is and says so.
   *
   * Errors: `UserError` `unknown-anchor`.
   */
  seekMoment(place: MomentPlace): Operation {
    this.useOnly(anchorPcs(this.target.program, place.anchor));
    return this.scratch((origin) => this.goToMoment(place, origin));
  }

  /**
   * Does something to the machine where it stands, no operation being in progress. What was recorded
   * behind this place is dropped, and no position from here on names a state that was seen before.
   * Errors: `UserError` when it is impossible here; then nothing changes.
   * `text` says to people what it is.
   */
  intervene(intervention: Intervention, text = 'a change'): void {
    const { machine } = this.target;
    this.whatIfs.begin(text, this.stop);
    try {
      machine.intervene(intervention);
    } catch (error) {
      this.whatIfs.drop();
      throw error;
    }
    this.forgetFrom(machine.position);
  }

  /**
   * Lets another CPU go on, or the next event happen, where `Machine.choices` lists it.
   * Errors: `UserError` when there is no such choice; then nothing changes.
   */
  choose(choice: number): void {
    const { machine } = this.target;
    const { position } = machine;
    machine.choose(choice);
    this.forgetFrom(position);
  }

  /** The stop after a change: the same task, wherever it stands now. */
  standAgain(): DebugStop {
    this.stop = this.describer.here('goto', this.stop.task);
    return this.stop;
  }

  /** The stop after a choice: the task that goes on now. */
  standAt(): DebugStop {
    const { machine } = this.target;
    this.stop = this.describer.here('goto', machine.cpu(machine.currentCpu).task);
    return this.stop;
  }

  /**
   * Takes the latest change back: the run stands where it was made, as before it.
   * Errors: `UserError` `no-what-if`.
   */
  undo(): Operation {
    const { latest } = this.whatIfs;
    if (latest === undefined) {
      throw new UserError(
        'no-what-if',
        'Nothing has been changed in this run.',
        'Set a value first.',
      );
    }
    const { machine } = this.target;
    return this.scratch(() => this.takeBack(latest, machine));
  }

  // eslint-disable-next-line require-yield
  private *takeBack({ before, stop, text }: WhatIf, machine: Machine): Work<DebugStop> {
    machine.restoreAndLeave(before);
    this.forgetFrom(machine.position);
    this.whatIfs.drop();
    return { ...stop, reason: 'goto', text: texts.undoneText(text) };
  }

  private forgetFrom(position: number): void {
    this.history.forgetFrom(position);
    this.judge.forgetFrom(position);
  }

  /** Applies a change of the breakpoints to an operation in progress. */
  refreshBreakpoints(): void {
    if (this.extraPcs !== undefined) this.useBreakpoints(this.extraPcs);
  }

  private firstInstructions(): { taskId: TaskId; address: ReturnType<typeof asAddress> }[] {
    return this.target.tasks.map(({ id }) => ({
      taskId: id,
      address: asAddress(this.target.machine.task(id).userRegisters[USER_EIP] ?? 0),
    }));
  }

  /** `counts` says whether a stop at one of the extra places is meant. */
  private useBreakpoints(
    extra: Iterable<Pc>,
    counts: (stop: { readonly task: TaskId }) => boolean = () => true,
  ): void {
    const { machine } = this.target;
    this.extraPcs = [...extra];
    this.ownsUserStops = false;
    const own = new Set(this.extraPcs);
    const { judge, breakpoints } = this;
    this.runner.guard = {
      watchesSleeps: breakpoints.filtersOf('sleep').length > 0,
      watchesWakes: breakpoints.filtersOf('wake').length > 0,
      admits: function* (this: Debugger, stop: GuardedStop): Work<boolean> {
        const isAdmitted = yield* judge.admits(stop);
        if (isAdmitted || stop.kind !== 'breakpoint') return isAdmitted;
        return stop.pc === undefined ? this.ownsUserStops : own.has(stop.pc) && counts(stop);
      }.bind(this),
    };
    machine.setBreakpoints([...this.breakpoints.kernelPlaces(), ...this.extraPcs]);
    machine.setUserBreakpoints(this.breakpoints.userPlaces());
  }

  private useOnly(pcs: Iterable<Pc>): void {
    this.extraPcs = undefined;
    this.runner.guard = undefined;
    this.target.machine.setBreakpoints(pcs);
    this.target.machine.setUserBreakpoints([]);
  }

  private reverseContext(): Parameters<typeof goToLastBreakpoint>[0] {
    const { machine, program } = this.target;
    return { machine, program, history: this.history, runner: this.runner };
  }

  /** An operation that, when given up, stands where it has come to. */
  private forward(work: Work<DebugStop>): Operation {
    this.judge.isQuiet = false;
    return new Operation(this.remember(work), this.runner, () => {
      const { machine } = this.target;
      this.endLookout();
      this.suspended = undefined;
      const { task } = machine.cpu(machine.currentCpu);
      this.stop = this.describer.here('pause', task, texts.PAUSE_TEXT);
      return this.stop;
    });
  }

  /** An operation that, when given up, puts the machine back to where it began. */
  private scratch(createWork: (origin: Checkpoint) => Work<DebugStop>): Operation {
    const { machine } = this.target;
    this.endLookout();
    this.forgetOrigin();
    this.judge.isQuiet = true;
    const origin = machine.takeCheckpoint();
    this.origin = origin;
    const before = this.stop;
    return new Operation(this.doScratch(createWork(origin)), this.runner, () => {
      machine.restore(origin);
      this.forgetOrigin();
      this.stop = { ...before, reason: 'pause', text: texts.PAUSE_TEXT };
      return this.stop;
    });
  }

  /**
   * Whether the statement or user instruction at which a task stands would put it to sleep, as things
   * are: it is tried out and taken back.
   */
  private *wouldSleep(task: TaskId): Work<boolean> {
    const { machine } = this.target;
    const { guard } = this.runner;
    this.runner.guard = undefined;
    this.lookout = machine.takeCheckpoint();
    const minFp = machine.frames(task)[0]?.fp ?? OUTSIDE_KERNEL;
    this.runner.leave();
    const stop = yield* this.runner.run({
      breakpoints: false,
      stopWhenSleeps: task,
      step: { task, minFp, intoUser: true },
    });
    this.endLookout();
    this.runner.guard = guard;
    return stop.kind === 'sleep';
  }

  /** Takes back a look ahead that is in progress. */
  private endLookout(): void {
    if (this.lookout === undefined) return;
    const { machine } = this.target;
    machine.restore(this.lookout);
    machine.release(this.lookout);
    this.lookout = undefined;
  }

  private *doScratch(work: Work<DebugStop>): Work<DebugStop> {
    const stop = yield* this.remember(work);
    this.forgetOrigin();
    return stop;
  }

  private forgetOrigin(): void {
    if (this.origin !== undefined) this.target.machine.release(this.origin);
    this.origin = undefined;
  }

  /** Goes to the last breakpoint or event before here that stops. */
  private backward(reason: StopReason, startText: string): Operation {
    const { task } = this.stop;
    const { describer, judge } = this;
    const search = goToLastBreakpoint(this.reverseContext());
    return this.scratch(function* () {
      const found = yield* search;
      if (found === undefined) return describer.here('start', task, startText);
      yield* judge.admits(found.stop);
      return describer.ofStop(found.stop, reason);
    });
  }

  private *remember(work: Work<DebugStop>): Work<DebugStop> {
    const stop = yield* work;
    if (stop.reason !== 'sleep' && stop.reason !== 'wake') this.suspended = undefined;
    this.stop = stop;
    return stop;
  }

  private *runForward(reason: StopReason): Work<DebugStop> {
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

  private *runStep(
    kind: StepKind,
    task: TaskId,
    resumed: SuspendedStep | undefined,
    isAlone = false,
  ): Work<DebugStop> {
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
    const frames = resumed?.frames ?? this.steppedFrames(task);
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
    return stop;
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

  private *goTo(position: number): Work<DebugStop> {
    yield* goToPosition(this.reverseContext(), position);
    const { machine } = this.target;
    return this.describer.here('goto', machine.cpu(machine.currentCpu).task);
  }

  private *goToMoment(place: MomentPlace, origin: Checkpoint): Work<DebugStop> {
    const { machine } = this.target;
    const before = this.stop;
    const task = yield* runToArrival(this.reverseContext(), place);
    if (task !== undefined) return this.describer.here('moment', task);
    machine.restore(origin);
    return { ...before, reason: 'pause', text: texts.noSuchMomentText(place.anchor) };
  }
}
