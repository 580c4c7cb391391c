/**
 * What the tasks of a run wait for, read from the kernel's own wait lists: the queue of each
 * `mmap_sem` and the wait queues of page locks. Ghost state adds since when.
 */
import type { Address, TaskId } from '../base/brand.ts';
import type { Machine } from '../machine/machine.ts';
import type { TaskView } from '../machine/taskView.ts';
import type { KernelReaders, MmStruct, PageStruct, RwSemaphore } from './kernelReaders.ts';

/** An address space of the run with the name of its lock. */
export interface AddressSpaceLock {
  readonly mm: MmStruct;
  /** `mmap_sem`, or `PROCESS.mmap_sem` where there are several processes. */
  readonly name: string;
}

/** What a task that is not running waits for. */
export type TaskWait =
  | {
      readonly kind: 'lock';
      readonly lock: AddressSpaceLock;
      readonly semaphore: RwSemaphore;
      readonly mode: 'read' | 'write';
      /** Tasks before it in the queue, first in line first. */
      readonly ahead: readonly TaskId[];
      readonly sinceNs: number | undefined;
    }
  | {
      readonly kind: 'page';
      readonly page: PageStruct;
      readonly label: string;
      readonly sinceNs: number | undefined;
    }
  | { readonly kind: 'unknown'; readonly sinceNs: number | undefined };

/** A machine with the means to read its kernel. */
export interface KernelView {
  readonly machine: Machine;
  readonly readers: KernelReaders;
  /** Names of the scenario's tasks. */
  nameOf(task: TaskId): string;
}

/** All tasks of the machine. */
export function listTasks(machine: Machine): readonly TaskView[] {
  return Array.from({ length: machine.taskCount }, (_, id) => machine.task(id as TaskId));
}

/** The address spaces that tasks of the scenario run in, in the order of the tasks. */
export function listAddressSpaces({ machine, readers }: KernelView): readonly AddressSpaceLock[] {
  const spaces = new Map<Address, MmStruct>();
  for (const task of listTasks(machine)) {
    if (task.isIdle) continue;
    const mm = readers.readMmOfTask(machine, task.cookie);
    if (mm !== 0 && !spaces.has(mm)) spaces.set(mm, readers.readMm(machine, mm));
  }
  const isSingle = spaces.size === 1;
  return [...spaces.values()].map((mm) => ({
    mm,
    name: isSingle ? 'mmap_sem' : `${mm.name}.mmap_sem`,
  }));
}

/** `FILE:INDEX` for a page of the page cache. */
export function pageLabel({ machine, readers }: KernelView, page: PageStruct): string {
  const { name } = readers.readInodeOfMapping(machine, page.mapping);
  return `${name}:${String(page.index)}`;
}

function findLockWait(
  view: KernelView,
  task: TaskView,
  spaces: readonly AddressSpaceLock[],
): TaskWait | undefined {
  const { machine, readers } = view;
  for (const lock of spaces) {
    const semaphore = readers.readRwsem(machine, lock.mm.mmapSem);
    const place = semaphore.waiters.findIndex((waiter) => waiter.task === task.cookie);
    const waiter = semaphore.waiters[place];
    if (waiter === undefined) continue;
    const ahead = semaphore.waiters
      .slice(0, place)
      .flatMap(({ task: cookie }) => machine.taskOfCookie(cookie) ?? []);
    const ghost = machine.ghost
      .waits()
      .find((item) => item.task === task.id && item.lock === semaphore.address);
    const sinceNs = ghost?.sinceNs ?? task.blockedSinceNs;
    const mode = waiter.isWriter ? 'write' : 'read';
    return { kind: 'lock', lock, semaphore, mode, ahead, sinceNs };
  }
  return undefined;
}

function findPageWait(view: KernelView, task: TaskView): TaskWait | undefined {
  const { machine, readers } = view;
  const waiter = readers.readPageWaiters(machine).find((item) => item.task === task.cookie);
  if (waiter === undefined) return undefined;
  // `flags` is the first field of `struct page` or another one: ask the layout.
  const offset = readers.layout.field('page', 'flags').offset;
  const page = readers.readPage(machine, (waiter.word - offset) as Address);
  const sinceNs = task.blockedSinceNs;
  return { kind: 'page', page, label: pageLabel(view, page), sinceNs };
}

/**
 * What a task waits for; `undefined` when it does not wait. A task in the queue of a lock waits for
 * it, even while it is still on its way to sleep. `spaces` are those of `listAddressSpaces`.
 */
export function findWait(
  view: KernelView,
  task: TaskId,
  spaces = listAddressSpaces(view),
): TaskWait | undefined {
  const state = view.machine.task(task);
  if (state.status === 'new' || state.status === 'exited') return undefined;
  const lockWait = findLockWait(view, state, spaces);
  if (lockWait !== undefined || state.status !== 'blocked') return lockWait;
  return findPageWait(view, state) ?? { kind: 'unknown', sinceNs: state.blockedSinceNs };
}
