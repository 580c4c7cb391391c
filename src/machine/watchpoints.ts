/**
 * Watchpoints: a run stops behind the instruction that reads or writes certain memory or a certain local.
 *
 * Memory: loads and stores are caught by the marks of `watchedWords.ts`, whatever else touches memory for
 * the program (atomic operations, copies, user programs through their page tables, the walk of the page
 * tables, the disk) tells of it here before it does so. Locals in slots: the instructions that use the slot
 * are known, and stop like breakpoints; `watchedLocals.ts` finds them. What the machine itself pushes on
 * a kernel stack (trap frames, saved registers) and what users change are not told.
 *
 * A write counts when it changes the value, unless reads count too. None of this is machine state: with and
 * without watchpoints a run goes through the same states.
 */
import { asAddress, asCpuId, asPc, asTaskId } from '../base/brand.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import { TASK } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { peekUser } from './mmu.ts';
import type { AccessStop, WatchedAccess } from './stop.ts';
import { USER_EIP } from './userCpu.ts';
import { LocalTable } from './watchedLocals.ts';
import { type WatchedRange, WatchedWords } from './watchedWords.ts';
import type { Accessor, AccessWatch, MemoryUse, Watchpoint } from './watchpoint.ts';

/** An access that has begun. */
interface Pending {
  readonly watchpoint: number;
  isRead: boolean;
  isWrite: boolean;
  readonly before: Uint8Array;
  /** Reads the value again. */
  readonly read: () => Uint8Array;
  /** Whether the access is undone when the instruction is a page fault. */
  readonly isByTask: boolean;
}

/** Addresses of user programs in one address space. */
interface UserRange {
  readonly directory: number;
  readonly start: number;
  readonly end: number;
  readonly watchpoint: number;
}

/** In the place of the stop while the instruction that accesses is executed. */
const PENDING: AccessStop = {
  kind: 'access',
  cpu: asCpuId(0),
  task: asTaskId(0),
  accesses: [],
  by: 'task',
};

/** All watchpoints of one machine. */
export class WatchpointTable implements AccessWatch {
  private readonly locals: LocalTable;
  private readonly state: MachineState;
  private readonly watchpoints: readonly Watchpoint[];
  private readonly words: WatchedWords;
  private readonly userRanges: readonly UserRange[];
  private pending: Pending[] = [];
  private place: Omit<AccessStop, 'accesses' | 'kind'> = PENDING;

  /** Cost: the watched words, and the code of the functions whose locals are watched. */
  constructor(state: MachineState, watchpoints: readonly Watchpoint[]) {
    this.state = state;
    this.watchpoints = watchpoints;
    const { memory } = state;
    this.words = new WatchedWords(memory.shadow, imageRanges(state, watchpoints));
    memory.watched = this.words;
    this.userRanges = watchpoints.flatMap(({ place }, watchpoint) => {
      if (place.kind !== 'user') return [];
      const directory = state.word(taskAt(place.task) + TASK.pageDirectory);
      return [{ directory, start: place.address, end: place.address + place.bytes, watchpoint }];
    });
    this.locals = new LocalTable(state, watchpoints);
    this.locals.flag(true);
  }

  /** Takes the marks and flags off for good. */
  remove(): void {
    this.words.takeOff();
    this.state.memory.watched = undefined;
    this.locals.flag(false);
  }

  /** The instructions that have flags. */
  get flagged(): readonly number[] {
    return this.locals.pcs;
  }

  /** A run begins; `isActive` says whether it wants to know. */
  beginRun(isActive: boolean): void {
    this.words.isActive = isActive;
    this.pending = [];
    if (isActive) this.locals.begin();
  }

  /** The run has ended. */
  endRun(): void {
    if (this.isActive) this.locals.end();
    this.words.isActive = false;
  }

  get isActive(): boolean {
    return this.words.isActive;
  }

  note(at: number, bytes: number, use: MemoryUse, by: Accessor): void {
    if (!this.isActive) return;
    for (const { start, end, watchpoint } of this.words.ranges) {
      if (at >= end || at + bytes <= start) continue;
      const read = (): Uint8Array => this.state.memory.bytes.slice(start, end);
      this.begin(watchpoint, use, read, by);
    }
  }

