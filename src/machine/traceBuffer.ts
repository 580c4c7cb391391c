/**
 * Keeps the events of a trace, up to a bound: blocks of numbers, some 30 bytes an event.
 *
 * What comes when it is full is counted and not kept, so that the beginning of a run is whole.
 */
import { TRACE, type TraceEvent, type TraceKind, type TraceSink } from './trace.ts';

/** Events of a block. */
const BLOCK_SHIFT = 10;
const BLOCK_EVENTS = 1 << BLOCK_SHIFT;
/** Numbers of an event: its kind, CPU and task in one, and the operands; its time and position. */
const WORDS = 4;
const DOUBLES = 2;
/** What stands for an event that is not there: an anchor, of no CPU and no task. */
const NO_EVENT = 0xffff00 | TRACE.anchor;

/** So many events; blocks are added, so that nothing is copied while a run is recorded. */
class Block {
  readonly words = new Int32Array(BLOCK_EVENTS * WORDS);
  readonly doubles = new Float64Array(BLOCK_EVENTS * DOUBLES);
}

export class TraceBuffer implements TraceSink {
  private readonly limit: number;
  private count = 0;
  private lost = 0;
  private lostFrom: number | undefined;
  /** The position of the first event that was not kept. */
  private lostAt = Infinity;
  private readonly blocks: Block[] = [];

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
    this.count = index + 1;
    const { words, doubles } = (this.blocks[index >> BLOCK_SHIFT] ??= new Block());
    const place = index & (BLOCK_EVENTS - 1);
    const at = place * WORDS;
    words[at] = (event.kind & 0xff) | ((event.cpu & 0xff) << 8) | ((event.task & 0xff) << 16);
    words[at + 1] = event.a;
    words[at + 2] = event.b;
    words[at + 3] = event.c;
    doubles[place * DOUBLES] = event.ns;
    doubles[place * DOUBLES + 1] = event.position;
  }

  /** The event with a number, in the order in which they were told. */
  at(index: number): TraceEvent {
    const words = this.blocks[index >> BLOCK_SHIFT]?.words;
    const at = (index & (BLOCK_EVENTS - 1)) * WORDS;
    const first = words?.[at] ?? NO_EVENT;
    return {
      kind: (first & 0xff) as TraceKind,
      // The signs of both are kept.
      cpu: (first << 16) >> 24,
      task: (first << 8) >> 24,
      ns: this.timeAt(index),
      position: this.positionAt(index),
      a: words?.[at + 1] ?? 0,
      b: words?.[at + 2] ?? 0,
      c: words?.[at + 3] ?? 0,
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
    return this.doubleAt(index, 1);
  }

  /** The time of an event. */
  timeAt(index: number): number {
    return this.doubleAt(index, 0);
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
    const times = Float64Array.from({ length: this.count }, (_, index) => this.timeAt(index));
    const order = Uint32Array.from({ length: this.count }, (_, index) => index);
    return order.sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other);
  }

  private doubleAt(index: number, column: number): number {
    const doubles = this.blocks[index >> BLOCK_SHIFT]?.doubles;
    return doubles?.[(index & (BLOCK_EVENTS - 1)) * DOUBLES + column] ?? 0;
  }
}
