/**
 * Stops at contention of single locks, as the panel's lock pictures ask for them.
 *
 * Clients know only the filter for all locks, and no extension can switch a client's filters. So these are kept
 * beside them, by the locks' names, and work like a breakpoint: in both directions, over restarts.
 */
import { lockByWord, wordOfLock } from '../debugger/lockWords.ts';
import type { CustomRequests } from '../view/protocol.ts';
import type { Handler } from './handler.ts';
import { optionalText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

/** The handler of this file, by request. */
type ContentionHandlers = Readonly<
  Record<Extract<keyof CustomRequests, 'faultline/breakOnContention'>, Handler>
>;

export function contentionHandlers(session: SessionControl): ContentionHandlers {
  return {
    'faultline/breakOnContention': (raw) => {
      const run = session.requireStopped();
      const { contendedLocks } = session.book;
      const lock = optionalText(raw, 'lock');
      const { on } = raw;
      if (lock !== undefined && typeof on === 'boolean') {
        const name = lockByWord(run.debugger.target, lock);
        if (on) contendedLocks.add(name);
        else contendedLocks.delete(name);
        run.debugger.breakpoints.setFilters(session.book.allFilters());
        run.debugger.refreshBreakpoints();
      }
      return { body: { locks: [...contendedLocks].map(wordOfLock) } };
    },
  };
}
