/**
 * The count of an rwsem taken apart as the kernel reads it, together with its wait list and with who is inside.
 *
 * The word is a sum: 1 for each reader, 0xffff0001 for a writer, 0xffff0000 once while anybody is in the wait list.
 * So its high half counts downwards for a writer and for a queue, its low half counts who is inside, and one sum can
 * have two meanings. While a task is between two changes the sum has a part more; that part is named too.
 * Source: arch/x86/include/asm/rwsem.h and lib/rwsem.c, 2.6.36.
 */
import { hex } from '../base/brand.ts';
import type { LockMode } from './panelState.ts';
import { describeRwsemCount } from './rwsemMeaning.ts';

/** Who adds to the count: readers, a writer, the wait list; what is in motion belongs to none of them. */
export type RwsemPart = 'readers' | 'writer' | 'queue' | 'motion';

/** One summand. */
export interface RwsemTerm {
  readonly part: RwsemPart;
  /** As an unsigned word of 32 bits: `0xffff0000`. */
  readonly word: string;
  /** Whose it is: `2 readers`. */
  readonly text: string;
}

/** The two things that one count can mean, where it can. */
export interface RwsemTwins {
  /** With an empty wait list. */
  readonly withoutQueue: string;
  /** With somebody in it. */
  readonly withQueue: string;
}

/** A count, read. */
export interface RwsemReading {
  /** The halves as they stand in memory, four hexadecimal digits each. */
  readonly highHex: string;
  readonly lowHex: string;
  /** The high half with its sign: 0, -1, -2. */
  readonly waiting: number;
  /** The low half. */
  readonly active: number;
  /** What the halves mean in this state. */
  readonly waitingText: string;
  readonly activeText: string;
  /** What adds up to the count; empty for a free lock. */
  readonly terms: readonly RwsemTerm[];
  /** The state in one line. */
  readonly meaning: string;
  /** Set for a count that means two things. */
  readonly twins: RwsemTwins | undefined;
  /** Which of the twins it is. */
  readonly hasQueue: boolean;
  /** Whether the count agrees with the wait list and with who is inside. */
  readonly isSettled: boolean;
  /** What a task that came now would meet. */
  readonly newReader: 'comes in' | 'queues';
  readonly newWriter: 'comes in' | 'queues';
}

/** What is read. */
export interface RwsemFacts {
  /** 32 bits, unsigned. */
  readonly count: number;
  /** The wait list, first in line first. */
  readonly waiters: readonly { readonly name: string; readonly mode: LockMode }[];
  /** Who is inside: known to the debugger only. */
  readonly inside: readonly { readonly mode: LockMode }[];
}

const READER = 1;
const WRITER = -0xffff;
const QUEUE = -0x10000;

const word = (value: number): string => hex(value >>> 0, 8);

function counted(count: number, singular: string): string {
  return `${String(count)} ${singular}${count === 1 ? '' : 's'}`;
}

/** What has been added (or, negative, taken off) that no reader, writer or queue stands for yet. */
interface Motion {
  readonly readers: number;
  readonly writers: number;
  readonly queues: number;
}

/** The fewest changes that explain a difference; `undefined` for a count that no sound kernel makes. */
function explainMotion(difference: number): Motion | undefined {
  let best: Motion | undefined;
  let fewest = Infinity;
  for (const queues of [0, 1, -1]) {
    for (let writers = -1; writers <= 8; writers += 1) {
      const readers = (difference - queues * QUEUE - writers * WRITER) | 0;
      const changes = Math.abs(readers) + Math.abs(writers) + Math.abs(queues);
      if (changes >= fewest || changes > 16) continue;
      best = { readers, writers, queues };
      fewest = changes;
    }
  }
  return best;
}

function amountText(count: number, one: string): string {
  return `${counted(Math.abs(count), one)} ${count > 0 ? 'more than' : 'fewer than'} inside`;
}

