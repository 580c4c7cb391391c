/**
 * Lets each text that the program writes through once: after going back, what is written again on the
 * way forward has been shown already, unless the user has changed the run before it.
 */
export class OutputGate {
  private readonly show: (fd: number, text: string) => void;
  private shownUpTo = -1;
  /** Whether the machine is only looked at elsewhere: what is written there is not part of the run. */
  isShut: () => boolean = () => false;

  constructor(show: (fd: number, text: string) => void) {
    this.show = show;
  }

  /** To be called with every text of the machine; `position` is that of the writing instruction. */
  readonly receive = (fd: number, text: string, position: number): void => {
    if (position <= this.shownUpTo || this.isShut()) return;
    this.shownUpTo = position;
    this.show(fd, text);
  };

  /** The user has changed the run at a position: what was shown behind it will not come again. */
  forgetFrom(position: number): void {
    this.shownUpTo = Math.min(this.shownUpTo, position - 1);
  }
}
