/**
 * What a run prints, on its way to the client.
 *
 * Lines go out as they come; when a log point stands where a run passes thousands of times a second, those
 * beyond the first few of a slice of work go out together at its end. A client shows each event by itself
 * and would be busy long after the run has stopped. Nothing is left out, and the order stays.
 */

/** The stream that a text belongs to; DAP's categories of output. */
export type OutputCategory = 'stdout' | 'stderr';

/** So many texts of a slice go out one by one. */
const MOST_SINGLE = 20;

export class SliceOutput {
  private readonly emit: (text: string, category: OutputCategory) => void;
  private isInSlice = false;
  private printed = 0;
  private held = '';
  private heldCategory: OutputCategory = 'stdout';

  constructor(emit: (text: string, category: OutputCategory) => void) {
    this.emit = emit;
  }

  /** Prints a text: at once, or at the end of the slice in which much was printed before. */
  print(text: string, category: OutputCategory): void {
    this.printed += 1;
    if (!this.isInSlice || this.printed <= MOST_SINGLE) {
      this.emit(text, category);
      return;
    }
    if (category !== this.heldCategory) this.flush();
    this.heldCategory = category;
    this.held += text;
  }

  /** Does a slice of work, after which everything is out. */
  during<T>(work: () => T): T {
    this.isInSlice = true;
    this.printed = 0;
    try {
      return work();
    } finally {
      this.isInSlice = false;
      this.flush();
    }
  }

  private flush(): void {
    if (this.held !== '') this.emit(this.held, this.heldCategory);
    this.held = '';
  }
}