/** The difference in words; who makes it cannot be seen in the word, so nobody is named. */
function motionText(difference: number, first: LockMode | undefined, isEmpty: boolean): string {
  const motion = explainMotion(difference);
  if (motion === undefined) return 'nothing that a sound kernel adds';
  const { readers, writers, queues } = motion;
  // Granted to the last of the queue: a writer comes in and the queue's part goes, which together is 1.
  if (readers === 1 && writers + queues === 0 && isEmpty && first === 'write') {
    return 'a reader on its way, or the writer that is being let in';
  }
  return [
    ...(readers === 0 ? [] : [amountText(readers, 'reader')]),
    ...(writers === 0 ? [] : [amountText(writers, 'writer')]),
    ...(queues === 0 ? [] : [queues > 0 ? 'a queue that is not there' : 'the queue not counted']),
  ].join(', ');
}

function listTerms(
  readers: number,
  writers: number,
  hasQueue: boolean,
  motion: { readonly value: number; readonly text: string } | undefined,
): readonly RwsemTerm[] {
  const terms: RwsemTerm[] = [];
  if (readers > 0) {
    terms.push({ part: 'readers', word: word(readers * READER), text: counted(readers, 'reader') });
  }
  if (writers > 0) {
    terms.push({ part: 'writer', word: word(writers * WRITER), text: counted(writers, 'writer') });
  }
  if (hasQueue) terms.push({ part: 'queue', word: word(QUEUE), text: 'somebody waits' });
  if (motion !== undefined) {
    terms.push({ part: 'motion', word: word(motion.value), text: motion.text });
  }
  return terms;
}

function waitingText(writers: number, hasQueue: boolean): string {
  const reasons = [
    ...(writers > 0 ? ['a writer inside'] : []),
    ...(hasQueue ? ['somebody waits'] : []),
  ];
  return reasons.length === 0 ? 'no writer inside, nobody waits' : reasons.join(', ');
}

function activeText(readers: number, writers: number): string {
  if (writers > 0) return 'one inside: the writer';
  return readers === 0 ? 'nobody inside' : `${counted(readers, 'reader')} inside`;
}

function twinsOf(count: number): RwsemTwins | undefined {
  // Any other count has one meaning: more readers are no writer, and a writer with a queue has a bias more.
  if (count !== WRITER >>> 0) return undefined;
  return { withoutQueue: 'a writer inside', withQueue: '1 reader inside, somebody waits' };
}

/** Reads a count. */
export function readRwsemCount({ count, waiters, inside }: RwsemFacts): RwsemReading {
  const readers = inside.filter(({ mode }) => mode === 'read').length;
  const writers = inside.length - readers;
  const hasQueue = waiters.length > 0;
  const signed = count | 0;
  const expected = (readers * READER + writers * WRITER + (hasQueue ? QUEUE : 0)) | 0;
  const difference = (signed - expected) | 0;
  const isSettled = difference === 0;
  const motion = isSettled
    ? undefined
    : { value: difference, text: motionText(difference, waiters[0]?.mode, inside.length === 0) };
  const waiting = signed >> 16;
  const active = signed & 0xffff;
  return {
    highHex: hex(count >>> 16, 4).slice(2),
    lowHex: hex(active, 4).slice(2),
    waiting,
    active,
    waitingText: isSettled ? waitingText(writers, hasQueue) : 'changing',
    activeText: isSettled ? activeText(readers, writers) : 'changing',
    terms: listTerms(readers, writers, hasQueue, motion),
    meaning:
      motion === undefined
        ? describeRwsemCount(
            count,
            waiters.map(({ name }) => name),
          )
        : `in the middle of a change: ${motion.text}`,
    twins: twinsOf(count),
    hasQueue,
    isSettled,
    newReader: signed >= 0 ? 'comes in' : 'queues',
    newWriter: signed === 0 ? 'comes in' : 'queues',
  };
}
