/**
 * Asks the run for timelines: the visible stretch and the whole run, one query at a time, the latest wish first.
 *
 * A wish that comes while a query is on its way waits and replaces an earlier one of its kind, so a drag never makes a queue.
 */
import type { TimelineModel, TimelineQuery } from '../../view/timelineModel.ts';

/** Which picture a query is for. */
export type FeedPart = 'detail' | 'overview';

/** How a timeline is asked for. */
export type AskTimeline = (query: TimelineQuery) => Promise<TimelineModel>;

/** Takes wishes. */
export interface TimelineFeed {
  wish(part: FeedPart, query: TimelineQuery): void;
  /** Nothing is taken from then on. */
  close(): void;
}

/** A feed that hands each answer, and each refusal as a sentence, to `take` and `refuse`. */
export function createFeed(
  ask: AskTimeline,
  take: (part: FeedPart, model: TimelineModel) => void,
  refuse: (reason: string) => void,
): TimelineFeed {
  const wishes = new Map<FeedPart, TimelineQuery>();
  let isAsking = false;
  let isClosed = false;

  async function work(): Promise<void> {
    isAsking = true;
    for (;;) {
      const part = wishes.has('detail') ? 'detail' : 'overview';
      const query = wishes.get(part);
      if (query === undefined || isClosed) break;
      wishes.delete(part);
      try {
        const model = await ask(query);
        if (!isDisposed()) take(part, model);
      } catch (error) {
        if (!isDisposed()) refuse(error instanceof Error ? error.message : String(error));
      }
    }
    isAsking = false;
  }
  // Written as a call: it changes while a query is on its way.
  const isDisposed = (): boolean => isClosed;

  return {
    wish(part, query) {
      wishes.set(part, query);
      if (!isAsking) void work();
    },
    close() {
      isClosed = true;
    },
  };
}
