/**
 * Stops at contention of single locks, as the panel's lock pictures ask for them.
 *
 * Clients know only the filter for all locks, and no extension can switch a client's filters. So these are kept
 * beside them, by the locks' names, and work like a breakpoint: in both directions, over restarts.
 */
import { UserError } from '../base/errors.ts';
import { kernelView } from '../debugger/debugTarget.ts';
import { listAddressSpaces } from '../kernel/taskWaits.ts';
import type { CustomRequests } from '../view/protocol.ts';
import type { Handler } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { optionalText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

const PAGE = /^[^:\s]+:\d+$/;
const PAGE_LOCK = 'the page lock of ';

/** The name by which the debugger knows a lock. Errors: a `UserError` for a lock that this run does not have. */
function lockName(run: LaunchedRun, lock: string): string {
  const names = listAddressSpaces(kernelView(run.debugger.target)).map(({ name }) => name);
  if (names.includes(lock)) return lock;
  if (PAGE.test(lock)) return `${PAGE_LOCK}${lock}`;
  throw new UserError(
    'no-lock',
    `"${lock}" names no lock of this run.`,
    `Name one of ${names.join(', ')}, or a page such as data.bin:0.`,
    true,
  );
}

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
        const name = lockName(run, lock);
        if (on) contendedLocks.add(name);
        else contendedLocks.delete(name);
        run.debugger.breakpoints.setFilters(session.book.allFilters());
        run.debugger.refreshBreakpoints();
      }
      return {
        body: { locks: [...contendedLocks].map((name) => name.replace(PAGE_LOCK, '')) },
      };
    },
  };
}
