/**
 * What a machine tells of a run while it executes: the events of a trace.
 *
 * Whoever listens sets a `TraceSink`; without one, each place where an event could be told costs one test of
 * a field. Telling never changes the state, a clock or a decision. An event is a handful of numbers, so that
 * millions of them can be kept; what they mean to Linux is for others to say.
 * Events of one task, and of one CPU, come in the order of their times. Those of different CPUs come in the order of
 * execution, which under odd schedules is not that of their clocks.
 */
import type { Pc } from '../base/brand.ts';

/** Kinds of events, with the meaning of their three operands. */
export const TRACE = {
  /** The task enters a function that is traced: its index, its frame pointer. */
  functionEntry: 1,
  /** It is about to return from one: its index, its frame pointer. */
  functionExit: 2,
  /** It comes to an anchor that is traced: its index. */
  anchor: 3,
  /** It traps into the kernel: kind (`traps.ts`), code (error code, EAX or vector), address. */
  trap: 4,
  /** It goes (back) to user mode. */
  user: 5,
  /** An interrupt comes on top of it, or of an idle task: one of `INTERRUPT_SOURCE`. */
  interruptEntry: 6,
  /** The interrupt is over. */
  interruptExit: 7,
  /** The CPU goes on with this task: the task before, and why that one left (`LEFT`). */
  switch: 8,
  /** It is woken: by the running task, 1 if that one is only interrupted. */
  wake: 9,
  /** It starts, by the scenario. */
  start: 10,
  /** It ends: its exit code. */
  exit: 11,
  /** A lock is taken: the lock, the mode; task -1 when the owner is no task. */
  acquire: 12,
  /** It is dropped: the lock, the mode. */
  drop: 13,
  /** The task begins to wait for a lock: the lock, the mode. */
  wait: 14,
  /** It no longer waits for it: the lock. */
  resume: 15,
  /** The disk takes a request: its number, the sector, pages. No task. */
  diskSubmit: 16,
  /** It begins to read: the number. */
  diskStart: 17,
  /** It has read: the number. */
  diskDone: 18,
  /** For the trace points of whoever listens, who gives it a meaning; the machine tells nothing else by it. */
  ofListener: 19,
  /** The task begins another round through what is counted (`rounds.ts`): the number of the round. */
  round: 20,
  /** The user has changed the run: the number of the intervention. Of the task that it is about, or of none. */
  intervention: 21,
} as const;

/** A kind of event. */
export type TraceKind = (typeof TRACE)[keyof typeof TRACE];

/** What interrupts. */
export const INTERRUPT_SOURCE = { disk: 1, timer: 2, signal: 3, kick: 4 } as const;

/** Why a task left its CPU. */
export const LEFT = { idle: 0, asleep: 1, exited: 2, preempted: 3 } as const;

/** One event, as it is told. */
export interface TraceEvent {
  readonly kind: TraceKind;
  /** -1 for none. */
  readonly cpu: number;
  /** -1 for none. */
  readonly task: number;
  /** By the clock of the CPU. */
  readonly ns: number;
  /** The machine's position; see `Machine.position`. */
  readonly position: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Somebody who listens. Must not change the machine; may look at it. */
export interface TraceSink {
  note(event: TraceEvent): void;
}

/**
 * An instruction at which an event is told: the entry of a function, a return, an anchor. The event's operands are
 * `index` and the frame pointer.
 */
export interface TracePoint {
  readonly pc: Pc;
  readonly kind: TraceKind;
  readonly index: number;
}
