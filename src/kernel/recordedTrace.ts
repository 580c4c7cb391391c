/**
 * A trace that is kept: events in order, with the names of the locks that they speak of.
 *
 * The same lock of a page frame has other names at other times, so each event of a lock keeps its own.
 */
import type { TraceEvent } from '../machine/trace.ts';
import { TraceBuffer } from '../machine/traceBuffer.ts';
import type { LockName } from './lockNames.ts';
import type { RunSink } from './traceRecorder.ts';

/** Events that are kept unless somebody asks for more: some 15 MB. */
const USUAL_TRACE_LIMIT = 500_000;

export class RecordedTrace implements RunSink {
  readonly buffer: TraceBuffer;
  /** By name: each name is kept once. */
  private readonly known = new Map<string, LockName>();
  /** By the number of the event. */
  private readonly locks = new Map<number, LockName>();

  /** Keeps at most so many events. */
  constructor(limit = USUAL_TRACE_LIMIT) {
    this.buffer = new TraceBuffer(limit);
  }

  note(event: TraceEvent, lock: LockName | undefined): void {
    const { buffer, known } = this;
    const index = buffer.length;
    buffer.note(event);
    if (lock === undefined || buffer.length === index) return;
    if (!known.has(lock.name)) known.set(lock.name, lock);
    this.locks.set(index, known.get(lock.name) ?? lock);
  }

  /** Forgets the events from a number on, all at or behind a position. Cost: how many they are. */
  cutTo(length: number, position: number): void {
    for (let index = length; index < this.buffer.length; index += 1) this.locks.delete(index);
    this.buffer.cutTo(length, position);
  }

  /** The lock of an event by its number; `undefined` when it is not about one. */
  lockOf(index: number): LockName | undefined {
    return this.locks.get(index);
  }
}
