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

/** Of an event that is not about a lock. */
const NO_LOCK = -1;

export class RecordedTrace implements RunSink {
  readonly buffer: TraceBuffer;
  /** Each name is kept once. */
  private readonly names: LockName[] = [];
  private readonly numbers = new Map<string, number>();
  /** By the number of the event: the number of its lock's name, or `NO_LOCK`. */
  private readonly locks: number[] = [];

  /** Keeps at most so many events. */
  constructor(limit = USUAL_TRACE_LIMIT) {
    this.buffer = new TraceBuffer(limit);
  }

  note(event: TraceEvent, lock: LockName | undefined): void {
    const { buffer } = this;
    const index = buffer.length;
    buffer.note(event);
    if (buffer.length > index) this.locks.push(lock === undefined ? NO_LOCK : this.numberOf(lock));
  }

  /** Forgets the events from a number on, all at or behind a position. Cost: how many they are. */
  cutTo(length: number, position: number): void {
    this.buffer.cutTo(length, position);
    this.locks.length = this.buffer.length;
  }

  /** The lock of an event by its number; `undefined` when it is not about one. */
  lockOf(index: number): LockName | undefined {
    return this.names[this.locks[index] ?? NO_LOCK];
  }

  private numberOf(lock: LockName): number {
    const known = this.numbers.get(lock.name);
    if (known !== undefined) return known;
    this.numbers.set(lock.name, this.names.length);
    return this.names.push(lock) - 1;
  }
}
