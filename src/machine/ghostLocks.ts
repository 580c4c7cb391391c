/**
 * Ghost state of locks: who holds them, who waits for them, and for how long.
 *
 * Real locks do not store this; annotations inside the lock primitives drive it. It never influences
 * the modelled code. Holds and waits are short lists in the order in which they began; figures are kept
 * per lock and owner from the end of boot on.
 */
import { asTaskId, hex } from '../base/brand.ts';
import { OWNER_TASK } from '../bytecode/annotation.ts';
import {
  type GhostHold,
  type GhostWait,
  type LockFigures,
  type LockStatistics,
  MODE_READ,
  MODE_WRITE,
} from './ghostView.ts';
import {
  HEADER,
  HOLD,
  HOLD_SINCE_DOUBLE,
  HOLDS_AT,
  LOCK_STATISTICS,
  MAX_HOLDS,
  MAX_WAITS,
  STATISTICS,
  TASK,
  WAIT,
  WAIT_SINCE_DOUBLE,
  WAITS_AT,
} from './imageLayout.ts';
import { findEntry, isTableFull, makeEntry, visitEntries } from './imageTable.ts';
import { type MachineState, taskAt, unsigned } from './machineState.ts';
import { taskOfCookie } from './tasks.ts';
import { tell } from './tellTrace.ts';
import { TRACE } from './trace.ts';

/** An owner as annotations name it. */
export interface Owner {
  readonly code: number;
  readonly value: number;
}

function holdAt(index: number): number {
  return HOLDS_AT + index * HOLD.words;
}

function waitAt(index: number): number {
  return WAITS_AT + index * WAIT.words;
}

/** The last hold of an owner on a lock in any of the modes of the mask (bit 1 read, bit 2 write), or -1. */
export function findHold(state: MachineState, lock: number, owner: Owner, modes: number): number {
  for (let index = state.word(HEADER.holdCount) - 1; index >= 0; index -= 1) {
    const at = holdAt(index);
    if (
      state.word(at + HOLD.lock) === (lock | 0) &&
      (state.word(at + HOLD.mode) & modes) !== 0 &&
      state.word(at + HOLD.ownerCode) === owner.code &&
      state.word(at + HOLD.ownerValue) === owner.value
    ) {
      return index;
    }
  }
  return -1;
}

/** Whether anyone holds the lock. */
export function isHeld(state: MachineState, lock: number): boolean {
  for (let index = state.word(HEADER.holdCount) - 1; index >= 0; index -= 1) {
    if (state.word(holdAt(index) + HOLD.lock) === (lock | 0)) return true;
  }
  return false;
}

/** The owner gets the lock; its wait for it ends. Getting what one has is a machine fault. */
export function acquireLock(
  state: MachineState,
  lock: number,
  mode: number,
  owner: Owner,
  annotation: number,
): void {
  const known = findHold(state, lock, owner, 3);
  if (known >= 0) {
    const had = state.word(holdAt(known) + HOLD.mode);
    if (mode === MODE_WRITE || had === MODE_WRITE) {
      raiseLock(
        state,
        `${describeOwner(state, owner)} takes the lock at ${hex(lock, 8)} for ${modeWord(mode)}, which it already holds for ${modeWord(had)}`,
        lock,
        annotation,
      );
      return;
    }
  }
  if (lock === 0) {
    raiseLock(state, `${describeOwner(state, owner)} takes a lock at address 0`, lock, annotation);
    return;
  }
  const count = state.word(HEADER.holdCount);
  if (count >= MAX_HOLDS) {
    state.raise({
      kind: 'limit',
      message: `More than ${String(MAX_HOLDS)} locks are held at once.`,
    });
    return;
  }
  const { words } = state;
  const at = holdAt(count);
  words[HEADER.holdCount] = count + 1;
  words[at + HOLD.lock] = lock;
  words[at + HOLD.mode] = mode;
  words[at + HOLD.ownerCode] = owner.code;
  words[at + HOLD.ownerValue] = owner.value;
  state.memory.markWord(at);
  state.doubles[HOLD_SINCE_DOUBLE + count] = state.clock(state.currentCpu);
  state.memory.markWord((HOLD_SINCE_DOUBLE + count) * 2);
  addFigure(state, lock, owner, STATISTICS.acquisitions, 1);
  const task = owner.code === OWNER_TASK ? taskOfCookie(state, owner.value) : -1;
  if (state.trace !== undefined) tell(state, TRACE.acquire, task, lock, mode);
  if (task >= 0) endWait(state, lock, task);
}

