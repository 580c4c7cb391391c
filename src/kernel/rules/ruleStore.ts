/**
 * The notes of the rules: words in the image behind the model, so that they go back and forth with it.
 *
 * Whoever writes marks the page. Lists are short; what does not fit is forgotten, because a rule may miss something
 * but must never disturb a run.
 */
import { BugError } from '../../base/errors.ts';
import { MAX_TASKS } from '../../machine/imageLayout.ts';
import type { MachineState } from '../../machine/machineState.ts';
import { WATCH_WORDS } from '../../machine/memory.ts';

/** Words of the header. */
export const NOTE = {
  pendingCount: 0,
  spinCount: 1,
  mmCount: 2,
  reportCount: 3,
  /** Counts holds of `mmap_sem` and places in its queue. */
  serial: 4,
  /** How many faults are being handled. */
  inside: 5,
  /** What the event counters must have grown by since `base…`. */
  traps: 6,
  passes: 7,
  misses: 8,
  baseTraps: 9,
  basePasses: 10,
  baseMisses: 11,
} as const;

/** Words of a task. */
export const TASK_NOTE = {
  words: 32,
  /** References to pages that it owns. */
  references: 0,
  /** 1 while it handles a page fault. */
  isInFault: 1,
  /** Calls of `handle_mm_fault` in this fault, and 1 once one of them has dropped `mmap_sem`. */
  passes: 2,
  hasReleased: 3,
  faultsBefore: 4,
  majorBefore: 5,
  /** The result of the first pass, and of the last one. */
  firstResult: 6,
  lastResult: 7,
  /** 1: the first pass missed the cache; 2: a later one did. */
  missed: 8,
  /** 1 once VMAs were looked up since `mmap_sem` was taken last. */
  hasLookedUp: 9,
  /** Code places at which it took and dropped `mmap_sem` last; the number of the present hold. */
  acquirePc: 10,
  dropPc: 11,
  holdSerial: 12,
  /** The VMA that it has looked up, and in which hold. */
  pinObject: 13,
  pinSerial: 14,
  /** A page that it has mapped for shared writing and must mark as dirty. */
  owedPage: 15,
  /** Its place in the queue of an rwsem. */
  queueLock: 16,
  queueSerial: 17,
  queueMode: 18,
  /** In `filemap_fault`: 1 at first, 2 behind the first look into the cache; the page that it has locked. */
  faultStage: 19,
  lockedPage: 20,
  /** 1 between an answer of `filemap_fault` that `mmap_sem` is gone and the end of `handle_mm_fault`. */
  isReleasing: 21,
  /** The requests of the present pass. */
  requests: 22,
  /** The last fault: its address, a digest of the user registers, how often the same came in a row. */
  lastAddress: 23,
  lastDigest: 24,
  repeats: 25,
  /** The page for whose read it sleeps with `mmap_sem` held. */
  heldWaitPage: 26,
  heldWaitPc: 27,
  /** The page whose entry it has cleared last. */
  movedPage: 28,
  /**
   * The page to which a first attempt that dropped `mmap_sem` has kept the reference of its lookup, since the
   * task came from user mode; 0 when none has.
   */
  keptPage: 29,
} as const;

const HEADER_WORDS = 32;

/** A list of entries of some words; its length is in the header. */
interface NoteList {
  readonly at: number;
  readonly words: number;
  readonly capacity: number;
  readonly count: number;
}

const TASKS_AT = HEADER_WORDS;
const PENDING_AT = TASKS_AT + MAX_TASKS * TASK_NOTE.words;

/** What was changed and has to be looked at: [kind, object, code place, task]. */
export const PENDING: NoteList = {
  at: PENDING_AT,
  words: 4,
  capacity: 128,
  count: NOTE.pendingCount,
};
/** Spinlocks that are held: [lock, task, depth of interrupts]. */
export const SPINS: NoteList = {
  at: PENDING.at + 512,
  words: 3,
  capacity: 64,
  count: NOTE.spinCount,
};
/** Address spaces: [mm, PTEs of files, PTEs of anonymous pages]. */
export const SPACES: NoteList = { at: SPINS.at + 192, words: 3, capacity: 64, count: NOTE.mmCount };
/** What is reported at the end: [rule, task, page, code place, nanoseconds low, high]. */
export const REPORTS: NoteList = {
  at: SPACES.at + 192,
  words: 6,
  capacity: 64,
  count: NOTE.reportCount,
};
/** Since when a task waits, doubles. */
const SINCE_AT = REPORTS.at + 384;
/** Where tasks took their references, a hash table without removal order: [object, task, place, caller]. */
const ORIGINS_AT = SINCE_AT + 2 * MAX_TASKS;
const ORIGINS = 1024;
const ORIGIN_WORDS = 4;
const STORE_WORDS = ORIGINS_AT + ORIGINS * ORIGIN_WORDS;
/** Entries that are tried for a key; when all are taken the first one is given up. */
const ORIGIN_TRIES = 8;

