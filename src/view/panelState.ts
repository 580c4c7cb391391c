/**
 * The view model of one stop: everything that the panel shows, as plain serialisable data.
 *
 * It is built from the machine's memory, ghost state and disk queue (`buildPanelState.ts`) and sent
 * as the body of the event `faultline/state`. Times are virtual nanoseconds since the start of the
 * run, absolute unless the name says `left`; the panel derives "for 3.2 ms" from `clockNs`.
 * What real hardware and the kernel store stands apart from what only the debugger knows (`ghost`).
 */

import type { AddressSpaceState, PageMapping, PageReference } from './memoryModel.ts';
import type { NumbersModel } from './numbersModel.ts';

/** A place in a source text: `uri` is what DAP's `source.path` carries, lines count from 1. */
export interface SourcePlace {
  readonly uri: string;
  /** The path inside the kernel tree, or the program's name, for display. */
  readonly path: string;
  readonly line1: number;
}

/** `read` shares a lock, `write` has it alone. */
export type LockMode = 'read' | 'write';

/** Who is inside a lock: known from ghost state only. */
export interface LockHolder {
  /** A task's name, or `io` and the like. */
  readonly owner: string;
  /** The task's thread id when the owner is a task. */
  readonly taskId: number | undefined;
  readonly mode: LockMode;
  readonly sinceNs: number;
}

/** A task in a lock's queue: read from the kernel's own wait list, first in line first. */
export interface LockWaiter {
  readonly task: string;
  readonly taskId: number | undefined;
  readonly mode: LockMode;
  /** `undefined` while the task is only just queueing. */
  readonly sinceNs: number | undefined;
}

/** One `mmap_sem`. */
export interface LockState {
  /** `mmap_sem`, or `PROCESS.mmap_sem` where there are several processes. */
  readonly name: string;
  /** The kernel's word as it stands in memory, such as `0xffff0001`. */
  readonly rawCount: string;
  /** What that count and the wait list mean together, in plain words. */
  readonly countMeaning: string;
  /** What only the debugger knows: who is inside. */
  readonly holders: readonly LockHolder[];
  readonly queue: readonly LockWaiter[];
}

/** A page that this scenario uses: of the page cache, or one that a task has in hand. */
export interface PageState {
  /** `FILE:INDEX`; `frame NUMBER` for a page of no file. */
  readonly label: string;
  /** Empty for a page of no file; then `index` is the number of the frame. */
  readonly file: string;
  readonly index: number;
  /** Where its `struct page` lies. */
  readonly address: number;
  /** The bits that are set in `flags`, by the kernel's names without `PG_`, lowest first. */
  readonly flags: readonly string[];
  readonly isLocked: boolean;
  /** A task's name or `disk read #N`; `undefined` when not locked or not known. */
  readonly lockedBy: string | undefined;
  readonly isUpToDate: boolean;
  /** The page's reference count. */
  readonly count: number;
  /** What only the debugger knows: whose references these are, tasks first. */
  readonly references: readonly PageReference[];
  /**
   * Set when the owners' references do not sum up to `count`: `counting` while a task is in the middle of taking
   * or putting one, `wrong` when none is, so that the count is wrong: the page leaks, or is freed too early.
   */
  readonly mismatch?: 'counting' | 'wrong';
  /** How many page-table entries map it. */
  readonly mapCount: number;
  /** These entries as the page tables hold them: the first of them, where there are many. */
  readonly mappings: readonly PageMapping[];
  /** Names of the tasks that sleep until the page is unlocked. */
  readonly waiters: readonly string[];
}

/** Pages of a file that are mapped and up to date, and nothing else: counted where there are many. */
export interface QuietPages {
  readonly file: string;
  readonly count: number;
}

/** What a task is doing, for a badge. */
export type TaskActivity = 'new' | 'running' | 'runnable' | 'sleeping' | 'exited';

/** One task of the scenario. */
export interface TaskState {
  /** DAP's thread id. */
  readonly id: number;
  readonly name: string;
  readonly activity: TaskActivity;
  /** The state in words, as in the thread's name: `sleeping: page lock`. */
  readonly stateWords: string;
  readonly cpu: number;
  /** `user` or `kernel`; what it is in, or will return to. */
  readonly mode: 'user' | 'kernel';
  /** What it waits for, such as `page lock of data.bin:0`; `undefined` when it does not wait. */
  readonly waitsFor: string | undefined;
  /** Since when it waits. */
  readonly sinceNs: number | undefined;
  /** The innermost function, or the user program's label. */
  readonly where: string | undefined;
  readonly place: SourcePlace | undefined;
  /** Which attempt at resolving a fault, from 1 on; `undefined` outside of one. */
  readonly attempt: number | undefined;
  /** Counters of the kernel's task, by their names there: `maj_flt`, `min_flt`. */
  readonly counters: Readonly<Record<string, number>>;
}

/** A read that the disk has been given and that is not finished. */
export interface DiskRequestState {
  readonly id: number;
  /** What is read: `data.bin:0` or `data.bin:0–31`. */
  readonly what: string;
  readonly state: 'queued' | 'active' | 'done';
  /** Time until it completes; `undefined` while queued. */
  readonly leftNs: number | undefined;
}

/** A processor and what it runs. */
export interface CpuState {
  readonly number: number;
  /** The task's name; `undefined` when idle. */
  readonly task: string | undefined;
  readonly isInInterrupt: boolean;
}

/** A moment of the story: an anchor with a title that a task stands at. */
export interface MomentState {
  readonly anchor: string;
  readonly title: string;
  readonly task: string;
  readonly taskId: number;
  /** The sentences of the note that stands beside the anchor, if there is one. */
  readonly note: string | undefined;
}

/** How the run ended. */
export interface EndState {
  readonly outcome: 'completed' | 'deadlock' | 'fault' | 'limit';
  readonly exitCode: number;
}

/** Everything that the panel shows at one stop. */
export interface PanelState {
  /** Grows with every stop of the session. */
  readonly rev: number;
  readonly scenario: string;
  readonly title: string;
  readonly kernel: string;
  /** The one clock. */
  readonly clockNs: number;
  /** Instructions since boot: names this moment under the run's schedule. */
  readonly position: number;
  /** Why the machine stands, in a sentence. */
  readonly reason: string;
  /** The task whose stop this is: DAP's thread id. */
  readonly stoppedTaskId: number | undefined;
  readonly moment: MomentState | undefined;
  readonly end: EndState | undefined;
  readonly cpus: readonly CpuState[];
  readonly locks: readonly LockState[];
  readonly pages: readonly PageState[];
  /** Pages that are not among `pages`, by file. */
  readonly quietPages: readonly QuietPages[];
  /** How many pages of no file tasks have in hand, where they are not among `pages`. */
  readonly loosePages: number;
  readonly spaces: readonly AddressSpaceState[];
  readonly numbers: NumbersModel;
  readonly tasks: readonly TaskState[];
  readonly disk: readonly DiskRequestState[];
}
