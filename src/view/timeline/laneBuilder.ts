/**
 * Makes lanes of the events of a run, one event after the other.
 *
 * What a lane does follows from a few facts about its task (`Track`): whether it is on a CPU, in which mode, for
 * what it sleeps. An event changes facts; where what the lane does is another thing then, a change is added. The
 * facts can be kept (`keep`) and taken up again (`returnTo`), which cuts the lanes back to where they were.
 */
import type { LockName } from '../../kernel/lockNames.ts';
import { signalName } from '../../kernel/taskWords.ts';
import { MODE_WRITE } from '../../machine/ghostView.ts';
import { INTERRUPT_SOURCE, LEFT, TRACE, type TraceEvent } from '../../machine/trace.ts';
import { TRAP_PAGE_FAULT, TRAP_SYSTEM_CALL } from '../../machine/traps.ts';
import { TRACE_SIGNAL } from '../../kernel/traceRecorder.ts';
import { DISK_LANE, type MarkKind } from '../timelineModel.ts';
import { interruptName } from '../tracedRun.ts';
import {
  cutLane,
  emptyHolds,
  emptyLane,
  lengthsOf,
  shorten,
  type GrowingBusy,
  type GrowingLane,
  type GrowingWakes,
  type LaneLengths,
} from './laneColumns.ts';
import {
  exitText,
  kindOf,
  newTrack,
  readText,
  TrapTexts,
  type LaneKind,
  type LaneSource,
  type Track,
} from './laneFacts.ts';
import { LANE_KINDS, MARK_KINDS, NONE, type RunLanes } from './runLanes.ts';

const LANE_NUMBERS = new Map(LANE_KINDS.map((kind, index) => [kind, index]));
const MARK_NUMBERS = new Map(MARK_KINDS.map((kind, index) => [kind, index]));

/** What is known beside the lanes' lengths. */
export interface KeptLanes {
  readonly lanes: readonly LaneLengths[];
  readonly tracks: readonly Track[];
  readonly interrupts: readonly (readonly number[])[];
  readonly requests: ReadonlyMap<number, string>;
  readonly openBusy: ReadonlyMap<number, number>;
  readonly wakes: number;
  readonly busy: number;
  readonly texts: number;
  readonly endNs: number;
}

export class LaneBuilder {
  private readonly source: LaneSource;
  private readonly lanes: readonly GrowingLane[];
  private readonly disk: GrowingLane;
  private readonly laneOf = new Map<number, GrowingLane>();
  private readonly tracks = new Map<number, Track>();
  private readonly wakes: GrowingWakes = {
    from: [],
    to: [],
    wokenNs: [],
    runsNs: [],
    position: [],
  };
  private readonly busy: GrowingBusy = { fromNs: [], toNs: [] };
  private readonly texts: string[] = [];
  private readonly textNumbers = new Map<string, number>();
  /** By CPU: what interrupts it, the innermost last. */
  private interrupts: number[][] = [];
  /** By number: what a request of the disk reads. */
  private requests = new Map<number, string>();
  /** By CPU: the row of `busy` that lasts. */
  private openBusy = new Map<number, number>();
  private readonly trapTexts: TrapTexts;
  /** By the name of a lock: whether it is an address space's. */
  private readonly semaphores = new Map<string, boolean>();
  private farthestNs = 0;

  constructor(source: LaneSource) {
    this.source = source;
    this.trapTexts = new TrapTexts(source);
    for (const { task, id, name, cpu } of source.tasks) {
      this.laneOf.set(task, emptyLane(id, name, cpu));
      this.tracks.set(task, newTrack());
    }
    this.disk = emptyLane(DISK_LANE, 'disk', undefined);
    this.lanes = [...this.laneOf.values(), this.disk];
  }

  /** The latest time of an event. */
  get endNs(): number {
    return this.farthestNs;
  }