/** The owner drops the lock. Dropping what one does not hold is a machine fault. */
export function dropLock(
  state: MachineState,
  lock: number,
  owner: Owner,
  annotation: number,
): void {
  const index = findHold(state, lock, owner, 3);
  if (index < 0) {
    raiseLock(
      state,
      `${describeOwner(state, owner)} drops the lock at ${hex(lock, 8)}, which it does not hold`,
      lock,
      annotation,
    );
    return;
  }
  const isWrite = state.word(holdAt(index) + HOLD.mode) === MODE_WRITE;
  if (state.trace !== undefined) {
    const task = owner.code === OWNER_TASK ? taskOfCookie(state, owner.value) : -1;
    tell(state, TRACE.drop, task, lock, isWrite ? MODE_WRITE : MODE_READ);
  }
  const ns = elapsed(state, state.double(HOLD_SINCE_DOUBLE + index));
  addFigure(state, lock, owner, isWrite ? STATISTICS.writeHoldTotal : STATISTICS.readHoldTotal, ns);
  raiseMaximum(state, lock, owner, isWrite ? STATISTICS.writeHoldMax : STATISTICS.readHoldMax, ns);
  const count = state.word(HEADER.holdCount) - 1;
  state.words[HEADER.holdCount] = count;
  // The list stays in order; what it no longer uses is cleared, so that equal states look equal.
  state.words.copyWithin(holdAt(index), holdAt(index + 1), holdAt(count + 1));
  state.words.fill(0, holdAt(count), holdAt(count + 1));
  state.memory.markWord(holdAt(0));
  const since = HOLD_SINCE_DOUBLE;
  state.doubles.copyWithin(since + index, since + index + 1, since + count + 1);
  state.doubles[since + count] = 0;
  state.memory.markWord(since * 2);
}

/** The running task starts to wait for a lock; what it waited for before is over. */
export function beginWait(state: MachineState, lock: number, mode: number): void {
  const task = state.currentTask;
  removeWait(state, task);
  const count = state.word(HEADER.waitCount);
  if (count >= MAX_WAITS) {
    state.raise({ kind: 'limit', message: `More than ${String(MAX_WAITS)} waits at once.` });
    return;
  }
  const { words } = state;
  const at = waitAt(count);
  words[HEADER.waitCount] = count + 1;
  words[at + WAIT.lock] = lock;
  words[at + WAIT.mode] = mode;
  words[at + WAIT.task] = task;
  state.memory.markWord(at);
  state.doubles[WAIT_SINCE_DOUBLE + count] = state.clock(state.currentCpu);
  state.memory.markWord((WAIT_SINCE_DOUBLE + count) * 2);
  addFigure(state, lock, ownerOfTask(state, task), STATISTICS.contended, 1);
  if (state.trace !== undefined) tell(state, TRACE.wait, task, lock, mode);
}

/** A task no longer waits for the lock; nothing happens if it did not. */
export function endWait(state: MachineState, lock: number, task: number): void {
  const index = findWait(state, task);
  if (index < 0 || state.word(waitAt(index) + WAIT.lock) !== (lock | 0)) return;
  const owner = ownerOfTask(state, task);
  const ns = elapsed(state, state.double(WAIT_SINCE_DOUBLE + index));
  addFigure(state, lock, owner, STATISTICS.waitTotal, ns);
  raiseMaximum(state, lock, owner, STATISTICS.waitMax, ns);
  if (state.trace !== undefined) tell(state, TRACE.resume, task, lock);
  removeWait(state, task);
}

function findWait(state: MachineState, task: number): number {
  for (let index = state.word(HEADER.waitCount) - 1; index >= 0; index -= 1) {
    if (state.word(waitAt(index) + WAIT.task) === task) return index;
  }
  return -1;
}

