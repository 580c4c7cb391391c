/**
 * Lets each text that the program writes through once: after going back, what is written again on the
 * way forward has been shown already.
 */
export class OutputGate {
  private readonly show: (fd: number, text: string) => void;
  private shownUpTo = -1;

  constructor(show: (fd: number, text: string) => void) {
    this.show = show;
  }

  /** To be called with every text of the machine; `position` is that of the writing instruction. */
  readonly receive = (fd: number, text: string, position: number): void => {
    if (position <= this.shownUpTo) return;
    this.shownUpTo = position;
    this.show(fd, text);
  };
}