  /** Takes the next event in. Cost: constant. */
  note(event: TraceEvent, lock: LockName | undefined): void {
    this.farthestNs = Math.max(this.farthestNs, event.ns);
    if (event.kind === TRACE.switch) this.noteSwitch(event);
    else if (event.kind === TRACE.interruptEntry || event.kind === TRACE.interruptExit) {
      this.noteInterrupt(event);
    } else if (lock !== undefined) this.noteLock(event, lock);
    else if (event.task < 0) this.noteDisk(event);
    else this.noteTask(event);
  }

  /**
   * The lanes as they are. They share the columns of the builder, which go on growing.
   * Cost: the number of lanes.
   */
  view(record: Pick<RunLanes, 'rev' | 'endNs' | 'isOver' | 'events' | 'lostFromNs'>): RunLanes {
    const { lanes, texts, wakes, busy } = this;
    return { startNs: 0, ...record, texts, lanes, wakes, busy };
  }

  /** Keeps what is known. Cost: the number of lanes. */
  keep(): KeptLanes {
    return {
      lanes: this.lanes.map(lengthsOf),
      tracks: [...this.tracks.values()].map((track) => ({ ...track })),
      interrupts: this.interrupts.map((stack) => [...stack]),
      requests: new Map(this.requests),
      openBusy: new Map(this.openBusy),
      wakes: this.wakes.to.length,
      busy: this.busy.fromNs.length,
      texts: this.texts.length,
      endNs: this.farthestNs,
    };
  }

  /** Cuts everything back to what was kept. Cost: the number of lanes and what is cut. */
  returnTo(kept: KeptLanes): void {
    for (const [index, lane] of this.lanes.entries()) {
      const lengths = kept.lanes[index];
      if (lengths !== undefined) cutLane(lane, lengths);
    }
    for (const [index, key] of [...this.tracks.keys()].entries()) {
      const track = kept.tracks[index];
      if (track === undefined) continue;
      this.tracks.set(key, { ...track });
    }
    this.interrupts = kept.interrupts.map((stack) => [...stack]);
    this.requests = new Map(kept.requests);
    this.openBusy = new Map(kept.openBusy);
    shorten(this.wakes, kept.wakes);
    shorten(this.busy, kept.busy);
    for (const { wake } of this.tracks.values()) if (wake !== NONE) this.wakes.runsNs[wake] = NONE;
    for (const row of this.openBusy.values()) this.busy.toNs[row] = NONE;
    for (const text of this.texts.splice(kept.texts)) this.textNumbers.delete(text);
    this.farthestNs = kept.endNs;
  }

  private noteTask(event: TraceEvent): void {
    const { kind, task, a } = event;
    const track = this.tracks.get(task);
    if (track === undefined) return;
    if (kind === TRACE.user) track.mode = 'user';
    else if (kind === TRACE.trap) this.noteTrap(event, track);
    else if (kind === TRACE.start) {
      track.status = 'ready';
      this.mark(event, 'start', 'start');
    } else if (kind === TRACE.exit) {
      track.status = 'over';
      this.mark(event, 'exit', exitText(this.source, a));
    } else if (kind === TRACE.wake) this.noteWake(event, track);
    else if (kind === TRACE.round) {
      if (a > track.attempt) this.mark(event, 'retry', `attempt ${String(a)} at the fault`);
      track.attempt = a;
    } else if (kind === TRACE.anchor) {
      const title = this.source.program.anchors[a]?.title;
      if (title !== undefined) this.mark(event, 'moment', title);
    } else if (kind === TRACE_SIGNAL) {
      this.mark(event, 'signal', `signal ${signalName(this.source.program, a)}`);
    } else if (kind === TRACE.intervention) {
      this.mark(event, 'whatIf', this.source.changeText?.(event.position) ?? 'a change');
    }
    this.settle(event, track);
  }

