/**
 * Why a task does not run: the chain from the task over what it waits for and who has that, down to
 * a task that runs or the device, such as
 * `bystander → mmap_sem, queued behind mapper → held by toucher → disk read #1, 11.2 ms left`.
 *
 * Queues come from the kernel's wait lists, holders from ghost state, the rest from the disk.
 */
import { asAddress, type TaskId } from '../base/brand.ts';
import { formatDuration } from '../base/duration.ts';
import type { DiskRequestView } from '../machine/diskView.ts';
import type { GhostHold } from '../machine/ghostView.ts';
import type { PageStruct } from './kernelReaders.ts';
import { findWait, pageLabel, type KernelView, type TaskWait } from './taskWaits.ts';

/** One link of the chain. */
export interface ChainLink {
  readonly kind: 'task' | 'lock' | 'page' | 'disk' | 'cpu' | 'unknown';
  readonly text: string;
  /** The task that the link names. */
  readonly task?: TaskId;
  /** The name of the lock that the link is about. */
  readonly lock?: string;
  /** The page that the link is about, as `FILE:INDEX`. */
  readonly page?: string;
  /** The number of the disk request that the link names. */
  readonly request?: number;
  /** Which link, from 0 on, the chain comes back to here: it is a ring. */
  readonly backTo?: number;
}

/** A page of 4096 bytes in sectors of 512. */
export const SECTORS_PER_PAGE = 8;

/** The disk request that reads a page; `undefined` when there is none. */
export function findDiskRead(view: KernelView, page: PageStruct): DiskRequestView | undefined {
  const { machine, readers } = view;
  const inode = readers.readInodeOfMapping(machine, page.mapping);
  const sector = inode.sector + SECTORS_PER_PAGE * page.index;
  return machine.disk
    .queue()
    .find(
      (request) =>
        request.sector <= sector && sector < request.sector + SECTORS_PER_PAGE * request.pages,
    );
}

const UNSENT: ChainLink = { kind: 'disk', text: 'a disk read that has not been sent yet' };

function isHeldBack(view: KernelView, page: PageStruct): boolean {
  const { machine, readers } = view;
  const inode = readers.readInodeOfMapping(machine, page.mapping);
  const sector = inode.sector + SECTORS_PER_PAGE * page.index;
  return readers
    .readQueuedRequests(machine)
    .some((item) => item.sector <= sector && sector < item.sector + SECTORS_PER_PAGE * item.pages);
}

/** A disk request in words: `disk read #1, 11.2 ms left`. */
export function describeDiskRead(view: KernelView, request: DiskRequestView): string {
  const name = `disk read #${String(request.id)}`;
  const { machine } = view;
  if (request.state === 'done') return `${name}, finished: its interrupt is due`;
  if (request.completesNs === undefined) {
    const active = machine.disk.queue().find((item) => item.state === 'active');
    return active === undefined
      ? `${name}, queued`
      : `${name}, queued behind #${String(active.id)}`;
  }
  const left = Math.max(0, request.completesNs - machine.nowNs());
  return `${name}, ${formatDuration(left)} left`;
}

function describeCpuWait(view: KernelView, task: TaskId): ChainLink {
  const { machine } = view;
  const state = machine.task(task);
  const cpu = machine.cpu(state.cpu);
  const where = `CPU ${String(cpu.id)}`;
  switch (state.status) {
    case 'running':
      return cpu.isInInterrupt
        ? { kind: 'cpu', text: `interrupted on ${where}` }
        : { kind: 'cpu', text: `runs on ${where}` };
    case 'runnable':
      return cpu.isIdle
        ? { kind: 'cpu', text: `ready, about to run on ${where}` }
        : { kind: 'cpu', text: `ready, waits for ${where}, which runs ${view.nameOf(cpu.task)}` };
    case 'new':
      return { kind: 'unknown', text: 'not started yet' };
    case 'exited':
      return { kind: 'unknown', text: 'has ended' };
    case 'blocked':
      return { kind: 'unknown', text: 'sleeps' };
  }
}

/** Who holds the lock: the holder that explains most, asleep before running, the waiter itself last. */
function chooseHolder(view: KernelView, lock: number, waiter: TaskId): GhostHold | undefined {
  const all = view.machine.ghost.holds().filter((hold) => hold.lock === lock);
  const holders = all.filter((hold) => hold.task !== waiter);
  return (
    holders.find(
      ({ task }) => task !== undefined && view.machine.task(task).status === 'blocked',
    ) ??
    holders[0] ??
    all[0]
  );
}

