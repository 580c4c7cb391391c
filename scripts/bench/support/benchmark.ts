// What a benchmark that is written in TypeScript is, and how it measures.

/** One line of the table; `ours` and `peer` measure when they are called. */
export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  readonly ours: () => number;
  readonly peer: () => number;
}

/** A line whose figures take more than one turn of the event loop. */
export interface PromisedBenchmark {
  readonly name: string;
  readonly unit: string;
  readonly ours: () => Promise<number>;
  readonly peer: () => Promise<number>;
}

/** The least of some figures: what else the machine did comes on top. */
export function leastOf(runs: number, measure: () => number): number {
  return Math.min(...Array.from({ length: runs }, measure));
}

/** The one in the middle of some figures. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.trunc(sorted.length / 2)] ?? NaN;
}
