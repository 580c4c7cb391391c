/**
 * The memory of a run: one `ArrayBuffer` with the machine's state area, RAM behind it and the shadow
 * behind that, seen through views, and which of its pages have been written.
 *
 * Kernel address = physical address + `DIRECT_MAP_BASE`; image offset = physical address +
 * `STATE_BYTES`. Every write must mark its page, with two exceptions that the owner of a run knows:
 * pages below `ALWAYS_DIRTY_PAGES`, and the used part of the stacks of running tasks, which is marked
 * as a whole when a task goes on (`markStack` of `tasks.ts`) and where a call grows it.
 *
 * Checkpoints and hashes read the marks and take them away; see `checkpoints.ts`.
 */
import { ALWAYS_DIRTY_PAGES, PAGE_BYTES, STATE_BYTES, STATE_WORDS } from './imageLayout.ts';
import type { WatchedWords } from './watchedWords.ts';

/** Words of the notes of a watcher, whole pages. */
export const WATCH_WORDS = 16 * 1024;

/** Written since the last checkpoint or restore. */
export const DIRTY_FOR_CHECKPOINT = 1;
/** Written since the last hash. */
export const DIRTY_FOR_HASH = 2;
export const DIRTY = DIRTY_FOR_CHECKPOINT | DIRTY_FOR_HASH;

/** Pages that checkpoints share as a whole. */
export const GROUP_PAGES = 64;
/** Marks of pages that are looked at as one number. */
export const MARKS_PER_LANE = 8;

const FEW_PAGES = 8;

/** Added to a kernel address, modulo 2^32, this gives the physical address. */
export const PHYSICAL_BIAS = 0x40000000;
/** Added to a kernel address, modulo 2^32, this gives the offset in the image. */
export const IMAGE_BIAS = PHYSICAL_BIAS + STATE_BYTES;

export class Memory {
  readonly buffer: ArrayBuffer;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly doubles: Float64Array;
  /** Per page of the image, `DIRTY_…` bits. */
  readonly dirty: Uint8Array;
  /** The same marks, `MARKS_PER_LANE` at a time: 0 where none of the pages is marked. */
  readonly dirtyLanes: Float64Array;
  /** Per page, not 0: written since the last hash, and its mark was taken away since. */
  readonly unhashed: Uint8Array;
  readonly unhashedLanes: Float64Array;
  readonly ramBytes: number;
  readonly pageCount: number;
  /** The pages that make up the modelled machine: all but the shadow and the notes behind them. */
  readonly modelPageCount: number;
  /**
   * One byte for each word of RAM, indexed like `words`, so from `STATE_WORDS` on: what the checks know
   * of it. 0 says that nothing is wrong with the word; `shadow.ts` explains the rest.
   */
  readonly shadow: Uint8Array;
  /**
   * A page behind the shadow: notes of who executes, for going back. From this double on: the number plus 1 of the task
   * that executes or executed last (0 at the start), then for each task the position behind its last
   * instruction, out of date while it executes. Behind them those of rounds; see `rounds.ts`.
   */
  readonly notesDouble: number;
  /** Behind it: the notes of a watcher, from this word on; see `watcher.ts`. */
  readonly watchWord: number;
  /** The words that watchpoints are about, whose marks lie over those of the checks. No state. */
  watched: WatchedWords | undefined = undefined;

  constructor(ramBytes: number) {
    this.ramBytes = ramBytes;
    const shadowAt = STATE_BYTES + ramBytes;
    this.modelPageCount = shadowAt / PAGE_BYTES;
    const shadowPages = Math.ceil(ramBytes / 4 / PAGE_BYTES);
    const notesAt = shadowAt + shadowPages * PAGE_BYTES;
    this.notesDouble = notesAt / 8;
    this.watchWord = (notesAt + PAGE_BYTES) / 4;
    this.buffer = new ArrayBuffer(notesAt + PAGE_BYTES + 4 * WATCH_WORDS);
    this.shadow = new Uint8Array(this.buffer, shadowAt - STATE_WORDS);
    this.words = new Int32Array(this.buffer);
    this.bytes = new Uint8Array(this.buffer);
    this.doubles = new Float64Array(this.buffer);
    this.pageCount = this.buffer.byteLength / PAGE_BYTES;
    // Whole groups, and marks below 4, so that a lane is never the pattern of -0 or of no number.
    this.dirty = new Uint8Array(Math.ceil(this.pageCount / GROUP_PAGES) * GROUP_PAGES);
    this.dirtyLanes = new Float64Array(this.dirty.buffer);
    this.unhashed = new Uint8Array(this.dirty.length);
    this.unhashedLanes = new Float64Array(this.unhashed.buffer);
    this.dirty.fill(DIRTY, 0, ALWAYS_DIRTY_PAGES);
  }

  /** The image offset of `bytes` bytes at a kernel address; -1 when they are not all RAM. */
  locate(address: number, bytes: number): number {
    const physical = (address + PHYSICAL_BIAS) >>> 0;
    return physical + bytes <= this.ramBytes ? physical + STATE_BYTES : -1;
  }

  /** The image offset of `bytes` bytes at a physical address; -1 when they are not all RAM. */
  locatePhysical(physical: number, bytes: number): number {
    return physical >= 0 && physical + bytes <= this.ramBytes ? physical + STATE_BYTES : -1;
  }

  /** The word at an image offset of any alignment. */
  wordAt(offset: number): number {
    if ((offset & 3) === 0) return this.words[offset >> 2] as number;
    const { bytes } = this;
    return (
      (bytes[offset] as number) |
      ((bytes[offset + 1] as number) << 8) |
      ((bytes[offset + 2] as number) << 16) |
      ((bytes[offset + 3] as number) << 24)
    );
  }

  /** Writes a word at an image offset of any alignment, and marks the page. */
  setWordAt(offset: number, value: number): void {
    this.dirty[offset >> 12] = DIRTY;
    if ((offset & 3) === 0) {
      this.words[offset >> 2] = value;
      return;
    }
    this.dirty[(offset + 3) >> 12] = DIRTY;
    for (let index = 0; index < 4; index += 1) {
      this.bytes[offset + index] = value >>> (8 * index);
    }
  }

  /** Marks the pages of a range of the image, `end` exclusive. */
  mark(start: number, end: number): void {
    if (end <= start) return;
    const last = (end - 1) >> 12;
    // Nearly always one page or two, for which the call of a built-in function costs more.
    if (last - (start >> 12) > FEW_PAGES) this.dirty.fill(DIRTY, start >> 12, last + 1);
    else for (let page = start >> 12; page <= last; page += 1) this.dirty[page] = DIRTY;
  }

  /** The shadow of a range of words, `end` exclusive, has been written: marks its pages. */
  markShadow(start: number, end: number): void {
    const { byteOffset } = this.shadow;
    this.mark(byteOffset + start, byteOffset + end);
    this.watched?.coverAgain(start, end);
  }

  /** Marks the page of a word of the state area. */
  markWord(word: number): void {
    this.dirty[word >> 10] = DIRTY;
  }
}
