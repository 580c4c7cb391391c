/**
 * What the interpreter and the machine see of the second execution tier, `generatedTier.ts`.
 */

/** Cells that generated code and the tier share; generated text has the numbers. */
export const CELL = {
  /** The lowest word to which frames may grow; below it a call is left to the interpreter. */
  limit: 0,
  /** Statements that were executed and not charged. */
  statements: 1,
  /** Where generated code was left. */
  pc: 2,
  frame: 3,
  left: 4,
} as const;

/** Executes what is hot; without it the interpreter executes everything. */
export interface SecondTier {
  /** How generated code was left; see `CELL`. */
  readonly cells: Int32Array;
  /** Instructions that were executed in generated code. */
  readonly executed: number;
  /**
   * By instruction number: how often the interpreter still comes to an instruction with `FLAG_ENTRY` before it
   * calls `enter` there. It counts this down itself.
   */
  readonly arrivalsLeft: Int32Array;

  /**
   * The interpreter has come to an instruction with `FLAG_ENTRY` often enough, in the frame at word `f`; the stack ends at
   * word `stackLow`. Returns how much of the budget is left; if that is less than `remaining`, the
   * cells say where things stand.
   */
  enter(pc: number, f: number, remaining: number, stackLow: number): number;

  /** Breakpoints were set or cleared at these instructions: units of their functions are no longer right. */
  invalidate(pcs: Iterable<number>): void;
}
