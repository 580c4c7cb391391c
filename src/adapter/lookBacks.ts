/**
 * Runs looks into the past for requests that come while the machine stands.
 *
 * They are made in slices, between which the machine stands where the user stands. A look is given up
 * when the run moves or is changed, when its request is cancelled, and when it has taken too long.
 */
import type { LookBack } from '../debugger/lookBack.ts';
import type { AdapterHost } from './host.ts';

const SLICE_MS = 5;
const FIRST_BUDGET = 2_000;
const SMALLEST_BUDGET = 200;
const LARGEST_BUDGET = 1_000_000;

/** What a look depends on: it must not go on when any of this changes. */
export interface Standing {
  readonly host: Pick<AdapterHost, 'now' | 'yieldToHost'>;
  readonly rev: number;
  readonly phase: string;
}

export class LookBacks {
  private readonly standing: Standing;
  /** The `seq` of the requests that are worked for. */
  private readonly wanted = new Set<number>();
  private budget = FIRST_BUDGET;

  constructor(standing: Standing) {
    this.standing = standing;
  }

  /** Gives up what is done for a request. */
  cancel(seq: number): void {
    this.wanted.delete(seq);
  }

  /** Works for a request until the look has a result, at most so many milliseconds; then `undefined`. */
  async run<Result>(
    look: LookBack<Result>,
    seq: number,
    mostMs: number,
  ): Promise<Result | undefined> {
    const { standing } = this;
    const { host, rev } = standing;
    const started = host.now();
    this.wanted.add(seq);
    try {
      for (;;) {
        const sliceStarted = host.now();
        const result = look.advance(this.budget);
        const now = host.now();
        this.adapt(now - sliceStarted);
        if (result !== undefined) return result;
        if (now - started >= mostMs) return undefined;
        await host.yieldToHost();
        const stands = standing.phase === 'stopped' && standing.rev === rev;
        if (!stands || !this.wanted.has(seq)) return undefined;
      }
    } finally {
      look.abandon();
      this.wanted.delete(seq);
    }
  }

  private adapt(elapsedMs: number): void {
    const factor = elapsedMs <= 0 ? 2 : Math.min(2, Math.max(0.25, SLICE_MS / elapsedMs));
    const budget = Math.round(this.budget * factor);
    this.budget = Math.min(LARGEST_BUDGET, Math.max(SMALLEST_BUDGET, budget));
  }
}
