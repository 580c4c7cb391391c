/**
 * The rules about one page fault from trap to return: what the handlers answer, how often it is tried, what is counted,
 * and that it gets somewhere.
 */
import { hex } from '../../base/brand.ts';
import { INSTRUCTION_WORDS } from '../../bytecode/instruction.ts';
import { DIRECT_MAP_BASE } from '../../bytecode/program.ts';
import type { MachineFault } from '../../machine/faults.ts';
import { CPU, TASK } from '../../machine/imageLayout.ts';
import { cpuAt, taskAt } from '../../machine/machineState.ts';
import type { PageRules } from './pageRules.ts';
import type { RuleContext } from './ruleContext.ts';
import { isIn, markFunctions, outerPlaces } from './rulePlaces.ts';
import { NOTE, REPORTS, TASK_NOTE } from './ruleStore.ts';
import { pageName, taskName } from './ruleWords.ts';

const SIGSEGV = 11;
const PF_USER = 4;
/** The same fault so often in a row, each resolved without success, is no progress. */
const MOST_REPEATS = 200;

/** In `REPORTS`. */
export const REPORT_HOLD = 1;
export const REPORT_MAJOR = 2;
export const REPORT_MINOR = 3;

/** Functions in which a wait with `mmap_sem` held is not what the patch is about. */
const RESIDUALS: ReadonlySet<string> = new Set([
  'do_wp_page',
  'get_user_pages',
  '__get_user_pages',
  'page_mkwrite',
  'balance_dirty_pages',
  'shrink_page_list',
  'try_to_free_pages',
  'do_swap_page',
]);

export class FaultRules {
  private readonly context: RuleContext;
  private readonly pages: PageRules;
  private readonly faultOffsets: readonly [number, number];
  private readonly counters: readonly { readonly at: number; readonly step: number }[];
  private readonly handlers: ReadonlySet<number>;
  /** By function index: 1 for a residual. */
  private readonly residuals: Uint8Array;
  private readonly errors: number;

  constructor(context: RuleContext, pages: PageRules) {
    this.context = context;
    this.pages = pages;
    const { layout, functions } = context.kernel;
    this.errors = layout.constant('VM_FAULT_ERROR');
    this.faultOffsets = [
      layout.field('task_struct', 'maj_flt').offset,
      layout.field('task_struct', 'min_flt').offset,
    ];
    const vm = layout.global('vm_event_states') + layout.field('vm_event_state', 'event').offset;
    const perf = layout.global('perf_sw_counts') + layout.field('perf_sw_count', 'count').offset;
    const vmStep = layout.sizeOf('vm_event_state');
    this.counters = [
      {
        at: perf + 4 * layout.constant('PERF_COUNT_SW_PAGE_FAULTS'),
        step: layout.sizeOf('perf_sw_count'),
      },
      { at: vm + 4 * layout.constant('PGFAULT'), step: vmStep },
      { at: vm + 4 * layout.constant('PGMAJFAULT'), step: vmStep },
    ];
    this.residuals = markFunctions(context, RESIDUALS);
    this.handlers = new Set((functions.get('do_page_fault') ?? []).map(({ info }) => info.index));
  }

  begin(): void {
    const { store } = this.context;
    store.set(NOTE.baseTraps, this.counter(0));
    store.set(NOTE.basePasses, this.counter(1));
    store.set(NOTE.baseMisses, this.counter(2));
  }

  private counter(which: 0 | 1 | 2): number {
    const { context } = this;
    const { at = 0, step = 0 } = this.counters[which] ?? {};
    let sum = 0;
    for (let cpu = 0; cpu < context.state.config.cpuCount; cpu += 1) {
      sum = (sum + context.load(at + cpu * step)) | 0;
    }
    return sum;
  }

  private faults(task: number, which: 0 | 1): number {
    return this.context.load(this.context.cookie(task) + this.faultOffsets[which]);
  }

  /** A trap enters the page fault handler. */
  enterFault(): void {
    const { context } = this;
    const { store, task, state } = context;
    const address = state.word(cpuAt(state.currentCpu) + CPU.cr2);
    this.checkProgress(task, address);
    store.setTask(task, TASK_NOTE.isInFault, 1);
    store.setTask(task, TASK_NOTE.movedPage, 0);
    store.setTask(task, TASK_NOTE.passes, 0);
    store.setTask(task, TASK_NOTE.hasReleased, 0);
    store.setTask(task, TASK_NOTE.hasLookedUp, 0);
    store.setTask(task, TASK_NOTE.missed, 0);
    store.setTask(task, TASK_NOTE.firstResult, 0);
    store.setTask(task, TASK_NOTE.lastResult, 0);
    store.setTask(task, TASK_NOTE.majorBefore, this.faults(task, 0));
    store.setTask(task, TASK_NOTE.faultsBefore, this.faults(task, 0) + this.faults(task, 1));
    store.add(NOTE.inside, 1);
    if (address >>> 0 < DIRECT_MAP_BASE) store.add(NOTE.traps, 1);
  }

