/**
 * The rules about `mmap_sem`, spinlocks and sleeping.
 *
 * What an rwsem stores is compared with what the annotations know whenever nobody is inside its wait_lock. A task whose
 * wait has begun and that is not in the queue yet has its bias in the count: it is on its way.
 */
import { asAddress, hex } from '../../base/brand.ts';
import { INTRINSIC } from '../../bytecode/intrinsic.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../../bytecode/instruction.ts';
import { MODE_READ, MODE_WRITE } from '../../machine/ghostView.ts';
import { CPU, HEADER, HOLD, HOLDS_AT, TASK, WAIT, WAITS_AT } from '../../machine/imageLayout.ts';
import { cpuAt, taskAt } from '../../machine/machineState.ts';
import type { RuleFunctionName } from '../kernelNames.ts';
import type { RwsemWaiter } from '../kernelReaders.ts';
import type { RuleContext } from './ruleContext.ts';
import { isAnybodyIn, markFunctions, outerPc } from './rulePlaces.ts';
import { NOTE, SPINS, TASK_NOTE } from './ruleStore.ts';
import { atPlace, pageName, taskName } from './ruleWords.ts';

/** Functions that hand an rwsem on, or are about to. */
const WAKERS: ReadonlySet<string> = new Set([
  '__up_read',
  '__up_write',
  '__downgrade_write',
  'rwsem_wake',
  'rwsem_downgrade_wake',
]);

const NO_WAITERS: readonly RwsemWaiter[] = [];

const SPIN_LOCK = 1;
const SPIN_UNLOCK = 2;

/** Who is inside a lock and who is about to queue, as the annotations know it. */
interface Users {
  readonly readers: number;
  readonly writers: number;
  readonly waitingReaders: number;
  readonly waitingWriters: number;
}

export class LockRules {
  private readonly context: RuleContext;
  /** By instruction number: whether it takes or drops a spinlock. */
  private readonly spins: Uint8Array;
  private readonly bias: number;
  private readonly countOffset: number;
  private readonly waitLockOffset: number;
  private readonly waitListOffset: number;
  private readonly nextOffset: number;
  private readonly trylocks: ReadonlySet<number>;
  /** By function index: 1 for a waker. */
  private readonly wakers: Uint8Array;

  constructor(context: RuleContext) {
    this.context = context;
    const { program, layout } = context.kernel;
    this.spins = new Uint8Array(program.code.length >> 2);
    this.noteSpins('spin_lock', SPIN_LOCK);
    this.noteSpins('spin_trylock', SPIN_LOCK);
    this.noteSpins('spin_unlock', SPIN_UNLOCK);
    this.bias = layout.constant('RWSEM_WAITING_BIAS') | 0;
    this.countOffset = layout.field('rw_semaphore', 'count').offset;
    this.waitLockOffset = layout.field('rw_semaphore', 'wait_lock').offset;
    this.waitListOffset = layout.field('rw_semaphore', 'wait_list').offset;
    this.nextOffset = layout.field('list_head', 'next').offset;
    this.wakers = markFunctions(context, WAKERS);
    this.trylocks = new Set(
      program.functions.flatMap(({ name, index }) => (name.includes('trylock') ? [index] : [])),
    );
  }

  private noteSpins(name: RuleFunctionName, kind: number): void {
    const { program, functions } = this.context.kernel;
    for (const { info } of functions.get(name) ?? []) {
      for (let pc: number = info.entry; pc < info.end; pc += INSTRUCTION_WORDS) {
        const isExchange =
          ((program.code[pc] ?? 0) & OPCODE_MASK) === OP.intrinsic &&
          program.code[pc + 2] === INTRINSIC.fl_atomic_xchg;
        if (isExchange) this.spins[pc >> 2] = kind;
      }
    }
  }

  /** An atomic operation has changed a word: perhaps a spinlock was taken or dropped. */
  changed(address: number, before: number): void {
    const { context } = this;
    const kind = this.spins[context.pc >> 2];
    if (kind === 0) return;
    const { store, task } = context;
    if (kind === SPIN_LOCK) {
      const depth = context.state.word(taskAt(task) + TASK.interruptDepth);
      if (before === 0) store.push(SPINS, address, task, depth);
      return;
    }
    const index = store.find(SPINS, address);
    if (index >= 0) store.remove(SPINS, index);
  }

