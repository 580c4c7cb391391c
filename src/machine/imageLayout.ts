/**
 * The layout of the machine's own state: named offsets of everything mutable that is not RAM.
 *
 * The image of a run is one `ArrayBuffer`: the state area described here, then the page frames, then
 * the shadow of the page frames (`shadow.ts`) and a page of notes (`memory.ts`), which no hash covers. All
 * offsets are in 32-bit words from the start of the image, except those called `…Double`, which count
 * 64-bit numbers. Regions start at pages of 4 KiB, so that what changes always, sometimes and rarely
 * is checkpointed apart, and so that `modelHash` can leave whole regions out.
 *
 *   page 0          header, CPUs, timers, triggers, failed disk sectors        always written
 *   pages 1-2       tasks                                                      always written
 *   page 3          clocks and times                                           always written, no model
 *   page 4          disk requests
 *   page 5          ghost: holds
 *   page 6          ghost: waits
 *   page 7          ghost: since when                                          no model
 *   page 8          translation lookaside buffers
 *   from page 9     ghost: references, totals of references
 *   then            lock statistics, heap objects                              no model
 *
 * Numbers are fixed capacities: a program that needs more meets a machine fault `limit`.
 */

export const PAGE_BYTES = 4096;
export const PAGE_WORDS = 1024;

export const MAX_CPUS = 8;
export const MAX_TASKS = 64;
export const MAX_TIMERS = 64;
export const MAX_TRIGGERS = 64;
export const MAX_DISK_REQUESTS = 128;
export const MAX_FAILED_SECTORS = 64;
export const MAX_HOLDS = 256;
export const MAX_WAITS = 128;

/** Words of the header. */
export const HEADER = {
  /** The CPU whose instruction is next. */
  currentCpu: 0,
  /** One of the `SCHEDULING_…` constants of `scheduler.ts`. */
  scheduling: 1,
  taskCount: 2,
  /** 1 once boot code has ended. */
  isBooted: 3,
  /** Numbers of requests, counted from 0: all before them have been submitted, read, fetched. */
  diskSubmitted: 4,
  diskCompleted: 5,
  diskFetched: 6,
  /** Timers armed so far; the number of the next one. */
  timersArmed: 7,
  /** How many timers are due and wait for their interrupt. */
  timersDue: 14,
  holdCount: 8,
  waitCount: 9,
  referenceCount: 10,
  objectCount: 11,
  statisticsCount: 12,
  failedSectorCount: 13,
  heapObjectCount: 15,
  /** A signal that a user sends and that waits for its interrupt: the task plus 1 (0: none), the number. */
  signalTask: 16,
  signalNumber: 17,
  /** The sector over which the head of the disk stands; 0 where seeking costs nothing. */
  diskHead: 18,
} as const;

/** Words of one CPU. */
export const CPU = {
  words: 16,
  /** The task it runs; its idle task when it has nothing to do. */
  task: 0,
  /** Its own idle task plus 1; 0 while it has none. */
  idleTask: 1,
  irqsEnabled: 2,
  /** 1 when a disk interrupt waits to be delivered. */
  diskPending: 3,
  /** The address that `fl_cpu_wait` watches, 0 when it does not stand still, and the value there. */
  stallAddress: 4,
  stallValue: 5,
  /** Task number plus 1 of the first and last runnable task in its queue, 0 when empty. */
  queueFirst: 6,
  queueLast: 7,
  /** The address of the last page fault. */
  cr2: 8,
  /** Physical address of the page directory in use (CR3); idle tasks keep the one they find. */
  pageDirectory: 9,
  /** 1 when another CPU wants its attention: an interrupt without a device. */
  kickPending: 10,
} as const;

