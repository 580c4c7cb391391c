/**
 * The rules about pages: references, the page lock, and who sleeps on it.
 *
 * A page is looked at when its count or flags were changed, or a reference to it changed hands, at the next scheduling
 * point: there no primitive is half done.
 */
import { OWNER_TASK } from '../../bytecode/annotation.ts';
import { countReferences } from '../../machine/ghostReferences.ts';
import {
  HEADER,
  HOLD,
  HOLDS_AT,
  REFERENCES,
  TASK,
  WAIT,
  WAITS_AT,
} from '../../machine/imageLayout.ts';
import { findEntry, visitEntries } from '../../machine/imageTable.ts';
import { taskAt } from '../../machine/machineState.ts';
import {
  isIdleTask,
  PC_USER,
  STATUS_BLOCKED,
  STATUS_EXITED,
  STATUS_NEW,
} from '../../machine/tasks.ts';
import { OWNER_IO, OWNER_PAGEVEC } from '../kernelLanguage.ts';
import type { RuleContext } from './ruleContext.ts';
import { isAnybodyIn, markFunctions, outerPlaces } from './rulePlaces.ts';
import { TASK_NOTE } from './ruleStore.ts';
import { atPlace, functionName, ownerName, ownersOf, pageName, taskName } from './ruleWords.ts';

/** Functions that wake who sleeps on a page, or are about to. */
const WAKERS: ReadonlySet<string> = new Set(['unlock_page', 'end_page_writeback', '__wake_up_bit']);

export class PageRules {
  private readonly context: RuleContext;
  /** By function index: 1 for a waker. */
  private readonly wakers: Uint8Array;

  constructor(context: RuleContext) {
    this.context = context;
    this.wakers = markFunctions(context, WAKERS);
  }

  /** An owner has got a reference, or given one up. */
  counted(page: number, ownerCode: number, ownerValue: number, amount: 1 | -1): void {
    const { context } = this;
    if (ownerCode !== OWNER_TASK) return;
    const task = context.taskOf(ownerValue);
    if (task < 0) return;
    context.store.setTask(
      task,
      TASK_NOTE.references,
      context.store.task(task, TASK_NOTE.references) + amount,
    );
    if (amount < 0) {
      this.checkWaiting(page, task, 'gives up its reference to');
      return;
    }
    const { pc, callerPc } = outerPlaces(context, context.task);
    context.store.setOrigin(page, task, pc, callerPc);
  }

  /** A task is about to wait for a page. */
  beforeWaiting(page: number, task: number): void {
    const { context } = this;
    if (this.hasReference(page, task)) return;
    context.report(
      'waited-page-referenced',
      `${taskName(context, task)} starts to wait for ${pageName(context, page)} without a reference to it: the page may be freed and used for something else meanwhile. Its references belong to ${ownersOf(context, page)}.`,
    );
  }

  private checkWaiting(page: number, task: number, what: string): void {
    const { context } = this;
    const { state } = context;
    for (let index = state.word(HEADER.waitCount) - 1; index >= 0; index -= 1) {
      const at = WAITS_AT + index * WAIT.words;
      if (
        state.word(at + WAIT.lock) !== context.lockOf(page) ||
        state.word(at + WAIT.task) !== task
      )
        continue;
      if (this.hasReference(page, task)) continue;
      context.report(
        'waited-page-referenced',
        `${taskName(context, task)} ${what} ${pageName(context, page)}, for which it waits.`,
      );
    }
  }

  private hasReference(page: number, task: number): boolean {
    const { state } = this.context;
    const cookie = this.context.cookie(task);
    return (
      findEntry(state, REFERENCES, page, OWNER_TASK, cookie) >= 0 ||
      findEntry(state, REFERENCES, page, OWNER_PAGEVEC, 0) >= 0
    );
  }