  noteUser(address: number, bytes: number, use: MemoryUse): void {
    if (!this.isActive) return;
    const { state } = this;
    const task = state.currentTask;
    const directory = state.word(taskAt(task) + TASK.pageDirectory);
    const from = address >>> 0;
    for (const { start, end, watchpoint, ...range } of this.userRanges) {
      if (range.directory !== directory || from >= end || from + bytes <= start) continue;
      this.begin(watchpoint, use, () => readUser(state, task, start, end), 'task');
    }
    if (this.words.ranges.length === 0) return;
    for (let index = 0; index < bytes; index += 1) {
      const at = from >= DIRECT_MAP_BASE ? -1 : peekUser(state, task, from + index);
      if (at >= 0) this.note(at, 1, use, 'task');
    }
  }

  arriveBehindCall(): boolean {
    const arrivals = this.locals.arriveBehindCall();
    for (const { watchpoint, use, read, before } of arrivals) {
      this.begin(watchpoint, use, read, 'task', before);
    }
    return arrivals.length > 0;
  }

  arriveAtLocal(): boolean {
    const arrivals = this.locals.arrive();
    for (const { watchpoint, use, read, before } of arrivals) {
      this.begin(watchpoint, use, read, 'task', before);
    }
    return arrivals.length > 0;
  }

  forget(): void {
    this.pending = this.pending.filter(({ isByTask }) => !isByTask);
    if (this.pending.length === 0 && this.state.stop === PENDING) this.state.stop = undefined;
  }

  /** The instruction is done: makes the stop of what it accessed, or lets the run go on. */
  conclude(): void {
    const { state, pending } = this;
    if (pending.length === 0) return;
    this.pending = [];
    if (state.stop !== PENDING) return;
    const accesses: WatchedAccess[] = [];
    for (const item of pending) this.judge(item, accesses);
    state.stop = accesses.length === 0 ? undefined : { ...this.place, kind: 'access', accesses };
  }

  private judge(
    { watchpoint, isRead, isWrite, before, read }: Pending,
    into: WatchedAccess[],
  ): void {
    const access = this.watchpoints[watchpoint]?.access;
    if (access === 'read' && !isRead) return;
    const after = read();
    if (access === 'write' && !(isWrite && areDifferent(before, after))) return;
    into.push({ watchpoint, isRead, isWrite, before, after });
  }

  private begin(
    watchpoint: number,
    use: MemoryUse,
    read: () => Uint8Array,
    by: Accessor,
    before = read(),
  ): void {
    const isRead = use !== 'write';
    const isWrite = use !== 'read';
    const known = this.pending.find((item) => item.watchpoint === watchpoint);
    if (known !== undefined) {
      known.isRead ||= isRead;
      known.isWrite ||= isWrite;
      return;
    }
    if (this.pending.length === 0) this.place = this.placeNow(by);
    this.pending.push({ watchpoint, isRead, isWrite, before, read, isByTask: by === 'task' });
    this.state.stop ??= PENDING;
  }

  private placeNow(by: Accessor): Omit<AccessStop, 'accesses' | 'kind'> {
    const { state } = this;
    const task = state.currentTask;
    const who = { cpu: asCpuId(state.currentCpu), task: asTaskId(task), by };
    if (by === 'disk') return who;
    const pc = state.word(taskAt(task) + TASK.pc);
    if (pc >= 0) return { ...who, pc: asPc(pc) };
    const address = (state.userRegisters[task] as Int32Array)[USER_EIP] as number;
    return { ...who, userAddress: asAddress(address >>> 0) };
  }
}

function imageRanges(state: MachineState, watchpoints: readonly Watchpoint[]): WatchedRange[] {
  return watchpoints.flatMap(({ place, access }, watchpoint) => {
    if (place.kind !== 'memory') return [];
    const start = state.memory.locate(place.address, place.bytes);
    if (start < 0 || place.bytes <= 0) return [];
    const reads = access !== 'write';
    return [{ start, end: start + place.bytes, reads, writes: access !== 'read', watchpoint }];
  });
}

/** Bytes that a task sees; 0 where it sees none. */
function readUser(state: MachineState, task: number, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  for (let index = 0; index < bytes.length; index += 1) {
    const at = peekUser(state, task, start + index);
    if (at >= 0) bytes[index] = state.memory.bytes[at] as number;
  }
  return bytes;
}

function areDifferent(before: Uint8Array, after: Uint8Array): boolean {
  for (let index = 0; index < before.length; index += 1) {
    if (before[index] !== after[index]) return true;
  }
  return false;
}
