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

  /** Records at most `limit` events. */
  constructor(source: LaneSource, limit?: number) {
    this.trace = new RecordedTrace(limit);
    this.builder = new LaneBuilder(source);
  }

  /** Takes the next event in, unless there is no more room. Cost: constant. */
  note(event: TraceEvent, lock: LockName | undefined): void {
    const { buffer } = this.trace;
    const index = buffer.length;
    this.trace.note(event, lock);
    this.revision += 1;
    if (buffer.length > index) this.takeIn(index, event, lock);
  }

  /**
   * Forgets the events at and behind a position; of those at the very position the first ones stay for which
   * `stays` says so. Cost: what is forgotten, and less than `KEPT_EVERY` events.
   */
  cutFrom(position: number, stays: (event: TraceEvent) => boolean = () => false): void {
    const { buffer } = this.trace;
    let length = buffer.firstFrom(position);
    while (length < buffer.length) {
      const event = buffer.at(length);
      if (event.position !== position || !stays(event)) break;
      length += 1;
    }
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
    return this.builder.view({
      rev: this.revision,
      endNs: Math.max(nowNs, this.builder.endNs),
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
