/**
 * Where tasks sit in the picture of a lock, from stop to stop.
 *
 * Nothing jumps: whoever stays keeps the seat; whoever has left leaves a marked gap until the next stop; a newcomer
 * takes the first seat that is neither taken nor such a gap. A queue is a row in which one moves up: its gaps close
 * at the next stop. What has been seen once keeps its room, so that nothing below a picture moves.
 */
import type { LockMode } from '../../view/panelState.ts';

/** Since the last stop. */
export type SeatChange = 'stays' | 'came' | 'left';

/** Who sits there. */
export interface Sitter {
  readonly name: string;
  readonly taskId: number | undefined;
  readonly mode: LockMode;
  /** `undefined` while it has only just come. */
  readonly sinceNs: number | undefined;
  /** It still stands in the queue, and the lock is its own already. */
  readonly isGranted?: boolean;
}

/** A seat that somebody has, or has just left. */
export interface Seat extends Sitter {
  readonly change: SeatChange;
}

/** The seats of a room; `undefined` is an empty one. */
export type Seats = readonly (Seat | undefined)[];

/** One task can be inside once in each mode. */
function isSame(one: Sitter, other: Sitter): boolean {
  return one.name === other.name && one.mode === other.mode;
}

function isThere(seat: Seat | undefined): seat is Seat {
  return seat !== undefined && seat.change !== 'left';
}

/** Seats the sitters, who know no order, after the stop that `before` shows. */
export function seatInRoom(before: Seats, sitters: readonly Sitter[]): Seats {
  const seats: (Seat | undefined)[] = before.map((seat) => {
    if (!isThere(seat)) return undefined;
    const now = sitters.find((sitter) => isSame(sitter, seat));
    return now === undefined ? { ...seat, change: 'left' } : { ...now, change: 'stays' };
  });
  for (const sitter of sitters) {
    if (seats.some((seat) => isThere(seat) && isSame(seat, sitter))) continue;
    const free = seats.indexOf(undefined);
    seats[free < 0 ? seats.length : free] = { ...sitter, change: 'came' };
  }
  while (seats.length > 0 && seats.at(-1) === undefined) seats.pop();
  return seats;
}

/** Seats a queue, first in line first. */
export function seatInQueue(before: Seats, sitters: readonly Sitter[]): Seats {
  const stayed = before.filter(isThere);
  const seats = stayed.map((seat): Seat => {
    const now = sitters.find((sitter) => isSame(sitter, seat));
    return now === undefined ? { ...seat, change: 'left' } : { ...now, change: 'stays' };
  });
  const fresh = sitters.filter((sitter) => !stayed.some((seat) => isSame(seat, sitter)));
  const merged = [...seats, ...fresh.map((sitter): Seat => ({ ...sitter, change: 'came' }))];
  const isInOrder = merged.filter(isThere).every((seat, place) => {
    const sitter = sitters[place];
    return sitter !== undefined && isSame(sitter, seat);
  });
  if (isInOrder) return merged;
  // Going back can put somebody in front of others: then the order counts more than the seats.
  const isNew = (sitter: Sitter): boolean => fresh.includes(sitter);
  return sitters.map((sitter) => ({ ...sitter, change: isNew(sitter) ? 'came' : 'stays' }));
}

/** The seats of a first stop: nobody has just come. */
export function settle(seats: Seats): Seats {
  return seats.map((seat) => (seat === undefined ? undefined : { ...seat, change: 'stays' }));
}
