/**
 * Does an operation in slices of a few milliseconds and lets the host handle requests in between.
 *
 * The length of a slice in instructions follows the speed of this machine. A pause ends the operation
 * at the next border of a slice; an abandoned one ends without a stop.
 */
import type { Steps } from '../base/steps.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import type { Operation } from '../debugger/operation.ts';
import type { AdapterHost } from './host.ts';

/** Milliseconds that a slice should take; the design allows 10. */
const SLICE_MS = 5;
const FIRST_BUDGET = 20_000;
const SMALLEST_BUDGET = 500;
const LARGEST_BUDGET = 5_000_000;

/** What is worked on. */
export type SlicedWork<Result = DebugStop> = Pick<Operation<Result>, 'advance' | 'interrupt'>;

/**
 * Makes steps one after the other and lets the host handle requests after each slice. `onSlice` is called
 * between two slices; the work is given up when it throws.
 */
export async function workInSlices<T>(
  host: Pick<AdapterHost, 'now' | 'yieldToHost'>,
  steps: Steps<T>,
  onSlice: () => void = () => undefined,
): Promise<T> {
  let started = host.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (host.now() - started < SLICE_MS) continue;
    await host.yieldToHost();
    onSlice();
    started = host.now();
  }
}

/** The one who works: one operation at a time. */
export class SlicedWorker {
  private readonly host: Pick<AdapterHost, 'now' | 'yieldToHost'>;
  private budget = FIRST_BUDGET;
  private current: { isPaused: boolean; isAbandoned: boolean; isDone: boolean } | undefined;

  constructor(host: Pick<AdapterHost, 'now' | 'yieldToHost'>) {
    this.host = host;
  }

  /**
   * Works until the operation stops. `onLong` is called once when it outlasts the first slice, `onSlice`
   * after each. Returns `undefined` when the work was abandoned.
   */
  async run<Result>(
    operation: SlicedWork<Result>,
    onLong: () => void,
    onSlice: () => void = () => undefined,
  ): Promise<Result | undefined> {
    this.abandon();
    const work = { isPaused: false, isAbandoned: false, isDone: false };
    this.current = work;
    try {
      return await this.advance(operation, work, onLong, onSlice);
    } finally {
      work.isDone = true;
    }
  }

  private async advance<Result>(
    operation: SlicedWork<Result>,
    work: { readonly isPaused: boolean; readonly isAbandoned: boolean },
    onLong: () => void,
    onSlice: () => void,
  ): Promise<Result | undefined> {
    let isFirst = true;
    for (;;) {
      const started = this.host.now();
      const stop = operation.advance(this.budget);
      if (stop !== undefined) return stop;
      this.adapt(this.host.now() - started);
      if (isFirst) onLong();
      isFirst = false;
      onSlice();
      await this.host.yieldToHost();
      if (work.isAbandoned) return undefined;
      if (work.isPaused) return operation.interrupt();
    }
  }

  /** Ends the operation in progress at the next border of a slice. */
  requestPause(): void {
    if (this.current !== undefined) this.current.isPaused = true;
  }

  /** Pauses the operation in progress and waits until it stands. */
  async settle(): Promise<void> {
    this.requestPause();
    while (this.current?.isDone === false) await this.host.yieldToHost();
  }

  /** Forgets the operation in progress. */
  abandon(): void {
    if (this.current !== undefined) this.current.isAbandoned = true;
    this.current = undefined;
  }

  private adapt(elapsedMs: number): void {
    const factor = elapsedMs <= 0 ? 2 : Math.min(2, Math.max(0.25, SLICE_MS / elapsedMs));
    const budget = Math.round(this.budget * factor);
    this.budget = Math.min(LARGEST_BUDGET, Math.max(SMALLEST_BUDGET, budget));
  }
}
