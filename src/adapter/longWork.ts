/**
 * How long motions are called in the client's progress, and how far they have come.
 */
import { formatDuration } from '../base/duration.ts';
import type { DebugTarget } from '../debugger/debugTarget.ts';

/** A motion that may take long. */
export interface LongWork {
  /** In plain words: what is done. */
  readonly title: string;
  /** Where it ends at the latest: the start of the run, a position; absent when nobody knows. */
  readonly goal?: 'start' | number;
}

/** Tells how far a motion has come, whenever the machine stands between two slices. */
export function createMeter(
  { machine }: DebugTarget,
  { goal }: LongWork,
): () => { readonly message: string; readonly fraction: number | undefined } {
  const origin = machine.position;
  let furthest = 0;
  return () => {
    const end = goal === 'start' ? 0 : goal;
    // A search back runs each stretch forward again: what counts is how far back it has been.
    const way = end === undefined ? 0 : Math.sign(end - origin) * (machine.position - origin);
    furthest = Math.max(furthest, way);
    const length = end === undefined ? 0 : Math.abs(end - origin);
    return {
      message: `at ${formatDuration(machine.nowNs())} of virtual time`,
      fraction: length === 0 ? undefined : furthest / length,
    };
  };
}