  /** The same instruction faults again and again at the same address with the same registers. */
  private checkProgress(task: number, address: number): void {
    const { context } = this;
    const { store, state } = context;
    const registers = state.userRegisters[task];
    let digest = state.word(taskAt(task) + TASK.interruptRecord);
    for (const register of registers ?? []) digest = (Math.imul(digest, 31) + register) | 0;
    const isSame =
      store.task(task, TASK_NOTE.lastAddress) === address &&
      store.task(task, TASK_NOTE.lastDigest) === digest &&
      !this.isError(store.task(task, TASK_NOTE.lastResult));
    store.setTask(task, TASK_NOTE.lastAddress, address);
    store.setTask(task, TASK_NOTE.lastDigest, digest);
    const repeats = isSame ? store.task(task, TASK_NOTE.repeats) + 1 : 0;
    store.setTask(task, TASK_NOTE.repeats, repeats);
    if (repeats < MOST_REPEATS) return;
    context.report(
      'progress',
      `${taskName(context, task)} has faulted ${String(repeats)} times in a row at the same address with the same registers: the fault is said to be resolved, and nothing comes of it.`,
    );
  }

  private isError(result: number): boolean {
    return (result & this.errors) !== 0;
  }

  /** The page fault handler returns. */
  leaveFault(): void {
    const { context } = this;
    const { store, task } = context;
    if (store.task(task, TASK_NOTE.isInFault) === 0) return;
    store.setTask(task, TASK_NOTE.isInFault, 0);
    store.setTask(task, TASK_NOTE.pinObject, 0);
    store.add(NOTE.inside, -1);
    this.checkAccounting(task);
    this.checkCounters();
  }

  private checkAccounting(task: number): void {
    const { context } = this;
    const { store } = context;
    const major = this.faults(task, 0) - store.task(task, TASK_NOTE.majorBefore);
    const all = this.faults(task, 0) + this.faults(task, 1);
    const counted = all - store.task(task, TASK_NOTE.faultsBefore);
    const passes = store.task(task, TASK_NOTE.passes);
    const failed = passes === 0 || this.isError(store.task(task, TASK_NOTE.firstResult));
    const answer = context.kernel.flags.releaseAnswer;
    const last = store.task(task, TASK_NOTE.lastResult);
    const hasSucceeded = !failed && !this.isError(last) && (last & answer) === 0;
    if (failed ? counted !== 0 : hasSucceeded ? counted !== 1 : counted > 1) {
      const should = failed ? 'not at all, because it failed' : 'once';
      context.report(
        'one-fault-counted',
        `${taskName(context, task)} has had one page fault, which is counted ${String(counted)} times (${String(major)} major, ${String(counted - major)} minor). It should be counted ${should}.`,
      );
    }
    if (!hasSucceeded || counted !== 1) return;
    const missed = store.task(task, TASK_NOTE.missed);
    const pc = context.pc;
    if (major === 1 && missed === 0) this.note(REPORT_MAJOR, task, 0, pc, 0);
    if (major === 0 && (missed & 1) !== 0) this.note(REPORT_MINOR, task, 0, pc, 0);
  }

  /** When nobody is on the way through a fault, the counters must agree with what happened. */
  private checkCounters(): void {
    const { context } = this;
    const { store } = context;
    if (store.get(NOTE.inside) !== 0) return;
    const rows = [
      ['SW_PAGE_FAULTS', 0, NOTE.baseTraps, NOTE.traps, 'page faults at user addresses'],
      ['PGFAULT', 1, NOTE.basePasses, NOTE.passes, 'calls of handle_mm_fault()'],
      ['PGMAJFAULT', 2, NOTE.baseMisses, NOTE.misses, 'misses of the page cache in faults'],
    ] as const;
    for (const [name, which, base, count, what] of rows) {
      const counted = this.counter(which) - store.get(base);
      const happened = store.get(count);
      if (counted === happened) continue;
      context.report(
        'fault-counters',
        `${name} has grown by ${String(counted)} since boot, but there were ${String(happened)} ${what}.`,
      );
      return;
    }
  }

