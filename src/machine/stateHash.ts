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
    if (this.pages.length === 0) this.beginWithZeros(modelPageCount);
    dirty.fill(DIRTY, 0, ALWAYS_DIRTY_PAGES);
    for (let lane = 0; lane * MARKS_PER_LANE < modelPageCount; lane += 1) {
      if (dirtyLanes[lane] === 0 && unhashedLanes[lane] === 0) continue;
      const first = lane * MARKS_PER_LANE;
      const end = Math.min(first + MARKS_PER_LANE, modelPageCount);
      for (let page = first; page < end; page += 1) {
        const marks = dirty[page] as number;
        if ((marks & DIRTY_FOR_HASH) === 0 && unhashed[page] === 0) continue;
        dirty[page] = marks & ~DIRTY_FOR_HASH;
        unhashed[page] = 0;
        this.hashAgain(page);
      }
    }
    this.state.areStacksUnmarked = true;
  }

  /** The memory as it was before the first write, which like all others has left its mark. */
  private beginWithZeros(pageCount: number): void {
    this.pages = hashesOfZeros(pageCount);
    for (let page = 0; page < pageCount; page += 1) {
      const low = this.pages[page * 2] as number;
      const high = this.pages[page * 2 + 1] as number;
      this.add(page, low, high);
    }
  }

  private hashAgain(page: number): void {
    const { pages } = this;
    const low = pages[page * 2] as number;
    const high = pages[page * 2 + 1] as number;
    hashPage(this.state.words, page * PAGE_WORDS, page, pages, 2 * page);
    const moreLow = (pages[page * 2] as number) - low;
    const moreHigh = (pages[page * 2 + 1] as number) - high;
    this.add(page, moreLow, moreHigh);
  }

  private add(page: number, low: number, high: number): void {
    const { whole, times } = this;
    whole.low += low;
    whole.high += high;
    if (!isTimePage(page)) return;
    times.low += low;
    times.high += high;
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

/** What pages of zeros hash to, for all machines: most of a memory is never written. */
const knownZeros = { hashes: new Uint32Array(0) };

/** The hashes of so many pages of zeros, two words a page. Cost: 3 µs a page, once. */
function hashesOfZeros(pageCount: number): Uint32Array<ArrayBuffer> {
  const known = knownZeros.hashes.length / 2;
  if (pageCount > known) {
    const zeros = new Int32Array(PAGE_WORDS);
    const hashes = new Uint32Array(2 * pageCount);
    hashes.set(knownZeros.hashes);
    for (let page = known; page < pageCount; page += 1) hashPage(zeros, 0, page, hashes, 2 * page);
    knownZeros.hashes = hashes;
  }
  return knownZeros.hashes.slice(0, 2 * pageCount);
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