  /** A task is about to go back to user mode, or to end: whatever it still owns is lost. */
  checkEmptyHands(task: number, what: string): void {
    const { context } = this;
    const { store } = context;
    const lock = context.lockOfTask(task);
    if (lock !== 0) {
      const isPage = context.isPage(lock);
      const pc = isPage ? 0 : store.task(task, TASK_NOTE.acquirePc);
      const lockName = isPage ? `the lock of ${pageName(context, lock)}` : 'mmap_sem';
      context.report(
        'user-mode-holds-nothing',
        `${taskName(context, task)} ${what} and still holds ${lockName}${pc === 0 ? '' : `, taken${atPlace(context, pc)}`}. Nobody will ever drop it.`,
        task,
        pc === 0 ? undefined : pc,
      );
    }
    const kept = store.task(task, TASK_NOTE.keptPage);
    if (kept !== 0) store.setTask(task, TASK_NOTE.keptPage, 0);
    if (store.task(task, TASK_NOTE.references) <= 0) return;
    const isOfRc1 = kept !== 0 && this.findReference(task, (page) => page === kept) !== 0;
    const page = isOfRc1 ? kept : this.findReference(task);
    if (page === 0) return;
    const name = taskName(context, task);
    const { pc, callerPc } = store.origin(page, task);
    const caller = callerPc === 0 ? '' : `, called${atPlace(context, callerPc)}`;
    const taken = pc === 0 ? '' : `, taken${atPlace(context, pc)}${caller}`;
    // Source: commit d88c0922fa0e, which put it right in 2.6.37-rc2.
    const history = isOfRc1 ? ' Linux 2.6.37-rc1 shipped with this bug.' : '';
    context.report(
      'user-mode-holds-nothing',
      `${name} ${what}, and ${pageName(context, page)} still has a reference of ${name}${taken}. The put is missing: the page can never be freed.${history} Its references belong to ${ownersOf(context, page)}.`,
      task,
      callerPc === 0 ? pc : callerPc,
    );
  }

  /**
   * The first attempt of a fault has dropped `mmap_sem`: a reference that filemap_fault() has taken then should be
   * given up again, because the second attempt looks the page up anew. Of several faults of a system call the
   * first one that kept it counts.
   */
  releasedFirst(task: number): void {
    const { store } = this.context;
    if (store.task(task, TASK_NOTE.references) <= 0) return;
    if (store.task(task, TASK_NOTE.keptPage) !== 0) return;
    const page = this.findReference(task, (item) => this.isFromFault(item, task));
    store.setTask(task, TASK_NOTE.keptPage, page);
  }

  /** Whether the latest reference of a task to a page is from the lookup in filemap_fault(). */
  private isFromFault(page: number, task: number): boolean {
    const { context } = this;
    const { pc, callerPc } = context.store.origin(page, task);
    return (
      functionName(context, pc) === 'find_get_page' &&
      functionName(context, callerPc) === 'filemap_fault'
    );
  }

  /** A page to which a task owns a reference, and of which `isWanted` holds; or 0. */
  private findReference(task: number, isWanted: (page: number) => boolean = () => true): number {
    const { context } = this;
    const cookie = context.cookie(task);
    let page = 0;
    visitEntries(context.state, REFERENCES, (entry) => {
      const { state } = context;
      if (state.word(entry + 1) !== OWNER_TASK || state.word(entry + 2) !== cookie) return;
      // Broken memory is given up together with the reference. Source: __do_fault() of 2.6.36.
      const found = state.word(entry);
      if (!context.hasFlag(found, context.pageFlags.hwpoison) && isWanted(found)) page = found;
    });
    return page;
  }

  /** Looks a page over; returns whether that was possible now. */
  settle(page: number, task: number, pc: number): boolean {
    if (this.isFrozen(page)) return false;
    this.checkCount(page, task, pc);
    this.checkLock(page, task, pc);
    return this.checkSleepers(page);
  }

  /** Reclaim has made the count 0, so that nobody gets a reference, and is about to take the page out of its file. */
  private isFrozen(page: number): boolean {
    const { context } = this;
    return (
      context.load(page + context.pageFields.count) === 0 &&
      context.isOfFile(page) &&
      context.hasFlag(page, context.pageFlags.locked) &&
      context.isTreeLocked(page)
    );
  }

  private checkCount(page: number, task: number, pc: number): void {
    const { context } = this;
    const count = context.load(page + context.pageFields.count);
    const owned = countReferences(context.state, page);
    // Frames that the kernel uses itself have one reference, which nobody else ever sees.
    const isKernels = owned === 0 && (count === 0 || count === 1);
    const mapped = context.load(page + context.pageFields.mapCount) + 1;
    if (count !== owned && !isKernels) {
      context.report(
        'page-count',
        `The count of ${pageName(context, page)} is ${String(count)}, but ${String(owned)} references are owned, by ${ownersOf(context, page)}.`,
        task,
        pc,
      );
    } else if (count === 0 && context.isOfFile(page)) {
      context.report(
        'page-count',
        `${pageName(context, page)} has no reference left and is still in the page cache.`,
        task,
        pc,
      );
    } else if (mapped > count && !context.hasFlag(page, context.pageFlags.reserved)) {
      context.report(
        'page-count',
        `${pageName(context, page)} is mapped by ${String(mapped)} page table entries, but its count is ${String(count)}.`,
        task,
        pc,
      );
    }
  }

