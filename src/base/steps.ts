/**
 * Work that is done in steps of a few milliseconds, so that whoever drives it can do other things in
 * between. What the steps are is up to the work; they never wait for anything.
 */

/** A generator that yields between two steps and returns the result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Makes all steps at once. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