function removeWait(state: MachineState, task: number): void {
  const index = findWait(state, task);
  if (index < 0) return;
  const count = state.word(HEADER.waitCount) - 1;
  state.words[HEADER.waitCount] = count;
  state.words.copyWithin(waitAt(index), waitAt(index + 1), waitAt(count + 1));
  state.words.fill(0, waitAt(count), waitAt(count + 1));
  state.memory.markWord(waitAt(0));
  const since = WAIT_SINCE_DOUBLE;
  state.doubles.copyWithin(since + index, since + index + 1, since + count + 1);
  state.doubles[since + count] = 0;
  state.memory.markWord(since * 2);
}

/** The time since then on the running CPU's clock; under odd schedules that clock may be behind. */
function elapsed(state: MachineState, sinceNs: number): number {
  return Math.max(0, state.clock(state.currentCpu) - sinceNs);
}

/**
 * Where the figures of a lock and an owner stand; -1 when there is no room for new ones. Every page of a file has
 * a lock, so a long run would fill any table; what it looks at first keeps its figures.
 */
function figureDouble(state: MachineState, lock: number, owner: Owner): number {
  const { code, value } = owner;
  const isKnown = findEntry(state, LOCK_STATISTICS, lock, code, value) >= 0;
  if (!isKnown && isTableFull(state, LOCK_STATISTICS)) return -1;
  const entry = makeEntry(state, LOCK_STATISTICS, lock, code, value);
  return entry < 0 ? -1 : (entry + STATISTICS.figuresWord) / 2;
}

function addFigure(
  state: MachineState,
  lock: number,
  owner: Owner,
  figure: number,
  amount: number,
): void {
  const at = figureDouble(state, lock, owner);
  if (at >= 0) state.doubles[at + figure] = state.double(at + figure) + amount;
}

function raiseMaximum(
  state: MachineState,
  lock: number,
  owner: Owner,
  figure: number,
  ns: number,
): void {
  const at = figureDouble(state, lock, owner);
  if (at >= 0 && state.double(at + figure) < ns) state.doubles[at + figure] = ns;
}

/** A task as an owner. */
export function ownerOfTask(state: MachineState, task: number): Owner {
  return { code: OWNER_TASK, value: state.word(taskAt(task) + TASK.cookie) };
}

function describeOwner(state: MachineState, owner: Owner): string {
  if (owner.code !== OWNER_TASK) return `Owner ${String(owner.code)}`;
  const running = state.word(taskAt(state.currentTask) + TASK.cookie);
  return owner.value === running ? 'The running task' : `The task at ${hex(owner.value, 8)}`;
}

function modeWord(mode: number): string {
  return mode === MODE_WRITE ? 'writing' : 'reading';
}

function raiseLock(state: MachineState, message: string, lock: number, annotation: number): void {
  state.raise({ kind: 'lock', message: `${message}.`, address: unsigned(lock), annotation });
}

/** All holds, in the order in which they began. */
export function viewHolds(state: MachineState): readonly GhostHold[] {
  return Array.from({ length: state.word(HEADER.holdCount) }, (_, index) => {
    const at = holdAt(index);
    const ownerCode = state.word(at + HOLD.ownerCode);
    const ownerValue = unsigned(state.word(at + HOLD.ownerValue));
    return {
      lock: unsigned(state.word(at + HOLD.lock)),
      mode: state.word(at + HOLD.mode) === MODE_WRITE ? ('write' as const) : ('read' as const),
      ownerCode,
      ownerValue,
      task: taskOfOwner(state, ownerCode, ownerValue),
      sinceNs: state.double(HOLD_SINCE_DOUBLE + index),
    };
  });
}

/** All waits, in the order in which they began. */
export function viewWaits(state: MachineState): readonly GhostWait[] {
  return Array.from({ length: state.word(HEADER.waitCount) }, (_, index) => {
    const at = waitAt(index);
    return {
      lock: unsigned(state.word(at + WAIT.lock)),
      mode: state.word(at + WAIT.mode) === MODE_WRITE ? ('write' as const) : ('read' as const),
      task: asTaskId(state.word(at + WAIT.task)),
      sinceNs: state.double(WAIT_SINCE_DOUBLE + index),
    };
  });
}