  private noteTrap(event: TraceEvent, track: Track): void {
    const { a: kind, b: code, c: address } = event;
    track.mode = 'kernel';
    if (kind === TRAP_PAGE_FAULT) track.attempt = 1;
    const text = this.trapTexts.of(kind, code, address);
    if (text !== undefined)
      this.mark(event, kind === TRAP_SYSTEM_CALL ? 'systemCall' : 'fault', text);
  }

  private noteWake(event: TraceEvent, track: Track): void {
    if (track.status !== 'over') track.status = 'ready';
    const lane = this.laneOf.get(event.task);
    if (lane === undefined) return;
    track.wake = this.wakes.to.length;
    this.wakes.from.push(this.wakerOf(event));
    this.wakes.to.push(lane.id);
    this.wakes.wokenNs.push(event.ns);
    this.wakes.runsNs.push(NONE);
    this.wakes.position.push(event.position);
  }

  /** The lane that wakes: of the task that runs there, or of the disk when its interrupt does it. */
  private wakerOf({ a: waker, b: isInterrupt, cpu }: TraceEvent): number {
    if (isInterrupt === 0) return this.laneOf.get(waker)?.id ?? NONE;
    return this.interrupts[cpu]?.at(-1) === INTERRUPT_SOURCE.disk ? DISK_LANE : NONE;
  }

  private noteSwitch(event: TraceEvent): void {
    const left = this.tracks.get(event.a);
    if (left !== undefined && left.status !== 'over') {
      if (event.b === LEFT.asleep) left.status = 'asleep';
      else if (event.b === LEFT.exited) left.status = 'over';
      else left.status = 'ready';
      this.settle({ ...event, task: event.a }, left);
    }
    const track = this.tracks.get(event.task);
    if (track === undefined || track.status === 'over') return;
    track.status = 'on';
    if (track.wake !== NONE) {
      const woken = this.wakes.wokenNs[track.wake] ?? event.ns;
      this.wakes.runsNs[track.wake] = Math.max(woken, event.ns);
      track.wake = NONE;
    }
    this.settle(event, track);
  }

  private noteInterrupt(event: TraceEvent): void {
    const { cpu, task, ns } = event;
    const stack = (this.interrupts[cpu] ??= []);
    const track = this.tracks.get(task);
    if (event.kind === TRACE.interruptEntry) {
      stack.push(event.a);
      const text = `${interruptName(event.a)} interrupt`;
      if (track !== undefined) this.mark(event, 'interrupt', text);
      else if (event.a === INTERRUPT_SOURCE.disk) this.markOn(this.disk, event, 'interrupt', text);
    } else stack.pop();
    if (track !== undefined) {
      track.mode = 'kernel';
      track.depth = Math.max(0, track.depth + (event.kind === TRACE.interruptEntry ? 1 : -1));
      this.settle(event, track);
      return;
    }
    const row = this.openBusy.get(cpu);
    if (stack.length > 0 && row === undefined) {
      this.openBusy.set(cpu, this.busy.fromNs.length);
      this.busy.fromNs.push(ns);
      this.busy.toNs.push(NONE);
    } else if (stack.length === 0 && row !== undefined) {
      this.busy.toNs[row] = Math.max(ns, this.busy.fromNs[row] ?? ns);
      this.openBusy.delete(cpu);
    }
  }

  private noteLock(event: TraceEvent, { name, isPageLock }: LockName): void {
    const { kind, task, a: address } = event;
    const track = this.tracks.get(task);
    if (track === undefined) return;
    const isSemaphore = this.isSemaphore(name);
    if (kind === TRACE.acquire || kind === TRACE.drop) {
      // What the task does is the same as before.
      if (isSemaphore) {
        if (kind === TRACE.acquire) this.beginHold(event, name);
        else this.endHold(event, name);
      }
      return;
    }
    if (kind === TRACE.wait) {
      track.waitsFor = address;
      track.waitName = name;
      track.waitKind = isPageLock ? 'pageWait' : isSemaphore ? 'lockWait' : 'asleep';
    } else if (kind === TRACE.resume && track.waitsFor === address) track.waitsFor = NONE;
    this.settle(event, track);
  }

