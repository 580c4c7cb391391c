/**
 * Which part of the page-fault handler `rounds.ts` counts the rounds of.
 */

/** What makes up a round. Code places of the handler. */
export interface RoundPlaces {
  /** Jumps back that are always taken: each begins another round. */
  readonly jumps: ReadonlySet<number>;
  /**
   * Where jumps on a condition lead back to: whoever comes here behind one of the calls begins another round. Both are
   * empty in a handler without such jumps.
   */
  readonly heads: ReadonlySet<number>;
  readonly calls: ReadonlySet<number>;
}