export class RuleStore {
  private readonly state: MachineState;
  private readonly base: number;
  private readonly words: Int32Array;

  constructor(state: MachineState) {
    if (STORE_WORDS > WATCH_WORDS) throw new BugError('the notes of the rules do not fit');
    this.state = state;
    this.base = state.memory.watchWord;
    this.words = state.words;
  }

  /** The word of the image at which the notes of the first task begin. */
  get taskNotes(): number {
    return this.base + TASKS_AT;
  }

  get(word: number): number {
    return this.words[this.base + word] as number;
  }

  set(word: number, value: number): void {
    const at = this.base + word;
    this.words[at] = value;
    this.state.memory.markWord(at);
  }

  add(word: number, amount: number): number {
    const value = this.get(word) + amount;
    this.set(word, value);
    return value;
  }

  task(task: number, word: number): number {
    return this.words[this.base + TASKS_AT + task * TASK_NOTE.words + word] as number;
  }

  setTask(task: number, word: number, value: number): void {
    this.set(TASKS_AT + task * TASK_NOTE.words + word, value);
  }

  sinceNs(task: number): number {
    return this.state.double((this.base + SINCE_AT) / 2 + task);
  }

  setSinceNs(task: number, ns: number): void {
    const at = (this.base + SINCE_AT) / 2 + task;
    this.state.doubles[at] = ns;
    this.state.memory.markWord(2 * at);
  }

  count(list: NoteList): number {
    return this.get(list.count);
  }

  entry(list: NoteList, index: number, word: number): number {
    return this.get(list.at + index * list.words + word);
  }

  setEntry(list: NoteList, index: number, word: number, value: number): void {
    this.set(list.at + index * list.words + word, value);
  }

  /** The last entry with this first word, and this second one if any, or -1. */
  find(list: NoteList, first: number, second?: number): number {
    const { words } = this;
    const start = this.base + list.at;
    for (let index = this.count(list) - 1; index >= 0; index -= 1) {
      const at = start + index * list.words;
      if (words[at] !== (first | 0)) continue;
      if (second === undefined || words[at + 1] === (second | 0)) return index;
    }
    return -1;
  }

  /** Adds an entry at the end, its words behind those that are given 0; nothing happens when there is no room. */
  push(list: NoteList, first: number, second = 0, third = 0, fourth = 0): void {
    const count = this.count(list);
    if (count >= list.capacity) return;
    const { words } = this;
    const at = this.base + list.at + count * list.words;
    words[at] = first;
    words[at + 1] = second;
    words[at + 2] = third;
    if (list.words > 3) words[at + 3] = fourth;
    if (list.words > 4) words.fill(0, at + 4, at + list.words);
    this.state.memory.markWord(at);
    this.state.memory.markWord(at + list.words - 1);
    this.set(list.count, count + 1);
  }

  /** Takes an entry out; those behind it move up. */
  remove(list: NoteList, index: number): void {
    const count = this.count(list) - 1;
    const from = this.base + list.at + (index + 1) * list.words;
    if (index < count) {
      const past = this.base + list.at + (count + 1) * list.words;
      this.words.copyWithin(from - list.words, from, past);
      this.state.memory.mark(4 * (from - list.words), 4 * past);
    }
    this.set(list.count, count);
  }

  /** Notes where a task took its latest reference to an object. */
  setOrigin(object: number, task: number, pc: number, callerPc: number): void {
    const at = this.findOrigin(object, task);
    this.set(at, object);
    this.set(at + 1, task);
    this.set(at + 2, pc);
    this.set(at + 3, callerPc);
  }

  /** The code places of that, 0 where they are not known (any more). */
  origin(object: number, task: number): { readonly pc: number; readonly callerPc: number } {
    const at = this.findOrigin(object, task);
    const isKnown = this.get(at) === (object | 0) && this.get(at + 1) === task;
    return isKnown ? { pc: this.get(at + 2), callerPc: this.get(at + 3) } : { pc: 0, callerPc: 0 };
  }

  private findOrigin(object: number, task: number): number {
    const hash = Math.imul(object ^ (task << 20) ^ (object >>> 12), 0x2c1b3c6d) >>> 16;
    for (let tries = 0; tries < ORIGIN_TRIES; tries += 1) {
      const at = ORIGINS_AT + ((hash + tries) % ORIGINS) * ORIGIN_WORDS;
      if (this.get(at) === 0) return at;
      if (this.get(at) === (object | 0) && this.get(at + 1) === task) return at;
    }
    return ORIGINS_AT + (hash % ORIGINS) * ORIGIN_WORDS;
  }
}