/** Words of one task. */
export const TASK = {
  words: 32,
  /** One of the `STATUS_…` constants of `tasks.ts`. */
  status: 0,
  /** Its number in the scenario plus 1; 0 for idle tasks. */
  scenarioIndex: 1,
  cookie: 2,
  /** Kernel stack, byte addresses; `stackHigh` exclusive. */
  stackLow: 3,
  stackHigh: 4,
  cpu: 5,
  /** Next kernel instruction, or one of the `PC_…` constants of `tasks.ts`. */
  pc: 6,
  /** Frame pointer, a byte address. */
  fp: 7,
  /** Physical address of its page directory. */
  pageDirectory: 8,
  exitCode: 9,
  /** Task number plus 1 of the next in a run queue. */
  next: 10,
  /** The interrupt flag while another task runs on its CPU. */
  irqsEnabled: 11,
  /** Frame pointer of the function in whose cost region it is, 0 outside; and how many are open there. */
  costFrame: 12,
  costDepth: 13,
  /** 1 once the hook before the return to user mode has been called for the present trap. */
  exitHookDone: 14,
  /**
   * Address of the record of the innermost interrupt or page fault of kernel code on its stack, 0 when
   * there is none; and how many interrupts there are.
   */
  interruptRecord: 15,
  interruptDepth: 16,
  /** The trap that is handled or was handled last: one of the `TRAP_…` constants, its code and address. */
  trapKind: 17,
  trapCode: 18,
  trapAddress: 19,
  /** The user registers, `USER_REGISTER_COUNT` words. */
  userRegisters: 20,
  /** 1 between two elements of a repeated user instruction; 0 when a fault has come in between. */
  isRepeating: 30,
} as const;

/** Words of one timer. */
export const TIMER = {
  words: 3,
  /** 0 free, 1 armed, 2 due and waiting for its interrupt. */
  state: 0,
  /** The number that `fl_timer_arm` returned. */
  number: 1,
  cookie: 2,
} as const;

/**
 * Words of one entry of a translation lookaside buffer; each CPU has `entries` of them, an address has its
 * place by the low bits of its page number. `mmu.ts` says what the words mean.
 */
export const TLB = { words: 2, entries: 64, tag: 0, frame: 1 } as const;

/** Words of one disk request; request number n stands at n modulo the capacity. */
export const DISK = {
  words: 8,
  sector: 0,
  pages: 1,
  /** Address of the array of physical addresses. */
  frames: 2,
  cookie: 3,
  /** 0 or a negative errno, once read. */
  error: 4,
} as const;

/** Words of one failed sector; `toFail` reads of it will fail, because the scenario said so on the way. */
export const FAILED_SECTOR = { words: 3, sector: 0, failures: 1, toFail: 2 } as const;

/** Words of one lock hold; entries are kept in the order of acquisition. */
export const HOLD = { words: 4, lock: 0, mode: 1, ownerCode: 2, ownerValue: 3 } as const;

/** Words of one wait. */
export const WAIT = { words: 3, lock: 0, mode: 1, task: 2 } as const;

/** Words of a statistics entry, then its doubles (from `figuresWord`, an even offset). */
export const STATISTICS = {
  words: 20,
  lock: 0,
  ownerCode: 1,
  ownerValue: 2,
  figuresWord: 4,
  readHoldMax: 0,
  readHoldTotal: 1,
  writeHoldMax: 2,
  writeHoldTotal: 3,
  waitMax: 4,
  waitTotal: 5,
  acquisitions: 6,
  contended: 7,
} as const;

/** Words of what is known of a heap object; an address keeps its entry when it is used again. */
export const HEAP_OBJECT = {
  words: 8,
  address: 0,
  bytes: 1,
  /** How many objects have begun to live at the address. */
  generation: 2,
  /** 1 once it was freed. */
  isFreed: 3,
  /** Code index of the call, and task plus 1, that allocated it and that freed it. */
  allocatedPc: 4,
  allocatedTask: 5,
  freedPc: 6,
  freedTask: 7,
} as const;

const HEADER_WORDS = 32;
export const CPUS_AT = HEADER_WORDS;
export const TIMERS_AT = CPUS_AT + MAX_CPUS * CPU.words;
/** One word per trigger: arrivals so far, or -1 when it has fired. */
export const TRIGGERS_AT = TIMERS_AT + MAX_TIMERS * TIMER.words;
export const FAILED_SECTORS_AT = TRIGGERS_AT + MAX_TRIGGERS;

export const TASKS_AT = PAGE_WORDS;

export const CLOCKS_PAGE = 3;
const CLOCKS_DOUBLE = (CLOCKS_PAGE * PAGE_WORDS) / 2;

