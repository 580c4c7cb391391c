/**
 * The record of a run: its events, and the lanes that they make, up to date after each of them.
 *
 * Events come in the order of their positions. From any position on they can be cut off, when the user has changed
 * the run there: the lanes go back to what was kept at the last of some regular places before it, and take in once
 * more what lies between. So noting costs the same at all times, and cutting costs what is cut and a little more.
 */
import { RecordedTrace } from '../../kernel/recordedTrace.ts';
import type { LockName } from '../../kernel/lockNames.ts';
import type { RunSink } from '../../kernel/traceRecorder.ts';
import type { TraceEvent } from '../../machine/trace.ts';
import { LaneBuilder, type KeptLanes } from './laneBuilder.ts';
import type { LaneSource } from './laneFacts.ts';
import type { RunLanes } from './runLanes.ts';

/** Events between two places to which the lanes can go back. */
const KEPT_EVERY = 512;

export class RunRecord implements RunSink {
  readonly trace: RecordedTrace;
  private readonly builder: LaneBuilder;
  /** What was known before the event `KEPT_EVERY` times the index. */
  private readonly kept: KeptLanes[] = [];
  private revision = 1;
  /** The end of the record when the lanes were asked for last. */
  private lastEnd = '';

  /** Records at most `limit` events. */
  constructor(source: LaneSource, limit?: number) {
    this.trace = new RecordedTrace(limit);
    this.builder = new LaneBuilder(source);
  }

  /** The position of the last event that is kept; -1 for none. */
  get lastPosition(): number {
    const { buffer } = this.trace;
    return buffer.length === 0 ? -1 : buffer.positionAt(buffer.length - 1);
  }

  /** The position of the last event before the run's clock goes beyond a time; 0 for none. Cost: the events. */
  positionAt(ns: number): number {
    const { buffer } = this.trace;
    let position = 0;
    for (let index = 0; index < buffer.length; index += 1) {
      if (buffer.timeAt(index) > ns) return position;
      position = buffer.positionAt(index);
    }
    return position;
  }

  /** Whether the record has such an event at its last position. Cost: the events there. */
  hasAtLast(event: TraceEvent): boolean {
    const { buffer } = this.trace;
    for (let index = buffer.length - 1; index >= 0; index -= 1) {
      if (buffer.positionAt(index) !== event.position) return false;
      if (isSame(buffer.at(index), event)) return true;
    }
    return false;
  }

  /** Takes the next event in, unless there is no more room. Cost: constant. */
  note(event: TraceEvent, lock: LockName | undefined): void {
    const { buffer } = this.trace;
    const index = buffer.length;
    this.trace.note(event, lock);
    this.revision += 1;
    if (buffer.length > index) this.takeIn(index, event, lock);
  }

  /** Forgets the events at and behind a position. Cost: what is forgotten, and less than `KEPT_EVERY` events. */
  cutFrom(position: number): void {
    const { buffer } = this.trace;
    const length = buffer.firstFrom(position);
    if (length === buffer.length && buffer.lostFromNs === undefined) return;
    this.revision += 1;
    const last = Math.min(Math.floor(length / KEPT_EVERY), this.kept.length - 1);
    const known = this.kept[last];
    if (known === undefined) return;
    this.builder.returnTo(known);
    this.kept.length = last;
    this.trace.cutTo(length, position);
    for (let index = last * KEPT_EVERY; index < length; index += 1) {
      this.takeIn(index, buffer.at(index), this.trace.lockOf(index));
    }
  }

  /** The lanes. `nowNs` is how far the run has been, beyond the last event. Cost: the number of lanes. */
  lanes(nowNs = 0, isOver = false): RunLanes {
    const { length, lostFromNs } = this.trace.buffer;
    const endNs = Math.max(nowNs, this.builder.endNs);
    const end = `${String(endNs)} ${String(isOver)}`;
    if (end !== this.lastEnd) this.revision += 1;
    this.lastEnd = end;
    return this.builder.view({
      rev: this.revision,
      endNs,
      isOver,
      events: length,
      ...(lostFromNs === undefined ? {} : { lostFromNs }),
    });
  }

  private takeIn(index: number, event: TraceEvent, lock: LockName | undefined): void {
    if (index % KEPT_EVERY === 0) this.kept.push(this.builder.keep());
    this.builder.note(event, lock);
  }
}

function isSame(one: TraceEvent, other: TraceEvent): boolean {
  const isSamePlace = one.kind === other.kind && one.cpu === other.cpu && one.task === other.task;
  const isSameTime = one.ns === other.ns && one.position === other.position;
  const isSameAbout = one.a === (other.a | 0) && one.b === (other.b | 0) && one.c === (other.c | 0);
  return isSamePlace && isSameTime && isSameAbout;
}
