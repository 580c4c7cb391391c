/**
 * A generator of its own for tests, so that a seed names a sequence for ever, whatever becomes of libraries.
 *
 * Source: the linear congruence of Knuth and Lewis; its low bits are poor, so callers take the high ones.
 */

/** Gives one word of 32 bits after another. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

/** Whole numbers from 0 to below a bound that each call names, which is at least 1. */
export function createDice(seed: number): (below: number) => number {
  const next = createRandom(seed);
  return (below) => Math.floor((next() / 2 ** 32) * Math.max(1, below));
}
