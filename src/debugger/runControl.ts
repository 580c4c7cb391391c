/**
 * What all operations of a debugger share: the machine with its past, the breakpoints that count, and where
 * the run stands.
 *
 * A forward operation that is given up stands where it has come to; one that searches puts the machine
 * back to where it began.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import { countAttempts } from '../kernel/attempt.ts';
import type { Watchpoint } from '../machine/watchpoint.ts';
import { BreakpointJudge } from './breakpointJudge.ts';
import { BreakpointTable } from './breakpointTable.ts';
import { EMPTY_COURSE } from '../machine/course.ts';
import type { KeptPlace } from '../machine/places.ts';
import { CourseRecord } from './courseRecord.ts';
import type { DebugStop } from './debugStop.ts';
import type { DebugTarget } from './debugTarget.ts';
import { KnownPlaces } from './executedPlaces.ts';
import { History, historyLimits } from './history.ts';
import { Inquiries } from './inquiry.ts';
import { LookBack, type LookState, type Past } from './lookBack.ts';
import { Operation, SlicedRunner, type GuardedStop, type Work } from './operation.ts';
import type { ReverseContext } from './reverse.ts';
import { OUTSIDE_KERNEL } from './stepping.ts';
import { StopDescriber } from './stopDescriber.ts';
import * as texts from './stopTexts.ts';
import { TraceHub } from './traceHub.ts';
import { WhatIfs } from './whatIfs.ts';

/** Somebody who tells people what happens in the run, each thing once. */
export interface RunListener {
  /** The user has changed the run at a position: what was told behind it will not come again. */
  forgetFrom(position: number): void;
  /** The run has come to where it stands now. */
  stood?(): void;
}

/** A stop of the machine at a place of the operation's own. */
interface ExtraStop {
  readonly task: TaskId;
  readonly pc: Pc;
}

