/**
 * The shadow of memory: for each word of RAM one byte that says what is wrong with using it.
 *
 * 0 means that the word is an ordinary one. Otherwise the upper four bits say which of its bytes are
 * untouchable (red zones, freed objects), the lower four which of the others have no value yet. When
 * all four bytes are untouchable the lower bits say why instead, one of the `WHY_…` constants. Over the mark
 * of a word that a watchpoint is about lies another, `WATCHED`: whoever reads marks asks `markOf`.
 *
 * Loads and stores of kernel code test the byte and come here when it is not 0. Reading a byte without
 * a value is a mistake; writing it gives it one; touching an untouchable byte is a mistake in any case.
 * User programs and the disk do not go through the shadow. It is kept by checkpoints and left out of
 * all hashes, since nothing of the modelled machine depends on it; with checks off it stays empty.
 *
 * Two mistakes it does not see. A bit-field has a value as soon as a neighbor in its byte has one: there
 * is one mark a byte. And the locals of a function that has returned are ordinary stack again: their
 * words soon belong to others, who write most of them as slots, without telling the shadow.
 */
import { defined } from '../base/errors.ts';
import { FLAG_RAW, FLAG_UNCHECKED } from '../bytecode/instruction.ts';
import {
  DATA_BASE,
  LOCAL_ZONE_BYTES,
  addressInFrame,
  type FunctionInfo,
  type GuardedObject,
  type Program,
} from '../bytecode/program.ts';
import { type Memory, IMAGE_BIAS } from './memory.ts';
import { WATCHED } from './watchedWords.ts';

/** Why a whole word is untouchable. */
export const WHY_RED_ZONE = 0;
export const WHY_FREED = 1;
export const WHY_FREE_PAGE = 2;

const UNTOUCHABLE = 0xf0;
const WITHOUT_VALUE = 0x0f;

/** What the checks know of a word of the image. */
function markOf({ shadow, watched }: Memory, word: number): number {
  const mark = shadow[word] as number;
  return mark === WATCHED && watched !== undefined ? watched.markBeneath(word) : mark;
}

/** Whether a byte (0-3) of a word with this shadow is untouchable. */
function isUntouchable(shadow: number, byte: number): boolean {
  return ((shadow >> (4 + byte)) & 1) !== 0;
}

/** Whether a byte (0-3) of a word with this shadow can be used but has no value. */
function lacksValue(shadow: number, byte: number): boolean {
  return shadow < UNTOUCHABLE && ((shadow >> byte) & 1) !== 0;
}

/** What is wrong with an access. */
export type AccessProblem =
  | { readonly kind: 'untouchable'; readonly why: number; readonly offset: number }
  | { readonly kind: 'withoutValue'; readonly offset: number };

/** The first problem of reading or writing a range of the image; `undefined` when there is none. */
export function findProblem(
  memory: Memory,
  at: number,
  bytes: number,
  isRead: boolean,
): AccessProblem | undefined {
  for (let offset = at; offset < at + bytes; offset += 1) {
    const mark = markOf(memory, offset >> 2);
    if (mark === 0) {
      offset |= 3;
      continue;
    }
    if (isUntouchable(mark, offset & 3)) {
      return { kind: 'untouchable', why: mark < UNTOUCHABLE ? WHY_RED_ZONE : mark & 15, offset };
    }
    if (isRead && lacksValue(mark, offset & 3)) return { kind: 'withoutValue', offset };
  }
  return undefined;
}

/**
 * Whether the load or store with the first word `word` may use a range of the image with marks in its
 * shadow; a store gives the range a value. Not if a watchpoint is to be told: then `raiseAccess` does it.
 */
export function admits(
  memory: Memory,
  at: number,
  bytes: number,
  isWrite: boolean,
  word: number,
): boolean {
  if (memory.watched?.catches(at, bytes, isWrite) === true) return false;
  if ((word & FLAG_UNCHECKED) !== 0) return true;
  const isRead = !isWrite && (word & FLAG_RAW) === 0;
  if (findProblem(memory, at, bytes, isRead) !== undefined) return false;
  if (isWrite) defineBytes(memory, at, bytes);
  return true;
}