  private isSemaphore(name: string): boolean {
    const known = this.semaphores.get(name);
    if (known !== undefined) return known;
    const isSemaphore = name === 'mmap_sem' || name.endsWith('.mmap_sem');
    this.semaphores.set(name, isSemaphore);
    return isSemaphore;
  }

  private beginHold({ task, ns, position, b: mode }: TraceEvent, lock: string): void {
    const lane = this.laneOf.get(task);
    if (lane === undefined) return;
    let holds = lane.holds.find((item) => item.lock === lock);
    if (holds === undefined) {
      holds = emptyHolds(lock);
      lane.holds.push(holds);
    }
    const lastTo = holds.toNs.at(-1) ?? 0;
    // It is held already: a second hold changes nothing that is drawn.
    if (lastTo === NONE) return;
    holds.fromNs.push(Math.max(ns, lastTo));
    holds.toNs.push(NONE);
    holds.fromPosition.push(position);
    holds.toPosition.push(NONE);
    holds.isWrite.push(mode === MODE_WRITE ? 1 : 0);
  }

  private endHold({ task, ns, position }: TraceEvent, lock: string): void {
    const holds = this.laneOf.get(task)?.holds.find((item) => item.lock === lock);
    const last = (holds?.toNs.length ?? 0) - 1;
    if (holds?.toNs[last] !== NONE) return;
    holds.toNs[last] = Math.max(ns, holds.fromNs[last] ?? ns);
    holds.toPosition[last] = position;
  }

  private noteDisk(event: TraceEvent): void {
    const { kind, a: request } = event;
    if (kind === TRACE.diskSubmit)
      this.requests.set(request, readText(this.source, event.b, event.c));
    else if (kind === TRACE.diskStart) {
      this.change(this.disk, event, 'reading', this.requests.get(request));
    } else if (kind === TRACE.diskDone) {
      this.requests.delete(request);
      this.change(this.disk, event, 'none', undefined);
    }
  }

  /** Adds a change where the lane does another thing now. */
  private settle(event: TraceEvent, track: Track): void {
    const lane = this.laneOf.get(event.task);
    if (lane === undefined) return;
    const kind = kindOf(track);
    const isWait = track.status === 'asleep' && track.waitsFor !== NONE;
    this.change(lane, event, kind, isWait ? track.waitName : undefined);
  }

  private change(
    lane: GrowingLane,
    { ns, position }: TraceEvent,
    kind: LaneKind,
    about: string | undefined,
  ): void {
    const { changes } = lane;
    const number = LANE_NUMBERS.get(kind) ?? 0;
    const text = about === undefined ? NONE : this.textNumber(about);
    if (number === (changes.kind.at(-1) ?? 0) && text === (changes.about.at(-1) ?? NONE)) return;
    changes.ns.push(Math.max(ns, changes.ns.at(-1) ?? 0));
    changes.position.push(position);
    changes.kind.push(number);
    changes.about.push(text);
  }

  private mark(event: TraceEvent, kind: MarkKind, text: string): void {
    const lane = this.laneOf.get(event.task);
    if (lane !== undefined) this.markOn(lane, event, kind, text);
  }

  private markOn({ marks }: GrowingLane, event: TraceEvent, kind: MarkKind, text: string): void {
    marks.ns.push(Math.max(event.ns, marks.ns.at(-1) ?? 0));
    marks.position.push(event.position);
    marks.kind.push(MARK_NUMBERS.get(kind) ?? 0);
    marks.text.push(this.textNumber(text));
  }

  private textNumber(text: string): number {
    const known = this.textNumbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.length;
    this.texts.push(text);
    this.textNumbers.set(text, number);
    return number;
  }
}
