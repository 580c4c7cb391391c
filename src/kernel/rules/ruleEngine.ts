/**
 * The rules as one watcher of the machine: hears of what happens and asks the rules that it concerns.
 *
 * What an atomic operation or an annotation has changed is noted and looked at, once, at the next scheduling point
 * (`settle`): there every primitive is either done or inside its own lock. All else is judged where it happens.
 */
import { type Annotation, OWNER_DEFAULT, OWNER_TASK } from '../../bytecode/annotation.ts';
import { FLAG_GUARDED, FLAG_WATCH, INSTRUCTION_WORDS } from '../../bytecode/instruction.ts';
import { isDiskBusy } from '../../machine/disk.ts';
import type { MachineFault } from '../../machine/faults.ts';
import { TASK } from '../../machine/imageLayout.ts';
import { type MachineState, taskAt } from '../../machine/machineState.ts';
import { IMAGE_BIAS } from '../../machine/memory.ts';
import { TRAP_PAGE_FAULT } from '../../machine/traps.ts';
import type { Watcher } from '../../machine/watcher.ts';
import type { RuleFunctionName } from '../kernelNames.ts';
import type { KernelReaders } from '../kernelReaders.ts';
import { FaultRules } from './faultRules.ts';
import { GuardRules } from './guardRules.ts';
import { LockRules } from './lockRules.ts';
import { PageRules } from './pageRules.ts';
import { PteRules } from './pteRules.ts';
import { RuleContext } from './ruleContext.ts';
import type { RuleFunction, RuleKernel } from './ruleKernel.ts';
import type { RuleName } from './ruleNames.ts';
import { listReports, type RuleReport } from './ruleReports.ts';
import { PENDING, TASK_NOTE } from './ruleStore.ts';
import { TruncationRule } from './truncationRule.ts';

/** In `PENDING`. */
const PAGE = 1;
const RWSEM = 2;

/** What an annotation does, as a number; `NOTHING` where no rule is concerned. */
const NOTHING = 0;
const ACQUIRE = 1;
const DROP = 2;
const WAIT = 3;
const RESUME = 4;
const GET = 5;
const PUT = 6;
const MOVE = 7;
const PIN = 8;

const ACTIONS: Partial<Record<Annotation['action'], number>> = {
  acquire: ACQUIRE,
  drop: DROP,
  wait: WAIT,
  resume: RESUME,
  get: GET,
  put: PUT,
  move: MOVE,
  pin: PIN,
};

/** Is given the word of the running function's frame. */
type Handler = (f: number) => void;

/** Hears of calls and returns of one function; `slot` gives a parameter of the frame at word `f`. */
interface Hooks {
  readonly enter?: (f: number, slot: (name: string) => number) => void;
  readonly leave?: (f: number, slot: (name: string) => number, result: number) => void;
}

/** What a machine is given so that rules watch its run; `onMade` gets them when the machine is built. */
export function watchRules(
  kernel: RuleKernel,
  readers: KernelReaders,
  rules: ReadonlySet<RuleName>,
  onMade: (engine: RuleEngine) => void,
): (state: MachineState) => RuleEngine {
  return (state) => {
    const engine = new RuleEngine(state, kernel, readers, rules);
    onMade(engine);
    return engine;
  };
}

/** The rules of one machine. */
export class RuleEngine implements Watcher {
  private readonly context: RuleContext;
  private readonly guards: GuardRules;
  private readonly locks: LockRules;
  private readonly pages: PageRules;
  private readonly ptes: PteRules;
  private readonly truncation: TruncationRule;
  private readonly faults: FaultRules;
  /** By instruction number. */
  private readonly handlers: (Handler | undefined)[];
  private readonly code: Int32Array;
  /** By annotation. */
  private readonly actions: Uint8Array;

  constructor(
    state: MachineState,
    kernel: RuleKernel,
    readers: KernelReaders,
    rules: ReadonlySet<RuleName>,
  ) {
    this.context = new RuleContext(state, kernel, readers, rules);
    this.guards = new GuardRules(this.context);
    this.locks = new LockRules(this.context);
    this.pages = new PageRules(this.context);
    this.ptes = new PteRules(this.context);
    this.truncation = new TruncationRule(this.context);
    this.faults = new FaultRules(this.context, this.pages);
    const { program } = kernel;
    this.code = state.code;
    this.actions = Uint8Array.from(program.annotations, ({ action }) => ACTIONS[action] ?? NOTHING);
    this.handlers = Array.from<undefined>({ length: program.code.length / INSTRUCTION_WORDS });
    for (const [name, hooks] of Object.entries(this.describeHooks())) {
      for (const item of kernel.functions.get(name as RuleFunctionName) ?? []) {
        this.addHooks(item, hooks);
      }
    }
  }

  get places(): Iterable<number> {
    return this.handlers.flatMap((handler, index) =>
      handler === undefined ? [] : [index * INSTRUCTION_WORDS],
    );
  }

  get guardedPlaces(): Iterable<number> {
    return this.guards.places;
  }

  /** What is to be told at the end of the run. */
  reports(): readonly RuleReport[] {
    return listReports(this.context);
  }

