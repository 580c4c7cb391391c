/**
 * What the lock pictures show at a stop: made from the stop's state and from what they showed before.
 *
 * The state says who is where; the picture before says who sat where, what has just changed, how many seats have to
 * stay reserved and how long the bars of time are. Another run, or the same one from its start, begins afresh.
 */
import type { LockState, PageState, PanelState } from '../../view/panelState.ts';
import { readRwsemCount, type RwsemReading } from '../../view/rwsemReading.ts';
import { findWaitRing, isLetIn, type WaitRing } from '../../view/waitRing.ts';
import { lockChanges, pageChanges } from './changeWords.ts';
import { groupPages, type PageGroup } from './pageGroups.ts';
import { seatInQueue, seatInRoom, settle, type Seats, type Sitter } from './seats.ts';
import { fullBar } from './timeBar.ts';

/** One `mmap_sem`. */
export interface RoomPicture {
  readonly lock: LockState;
  readonly reading: RwsemReading;
  readonly inside: Seats;
  readonly queue: Seats;
  /** How many seats are drawn, taken or not: as many as there ever were. */
  readonly rows: number;
  /** What has changed since the last stop, as short sentences. */
  readonly changes: readonly string[];
}

/** All that the pictures show. */
export interface LocksPicture {
  readonly state: PanelState;
  readonly rooms: readonly RoomPicture[];
  readonly pages: readonly PageGroup[];
  /** How many rows of pages, and of tasks asleep on them, are drawn, needed or not. */
  readonly pageRows: number;
  readonly sleeperRows: number;
  readonly pageChanges: readonly string[];
  /** The time of a full bar, in virtual nanoseconds. */
  readonly fullNs: number;
  readonly ring: WaitRing | undefined;
  /** The stop before was later in the run. */
  readonly isBack: boolean;
}

/** So many seats are drawn from the start, as far as there are tasks. */
const FIRST_ROWS = 4;
/** More seats than this are counted, not drawn. */
export const MOST_ROWS = 8;
const FEWEST_PAGE_ROWS = 1;
const MOST_PAGE_ROWS = 8;

function sittersInside({ holders }: LockState): readonly Sitter[] {
  return holders.map(({ owner, taskId, mode, sinceNs }) => ({
    name: owner,
    taskId,
    mode,
    sinceNs,
  }));
}

function sittersInQueue(lock: LockState): readonly Sitter[] {
  return lock.queue.map(({ task, taskId, mode, sinceNs }) => {
    const isGranted = isLetIn(lock, task);
    return { name: task, taskId, mode, sinceNs, isGranted };
  });
}

/** The count of a lock's state, read. */
export function readingOf({ rawCount, queue, holders }: LockState): RwsemReading {
  const waiters = queue.map(({ task, mode }) => ({ name: task, mode }));
  return readRwsemCount({ count: Number(rawCount), waiters, inside: holders });
}

function nextRoom(
  before: RoomPicture | undefined,
  lock: LockState,
  taskCount: number,
): RoomPicture {
  const inside = seatInRoom(before?.inside ?? [], sittersInside(lock));
  const queue = seatInQueue(before?.queue ?? [], sittersInQueue(lock));
  const needed = Math.min(MOST_ROWS, Math.max(inside.length, queue.length));
  const isFirst = before === undefined;
  return {
    lock,
    reading: readingOf(lock),
    inside: isFirst ? settle(inside) : inside,
    queue: isFirst ? settle(queue) : queue,
    rows: Math.max(1, Math.min(FIRST_ROWS, taskCount), before?.rows ?? 0, needed),
    changes: isFirst ? [] : lockChanges(lock, inside, queue),
  };
}

function isSameRun(one: PanelState, other: PanelState): boolean {
  return one.scenario === other.scenario && one.kernel === other.kernel && one.rev <= other.rev;
}

/** Times that bars stand for at this stop. */
function listTimes({ locks, tasks, clockNs }: PanelState): readonly number[] {
  const since = [
    ...locks.flatMap(({ holders }) => holders.map(({ sinceNs }) => sinceNs)),
    ...tasks.flatMap(({ sinceNs }) => sinceNs ?? []),
  ];
  return since.map((ns) => clockNs - ns);
}

function pagesBefore(before: LocksPicture | undefined): readonly PageState[] {
  return before?.state.pages ?? [];
}

/** Rows of seats below the pages: two tasks sit side by side. */
export function countSleeperRows(pages: readonly PageGroup[]): number {
  return pages.reduce((sum, { waiters }) => sum + Math.ceil(waiters.length / 2), 0);
}

/** Looks at other moments, while the user drags through time, have the number of the stop at which they are made. */
function isSameStop(one: PanelState, other: PanelState): boolean {
  return one.rev === other.rev && one.position === other.position && isSameRun(one, other);
}

/** The picture of a state, after the picture of the stop before. */
export function nextPicture(previous: LocksPicture | undefined, state: PanelState): LocksPicture {
  // The same stop told again, as after the panel was hidden, changes nothing.
  if (previous !== undefined && isSameStop(previous.state, state)) return previous;
  const before = previous !== undefined && isSameRun(previous.state, state) ? previous : undefined;
  const pages = groupPages(state);
  const rows = Math.min(MOST_PAGE_ROWS, pages.length);
  const sleepers = Math.min(MOST_PAGE_ROWS, countSleeperRows(pages));
  return {
    state,
    rooms: state.locks.map((lock) =>
      nextRoom(
        before?.rooms.find((room) => room.lock.name === lock.name),
        lock,
        state.tasks.length,
      ),
    ),
    pages,
    pageRows: Math.max(FEWEST_PAGE_ROWS, before?.pageRows ?? 0, rows),
    sleeperRows: Math.max(before?.sleeperRows ?? 0, sleepers),
    pageChanges: before === undefined ? [] : pageChanges(pagesBefore(before), state.pages),
    fullNs: fullBar(before?.fullNs ?? 0, listTimes(state)),
    ring: findWaitRing(state),
    isBack: before !== undefined && state.position < before.state.position,
  };
}
