/**
 * What has changed at the locks since the last stop, in short sentences: shown beside each lock, and announced.
 */
import type { LockState, PageState } from '../../view/panelState.ts';
import type { Seat, Seats } from './seats.ts';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

/** `first in the queue`. */
export function placeText(place: number): string {
  const ordinal = ORDINALS[place];
  return ordinal === undefined
    ? `number ${String(place + 1)} in the queue`
    : `${ordinal} in the queue`;
}

function seatsWith(seats: Seats, change: Seat['change']): readonly Seat[] {
  return seats.filter((seat): seat is Seat => seat?.change === change);
}

/** `mapper now waits for mmap_sem to write, first in the queue`, and the like. */
export function lockChanges(lock: LockState, inside: Seats, queue: Seats): readonly string[] {
  const { name } = lock;
  const letIn = (task: string): boolean =>
    queue.some((seat) => seat?.name === task && (seat.change === 'left' || seat.isGranted));
  return [
    ...seatsWith(inside, 'left').map((seat) => `${seat.name} has left ${name}`),
    ...seatsWith(inside, 'came').map((seat) =>
      letIn(seat.name)
        ? `${seat.name} has been let into ${name} to ${seat.mode}`
        : `${seat.name} has come into ${name} to ${seat.mode}`,
    ),
    ...seatsWith(queue, 'left')
      .filter(({ name: task }) => !inside.some((seat) => seat?.name === task))
      .map((seat) => `${seat.name} waits for ${name} no longer`),
    ...seatsWith(queue, 'came').map((seat) => {
      const place = lock.queue.findIndex(({ task }) => task === seat.name);
      return `${seat.name} now waits for ${name} to ${seat.mode}, ${placeText(place)}`;
    }),
  ];
}

function isHeld({ isLocked, waiters }: PageState): boolean {
  return isLocked || waiters.length > 0;
}

/** `data.bin:0 is locked by disk read #1 now`, `toucher now sleeps on data.bin:0`. */
export function pageChanges(
  before: readonly PageState[],
  now: readonly PageState[],
): readonly string[] {
  const labels = new Set([...before, ...now].filter(isHeld).map(({ label }) => label));
  const sentences: string[] = [];
  let unlocked = 0;
  let locked = 0;
  for (const label of labels) {
    const old = before.find((page) => page.label === label);
    const page = now.find((item) => item.label === label);
    const came = (page?.waiters ?? []).filter((task) => old?.waiters.includes(task) !== true);
    const left = (old?.waiters ?? []).filter((task) => page?.waiters.includes(task) !== true);
    sentences.push(...came.map((task) => `${task} now sleeps on the page lock of ${label}`));
    sentences.push(...left.map((task) => `${task} sleeps on the page lock of ${label} no longer`));
    if (page?.isLocked === true && old?.isLocked !== true) locked += 1;
    if (page?.isLocked !== true && old?.isLocked === true) unlocked += 1;
  }
  const pages = (count: number): string => (count === 1 ? '1 page' : `${String(count)} pages`);
  if (locked > 0) sentences.push(`${pages(locked)} now locked`);
  if (unlocked > 0) sentences.push(`${pages(unlocked)} unlocked`);
  return sentences;
}