  private checkLock(page: number, task: number, pc: number): void {
    const { context } = this;
    const isLocked = context.hasFlag(page, context.pageFlags.locked);
    const at = this.findHold(page);
    if (isLocked === at >= 0) {
      if (at < 0) return;
      const code = context.state.word(at + HOLD.ownerCode);
      const owner = context.state.word(at + HOLD.ownerValue);
      const ownerTask = code === OWNER_TASK ? context.taskOf(owner) : -1;
      const isGone =
        ownerTask >= 0 && context.state.word(taskAt(ownerTask) + TASK.status) === STATUS_EXITED;
      if (!isGone) return;
    }
    const problem = isLocked
      ? 'is locked, but nobody has locked it who could unlock it'
      : `is not locked, although ${this.holderOf(at)} has locked it and not unlocked it`;
    context.report('page-lock-owner', `${pageName(context, page)} ${problem}.`, task, pc);
  }

  private holderOf(at: number): string {
    const { context } = this;
    if (at < 0) return 'nobody';
    const { state } = context;
    return ownerName(context, state.word(at + HOLD.ownerCode), state.word(at + HOLD.ownerValue));
  }

  /** The hold of a page's lock, the word of its entry, or -1. */
  private findHold(page: number): number {
    const { state } = this.context;
    const lock = this.context.lockOf(page);
    for (let index = state.word(HEADER.holdCount) - 1; index >= 0; index -= 1) {
      const at = HOLDS_AT + index * HOLD.words;
      if (state.word(at + HOLD.lock) === lock) return at;
    }
    return -1;
  }

  /**
   * Somebody sleeps on a page that is not locked, everybody who waits for it sleeps, and nobody is about to wake
   * them. Returns false while somebody still may.
   */
  private checkSleepers(page: number): boolean {
    const { context } = this;
    const { state } = context;
    if (context.hasFlag(page, context.pageFlags.locked)) return true;
    let sleeper = -1;
    for (let index = state.word(HEADER.waitCount) - 1; index >= 0; index -= 1) {
      const at = WAITS_AT + index * WAIT.words;
      if (state.word(at + WAIT.lock) !== context.lockOf(page)) continue;
      const task = state.word(at + WAIT.task);
      if (state.word(taskAt(task) + TASK.status) !== STATUS_BLOCKED) return false;
      sleeper = task;
    }
    if (sleeper < 0) return true;
    if (isAnybodyIn(context, this.wakers)) return false;
    context.report(
      'lost-wakeup',
      `${taskName(context, sleeper)} sleeps on ${pageName(context, page)}, which is not locked any more, and nobody is about to wake it.`,
      sleeper,
    );
    return true;
  }

  /**
   * The interrupt of the disk is over, the disk has nothing to do, and no task runs in the kernel: then no page can
   * belong to the disk.
   */
  checkDisk(isBusy: boolean): void {
    const { context } = this;
    const { state } = context;
    if (isBusy || this.runsAnybody()) return;
    for (let index = state.word(HEADER.holdCount) - 1; index >= 0; index -= 1) {
      const at = HOLDS_AT + index * HOLD.words;
      if (state.word(at + HOLD.ownerCode) !== OWNER_IO) continue;
      const lock = state.word(at + HOLD.lock);
      if (!context.isPage(lock)) continue;
      context.report(
        'page-lock-owner',
        `${pageName(context, lock)} is still locked for a read that is over: the disk has nothing more to do, so nobody will unlock it.`,
      );
      return;
    }
  }

  private runsAnybody(): boolean {
    const { state } = this.context;
    for (let task = state.word(HEADER.taskCount) - 1; task >= 0; task -= 1) {
      if (isIdleTask(state, task)) continue;
      const status = state.word(taskAt(task) + TASK.status);
      if (status === STATUS_NEW || status === STATUS_BLOCKED || status === STATUS_EXITED) continue;
      if (state.word(taskAt(task) + TASK.pc) !== PC_USER) return true;
    }
    return false;
  }
}