  private addHooks({ info, slots, returns }: RuleFunction, hooks: Hooks): void {
    const { context } = this;
    const { code } = context.kernel.program;
    const { enter, leave } = hooks;
    const add = (pc: number, handler: Handler): void => {
      const index = pc / INSTRUCTION_WORDS;
      const known = this.handlers[index];
      this.handlers[index] =
        known === undefined
          ? handler
          : (f) => {
              known(f);
              handler(f);
            };
    };
    const slotOf = (f: number) => (name: string) => context.slot(f, slots[name] ?? 0);
    if (enter !== undefined) {
      add(info.entry, (f) => {
        enter(f, slotOf(f));
      });
    }
    if (leave === undefined) return;
    for (const pc of returns) {
      const result = code[pc + 1] ?? 0;
      add(pc, (f) => {
        leave(f, slotOf(f), context.slot(f, result));
      });
    }
  }

  private describeHooks(): Readonly<Partial<Record<RuleFunctionName, Hooks>>> {
    const { context, faults, locks, pages, ptes, truncation } = this;
    const { store, semOffset } = context;
    const sleep = {
      enter: () => {
        locks.sleeping();
      },
    };
    return {
      do_page_fault: {
        enter: () => {
          faults.enterFault();
        },
        leave: () => {
          faults.leaveFault();
          ptes.checkDirty(0);
          ptes.checkCounters();
        },
      },
      handle_mm_fault: {
        enter: (f, slot) => {
          faults.enterPass(f, slot('flags'));
        },
        leave: (f, slot, result) => {
          faults.leavePass(f, slot('mm') + semOffset, result);
        },
      },
      filemap_fault: {
        enter: () => {
          faults.enterHandler();
        },
        leave: (_f, slot, result) => {
          faults.leaveHandler(slot('vmf'), result);
        },
      },
      find_get_page: {
        leave: (_f, _slot, result) => {
          faults.lookedIntoCache(result !== 0);
        },
      },
      find_vma: {
        enter: () => {
          store.setTask(context.task, TASK_NOTE.hasLookedUp, 1);
        },
      },
      set_pte_at: {
        enter: (_f, slot) => {
          ptes.set({
            mm: slot('mm'),
            address: slot('address'),
            place: slot('ptep'),
            entry: slot('entry'),
          });
        },
      },
      ptep_set_access_flags: {
        enter: (_f, slot) => {
          if (slot('dirty') === 0) return;
          const mm = context.load(slot('vma') + context.vmaMmOffset);
          ptes.set({ mm, address: slot('address'), place: slot('ptep'), entry: slot('entry') });
        },
      },
      ptep_get_and_clear: {
        enter: (_f, slot) => {
          ptes.clear(slot('mm'), slot('ptep'));
        },
      },
      unlock_page: {
        enter: (_f, slot) => {
          ptes.checkDirty(slot('page'));
        },
      },
      truncate_setsize: {
        leave: (_f, slot) => {
          truncation.ended(slot('inode'), slot('newsize'));
        },
      },
      schedule: sleep,
      might_sleep: sleep,
      force_sig_info: {
        enter: (_f, slot) => {
          faults.signaled(slot('sig'));
        },
      },
      // What a killed task has looked up ends with its call; the address space is taken down by other rules.
      do_exit: {
        enter: () => {
          store.setTask(context.task, TASK_NOTE.pinObject, 0);
        },
      },
      fl_disk_interrupt: {
        leave: () => {
          pages.checkDisk(this.hasReads());
        },
      },
    };
  }

  private hasReads(): boolean {
    const { context } = this;
    return (
      isDiskBusy(context.state) || context.readers.readQueuedRequests(context.memory).length > 0
    );
  }

  begin(): void {
    this.context.begin();
    this.faults.begin();
    this.ptes.begin();
  }

  arrive(pc: number, f: number): boolean {
    const word = this.code[pc] as number;
    if ((word & FLAG_WATCH) !== 0) this.handlers[pc >> 2]?.(f);
    if ((word & FLAG_GUARDED) !== 0) this.guards.checkAt(pc, f);
    return this.context.finding !== undefined;
  }

  touch(pc: number, offset: number): boolean {
    this.guards.check(pc, (offset - IMAGE_BIAS) | 0);
    const isWrong = this.context.finding !== undefined;
    // The interpreter comes to the same place and says what is wrong.
    this.context.finding = undefined;
    return isWrong;
  }

  complain(): void {
    const { finding, state } = this.context;
    if (finding === undefined) return;
    this.context.finding = undefined;
    const { rule, message, task, pc } = finding;
    const known = pc !== undefined && pc > 0 ? pc : state.word(taskAt(task) + TASK.pc);
    state.raise({ kind: 'rule', rule, message }, task, this.placeFor(task, known));
  }

  /** A task that is about to go back to user mode stands in no function: the trap's entry stands for it. */
  private placeFor(task: number, pc: number): number {
    const { state } = this.context;
    if (this.context.functionIndexAt(pc) >= 0) return pc;
    const { pageFault, systemCall } = state.config.entries;
    const isFault = state.word(taskAt(task) + TASK.trapKind) === TRAP_PAGE_FAULT;
    return state.functionEntry[isFault ? pageFault : systemCall] ?? pc;
  }