  /** `handle_mm_fault` begins; its frame is at word `f`. */
  enterPass(f: number, requests: number): void {
    const { context } = this;
    const { store, task } = context;
    store.add(NOTE.passes, 1);
    store.setTask(task, TASK_NOTE.requests, requests);
    if (!this.isCalledByHandler(f)) {
      if (store.task(task, TASK_NOTE.isInFault) === 0) store.add(NOTE.inside, 1);
      return;
    }
    const passes = store.task(task, TASK_NOTE.passes) + 1;
    store.setTask(task, TASK_NOTE.passes, passes);
    const asks = (requests & context.kernel.flags.releaseRequest) !== 0;
    if (store.task(task, TASK_NOTE.hasReleased) !== 0 && asks) {
      context.report(
        'one-retry',
        `${taskName(context, task)} tries its fault again and allows once more that mmap_sem is dropped. It may be tried for ever: a second attempt must not ask for that.`,
      );
    } else if (passes > 2) {
      context.report(
        'one-retry',
        `${taskName(context, task)} tries the same fault for the third time; two attempts must do.`,
      );
    }
  }

  private isCalledByHandler(f: number): boolean {
    const { context } = this;
    return this.handlers.has(context.functionIndexAt(context.returnPc(f) - INSTRUCTION_WORDS));
  }

  /** `handle_mm_fault` returns. */
  leavePass(f: number, lock: number, result: number): void {
    const { context } = this;
    const { store, task } = context;
    store.setTask(task, TASK_NOTE.isReleasing, 0);
    store.setTask(task, TASK_NOTE.faultStage, 0);
    this.checkAnswer(lock, result);
    if (!this.isCalledByHandler(f)) {
      if (store.task(task, TASK_NOTE.isInFault) === 0) store.add(NOTE.inside, -1);
      return;
    }
    const isFirst = store.task(task, TASK_NOTE.passes) === 1;
    if (isFirst) store.setTask(task, TASK_NOTE.firstResult, result);
    store.setTask(task, TASK_NOTE.lastResult, result);
    if ((result & context.kernel.flags.releaseAnswer) === 0) return;
    if (isFirst) this.pages.releasedFirst(task);
    store.setTask(task, TASK_NOTE.hasReleased, 1);
    store.setTask(task, TASK_NOTE.hasLookedUp, 0);
  }

  private checkAnswer(lock: number, result: number): void {
    const { context } = this;
    const { store, task } = context;
    const { layout, flags } = context.kernel;
    const hasReleased = (result & flags.releaseAnswer) !== 0;
    const holds = context.holds(task, lock);
    const say = (problem: string): void => {
      context.report('released-result', problem);
    };
    if (hasReleased && holds) {
      say(
        `The fault handler answers that it has dropped mmap_sem, but ${taskName(context, task)} still holds it. The caller will take it a second time.`,
      );
    } else if (!hasReleased && !holds) {
      say(
        `mmap_sem was dropped on the way, but the answer ${hex(result)} does not say so. ${taskName(context, task)} goes on as if it held the lock.`,
      );
    }
    if (!hasReleased) return;
    const requests = store.task(task, TASK_NOTE.requests);
    if ((requests & (flags.releaseRequest | flags.killableRequest)) === 0) {
      say('mmap_sem was dropped although the caller had not asked for that.');
    }
    const wrong = this.errors | layout.constant('VM_FAULT_LOCKED');
    if ((result & wrong) !== 0) {
      say(
        `The answer ${hex(result)} says that mmap_sem was dropped and that there is an error or a locked page; only one can be.`,
      );
    }
    const page = context.lockedPageOf(task);
    if (page !== 0)
      say(
        `mmap_sem was dropped, and ${taskName(context, task)} still has ${pageName(context, page)} locked.`,
      );
    if (context.spinlocksOf(task) > 0) say('mmap_sem was dropped with a spinlock held.');
  }

  /** A fault handler of a VMA returns its answer. */
  leaveHandler(vmf: number, result: number): void {
    const { context } = this;
    const { store, task } = context;
    store.setTask(task, TASK_NOTE.faultStage, 0);
    store.setTask(task, TASK_NOTE.lockedPage, 0);
    const { releaseAnswer } = context.kernel.flags;
    if (releaseAnswer === 0 || (result & releaseAnswer) === 0) return;
    store.setTask(task, TASK_NOTE.isReleasing, 1);
    const page = context.load(vmf + context.kernel.layout.field('vm_fault', 'page').offset);
    if (page === 0 || (result & context.kernel.layout.constant('VM_FAULT_LOCKED')) !== 0) return;
    context.report(
      'released-result',
      `${taskName(context, task)} is told that mmap_sem was dropped, and gets ${pageName(context, page)} all the same.`,
    );
  }