/** Gives a range of the image a value, as far as it can be used. */
export function defineBytes(memory: Memory, at: number, bytes: number): void {
  const { shadow } = memory;
  let isChanged = false;
  for (let offset = at; offset < at + bytes; offset += 1) {
    const mark = markOf(memory, offset >> 2);
    if (mark === 0) {
      offset |= 3;
      continue;
    }
    if (!lacksValue(mark, offset & 3)) continue;
    shadow[offset >> 2] = mark & ~(1 << (offset & 3));
    isChanged = true;
  }
  if (isChanged) memory.markShadow(at >> 2, ((at + bytes - 1) >> 2) + 1);
}

/** Takes the value of a range of the image away; it starts at a word. */
export function undefineBytes(memory: Memory, at: number, bytes: number): void {
  const { shadow } = memory;
  for (let offset = at; offset < at + bytes; offset += 1) {
    const mark = markOf(memory, offset >> 2);
    if (!isUntouchable(mark, offset & 3)) shadow[offset >> 2] = mark | (1 << (offset & 3));
  }
  memory.markShadow(at >> 2, ((at + bytes - 1) >> 2) + 1);
}

/** The marks of the words of an object of `bytes` bytes with untouchable bytes behind it. */
function markObject(marks: Uint8Array, start: number, bytes: number, hasValue: boolean): void {
  const whole = bytes >> 2;
  marks.fill(hasValue ? 0 : WITHOUT_VALUE, start, start + whole);
  const rest = bytes & 3;
  if (rest === 0) return;
  const used = (1 << rest) - 1;
  marks[start + whole] = ((~used & 15) << 4) | (hasValue ? 0 : used);
}

/** Makes whole words of the image an object that can be used, with or without a value. */
export function openObject(memory: Memory, at: number, bytes: number, hasValue: boolean): void {
  const start = at >> 2;
  markObject(memory.shadow, start, bytes, hasValue);
  memory.markShadow(start, start + ((bytes + 3) >> 2));
}

/** Makes whole words of the image untouchable. */
export function closeWords(memory: Memory, at: number, bytes: number, why: number): void {
  const start = at >> 2;
  const end = (at + bytes + 3) >> 2;
  memory.shadow.fill(UNTOUCHABLE | why, start, end);
  memory.markShadow(start, end);
}

/** Makes whole words of the image ordinary ones. */
export function clearWords(memory: Memory, at: number, bytes: number): void {
  const start = at >> 2;
  const end = (at + bytes + 3) >> 2;
  memory.shadow.fill(0, start, end);
  memory.markShadow(start, end);
}

/** Copies which bytes lack a value along with a copy of the bytes; the ranges may overlap. */
export function copyMarks(memory: Memory, to: number, from: number, bytes: number): void {
  const { shadow } = memory;
  if (isUnmarked(memory, from, bytes) && isUnmarked(memory, to, bytes)) return;
  const step = to <= from ? 1 : -1;
  let index = step > 0 ? 0 : bytes - 1;
  for (let left = bytes; left > 0; left -= 1, index += step) {
    const isMissing = lacksValue(markOf(memory, (from + index) >> 2), (from + index) & 3);
    const word = (to + index) >> 2;
    const bit = 1 << ((to + index) & 3);
    const mark = markOf(memory, word);
    if (mark < UNTOUCHABLE) shadow[word] = isMissing ? mark | bit : mark & ~bit;
  }
  memory.markShadow(to >> 2, ((to + bytes - 1) >> 2) + 1);
}

/** Whether some byte of a range of the image has no value. */
export function lacksValues(memory: Memory, at: number, bytes: number): boolean {
  for (let offset = at; offset < at + bytes; offset += 1) {
    if (lacksValue(markOf(memory, offset >> 2), offset & 3)) return true;
  }
  return false;
}

/** Whether nothing is wrong with any word of a range of the image. */
export function isUnmarked(memory: Memory, at: number, bytes: number): boolean {
  const end = (at + bytes + 3) >> 2;
  for (let word = at >> 2; word < end; word += 1) {
    if (markOf(memory, word) !== 0) return false;
  }
  return true;
}

/** The marks of a function's guarded locals and the zones around them, while it runs. */
export interface FrameMarks {
  /** In words from the frame pointer. */
  readonly start: number;
  readonly marks: Uint8Array;
  /** Objects of which some are aligned: where they lie among the marks depends on the frame. */
  readonly aligned?: readonly GuardedObject[];
}

