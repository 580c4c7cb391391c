/**
 * Bars of time on one scale for all lock pictures, so that 12.5 ms beside 20 µs look like what they are.
 *
 * The scale is linear from 0. Its end is one of a few steps and only grows during a run, so that a bar that grows
 * means a wait that lasts.
 */

/** Ends of the scale, in virtual nanoseconds. */
const STEPS = [1e6, 5e6, 20e6, 100e6, 500e6, 2e9, 10e9, 60e9] as const;

/** The end of the scale for these times, not below `before`. */
export function fullBar(before: number, times: readonly number[]): number {
  const longest = Math.max(before, ...times);
  return STEPS.find((step) => step >= longest) ?? longest;
}

/** How much of a full bar a time fills, in percent; what is not nothing can be seen. */
export function barPercent(ns: number, fullNs: number): number {
  if (ns <= 0) return 0;
  const percent = Math.min(100, (100 * ns) / fullNs);
  return Math.max(0.8, Math.round(percent * 10) / 10);
}
