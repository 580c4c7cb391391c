/**
 * Which return belongs to which call in a trace.
 *
 * Frames are told apart by their frame pointers, since calls do not always return in order: a task ends inside of
 * several, a fixup takes over a frame, and at the end of the run some calls are not over. A call that never
 * returns has no return event; it lasts until the event that showed that its frame is gone.
 */
import { TRACE } from '../machine/trace.ts';
import type { TraceBuffer } from '../machine/traceBuffer.ts';

/** In place of a number of an event: there is none. */
export const NO_EVENT = -1;

/** The calls of a trace, by the number of the event of the entry. */
export interface MatchedCalls {
  /** The event of the return, or `NO_EVENT`. */
  readonly returns: Int32Array;
  /** The event up to which the frame was there: the return or what showed that it is gone; `NO_EVENT`: to the end. */
  readonly ends: Int32Array;
  /** By the number of any event: the task on whose CPU it happened, which need not be the one that it is about; or -1. */
  readonly contexts: Int8Array;
  /** How many calls of that task are open there; on an entry or return, around it. */
  readonly depths: Uint16Array;
}

interface OpenCall {
  readonly event: number;
  readonly index: number;
  /** Unsigned. */
  readonly fp: number;
}

/**
 * Matches calls and returns of each task. At the start each CPU runs its idle task (`idleTasks`, by CPU).
 * Cost: linear.
 */
export function matchCalls(buffer: TraceBuffer, idleTasks: readonly number[]): MatchedCalls {
  const returns = new Int32Array(buffer.length).fill(NO_EVENT);
  const ends = new Int32Array(buffer.length).fill(NO_EVENT);
  const depths = new Uint16Array(buffer.length);
  const contexts = new Int8Array(buffer.length).fill(-1);
  const running = [...idleTasks];
  const stacks = new Map<number, OpenCall[]>();
  /** Closes the calls of which the predicate holds, from the innermost one on. */
  const close = (stack: OpenCall[], event: number, isGone: (call: OpenCall) => boolean): void => {
    for (;;) {
      const last = stack.at(-1);
      if (last === undefined || !isGone(last)) return;
      stack.pop();
      ends[last.event] = event;
    }
  };
  for (let event = 0; event < buffer.length; event += 1) {
    const { kind, cpu, task: about, a, b } = buffer.at(event);
    const task = running[cpu] ?? -1;
    contexts[event] = task;
    if (kind === TRACE.switch) running[cpu] = about;
    const stack = stacks.get(task) ?? [];
    stacks.set(task, stack);
    const fp = b >>> 0;
    // Stacks grow down: a frame that is not above the new one is gone.
    if (kind === TRACE.functionEntry) close(stack, event, (call) => call.fp <= fp);
    else if (kind === TRACE.functionExit) close(stack, event, (call) => call.fp < fp);
    else if (kind === TRACE.user || kind === TRACE.exit) close(stack, event, () => true);
    depths[event] = stack.length;
    if (kind === TRACE.functionEntry) stack.push({ event, index: a, fp });
    if (kind !== TRACE.functionExit) continue;
    const top = stack.at(-1);
    if (top?.fp !== fp || top.index !== a) continue;
    stack.pop();
    depths[event] = stack.length;
    returns[top.event] = event;
    ends[top.event] = event;
  }
  return { returns, ends, contexts, depths };
}