  /** A task is about to take or wait for `mmap_sem`; `functionIndex` is where the annotation stands. */
  beforeTaking(lock: number, mode: number, task: number, functionIndex: number | undefined): void {
    const { context } = this;
    const { store } = context;
    if (context.holds(task, lock)) {
      const name = taskName(context, task);
      const pc = store.task(task, TASK_NOTE.acquirePc);
      context.report(
        'mmap-sem-recursion',
        `${name} takes mmap_sem for ${modeWord(mode)} while it holds it already, since${atPlace(context, pc)}. A writer that queues in between would wait for ${name}, and ${name} for the writer.`,
      );
    }
    if (functionIndex !== undefined && this.trylocks.has(functionIndex)) return;
    const page = context.lockedPageOf(task);
    if (page === 0 || task !== context.task) return;
    context.report(
      'sleep-in-atomic',
      `${taskName(context, task)} takes mmap_sem with ${pageName(context, page)} locked. The order is mmap_sem, then the page lock: another task may hold mmap_sem and wait for that page.`,
    );
  }

  /** `mmap_sem` has been taken for a task. */
  taken(lock: number, mode: number, task: number): void {
    const { context } = this;
    const { store } = context;
    this.checkOrder(lock, mode, task);
    store.setTask(task, TASK_NOTE.queueSerial, 0);
    store.setTask(task, TASK_NOTE.holdSerial, store.add(NOTE.serial, 1));
    store.setTask(task, TASK_NOTE.hasLookedUp, 0);
    store.setTask(task, TASK_NOTE.acquirePc, outerPc(context, task));
  }

  dropped(task: number): void {
    const { store } = this.context;
    store.setTask(task, TASK_NOTE.holdSerial, 0);
    store.setTask(task, TASK_NOTE.dropPc, outerPc(this.context, task));
  }

  /** The one who gets the lock must not overtake anybody who was in the queue before. */
  private checkOrder(lock: number, mode: number, task: number): void {
    const { context } = this;
    const { store } = context;
    const own = store.task(task, TASK_NOTE.queueSerial);
    const count = context.state.word(HEADER.taskCount);
    for (let other = 0; other < count; other += 1) {
      const serial = store.task(other, TASK_NOTE.queueSerial);
      if (other === task || serial === 0) continue;
      if (store.task(other, TASK_NOTE.queueLock) !== (lock | 0)) continue;
      if (own !== 0 && serial > own) continue;
      const isWriter = store.task(other, TASK_NOTE.queueMode) === MODE_WRITE;
      if (mode === MODE_READ && !isWriter) continue;
      context.report(
        'rwsem-fifo',
        `${taskName(context, task)} gets mmap_sem for ${modeWord(mode)} before ${taskName(context, other)}, which has been waiting longer for ${modeWord(store.task(other, TASK_NOTE.queueMode))}.`,
      );
      return;
    }
  }

  /** Looks an rwsem over; returns whether that was possible now. */
  settle(lock: number, task: number, pc: number): boolean {
    const { context } = this;
    if (context.load(lock + this.waitLockOffset) !== 0) return false;
    const count = context.load(lock + this.countOffset);
    const waiters = this.readWaiters(lock);
    this.noteQueue(lock, waiters);
    const users = this.countUsers(lock);
    this.checkCount(count, waiters, users, task, pc);
    return this.checkProgress(waiters, users);
  }

  /** The queue of an rwsem, which is empty most of the time. */
  private readWaiters(lock: number): readonly RwsemWaiter[] {
    const { context } = this;
    const list = (lock + this.waitListOffset) | 0;
    if (context.load(list + this.nextOffset) === list) return NO_WAITERS;
    return context.readers.readRwsem(context.memory, asAddress(lock >>> 0)).waiters;
  }

  /** Numbers those who have come into the queue, in their order. */
  private noteQueue(lock: number, waiters: readonly RwsemWaiter[]): void {
    const { context } = this;
    const { store } = context;
    for (const waiter of waiters) {
      const task = waiter.task === 0 ? -1 : context.taskOf(waiter.task);
      if (task < 0 || store.task(task, TASK_NOTE.queueSerial) !== 0) continue;
      store.setTask(task, TASK_NOTE.queueLock, lock);
      store.setTask(task, TASK_NOTE.queueMode, waiter.isWriter ? MODE_WRITE : MODE_READ);
      store.setTask(task, TASK_NOTE.queueSerial, store.add(NOTE.serial, 1));
    }
  }

