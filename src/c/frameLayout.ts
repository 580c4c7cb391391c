/**
 * The frame of one function while it is lowered: which words below the frame pointer are in use.
 *
 * Words are handed out like a stack: variables when their declaration is met, temporaries on top of
 * them, all given back at the end of their block or statement. So a variable keeps its words for its
 * whole scope, and blocks that are never live together share. The area for outgoing arguments is the
 * lowest part of the frame and known only at the end; see `outgoingSlot`.
 */

/** Slots from here on stand for words of the outgoing arguments until the frame size is known. */
export const OUTGOING_BASE = 0x40000000;

/** The slot of the word with this number in the area for outgoing arguments. */
export function outgoingSlot(word: number): number {
  return OUTGOING_BASE + word;
}

/** Whether a slot still stands for a word of the outgoing arguments. */
function isOutgoingSlot(slot: number): boolean {
  return slot >= OUTGOING_BASE;
}

export class FrameLayout {
  private usedWords = 0;
  private deepestWords = 0;
  private outgoingWords = 0;
  private heldWords = 0;

  /** Reserves words; the result is the slot of the lowest one. */
  allocate(words: number): number {
    this.usedWords += words;
    if (this.usedWords > this.deepestWords) this.deepestWords = this.usedWords;
    return -this.usedWords;
  }

  /** What is in use now, for `release`. */
  mark(): number {
    return this.usedWords;
  }

  /** Gives back everything that was allocated since the mark. */
  release(mark: number): void {
    this.usedWords = Math.max(mark, this.heldWords);
  }

  /** Keeps what is in use now until `endHold`, whatever is released before. */
  hold(): void {
    this.heldWords = this.usedWords;
  }

  /** What is held, for `endHold` at the end of the block. */
  holdMark(): number {
    return this.heldWords;
  }

  /** Holds no more than at the mark. */
  endHold(mark: number): void {
    this.heldWords = mark;
  }

  /** Makes room for the arguments of a call. */
  reserveOutgoing(words: number): void {
    if (words > this.outgoingWords) this.outgoingWords = words;
  }

  /** In bytes; final once the whole function is lowered. */
  get frameSize(): number {
    return 4 * (this.deepestWords + this.outgoingWords);
  }

  /** The real slot behind any slot; final once the whole function is lowered. */
  resolveSlot(slot: number): number {
    return isOutgoingSlot(slot) ? slot - OUTGOING_BASE - this.frameSize / 4 : slot;
  }
}
