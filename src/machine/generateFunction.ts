/**
 * The one place where text becomes code of the host.
 *
 * The text comes from `unitSource.ts` and consists of numbers and fixed names: no name, string or
 * comment of a guest program ever gets into it. Where the host forbids this (the content security
 * policy of a page), the machine does without generated code.
 */
import { LARGE_BYTES, type MachineState } from './machineState.ts';
import type { Memory } from './memory.ts';
import { copyMarks, defineBytes, findProblem, isUnmarked, lacksValues } from './shadow.ts';
import { isOnStack } from './stackObjects.ts';

/**
 * Generated code of a unit: executes the frame whose frame pointer is the word `f` of memory, and returns
 * the budget that is left of `left` after a return to the unit that called; negative: it was left, and
 * how things stand is in the cells. `callerFrame` and `returnPc` are those of the unit that calls, -1
 * when nobody but the interpreter may execute the return; `result` is the word for the returned value.
 */
export type GeneratedUnit = (
  f: number,
  left: number,
  callerFrame: number,
  returnPc: number,
  result: number,
) => number;

/** Leaves generated code before the instruction at `pc`. Returns -1. */
export type Leave = (pc: number, f: number, left: number, statements: number) => number;

/** What generated code refers to, by the names in its text. */
export interface UnitSurroundings {
  /** Words, bytes, dirty marks and shadow of memory. */
  readonly w: Int32Array;
  readonly b: Uint8Array;
  readonly y: Uint8Array;
  readonly g: Uint8Array;
  /** The cells; see `generatedTier.ts`. */
  readonly x: Int32Array;
  /** Units by function index. */
  readonly T: readonly GeneratedUnit[];
  /** Frame sizes in bytes by function index. */
  readonly F: Int32Array;
  readonly e: Leave;
  /** A callee has left: counts the statements of its caller. Returns -1. */
  readonly u: (statements: number) => number;
  readonly wordAt: (offset: number) => number;
  readonly mark: (firstWord: number, lastWord: number) => void;
  readonly functionAt: (address: number) => number;
  /** Copies or fills bytes; 0 when that is a fault. */
  readonly copy: (to: number, from: number, bytes: number, isCounted: boolean) => number;
  readonly fill: (to: number, byte: number, bytes: number) => number;
  /** The answer of an intrinsic that only looks at the machine. */
  readonly ask: (intrinsic: number, args: number) => number;
  /** Whether memory with marks in its shadow may be used; and the instructions that set such marks. */
  readonly admits: (at: number, bytes: number, isWrite: boolean, flags: number) => boolean;
  /** Whether something is wrong with the access of a guarded field. */
  readonly touches: (pc: number, at: number) => boolean;
  readonly guard: (functionIndex: number, f: number) => void;
  readonly unguard: (functionIndex: number, f: number) => void;
  readonly undefine: (at: number, bytes: number) => void;
  readonly undefineLocal: (functionIndex: number, index: number, f: number) => void;
  readonly define: (at: number, bytes: number) => void;
  readonly carry: (to: number, from: number, bytes: number) => void;
  readonly lacks: (at: number, bytes: number) => boolean;
  /** 0 when the beginning or end of a cost region in this frame has no effect. */
  readonly region: (f: number) => number;
  readonly multiply64: (words: Int32Array, to: number, a: number, b: number) => void;
  readonly divide64: (
    words: Int32Array,
    to: number,
    a: number,
    b: number,
    isSigned: boolean,
    isRemainder: boolean,
  ) => void;
  readonly shiftLeft64: (words: Int32Array, to: number, a: number, count: number) => void;
  readonly shiftRight64: (
    words: Int32Array,
    to: number,
    a: number,
    count: number,
    isSigned: boolean,
  ) => void;
  readonly isLess64: (
    words: Int32Array,
    a: number,
    b: number,
    isSigned: boolean,
    orEqual: boolean,
  ) => boolean;
  /** Which slots have locals, and leaving before a store to one of them. Of this unit alone. */
  readonly c: Uint8Array;
  readonly v: (index: number, pc: number, f: number, left: number, statements: number) => number;
}

/** Aligned copies up to this go word by word: the call of a built-in function costs more. */
const SMALL_COPY_BYTES = 128;

/** The unit with this source; `undefined` where the host does not make code out of text. */
export function generateFunction(
  text: string,
  surroundings: UnitSurroundings,
): GeneratedUnit | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- numbers and fixed names only, see above
    const make = new Function(...Object.keys(surroundings), text) as (
      ...values: unknown[]
    ) => GeneratedUnit;
    return make(...(Object.values(surroundings) as unknown[]));
  } catch {
    // Forbidden by the host, or nested too deeply for its parser: the interpreter does the same.
    return undefined;
  }
}

/**
 * Copies as `memmove` does; 0, with nothing done, when a byte is not in memory, it is a large copy, a
 * watchpoint is to be told, or the frames have to be looked at, which takes saved registers (see
 * `stackObjects.ts`).
 */
export function copyInMemory(
  state: MachineState,
  to: number,
  from: number,
  bytes: number,
  isCounted: boolean,
): number {
  const { memory } = state;
  if (bytes === 0) return 1;
  const count = bytes >>> 0;
  if (count > LARGE_BYTES) return 0;
  const source = memory.locate(from, count);
  const target = memory.locate(to, count);
  if (source < 0 || target < 0) return 0;
  const { watched } = memory;
  if (watched?.catches(source, count, false) === true) return 0;
  if (watched?.catches(target, count, true) === true) return 0;
  const isMarked = !isUnmarked(memory, source, count) || !isUnmarked(memory, target, count);
  if (isMarked) {
    if (!canCopy(memory, source, target, count)) return 0;
    if (!isCounted && lacksValues(memory, source, count) && isOnStack(state, to)) return 0;
  }
  memory.mark(target, target + count);
  if (isMarked) copyMarks(memory, target, source, count);
  if (count > SMALL_COPY_BYTES || ((source | target | count) & 3) !== 0) {
    memory.bytes.copyWithin(target, source, source + count);
    return 1;
  }
  const { words } = memory;
  const first = source >> 2;
  const last = (count >> 2) - 1;
  const start = target >> 2;
  if (start <= first) {
    for (let at = 0; at <= last; at += 1) words[start + at] = words[first + at] as number;
  } else {
    for (let at = last; at >= 0; at -= 1) words[start + at] = words[first + at] as number;
  }
  return 1;
}

function canCopy(memory: Memory, source: number, target: number, count: number): boolean {
  return (
    findProblem(memory, source, count, false) === undefined &&
    findProblem(memory, target, count, false) === undefined
  );
}

/** Fills bytes; 0, with nothing done, when one is not in memory or watched, or there are many. */
export function fillInMemory(memory: Memory, to: number, byte: number, bytes: number): number {
  if (bytes === 0) return 1;
  const count = bytes >>> 0;
  if (count > LARGE_BYTES) return 0;
  const target = memory.locate(to, count);
  if (target < 0 || findProblem(memory, target, count, false) !== undefined) return 0;
  if (memory.watched?.catches(target, count, true) === true) return 0;
  defineBytes(memory, target, count);
  memory.mark(target, target + count);
  memory.bytes.fill(byte & 0xff, target, target + count);
  return 1;
}
