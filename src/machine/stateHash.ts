/**
 * Hashes of the state: one number per page, kept up to date for pages that were written, summed.
 *
 * `stateHash` covers the whole image but the shadow, so that a run has the same hashes with checks and
 * without. `modelHash` leaves out also clocks, times, statistics (with how many there are) and the
 * dead parts of stacks (what lies below the innermost frame), so that a search can recognize a state
 * that it has met before. Nothing is computed until one of them is asked for.
 */
import { ALWAYS_DIRTY_PAGES, HEADER, isTimePage, PAGE_WORDS, TASK } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { DIRTY, DIRTY_FOR_HASH, IMAGE_BIAS, MARKS_PER_LANE } from './memory.ts';
import { lowEnd } from './tasks.ts';

/** A range of words of the image, `end` exclusive. */
interface WordRange {
  readonly start: number;
  readonly end: number;
}

/** How many entries there are in the tables that the model hash leaves out. */
const COUNTS_LEFT_OUT: readonly WordRange[] = [HEADER.statisticsCount, HEADER.heapObjectCount].map(
  (start) => ({ start, end: start + 1 }),
);

/** The hashes of one machine's state; remembers those of its pages. */
export class StateHasher {
  private readonly state: MachineState;
  /** Two words per page; empty until the first hash. */
  private pages = new Uint32Array(0);
  /** The sums over all pages, and over those that the model hash leaves out. */
  private readonly whole = { low: 0, high: 0 };
  private readonly times = { low: 0, high: 0 };

  constructor(state: MachineState) {
    this.state = state;
  }

  /** 16 hexadecimal digits over the whole image but the shadow. Cost: the pages written since. */
  stateHash(): string {
    this.update();
    return formatHash(this.whole.low, this.whole.high);
  }

  /** The same without clocks, times, statistics and dead stack. */
  modelHash(): string {
    this.update();
    const leftOut = [...COUNTS_LEFT_OUT, ...this.deadStacks()];
    const special = new Set<number>();
    for (const { start, end } of leftOut) {
      for (let page = start >> 10; page <= (end - 1) >> 10; page += 1) special.add(page);
    }
    let low = this.whole.low - this.times.low;
    let high = this.whole.high - this.times.high;
    const copy = new Int32Array(PAGE_WORDS);
    const result = new Uint32Array(2);
    for (const page of special) {
      const first = page * PAGE_WORDS;
      copy.set(this.state.words.subarray(first, first + PAGE_WORDS));
      for (const { start, end } of leftOut) {
        copy.fill(0, Math.max(0, start - first), Math.max(0, Math.min(PAGE_WORDS, end - first)));
      }
      hashPage(copy, 0, page, result, 0);
      low += (result[0] as number) - (this.pages[page * 2] as number);
      high += (result[1] as number) - (this.pages[page * 2 + 1] as number);
    }
    return formatHash(low, high);
  }

  /** Hashes the pages that were written since the last time. */
  private update(): void {
    const { memory } = this.state;
    const { dirty, dirtyLanes, unhashed, unhashedLanes, modelPageCount } = memory;
    const isFirst = this.pages.length === 0;
    if (isFirst) this.pages = new Uint32Array(2 * modelPageCount);
    dirty.fill(DIRTY, 0, ALWAYS_DIRTY_PAGES);
    for (let lane = 0; lane * MARKS_PER_LANE < modelPageCount; lane += 1) {
      if (!isFirst && dirtyLanes[lane] === 0 && unhashedLanes[lane] === 0) continue;
      const first = lane * MARKS_PER_LANE;
      const end = Math.min(first + MARKS_PER_LANE, modelPageCount);
      for (let page = first; page < end; page += 1) {
        const marks = dirty[page] as number;
        const isWritten = (marks & DIRTY_FOR_HASH) !== 0 || unhashed[page] !== 0;
        if (!isFirst && !isWritten) continue;
        dirty[page] = marks & ~DIRTY_FOR_HASH;
        unhashed[page] = 0;
        const isZero = isFirst && isPageOfZeros(this.state.words, page * PAGE_WORDS);
        this.hashAgain(page, isZero);
      }
    }
    this.state.areStacksUnmarked = true;
  }

  private hashAgain(page: number, isZero: boolean): void {
    const { pages, whole } = this;
    const low = pages[page * 2] as number;
    const high = pages[page * 2 + 1] as number;
    if (isZero) hashZeros(page, pages);
    else hashPage(this.state.words, page * PAGE_WORDS, page, pages, 2 * page);
    const moreLow = (pages[page * 2] as number) - low;
    const moreHigh = (pages[page * 2 + 1] as number) - high;
    whole.low += moreLow;
    whole.high += moreHigh;
    if (!isTimePage(page)) return;
    this.times.low += moreLow;
    this.times.high += moreHigh;
  }

  /** The unused parts of all kernel stacks. */
  private deadStacks(): readonly WordRange[] {
    const { state } = this;
    return Array.from({ length: state.word(HEADER.taskCount) }, (_, task) => ({
      start: (state.word(taskAt(task) + TASK.stackLow) + IMAGE_BIAS) >> 2,
      end: (lowEnd(state, task) + IMAGE_BIAS) >> 2,
    })).filter(({ start, end }) => end > start);
  }
}

/** Whether all words of a page are 0. Cost: a tenth of its hash, and much less if they are not. */
function isPageOfZeros(words: Int32Array, start: number): boolean {
  let seen = 0;
  for (let index = start; index < start + PAGE_WORDS && seen === 0; index += 4) {
    const first = (words[index] as number) | (words[index + 1] as number);
    seen = first | (words[index + 2] as number) | (words[index + 3] as number);
  }
  return seen === 0;
}

const ZEROS = new Int32Array(PAGE_WORDS);
/** What pages of zeros hash to, two words a page, for all machines: most of a memory is never written. 0 where not known yet. */
const zeroHashes = { pages: new Uint32Array(0) };

/** Writes the hashes of a page of zeros to the place of the page. */
function hashZeros(page: number, into: Uint32Array): void {
  const at = 2 * page;
  if (zeroHashes.pages.length < into.length) {
    const longer = new Uint32Array(into.length);
    longer.set(zeroHashes.pages);
    zeroHashes.pages = longer;
  }
  const { pages } = zeroHashes;
  if (pages[at] === 0 && pages[at + 1] === 0) hashPage(ZEROS, 0, page, pages, at);
  into[at] = pages[at] as number;
  into[at + 1] = pages[at + 1] as number;
}

/** Two independent 32-bit hashes of a page and its number. */
function hashPage(
  words: Int32Array,
  start: number,
  page: number,
  into: Uint32Array,
  at: number,
): void {
  let one = Math.imul(page + 1, 0x9e3779b1);
  let two = Math.imul(page + 1, 0x85ebca6b);
  for (let index = start; index < start + PAGE_WORDS; index += 1) {
    const word = words[index] as number;
    one = Math.imul(one ^ word, 0x01000193) + (one >>> 17);
    two = Math.imul(two + word, 0x2c1b3c6d) ^ (two >>> 15);
  }
  into[at] = mix(one);
  into[at + 1] = mix(two);
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function formatHash(low: number, high: number): string {
  // The sums are exact: at most 2^20 pages of 32-bit numbers.
  const digits = (value: number): string => (value % 4294967296).toString(16).padStart(8, '0');
  return digits(high) + digits(low);
}
