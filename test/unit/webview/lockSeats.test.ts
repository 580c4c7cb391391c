// Seats in the pictures of locks: nobody who stays moves, who left leaves a gap for one stop, queues close up.
import { describe, expect, it } from 'vitest';
import {
  seatInQueue,
  seatInRoom,
  settle,
  type Seats,
  type Sitter,
} from '../../../src/webview/locks/seats.ts';

function sitters(text: string): readonly Sitter[] {
  return Array.from(text, (name) => ({ name, taskId: 1, mode: 'read', sinceNs: 0 }));
}

/** `a` stays, `+a` came, `-a` left, `.` is empty. */
function draw(seats: Seats): string {
  const signs = { stays: '', came: '+', left: '-' };
  return seats
    .map((seat) => (seat === undefined ? '.' : `${signs[seat.change]}${seat.name}`))
    .join(' ');
}

/** The pictures of several stops, one after the other. */
function follow(seat: typeof seatInRoom, stops: readonly string[]): readonly string[] {
  let seats: Seats = [];
  return stops.map((stop) => {
    seats = seat(seats, sitters(stop));
    return draw(seats);
  });
}

describe('a room', () => {
  it('keeps seats, whatever the order in which tasks are listed', () => {
    expect(follow(seatInRoom, ['abc', 'cab', 'bca'])).toEqual(['+a +b +c', 'a b c', 'a b c']);
  });

  it('leaves a gap until the next stop, and gives newcomers the first free seat', () => {
    expect(follow(seatInRoom, ['ab', 'b', 'bc', 'bcd'])).toEqual([
      '+a +b',
      '-a b',
      '+c b',
      'c b +d',
    ]);
    expect(follow(seatInRoom, ['ab', 'bc', 'bc'])).toEqual(['+a +b', '-a b +c', '. b c']);
  });

  it('tells a task that reads from the same task that writes', () => {
    const reader = sitters('a');
    const seats = seatInRoom(seatInRoom([], reader), [
      ...reader.map((one): Sitter => ({ ...one, mode: 'write' })),
    ]);
    expect(draw(seats)).toBe('-a +a');
  });

  it('is empty when everybody has left', () => {
    expect(follow(seatInRoom, ['ab', '', ''])).toEqual(['+a +b', '-a -b', '']);
  });
});

describe('a queue', () => {
  it('shows who has left from the front, and closes up at the next stop', () => {
    expect(follow(seatInQueue, ['ab', 'abc', 'bc', 'bc', 'c'])).toEqual([
      '+a +b',
      'a b +c',
      '-a b c',
      'b c',
      '-b c',
    ]);
  });

  it('goes by the order of the wait list when going back puts somebody in front', () => {
    expect(follow(seatInQueue, ['bc', 'abc'])).toEqual(['+b +c', '+a b c']);
  });
});

it('has no newcomers at a first stop', () => {
  expect(draw(settle(seatInRoom([], sitters('ab'))))).toBe('a b');
});