export class RunControl {
  readonly target: DebugTarget;
  readonly breakpoints: BreakpointTable;
  protected readonly runner: SlicedRunner;
  protected readonly judge: BreakpointJudge;
  protected readonly describer: StopDescriber;
  protected stop: DebugStop;
  /** What calls have executed up to earlier stops. */
  readonly knownPlaces = new KnownPlaces();
  /** Whether the operation in progress stops at any user instruction where the machine does. */
  protected ownsUserStops = false;
  /** How often the run was put elsewhere, by going back or to a place, instead of going on. */
  jumps = 0;
  /** Whoever listens to the machine. */
  readonly trace: TraceHub;
  /** Whether the run is being put to another course, whose history is not that which is kept. */
  isChangingCourse = false;
  /** Told when the user changes the run. */
  readonly listeners = new Set<RunListener>();
  protected readonly whatIfs: WhatIfs;
  protected readonly inquiries: Inquiries;
  protected readonly history: History;
  private readonly courseRecord: CourseRecord;
  /** Where the operation in progress stops besides the user's breakpoints; `undefined` if not at those. */
  private extraPcs: readonly Pc[] | undefined;
  private watchpoints: readonly Watchpoint[] = [];
  /** Whether a stop at one of those places is meant. */
  private extraCounts: (stop: ExtraStop) => boolean = () => true;
  /** Where the scratch operation in progress, or an abandoned one, began. */
  private origin: KeptPlace | undefined;
  /** Where a look ahead began that is in progress. */
  private lookout: KeptPlace | undefined;
  private readonly looks: LookState = { isUnderWay: false };
  private isTellingAgain = false;

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
    countAttempts(target.machine, target.entries);
    this.trace = new TraceHub(target);
    this.breakpoints = new BreakpointTable(target);
    this.history = new History(target.machine, historyLimits(historyBytes));
    this.whatIfs = new WhatIfs(target.machine);
    this.courseRecord = new CourseRecord(target.machine);
    this.listeners.add(this.courseRecord);
    this.inquiries = new Inquiries(target.machine);
    this.runner = new SlicedRunner(target.machine, this.history);
    this.judge = new BreakpointJudge(target, this.breakpoints, {
      wouldSleep: (task) => this.wouldSleep(task),
      print,
    });
    this.describer = new StopDescriber(target, this.judge);
    this.stop = this.describer.here('start', undefined, texts.START_TEXT);
  }

  /** Where and why the run stands; out of date while an operation is in progress. */
  get lastStop(): DebugStop {
    return this.stop;
  }

  /** The schedule of the course that is followed, also where the run goes on from here as far as it has been. */
  get wholeSchedule(): string {
    return this.courseRecord.schedule;
  }

  /** Whether the machine is only looked at elsewhere: what happens there is not part of the run. */
  get isElsewhere(): boolean {
    return this.inquiries.isUnderWay;
  }

  /** Whether what happens in the machine is the run going on, not a search, a try or a look elsewhere. */
  get isGoingOn(): boolean {
    return this.origin === undefined && !this.isTrying && !this.isTellingAgain;
  }

  /** Whether what happens in the machine is not, or not yet, part of the run: a try or a look elsewhere. */
  get isTrying(): boolean {
    return this.lookout !== undefined || this.looks.isUnderWay || this.isElsewhere;
  }

  /** Applies a change of the breakpoints to an operation in progress. */
  refreshBreakpoints(): void {
    if (this.extraPcs !== undefined) this.useBreakpoints(this.extraPcs, this.extraCounts);
  }

  /** `counts` says whether a stop at one of the extra places is meant. */
  protected useBreakpoints(
    extra: Iterable<Pc>,
    counts: (stop: ExtraStop) => boolean = () => true,
  ): void {
    const { machine } = this.target;
    this.extraPcs = [...extra];
    this.extraCounts = counts;
    this.ownsUserStops = false;
    const own = new Set(this.extraPcs);
    const { judge, breakpoints } = this;
    this.runner.guard = {
      watchesSleeps: breakpoints.filtersOf('sleep').length > 0,
      watchesWakes: breakpoints.filtersOf('wake').length > 0,
      admits: function* (this: RunControl, stop: GuardedStop): Work<boolean> {
        const isAdmitted = yield* judge.admits(stop);
        if (isAdmitted || stop.kind !== 'breakpoint') return isAdmitted;
        return stop.pc === undefined
          ? this.ownsUserStops
          : own.has(stop.pc) && counts({ task: stop.task, pc: stop.pc });
      }.bind(this),
    };
    machine.setBreakpoints([...this.breakpoints.kernelPlaces(), ...this.extraPcs]);
    machine.setUserBreakpoints(this.breakpoints.userPlaces());
    this.useWatchpoints(this.breakpoints.watchpoints);
  }

  protected useOnly(pcs: Iterable<Pc>): void {
    this.extraPcs = undefined;
    this.runner.guard = undefined;
    this.target.machine.setBreakpoints(pcs);
    this.target.machine.setUserBreakpoints([]);
    this.useWatchpoints([]);
  }

  /** Runs with breakpoints stop at these accesses. */
  protected useWatchpoints(watchpoints: readonly Watchpoint[]): void {
    if (watchpoints === this.watchpoints || watchpoints.length + this.watchpoints.length === 0)
      return;
    this.watchpoints = watchpoints;
    this.target.machine.setWatchpoints(watchpoints);
  }

  /** The start of the run. The place is the history's: it is not to be let go of. */
  protected startPlace(): KeptPlace {
    const { checkpoint } = this.history.lastAtOrBefore(this.history.startPosition);
    return this.target.machine.places.startingAt(checkpoint, EMPTY_COURSE);
  }

  protected reverseContext(): ReverseContext {
    const { machine, program } = this.target;
    return { machine, program, history: this.history, runner: this.runner };
  }

  /** A search through the past that leaves the run where it stands. No operation may be in progress. */
  lookBack<Result>(search: (past: Past) => Work<Result>): LookBack<Result> {
    const { machine, program } = this.target;
    return new LookBack({ machine, program, history: this.history }, this.looks, search);
  }

  /** An operation that, when given up, stands where it has come to. */
  protected forward(work: Work<DebugStop>): Operation {
    this.judge.isQuiet = false;
    return new Operation(this.remember(work), this.runner, () => {
      const { machine } = this.target;
      this.giveUp();
      const { task } = machine.cpu(machine.currentCpu);
      this.stop = this.describer.here('pause', task, texts.PAUSE_TEXT);
      return this.stop;
    });
  }

  /** An operation that, when given up, puts the machine back to where it began. */
  protected scratch(createWork: (origin: KeptPlace) => Work<DebugStop>): Operation {
    const { machine } = this.target;
    this.endLookout();
    this.forgetOrigin();
    this.jumps += 1;
    this.courseRecord.note();
    this.judge.isQuiet = true;
    const origin = machine.places.keep();
    this.origin = origin;
    const before = this.stop;
    return new Operation(this.doScratch(createWork(origin)), this.runner, () => {
      machine.places.returnTo(origin);
      this.runner.isUnrecorded = false;
      this.isChangingCourse = false;
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
    this.lookout = machine.places.keep();
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
    const { places } = this.target.machine;
    places.returnTo(this.lookout);
    places.drop(this.lookout);
    this.lookout = undefined;
  }

  private *doScratch(work: Work<DebugStop>): Work<DebugStop> {
    const stop = yield* this.remember(work);
    this.forgetOrigin();
    return stop;
  }

  private forgetOrigin(): void {
    if (this.origin !== undefined) this.target.machine.places.drop(this.origin);
    this.origin = undefined;
  }

  private *remember(work: Work<DebugStop>): Work<DebugStop> {
    const stop = yield* work;
    this.arrive(stop);
    return stop;
  }

  protected forgetFrom(position: number): void {
    this.history.forgetFrom(position);
    this.judge.forgetFrom(position);
    for (const listener of this.listeners) listener.forgetFrom(position);
    this.knownPlaces.forgetFrom(position);
  }

  /**
   * Comes once more from a little before to where the run stands, so that those who listen to the machine hear what
   * belongs to this place although what was behind it is forgotten. Cost: at most the way from the checkpoint before.
   */
  protected tellPlaceAgain(): void {
    const { machine } = this.target;
    const { position } = machine;
    const here = machine.places.keep();
    const point = this.history.lastBefore(position) ?? this.history.lastAtOrBefore(position);
    this.isTellingAgain = true;
    try {
      machine.places.returnTo(machine.places.startingAt(point.checkpoint, here.course));
      const request = { budget: Infinity, breakpoints: false, untilPosition: position };
      while (machine.run(request).kind === 'budget');
    } finally {
      this.isTellingAgain = false;
      // Nor has what comes at the very place been told.
      machine.places.returnTo({ ...here, tracedPosition: -1 });
      machine.places.drop(here);
    }
  }

  /** A stop was reached. */
  protected arrive(stop: DebugStop): void {
    this.whatIfs.dropIfNothing();
    this.stop = stop;
    for (const listener of this.listeners) listener.stood?.();
  }

  /** A forward operation was given up. */
  protected giveUp(): void {
    this.endLookout();
  }
}