  enterHandler(): void {
    this.context.store.setTask(this.context.task, TASK_NOTE.faultStage, 1);
  }

  /** A look into the page cache on behalf of a fault: the first one that finds nothing is the miss that counts. */
  lookedIntoCache(found: boolean): void {
    const { context } = this;
    const { store, task } = context;
    if (store.task(task, TASK_NOTE.faultStage) !== 1) return;
    store.setTask(task, TASK_NOTE.faultStage, 2);
    if (found) return;
    store.add(NOTE.misses, 1);
    const bit = store.task(task, TASK_NOTE.passes) <= 1 ? 1 : 2;
    store.setTask(task, TASK_NOTE.missed, store.task(task, TASK_NOTE.missed) | bit);
  }

  /** A signal is sent while a fault is handled. */
  signaled(signal: number): void {
    const { context } = this;
    const { store, task } = context;
    if (signal !== SIGSEGV || store.task(task, TASK_NOTE.isInFault) === 0) return;
    const { state } = context;
    const code = state.word(taskAt(task) + TASK.trapCode);
    const address = state.word(taskAt(task) + TASK.trapAddress);
    if ((code & PF_USER) === 0 || address >>> 0 >= DIRECT_MAP_BASE) return;
    if (store.task(task, TASK_NOTE.hasLookedUp) !== 0) return;
    context.report(
      'progress',
      `${taskName(context, task)} gets SIGSEGV although nobody has looked whether the address is mapped: that somebody else has mmap_sem is no reason to kill it. It has to wait for the lock.`,
    );
  }

  /** A task starts to sleep for a page with `mmap_sem` held: noted when it is what the patch is about. */
  beganWaiting(page: number, isForDisk: boolean): void {
    const { context } = this;
    const { store, task } = context;
    store.setTask(task, TASK_NOTE.heldWaitPage, 0);
    const mm = context.mmOf(task);
    if (!isForDisk || mm === 0 || !context.holds(task, mm + context.semOffset)) return;
    if (store.task(task, TASK_NOTE.isInFault) === 0) return;
    if (store.task(task, TASK_NOTE.hasReleased) !== 0) return;
    if (store.task(task, TASK_NOTE.lockedPage) === page) return;
    if (isIn(context, task, this.residuals)) return;
    store.setTask(task, TASK_NOTE.heldWaitPage, page);
    store.setTask(task, TASK_NOTE.heldWaitPc, outerPlaces(context, task).callerPc);
    store.setSinceNs(task, context.state.clock(context.state.currentCpu));
  }

  endedWaiting(task: number): void {
    const { context } = this;
    const { store } = context;
    const page = store.task(task, TASK_NOTE.heldWaitPage);
    if (page === 0) return;
    store.setTask(task, TASK_NOTE.heldWaitPage, 0);
    const ns = context.state.clock(context.state.currentCpu) - store.sinceNs(task);
    this.note(REPORT_HOLD, task, page, store.task(task, TASK_NOTE.heldWaitPc), Math.max(0, ns));
  }

  private note(kind: number, task: number, page: number, pc: number, ns: number): void {
    const { store } = this.context;
    const index = store.count(REPORTS);
    store.push(REPORTS, kind, task, page, pc);
    if (store.count(REPORTS) === index) return;
    store.setEntry(REPORTS, index, 4, ns % 2 ** 31);
    store.setEntry(REPORTS, index, 5, Math.floor(ns / 2 ** 31));
  }

  /** A machine fault that comes of going on after `mmap_sem` was dropped. */
  explain(fault: MachineFault): MachineFault {
    const { context } = this;
    const { store, task } = context;
    if (!context.rules.has('released-result') || fault.kind !== 'nullPointer') return fault;
    if (context.isInInterrupt || store.task(task, TASK_NOTE.isReleasing) === 0) return fault;
    return {
      ...fault,
      kind: 'rule',
      rule: 'released-result',
      message: `${taskName(context, task)} goes on after the answer that mmap_sem was dropped, as if it had got a page. There is none: vmf.page is NULL. ${fault.message}`,
    };
  }

  /** A task that ends does not come back from its fault. */
  exiting(task: number): void {
    const { store } = this.context;
    if (store.task(task, TASK_NOTE.isInFault) === 0) return;
    store.setTask(task, TASK_NOTE.isInFault, 0);
    store.add(NOTE.inside, -1);
  }
}