/** What `guardFrame` puts into the shadow for a function. */
function createFrameMarks({ guarded = [] }: FunctionInfo): FrameMarks {
  const [first] = guarded;
  const last = guarded.at(-1);
  if (first === undefined || last === undefined) return { start: 0, marks: new Uint8Array() };
  const start = (first.offset - LOCAL_ZONE_BYTES) >> 2;
  const slack = (last.align ?? 4) - 4;
  const end = (last.offset + last.bytes + slack + LOCAL_ZONE_BYTES + 3) >> 2;
  const marks = new Uint8Array(end - start);
  if (guarded.some(({ align }) => align !== undefined)) return { start, marks, aligned: guarded };
  markObjects(marks, start, guarded, 0);
  return { start, marks };
}

/** Marks the objects of the frame with the frame pointer `fp`, in bytes, and the zones around them. */
function markObjects(
  marks: Uint8Array,
  start: number,
  objects: readonly GuardedObject[],
  fp: number,
): void {
  marks.fill(UNTOUCHABLE | WHY_RED_ZONE);
  for (const object of objects) {
    const { bytes, isUndefined, padding = [] } = object;
    const offset = addressInFrame(fp, object) - fp;
    markObject(marks, (offset >> 2) - start, bytes, !isUndefined);
    for (const at of padding) {
      const word = ((offset + at) >> 2) - start;
      const mark = marks[word] as number;
      if (mark < UNTOUCHABLE) marks[word] = mark & ~(1 << (at & 3));
    }
  }
}

/** Guards the frames of the functions of one program. */
export class FrameGuard {
  private readonly memory: Memory;
  private readonly functions: readonly FunctionInfo[];
  /** By function index, made at the first call: a frame may be larger than any stack. */
  private readonly marks: (FrameMarks | undefined)[] = [];

  constructor(memory: Memory, functions: readonly FunctionInfo[]) {
    this.memory = memory;
    this.functions = functions;
  }

  private marksOf(functionIndex: number): FrameMarks {
    const known = this.marks[functionIndex];
    if (known !== undefined) return known;
    const marks = createFrameMarks(defined(this.functions[functionIndex], 'guarded function'));
    this.marks[functionIndex] = marks;
    return marks;
  }

  /** The guarded locals of a frame begin to live; `f` is the frame pointer as a word of the image. */
  guard(functionIndex: number, f: number): void {
    const frame = this.marksOf(functionIndex);
    // The image starts at a page, so that what is aligned there is aligned for the program as well.
    if (frame.aligned !== undefined) markObjects(frame.marks, frame.start, frame.aligned, 4 * f);
    const start = f + frame.start;
    this.memory.shadow.set(frame.marks, start);
    this.memory.markShadow(start, start + frame.marks.length);
  }

  /** The guarded locals of a frame end: their words are ordinary stack again. */
  unguard(functionIndex: number, f: number): void {
    const frame = this.marksOf(functionIndex);
    const start = f + frame.start;
    const end = start + frame.marks.length;
    this.memory.shadow.fill(0, start, end);
    this.memory.markShadow(start, end);
  }

  /** A guarded local, by its number in the function, begins to live again without a value. */
  undefine(functionIndex: number, index: number, f: number): void {
    const object = defined(this.functions[functionIndex]?.guarded?.[index], 'guarded local');
    const at = addressInFrame(4 * f, object);
    undefineBytes(this.memory, at, object.bytes);
    for (const byte of object.padding ?? []) defineBytes(this.memory, at + byte, 1);
  }
}

/** Makes everything between the objects with static storage untouchable. */
export function guardData(memory: Memory, program: Program): void {
  const { dataObjects } = program;
  if (dataObjects === undefined || dataObjects.length === 0) return;
  const toImage = (address: number): number => (address + IMAGE_BIAS) >>> 0;
  closeWords(memory, toImage(DATA_BASE), program.dataEnd - DATA_BASE, WHY_RED_ZONE);
  for (let index = 0; index < dataObjects.length; index += 2) {
    const at = toImage(dataObjects[index] as number);
    openObject(memory, at, dataObjects[index + 1] as number, true);
  }
}
