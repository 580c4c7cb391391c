/**
 * Which run the panel shows, as a count: another one has begun when it grows.
 *
 * A run numbers its stops from 1, so a number of a stop says nothing about which run it is of. What is kept of one run and
 * would be wrong of the next is forgotten through `atNewRun`, before the first state of the next is shown.
 */
import { signal } from '@preact/signals';

/** How many runs have been begun while the page lives. */
export const runCount = signal(0);

const forgetters: (() => void)[] = [];

/** Calls `forget` whenever another run begins. */
export function atNewRun(forget: () => void): void {
  forgetters.push(forget);
}

/** Another run has begun, and its first state is about to be shown. */
export function beginRun(): void {
  for (const forget of forgetters) forget();
  runCount.value += 1;
}
