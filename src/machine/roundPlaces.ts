/**
 * Which part of a function `rounds.ts` counts the rounds of.
 */

/** What makes up a round. Code places. */
export interface RoundPlaces {
  /** Where the function begins, and with it the first round. */
  readonly entry: number;
  /** The calls that every round makes. */
  readonly calls: ReadonlySet<number>;
  /** Whoever comes here behind one of the calls begins another round. */
  readonly heads: ReadonlySet<number>;
}