  annotating(index: number, operands: number): void {
    const action = this.actions[index];
    if (action !== WAIT && action !== ACQUIRE) return;
    const { context } = this;
    const { state } = context;
    const object = state.word(operands);
    if (context.isPage(object)) {
      if (action === WAIT) this.pages.beforeWaiting(context.pageAt(object), context.task);
    } else if (context.isMmapSem(object)) {
      const task = action === WAIT ? context.task : this.taskAt(operands + 2);
      const place = context.kernel.program.annotations[index]?.functionIndex;
      this.locks.beforeTaking(object, state.word(operands + 1), task, place);
    }
    this.complain();
  }

  /** The task that an owner in two words is; the running one when it is none. */
  private taskAt(word: number): number {
    const { context } = this;
    if (context.state.word(word) !== OWNER_TASK) return context.task;
    const task = context.taskOf(context.state.word(word + 1));
    return task < 0 ? context.task : task;
  }

  annotated(index: number, operands: number): void {
    const action = this.actions[index];
    if (action === NOTHING) return;
    const { context } = this;
    const { state, task } = context;
    const object = state.word(operands);
    switch (action) {
      case ACQUIRE:
        this.acquired(object, state.word(operands + 1), this.taskAt(operands + 2));
        break;
      case DROP:
        this.note(object);
        if (context.isMmapSem(object)) this.locks.dropped(this.taskAt(operands + 1));
        break;
      case WAIT:
        this.note(object);
        if (context.isPage(object)) {
          const page = context.pageAt(object);
          this.faults.beganWaiting(page, !context.hasFlag(page, context.pageFlags.uptodate));
        }
        break;
      case RESUME:
        this.faults.endedWaiting(task);
        break;
      case GET:
        this.counted(object, operands + 1, 1);
        break;
      case PUT:
        this.counted(object, operands + 1, -1);
        break;
      case MOVE:
        this.counted(object, operands + 1, -1);
        this.counted(object, operands + 3, 1);
        break;
      case PIN:
        this.guards.pin(task, object);
        break;
      default:
        break;
    }
    this.complain();
  }

  private acquired(lock: number, mode: number, task: number): void {
    const { context } = this;
    this.note(lock);
    if (context.isPage(lock)) {
      if (!context.isInInterrupt) {
        context.store.setTask(task, TASK_NOTE.lockedPage, context.pageAt(lock));
      }
    } else if (context.isMmapSem(lock)) this.locks.taken(lock, mode, task);
  }

  private counted(page: number, ownerAt: number, amount: 1 | -1): void {
    const { context } = this;
    const code = context.state.word(ownerAt);
    this.note(page);
    if (code !== OWNER_DEFAULT) {
      this.pages.counted(page, code, context.state.word(ownerAt + 1), amount);
      return;
    }
    const owner = context.owner(context.task);
    this.pages.counted(page, owner.code, owner.value, amount);
  }

  changed(address: number, before: number): void {
    const { context } = this;
    this.locks.changed(address, before);
    if (context.isPage(address) && !context.isTableLock(address)) this.note(address);
    this.complain();
  }

  /** Something about a page or a lock has changed: it will be looked at. */
  private note(address: number): void {
    const { context } = this;
    const { store } = context;
    const isPage = context.isPage(address);
    if (!isPage && !context.isMmapSem(address)) return;
    const kind = isPage ? PAGE : RWSEM;
    const object = isPage ? context.pageAt(address) : address;
    if (store.find(PENDING, kind, object) < 0) {
      store.push(PENDING, kind, object, context.pc, context.task);
    }
  }

  slept(task: number): void {
    const { context } = this;
    const { store } = context;
    const lock = context.waitOf(task);
    if (!context.isPage(lock)) return;
    const page = context.pageAt(lock);
    if (store.find(PENDING, PAGE, page) < 0) store.push(PENDING, PAGE, page, 0, task);
  }

  exiting(): void {
    const { task } = this.context;
    this.faults.exiting(task);
    this.pages.checkEmptyHands(task, 'ends');
    this.complain();
  }

  returning(): void {
    const { context } = this;
    const { task, store } = context;
    this.pages.checkEmptyHands(task, 'goes back to user mode');
    this.ptes.checkDirty(0);
    this.ptes.checkCounters();
    store.setTask(task, TASK_NOTE.pinObject, 0);
    this.complain();
  }

  settle(): void {
    const { context } = this;
    const { store } = context;
    for (let index = store.count(PENDING) - 1; index >= 0; index -= 1) {
      const object = store.entry(PENDING, index, 1);
      const pc = store.entry(PENDING, index, 2);
      const task = store.entry(PENDING, index, 3);
      const isDone =
        store.entry(PENDING, index, 0) === PAGE
          ? this.pages.settle(object, task, pc)
          : this.locks.settle(object, task, pc);
      if (isDone) store.remove(PENDING, index);
      if (context.finding !== undefined) break;
    }
    this.complain();
  }

  explain(fault: MachineFault): MachineFault {
    return this.faults.explain(fault);
  }
}
