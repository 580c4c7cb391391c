/**
 * Keeps the events of a trace, up to a bound: columns of numbers, some 30 bytes an event.
 *
 * What comes when it is full is counted and not kept, so that the beginning of a run is whole.
 */
import { TRACE, type TraceEvent, type TraceKind, type TraceSink } from './trace.ts';

/** Columns of the three operands. */
const OPERANDS = 3;
const FIRST_CAPACITY = 4096;

export class TraceBuffer implements TraceSink {
  private readonly limit: number;
  private count = 0;
  private lost = 0;
  private lostFrom: number | undefined;
  /** The position of the first event that was not kept. */
  private lostAt = Infinity;
  private kinds = new Uint8Array(FIRST_CAPACITY);
  private cpus = new Int8Array(FIRST_CAPACITY);
  private tasks = new Int8Array(FIRST_CAPACITY);
  private times = new Float64Array(FIRST_CAPACITY);
  private positions = new Float64Array(FIRST_CAPACITY);
  private operands = new Int32Array(FIRST_CAPACITY * OPERANDS);

  /** Keeps at most so many events. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many events are kept. */
  get length(): number {
    return this.count;
  }

  /** How many were not kept, because the buffer was full. */
  get lostCount(): number {
    return this.lost;
  }

  /** The time of the first event that was not kept; `undefined` when all were. */
  get lostFromNs(): number | undefined {
    return this.lostFrom;
  }

  note(event: TraceEvent): void {
    const index = this.count;
    if (index >= this.limit || this.lost > 0) {
      this.lost += 1;
      if (this.lost === 1) {
        this.lostFrom = event.ns;
        this.lostAt = event.position;
      }
      return;
    }
    if (index >= this.kinds.length) this.grow();
    this.count = index + 1;
    this.kinds[index] = event.kind;
    this.cpus[index] = event.cpu;
    this.tasks[index] = event.task;
    this.times[index] = event.ns;
    this.positions[index] = event.position;
    const at = index * OPERANDS;
    this.operands[at] = event.a;
    this.operands[at + 1] = event.b;
    this.operands[at + 2] = event.c;
  }

  /** The event with a number, in the order in which they were told. */
  at(index: number): TraceEvent {
    const at = index * OPERANDS;
    return {
      kind: (this.kinds[index] ?? TRACE.anchor) as TraceKind,
      cpu: this.cpus[index] ?? -1,
      task: this.tasks[index] ?? -1,
      ns: this.times[index] ?? 0,
      position: this.positions[index] ?? 0,
      a: this.operands[at] ?? 0,
      b: this.operands[at + 1] ?? 0,
      c: this.operands[at + 2] ?? 0,
    };
  }

  /**
   * Forgets the events from a number on, all of which stand at or behind a position, and those that were lost behind
   * it: none is lost if the first one was.
   */
  cutTo(length: number, position: number): void {
    this.count = Math.min(this.count, length);
    if (position > this.lostAt) return;
    this.lost = 0;
    this.lostFrom = undefined;
    this.lostAt = Infinity;
  }

  /** The position of an event. */
  positionAt(index: number): number {
    return this.positions[index] ?? 0;
  }

  /** The time of an event. */
  timeAt(index: number): number {
    return this.times[index] ?? 0;
  }

  /** The number of the first event at or behind a position. Cost: logarithmic. */
  firstFrom(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positionAt(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Numbers of the events by growing time; at the same time in the order in which they were told. */
  byTime(): Uint32Array {
    const { times } = this;
    const order = Uint32Array.from({ length: this.count }, (_, index) => index);
    return order.sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other);
  }

  private grow(): void {
    const capacity = Math.min(this.limit, this.kinds.length * 2);
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.kinds = grown(new Uint8Array(capacity), this.kinds);
    this.cpus = grown(new Int8Array(capacity), this.cpus);
    this.tasks = grown(new Int8Array(capacity), this.tasks);
    this.times = grown(new Float64Array(capacity), this.times);
    this.positions = grown(new Float64Array(capacity), this.positions);
    this.operands = grown(new Int32Array(capacity * OPERANDS), this.operands);
  }
}