  private countUsers(lock: number): Users {
    const { words } = this.context.state;
    const users = { readers: 0, writers: 0, waitingReaders: 0, waitingWriters: 0 };
    for (let index = (words[HEADER.holdCount] as number) - 1; index >= 0; index -= 1) {
      const at = HOLDS_AT + index * HOLD.words;
      if (words[at + HOLD.lock] !== (lock | 0)) continue;
      if (words[at + HOLD.mode] === MODE_WRITE) users.writers += 1;
      else users.readers += 1;
    }
    for (let index = (words[HEADER.waitCount] as number) - 1; index >= 0; index -= 1) {
      const at = WAITS_AT + index * WAIT.words;
      if (words[at + WAIT.lock] !== (lock | 0)) continue;
      if (words[at + WAIT.mode] === MODE_WRITE) users.waitingWriters += 1;
      else users.waitingReaders += 1;
    }
    return users;
  }

  private checkCount(
    count: number,
    waiters: readonly RwsemWaiter[],
    users: Users,
    task: number,
    pc: number,
  ): void {
    const { context, bias } = this;
    const queuedWriters = countWriters(waiters);
    const comingWriters = users.waitingWriters - queuedWriters;
    const comingReaders = users.waitingReaders - (waiters.length - queuedWriters);
    const active = users.readers + users.writers + comingReaders + comingWriters;
    const biases = users.writers + comingWriters + (waiters.length > 0 ? 1 : 0);
    const expected = (active + biases * bias) | 0;
    const isMixed = users.writers > 0 && users.readers + users.writers > 1;
    if (count === expected && !isMixed) return;
    const readers = `${String(users.readers)} for reading and ${String(users.writers)} for writing`;
    if (isMixed) {
      context.report('rwsem-count', `mmap_sem is held ${readers} at once.`, task, pc);
    }
    if (count === expected) return;
    context.report(
      'rwsem-count',
      `The count of mmap_sem is ${hex(count, 8)}. It should be ${hex(expected, 8)}: the lock is held ${readers}, and ${String(waiters.length)} wait in its queue.`,
      task,
      pc,
    );
  }

  /** Somebody waits, nobody is inside, and nobody is about to wake the queue. Returns false while somebody may. */
  private checkProgress(waiters: readonly RwsemWaiter[], users: Users): boolean {
    const { context } = this;
    const [first] = waiters;
    if (first === undefined || users.readers + users.writers > 0) return true;
    if (users.waitingReaders + users.waitingWriters > waiters.length) return true;
    if (isAnybodyIn(context, this.wakers)) return false;
    const task = context.taskOf(first.task);
    if (task < 0) return true;
    context.report(
      'progress',
      `${taskName(context, task)} waits for mmap_sem, which nobody holds, and nobody is about to wake it.`,
      task,
    );
    return true;
  }

  /** The running task is about to sleep. */
  sleeping(): void {
    const { context } = this;
    const { task } = context;
    const interrupt = context.isInInterrupt;
    const count = context.load(context.cookie(task) + context.preemptOffset);
    const isOff = context.state.word(cpuAt(context.state.currentCpu) + CPU.irqsEnabled) === 0;
    if (count === 0 && !isOff) return;
    const why = interrupt
      ? 'an interrupt cannot sleep'
      : context.spinlocksOf(task) > 0
        ? 'it holds a spinlock, for which other CPUs would stand still'
        : count === 0
          ? 'interrupts are off'
          : 'preemption is off';
    context.report(
      'sleep-in-atomic',
      `${taskName(context, task)} may go to sleep here, where that is forbidden: ${why}.`,
    );
  }
}

function countWriters(waiters: readonly RwsemWaiter[]): number {
  let count = 0;
  for (const { isWriter } of waiters) if (isWriter) count += 1;
  return count;
}

function modeWord(mode: number): string {
  return mode === MODE_WRITE ? 'writing' : 'reading';
}
