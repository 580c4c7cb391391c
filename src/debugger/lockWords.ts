/**
 * How users name locks, short and the same at every stop, against the names in the debugger's sentences: an
 * `mmap_sem` is called the same, the page lock of `data.bin:0` by its page.
 */
import { UserError } from '../base/errors.ts';
import { listAddressSpaces } from '../kernel/taskWaits.ts';
import { kernelView, type DebugTarget } from './debugTarget.ts';

const PAGE = /^[^:\s]+:\d+$/;
const PAGE_LOCK = 'the page lock of ';

/** The name in sentences of the lock that a user means. Errors: a silent `UserError` for a lock that this run does not have. */
export function lockByWord(target: DebugTarget, word: string): string {
  const names = listAddressSpaces(kernelView(target)).map(({ name }) => name);
  if (names.includes(word)) return word;
  if (PAGE.test(word)) return `${PAGE_LOCK}${word}`;
  throw new UserError(
    'no-lock',
    `"${word}" names no lock of this run.`,
    `Name one of ${names.join(', ')}, or a page such as data.bin:0.`,
    true,
  );
}

/** What a user calls a lock, from its name in sentences. */
export function wordOfLock(name: string): string {
  return name.startsWith(PAGE_LOCK) ? name.slice(PAGE_LOCK.length) : name;
}
