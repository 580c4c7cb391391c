/**
 * The words of memory that watchpoints are about, and how kernel code is caught that touches them.
 *
 * Loads and stores test the shadow of a word anyway (`shadow.ts`). A watched word has a mark there that
 * nothing else has, so that they come to `admits` without being slower elsewhere; what the checks know of the
 * word is kept here, beneath the mark. The marks are taken off while a state is kept or brought back: a
 * kept state knows nothing of watchpoints. Nothing here is machine state.
 */

/** The shadow of a watched word. */
export const WATCHED = 0xff;

/** Bytes of the image that a watchpoint is about. */
export interface WatchedRange {
  /** Of the first byte, and behind the last. */
  readonly start: number;
  readonly end: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** The number of the watchpoint. */
  readonly watchpoint: number;
}

export class WatchedWords {
  /** Whether the present run wants to know. */
  isActive = false;
  readonly ranges: readonly WatchedRange[];
  private readonly shadow: Uint8Array;
  /** By number of the word in the image: what the checks know of it. */
  private readonly beneath = new Map<number, number>();

  /** Cost: the words of the ranges. */
  constructor(shadow: Uint8Array, ranges: readonly WatchedRange[]) {
    this.shadow = shadow;
    this.ranges = ranges;
    for (const { start, end } of ranges) {
      for (let word = start >> 2; word <= (end - 1) >> 2; word += 1) this.beneath.set(word, 0);
    }
    this.putOn();
  }

  /** Whether an access is to be told. */
  catches(at: number, bytes: number, isWrite: boolean): boolean {
    if (!this.isActive) return false;
    for (const range of this.ranges) {
      if (at < range.end && at + bytes > range.start && (isWrite ? range.writes : range.reads)) {
        return true;
      }
    }
    return false;
  }

  /** What the checks know of a watched word. */
  markBeneath(word: number): number {
    return this.beneath.get(word) ?? WATCHED;
  }

  /** Somebody has written the shadow of a range of words, `end` exclusive. */
  coverAgain(start: number, end: number): void {
    if (end - start <= this.beneath.size) {
      for (let word = start; word < end; word += 1) {
        if (this.beneath.has(word)) this.cover(word);
      }
      return;
    }
    for (const word of this.beneath.keys()) if (word >= start && word < end) this.cover(word);
  }

  /** Puts the marks on. */
  putOn(): void {
    for (const word of this.beneath.keys()) this.cover(word);
  }

  /** Takes the marks off. */
  takeOff(): void {
    for (const [word, mark] of this.beneath) this.shadow[word] = mark;
  }

  private cover(word: number): void {
    const mark = this.shadow[word] as number;
    if (mark === WATCHED) return;
    this.beneath.set(word, mark);
    this.shadow[word] = WATCHED;
  }
}
