/**
 * The debugger of one run: starts operations, remembers where the run stands and why.
 *
 * Operations are resumable (`operation.ts`); one at a time. A stop is always about the whole machine;
 * the task it names is the one the user looks at. While the user stands somewhere, `lastStop` says
 * where and why. Forward operations are inherited (`forwardDebugger.ts`); here stands what goes back and what
 * changes the run.
 */
import type { TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { TraceRecorder, type RunSink } from '../kernel/traceRecorder.ts';
import type { Frame } from '../machine/frame.ts';
import type { Intervention } from '../machine/intervention.ts';
import type { Machine } from '../machine/machine.ts';
import type { KeptPlace } from '../machine/places.ts';
import { formatSchedule, parseSchedule } from '../machine/scheduleText.ts';
import { bodyPcs } from './bodyPcs.ts';
import {
  checkComparison,
  compareRuns,
  placeOf,
  type ComparedRun,
  type Comparison,
  type ComparisonRequest,
} from './comparison.ts';
import { describeChoice } from './choiceTexts.ts';
import type { DataPlace } from './dataPlaces.ts';
import type { DebugStop, StopReason } from './debugStop.ts';
import { ForwardDebugger, type StepKind } from './forwardDebugger.ts';
import { identifyChain, isCallRunning } from './frameChain.ts';
import { recordedRun } from './traceHub.ts';
import { anchorPcs, momentPcs } from './moments.ts';
import type { Operation, Work } from './operation.ts';
import {
  goToFirstTry,
  goToLastBreakpoint,
  goToLastAccess,
  goToLastChange,
  goToLastStatement,
  goToPosition,
} from './reverse.ts';
import { runToArrival } from './seek.ts';
import * as texts from './stopTexts.ts';
import type { Waypoint } from './waypoints.ts';
import type { WhatIf } from './whatIfs.ts';

export type { Intervention };
export type { EntryStop, StepKind } from './forwardDebugger.ts';

/** How many steps a search for something that is recorded goes on at once. */
const STRIDE = 512;

/** A place that somebody has been at in a run with the same schedule. */
export interface NamedPlace {
  readonly position: number;
  /** Whether the run has ended there. */
  readonly hasEnded: boolean;
  /** The task to look at; the one that goes on when left out. */
  readonly task: TaskId | undefined;
}

/** A place of the story: the n-th arrival of a task (of any task) at an anchor. */
export interface MomentPlace {
  readonly anchor: string;
  readonly task: TaskId | undefined;
  /** From 1 on, counted from the start of the run. */
  readonly occurrence: number;
}

export class Debugger extends ForwardDebugger {
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
      target.machine.places.returnTo(origin);
      return describer.here('start', task, texts.firstStepText(target, task));
    });
  }

  /** Goes back to before the last instruction of a task. */
  stepBackInstruction(task: TaskId): Operation {
    const { machine } = this.target;
    const context = this.reverseContext();
    const position = machine.ranUntil(task) - 1;
    const { describer, target } = this;
    return this.scratch(function* () {
      if (position < 0) return describer.here('start', task, texts.firstStepText(target, task));
      yield* goToPosition(context, position);
      return describer.here('step', task);
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
      machine.places.returnTo(origin);
      return { ...before, reason: 'goto', text: withoutChange };
    });
  }

  /** The same for data that can be watched, which is faster. */
  reverseToWrite(
    { watched, call }: DataPlace,
    describe: (task: TaskId) => string,
    withoutChange: string,
  ): Operation {
    const { describer, target } = this;
    const before = this.stop;
    const context = this.reverseContext();
    this.useOnly([]);
    this.useWatchpoints([{ place: watched, access: 'write' }]);
    return this.scratch(function* (origin) {
      const found = yield* goToLastAccess(context, () => isCallRunning(target.machine, call));
      if (found !== undefined) {
        return describer.here('goto', found.task, describe(found.task));
      }
      target.machine.places.returnTo(origin);
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
      machine.places.returnTo(origin);
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
   * Goes to a place that a text names; no breakpoint stops on the way.
   * Errors, on the way: `UserError` `not-in-run` when the run has no such place.
   */
  arriveAt(place: NamedPlace): Operation {
    this.useOnly([]);
    return this.scratch(() => this.runToPlace(place));
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
      this.whatIfs.takeBack();
      throw error;
    }
    this.forgetFrom(machine.position);
    this.tellPlaceAgain();
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
  private *takeBack({ place, stop, text }: WhatIf, machine: Machine): Work<DebugStop> {
    machine.places.returnTo(place);
    this.forgetFrom(machine.position);
    this.tellPlaceAgain();
    this.whatIfs.takeBack();
    return { ...stop, reason: 'goto', text: texts.undoneText(text) };
  }

  /**
   * Lets another CPU go on, or the next event happen, where `Machine.choices` lists it.
   * Errors: `UserError` when there is no such choice; then nothing changes.
   */
  choose(choice: number): void {
    const { machine } = this.target;
    const { position } = machine;
    const option = machine.choices().find((item) => item.choice === choice);
    if (option?.isTaken === true) return;
    this.whatIfs.begin(option === undefined ? '' : describeChoice(this.target, option), this.stop);
    try {
      machine.choose(choice);
    } catch (error) {
      this.whatIfs.takeBack();
      throw error;
    }
    this.forgetFrom(position);
    this.tellPlaceAgain();
  }

  /**
   * Goes to the next place where another task can be let go on, or with none the next event happen, and
   * does that; at the end of the run it says that there was no such place.
   */
  switchTo(task: TaskId | undefined): Operation {
    this.useOnly([]);
    return this.scratch((origin) => this.runToChoice(task, origin));
  }

  private *runToChoice(task: TaskId | undefined, origin: KeptPlace): Work<DebugStop> {
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
      machine.places.returnTo(origin);
      return { ...before, reason: 'goto', text: texts.noChoiceText(this.target, task) };
    }
  }

  /**
   * Where a waypoint lies from where the run stands: `other` on a course that was left, `undefined` in a run of another
   * kernel or scenario.
   */
  whereIs(waypoint: Waypoint): 'behind' | 'here' | 'ahead' | 'other' | undefined {
    const { machine } = this.target;
    const schedule = parseSchedule(waypoint.schedule);
    if (!machine.places.isOfThisRun(schedule)) return undefined;
    if (machine.places.splitFrom(schedule, waypoint) !== undefined) return 'other';
    if (waypoint.position === machine.position) return 'here';
    return waypoint.position < machine.position ? 'behind' : 'ahead';
  }

  /**
   * Goes to a waypoint: forwards or backwards on the course that is followed, or back to the course that led there,
   * if the user has left it; what was changed since is then left in turn.
   * Errors: `UserError` when it belongs to another kernel or scenario.
   */
  goToWaypoint(waypoint: Waypoint): Operation {
    const { machine } = this.target;
    const schedule = parseSchedule(waypoint.schedule);
    const split = machine.places.splitFrom(schedule, waypoint);
    this.useOnly([]);
    if (split === undefined) {
      return this.scratch(
        function* (this: Debugger): Work<DebugStop> {
          yield* goToPosition(this.reverseContext(), waypoint.position);
          return this.describer.here('goto', waypoint.task, texts.waypointText(waypoint.name));
        }.bind(this),
      );
    }
    const left = this.whatIfs.madeBehind(split).map(({ text }) => text);
    return this.scratch(
      function* (this: Debugger): Work<DebugStop> {
        const { position } = waypoint;
        const point = this.history.lastBeforeSplit(split);
        this.isChangingCourse = true;
        machine.places.changeCourse(point.checkpoint, schedule, split);
        // The history is still that of the course that was left.
        this.runner.isUnrecorded = true;
        if (machine.position < position) {
          yield* this.runner.run({ breakpoints: false, untilPosition: position });
        }
        this.runner.isUnrecorded = false;
        this.forgetFrom(point.position + 1);
        this.isChangingCourse = false;
        this.whatIfs.forgetSince(split);
        return this.describer.here('goto', waypoint.task, texts.waypointText(waypoint.name, left));
      }.bind(this),
    );
  }

  /**
   * Goes to the place that `find` tells, or to the last statement before it where it lies inside of one. While it
   * tells none the run goes on, to its end at the farthest. `arrived` hears where the place was.
   */
  seekFound(
    find: () => number | undefined,
    arrived: (position: number) => void = () => undefined,
  ): Operation {
    this.useOnly([]);
    return this.scratch(() => this.goToFound(find, arrived));
  }

  private *goToFound(
    find: () => number | undefined,
    arrived: (position: number) => void,
  ): Work<DebugStop> {
    const { machine } = this.target;
    const context = this.reverseContext();
    let found = find();
    while (found === undefined) {
      const untilPosition = machine.position + STRIDE;
      const stop = yield* this.runner.run({ breakpoints: false, untilPosition });
      found = find();
      if (stop.kind !== 'position' && found === undefined) {
        return this.describer.ofStop(stop, 'goto');
      }
    }
    yield* goToPosition(context, found);
    const { task } = machine.cpu(machine.currentCpu);
    if (!this.describer.isAtStatement(machine.task(task).pc)) {
      const statement = yield* goToLastStatement(context, task);
      if (statement === undefined) yield* goToPosition(context, found);
    }
    arrived(found);
    return this.describer.here('goto', task);
  }

  /**
   * Looks at the run at a position where it has been, before or behind where it stands; everything stays as it is.
   * `read` is called there. Cost: the way from the checkpoint before it.
   */
  peek<Result>(
    position: number,
    read: (stop: DebugStop) => Result,
  ): Operation<{ readonly result: Result } | undefined> {
    const { machine } = this.target;
    const { describer } = this;
    const point = this.history.lastAtOrBefore(position);
    this.useOnly([]);
    return this.inquiries.start(function* ({ runner, here }) {
      if (machine.position > position || machine.position < point.position) {
        machine.places.returnTo(machine.places.startingAt(point.checkpoint, here.course));
      }
      if (machine.position < position) {
        yield* runner.run({ breakpoints: false, untilPosition: position });
      }
      return read(describer.here('goto', machine.cpu(machine.currentCpu).task));
    });
  }

  /** What the user has changed at a position, the last of several. */
  changeAt(position: number): string | undefined {
    return this.whatIfs.made.findLast((change) => change.position === position)?.text;
  }

  /** What the user has changed before where the run stands, the earliest first. */
  get changesBefore(): readonly string[] {
    return this.whatIfs.made.map(({ text }) => text);
  }

  /**
   * The run without what the user has changed last before where it stands: the change, and the schedule that leads to
   * it and, without it, on. `undefined` when nothing was changed.
   */
  get withoutLastChange(): { readonly text: string; readonly schedule: string } | undefined {
    const change = this.whatIfs.made.at(-1);
    if (change === undefined) return undefined;
    const { checkpoint, course } = change.place;
    const made = parseSchedule(this.target.machine.schedule());
    const departures = [
      ...made.departures.filter(({ point }) => point < checkpoint.decisions),
      ...course.departures.filter(({ point }) => point >= checkpoint.decisions),
    ];
    const { interventions } = course;
    return {
      text: change.text,
      schedule: formatSchedule({ ...made, departures, interventions }),
    };
  }

  /** The place where the run stands, if runs can be compared at it: `toucher at "The fault is resolved"`. */
  get comparedPlace(): string | undefined {
    return this.comparedRun().place?.text;
  }

  /**
   * Compares the run as it is with the run without the user's changes, at the same moment; everything stays as it
   * is. `read` is called in both. Errors: `UserError` `no-what-if`, `no-place`.
   */
  compare<Picture>(
    request: ComparisonRequest,
    read: () => Picture,
  ): Operation<{ readonly result: Comparison<Picture> } | undefined> {
    const run = this.comparedRun();
    checkComparison(run, request);
    this.useOnly([]);
    return this.inquiries.start((elsewhere) => compareRuns(run, request, elsewhere, read));
  }

  private comparedRun(): ComparedRun {
    const { target, describer } = this;
    const { made } = this.whatIfs;
    const place = placeOf(target, this.stop.task, (pc) => describer.isAtStatement(pc));
    return { target, made, start: this.startPlace(), place };
  }

  /**
   * Runs from the start of the run to where it stands once more and tells the sink what happens, functions left out;
   * `end` is called on arrival. Everything stays as it is.
   */
  tellAgain<Result>(
    sink: RunSink,
    end: () => Result,
  ): Operation<{ readonly result: Result } | undefined> {
    const { machine } = this.target;
    const start = this.startPlace();
    const { trace } = this;
    const recorder = new TraceRecorder(recordedRun(this.target), sink);
    this.useOnly([]);
    return this.inquiries.start(function* ({ runner, here }) {
      machine.places.returnTo({ ...start, course: here.course });
      recorder.start('none');
      try {
        const { position } = here.checkpoint;
        if (machine.position < position) {
          yield* runner.run({ breakpoints: false, untilPosition: position });
        }
        return end();
      } finally {
        trace.listen();
      }
    });
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

  private *goTo(position: number): Work<DebugStop> {
    yield* goToPosition(this.reverseContext(), position);
    const { machine } = this.target;
    return this.describer.here('goto', machine.cpu(machine.currentCpu).task);
  }

  private *runToPlace({ position, hasEnded, task }: NamedPlace): Work<DebugStop> {
    const { machine } = this.target;
    yield* goToPosition(this.reverseContext(), position);
    // What was done at this very place is applied when the machine runs on from it.
    const arrived = yield* this.runner.run({ breakpoints: false, untilPosition: position });
    if (machine.position !== position) throw texts.placeNotInRun(position, machine.position);
    if (!hasEnded) {
      return this.describer.here('goto', task ?? machine.cpu(machine.currentCpu).task);
    }
    const stop =
      arrived.kind === 'position'
        ? yield* this.runner.run({ breakpoints: false, untilPosition: position + 1 })
        : arrived;
    const end = this.describer.ofStop(stop, 'goto');
    if (end.final === undefined) throw texts.runDoesNotEndThere(position);
    return task === undefined ? end : { ...end, task };
  }

  private *goToMoment(place: MomentPlace, origin: KeptPlace): Work<DebugStop> {
    const { machine } = this.target;
    const before = this.stop;
    const task = yield* runToArrival(this.reverseContext(), place);
    if (task !== undefined) return this.describer.here('moment', task);
    machine.places.returnTo(origin);
    return { ...before, reason: 'pause', text: texts.noSuchMomentText(place.anchor) };
  }
}