function taskOfOwner(state: MachineState, code: number, value: number): GhostHold['task'] {
  const task = code === OWNER_TASK ? taskOfCookie(state, value) : -1;
  return task < 0 ? undefined : asTaskId(task);
}

type MutableFigures = { -readonly [K in keyof LockFigures]: number };
type OwnerFigures = MutableFigures & Omit<LockStatistics['owners'][number], keyof LockFigures>;

/** Figures of all locks, holds and waits that last included up to `nowNs`. */
export function viewStatistics(state: MachineState, nowNs: number): readonly LockStatistics[] {
  const byLock = new Map<number, OwnerFigures[]>();
  visitEntries(state, LOCK_STATISTICS, (entry) => {
    const lock = unsigned(state.word(entry + STATISTICS.lock));
    const owners = byLock.get(lock) ?? [];
    byLock.set(lock, owners);
    owners.push(readFigures(state, entry));
  });
  const find = (lock: number, code: number, value: number): OwnerFigures | undefined =>
    byLock.get(lock)?.find((item) => item.ownerCode === code && item.ownerValue === value);
  for (const hold of viewHolds(state)) {
    const figures = find(hold.lock, hold.ownerCode, hold.ownerValue);
    if (figures === undefined) continue;
    const ns = Math.max(0, nowNs - hold.sinceNs);
    const which = hold.mode === 'write' ? 'writeHold' : 'readHold';
    figures[`${which}TotalNs`] += ns;
    figures[`${which}MaxNs`] = Math.max(figures[`${which}MaxNs`], ns);
  }
  for (const wait of viewWaits(state)) {
    const cookie = unsigned(state.word(taskAt(wait.task) + TASK.cookie));
    const figures = find(wait.lock, OWNER_TASK, cookie);
    if (figures === undefined) continue;
    const ns = Math.max(0, nowNs - wait.sinceNs);
    figures.waitTotalNs += ns;
    figures.waitMaxNs = Math.max(figures.waitMaxNs, ns);
  }
  return [...byLock]
    .sort(([one], [other]) => one - other)
    .map(([lock, owners]) => ({ lock: unsigned(lock), ...sumFigures(owners), owners }));
}

function readFigures(state: MachineState, entry: number): OwnerFigures {
  const at = (entry + STATISTICS.figuresWord) / 2;
  const ownerCode = state.word(entry + STATISTICS.ownerCode);
  const ownerValue = unsigned(state.word(entry + STATISTICS.ownerValue));
  return {
    ownerCode,
    ownerValue,
    task: taskOfOwner(state, ownerCode, ownerValue),
    readHoldMaxNs: state.double(at + STATISTICS.readHoldMax),
    readHoldTotalNs: state.double(at + STATISTICS.readHoldTotal),
    writeHoldMaxNs: state.double(at + STATISTICS.writeHoldMax),
    writeHoldTotalNs: state.double(at + STATISTICS.writeHoldTotal),
    waitMaxNs: state.double(at + STATISTICS.waitMax),
    waitTotalNs: state.double(at + STATISTICS.waitTotal),
    acquisitions: state.double(at + STATISTICS.acquisitions),
    contended: state.double(at + STATISTICS.contended),
  };
}

function sumFigures(owners: readonly LockFigures[]): LockFigures {
  const most = (pick: (item: LockFigures) => number): number => Math.max(0, ...owners.map(pick));
  const total = (pick: (item: LockFigures) => number): number =>
    owners.reduce((sum, item) => sum + pick(item), 0);
  return {
    readHoldMaxNs: most((item) => item.readHoldMaxNs),
    readHoldTotalNs: total((item) => item.readHoldTotalNs),
    writeHoldMaxNs: most((item) => item.writeHoldMaxNs),
    writeHoldTotalNs: total((item) => item.writeHoldTotalNs),
    waitMaxNs: most((item) => item.waitMaxNs),
    waitTotalNs: total((item) => item.waitTotalNs),
    acquisitions: total((item) => item.acquisitions),
    contended: total((item) => item.contended),
  };
}
