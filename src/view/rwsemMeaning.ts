/**
 * What the count of an rwsem means, in plain words, together with its wait list.
 *
 * The low half counts who is active; the high half is negative while a writer is inside and while
 * somebody waits. A count alone can be ambiguous: 0xffff0001 is a writer, or a reader with a queue.
 * Source: arch/x86/include/asm/rwsem.h, 2.6.36.
 */

function counted(count: number, singular: string): string {
  return `${String(count)} ${singular}${count === 1 ? '' : 's'}`;
}

function waitersText(waiters: readonly string[]): string {
  const verb = waiters.length === 1 ? 'waits' : 'wait';
  return `${waiters.join(', ')} ${verb}`;
}

const CHANGING = 'in the middle of a change: a task has changed the count and is not done yet';

/** The meaning of a count (32 bits, unsigned) with the names of those who wait, first in line first. */
export function describeRwsemCount(count: number, waiters: readonly string[]): string {
  const active = count & 0xffff;
  const bias = count >> 16;
  const hasQueue = waiters.length > 0;
  if (bias === 0 && !hasQueue) {
    return active === 0 ? 'free' : `${counted(active, 'reader')} inside, nobody waits`;
  }
  if (bias === -1 && hasQueue) {
    const queue = waitersText(waiters);
    if (active === 0) return `nobody inside; ${queue}: the first in line is about to be let in`;
    const inside = `${counted(active, 'reader')} inside, ${queue}`;
    return active === 1
      ? `${inside} (without the queue, the same count would be a writer inside)`
      : inside;
  }
  if (bias === -1 && active === 1) return 'a writer inside, nobody waits';
  if (bias === -2 && active === 1 && hasQueue) {
    return `a writer inside, ${waitersText(waiters)}`;
  }
  return CHANGING;
}