/** Doubles of the clocks page. */
export const TIMES = {
  /** Instructions since boot. */
  positionDouble: CLOCKS_DOUBLE,
  /** Instructions of boot code. */
  bootStepsDouble: CLOCKS_DOUBLE + 1,
  /** Decisions with more than one option so far. */
  pointsDouble: CLOCKS_DOUBLE + 2,
  /** Bytes that large copies and fills have moved; they count towards the bound of a run. */
  movedBytesDouble: CLOCKS_DOUBLE + 4,
  /** Interventions that have been applied. */
  interventionsDouble: CLOCKS_DOUBLE + 5,
  /** While `SCHEDULING_DECIDED`: the decision that was made last plus 1; 0 when it cannot be another. */
  openPointDouble: CLOCKS_DOUBLE + 6,
  /** One clock per CPU. */
  cpuClockDouble: CLOCKS_DOUBLE + 8,
  /** Since when each task is blocked. */
  blockedSinceDouble: CLOCKS_DOUBLE + 8 + MAX_CPUS,
  /** When each timer is due. */
  timerDueDouble: CLOCKS_DOUBLE + 8 + MAX_CPUS + MAX_TASKS,
  /** When each disk request was submitted, and when it completes (0 while queued). */
  diskSubmittedDouble: CLOCKS_DOUBLE + 8 + MAX_CPUS + MAX_TASKS + MAX_TIMERS,
  diskCompletesDouble: CLOCKS_DOUBLE + 8 + MAX_CPUS + MAX_TASKS + MAX_TIMERS + MAX_DISK_REQUESTS,
} as const;

export const DISK_AT = 4 * PAGE_WORDS;
export const HOLDS_AT = 5 * PAGE_WORDS;
export const WAITS_AT = 6 * PAGE_WORDS;
export const SINCE_PAGE = 7;
/** Since when each hold and each wait lasts. */
export const HOLD_SINCE_DOUBLE = (SINCE_PAGE * PAGE_WORDS) / 2;
export const WAIT_SINCE_DOUBLE = HOLD_SINCE_DOUBLE + MAX_HOLDS;

export const TLB_AT = 8 * PAGE_WORDS;
/** Words of one CPU's buffer: all of them fill the page. */
export const TLB_CPU_WORDS = TLB.words * TLB.entries;

/** The pages that change with nearly every stop; they count as dirty always. */
export const ALWAYS_DIRTY_PAGES = 4;

/** A hash table in the image: entries of `entryWords`, the first `keyWords` of them the key. */
export interface TableLayout {
  readonly at: number;
  /** A power of two. */
  readonly capacity: number;
  readonly entryWords: number;
  readonly keyWords: number;
  /** Header word that counts the entries. */
  readonly countWord: number;
  readonly name: string;
}

/**
 * (object, owner code, owner value) → how many references. A page that a task has mapped has two owners, the page cache
 * and the page table entry; there is room for three of every frame of a machine with the usual memory.
 */
export const REFERENCES: TableLayout = {
  at: 9 * PAGE_WORDS,
  capacity: 16384,
  entryWords: 4,
  keyWords: 3,
  countWord: HEADER.referenceCount,
  name: 'owners of references',
};

/** object → how many references in all. */
export const REFERENCE_TOTALS: TableLayout = {
  at: REFERENCES.at + REFERENCES.capacity * REFERENCES.entryWords,
  capacity: 8192,
  entryWords: 2,
  keyWords: 1,
  countWord: HEADER.objectCount,
  name: 'objects with references',
};

/** (lock, owner code, owner value) → figures. */
export const LOCK_STATISTICS: TableLayout = {
  at: REFERENCE_TOTALS.at + REFERENCE_TOTALS.capacity * REFERENCE_TOTALS.entryWords,
  capacity: 2048,
  entryWords: STATISTICS.words,
  keyWords: 3,
  countWord: HEADER.statisticsCount,
  name: 'locks with statistics',
};

/** address → what is known of the object there. */
export const HEAP_OBJECTS: TableLayout = {
  at: LOCK_STATISTICS.at + LOCK_STATISTICS.capacity * LOCK_STATISTICS.entryWords,
  capacity: 8192,
  entryWords: HEAP_OBJECT.words,
  keyWords: 1,
  countWord: HEADER.heapObjectCount,
  name: 'heap objects',
};

/** Words of the state area; RAM follows. */
export const STATE_WORDS = HEAP_OBJECTS.at + HEAP_OBJECTS.capacity * HEAP_OBJECTS.entryWords;
export const STATE_BYTES = STATE_WORDS * 4;
export const STATE_PAGES = STATE_BYTES / PAGE_BYTES;

/** Whether `modelHash` leaves a page of the state area out: clocks, times, statistics, heap objects. */
export function isTimePage(page: number): boolean {
  return (
    page === CLOCKS_PAGE ||
    page === SINCE_PAGE ||
    (page >= LOCK_STATISTICS.at / PAGE_WORDS && page < STATE_PAGES)
  );
}