/** A lock is granted before its new holder is taken off the wait list: then the holder waits no longer. */
function isGranted({ machine: { ghost } }: KernelView, task: TaskId, lock: number): boolean {
  const isThere = (item: { readonly task: TaskId | undefined; readonly lock: number }): boolean =>
    item.task === task && item.lock === lock;
  return ghost.holds().some(isThere) && !ghost.waits().some(isThere);
}

function lockLink(view: KernelView, wait: Extract<TaskWait, { kind: 'lock' }>): ChainLink {
  const names = wait.ahead.map((task) => view.nameOf(task));
  const place = names.length === 0 ? 'first in its queue' : `queued behind ${names.join(', ')}`;
  return { kind: 'lock', text: `${wait.lock.name}, ${place}`, lock: wait.lock.name };
}

function diskLink(view: KernelView, request: DiskRequestView, page: string): ChainLink {
  return { kind: 'disk', text: describeDiskRead(view, request), page, request: request.id };
}

/** The rest of the chain of a task that waits for a page, and the task it ends at, if any. */
function pageLinks(
  view: KernelView,
  task: TaskId,
  wait: Extract<TaskWait, { kind: 'page' }>,
): { readonly links: readonly ChainLink[]; readonly next: TaskId | undefined } {
  const request = findDiskRead(view, wait.page);
  if (request !== undefined) {
    return { links: [diskLink(view, request, wait.label)], next: undefined };
  }
  const lock: ChainLink = {
    kind: 'page',
    text: `page lock of ${wait.label}`,
    page: wait.label,
  };
  if (isHeldBack(view, wait.page)) {
    return { links: [lock, { ...UNSENT, page: wait.label }], next: undefined };
  }
  const flags = wait.page.address + view.readers.layout.field('page', 'flags').offset;
  const holder = chooseHolder(view, asAddress(flags), task)?.task;
  if (holder === undefined) return { links: [lock], next: undefined };
  const held: ChainLink = { kind: 'task', text: `held by ${view.nameOf(holder)}`, task: holder };
  return { links: [lock, held], next: holder };
}

/** From a lock that a task is about to wait for, over who is inside, to what that one waits for. */
export function explainHold(view: KernelView, task: TaskId, lock: number): readonly ChainLink[] {
  const holder = chooseHolder(view, lock, task)?.task;
  if (holder !== undefined) {
    const held: ChainLink = { kind: 'task', text: `held by ${view.nameOf(holder)}`, task: holder };
    return [held, ...explainWait(view, holder).slice(1)];
  }
  const { offset } = view.readers.layout.field('page', 'flags');
  const page = view.readers.readPage(view.machine, asAddress(lock - offset));
  if (page.mapping === 0) return [];
  const request = findDiskRead(view, page);
  if (request !== undefined) return [diskLink(view, request, pageLabel(view, page))];
  return isHeldBack(view, page) ? [UNSENT] : [];
}

/** The chain, beginning with the task itself. */
export function explainWait(view: KernelView, task: TaskId): readonly ChainLink[] {
  const links: ChainLink[] = [{ kind: 'task', text: view.nameOf(task), task }];
  const seen = new Set<TaskId>();
  let current: TaskId | undefined = task;
  while (current !== undefined) {
    if (seen.has(current)) {
      const backTo = links.findIndex((link) => link.task === current);
      links.push({ kind: 'unknown', text: 'a circle: a deadlock', backTo });
      return links;
    }
    seen.add(current);
    const wait = findWait(view, current);
    if (wait === undefined || wait.kind === 'unknown') {
      links.push(describeCpuWait(view, current));
      return links;
    }
    if (wait.kind === 'page') {
      const { links: more, next } = pageLinks(view, current, wait);
      links.push(...more);
      current = next;
      continue;
    }
    links.push(lockLink(view, wait));
    if (isGranted(view, current, wait.semaphore.address)) {
      const text = 'granted, about to be woken up';
      links.push({ kind: 'lock', text, lock: wait.lock.name });
      return links;
    }
    const holder: TaskId | undefined = chooseHolder(view, wait.semaphore.address, current)?.task;
    if (holder === undefined) {
      links.push({ kind: 'lock', text: 'held by nobody', lock: wait.lock.name });
      return links;
    }
    links.push({ kind: 'task', text: `held by ${view.nameOf(holder)}`, task: holder });
    current = holder;
  }
  return links;
}

/** The chain in one line. */
export function formatChain(links: readonly ChainLink[]): string {
  return links.map((link) => link.text).join(' → ');
}
