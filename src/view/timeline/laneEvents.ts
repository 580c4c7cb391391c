/**
 * The places of a record that people move to: marks, wake-ups, and where a lock is taken or dropped.
 */
import { NONE, type RunLanes } from './runLanes.ts';
import { firstAbove } from './timeScale.ts';

/** Which way to look. */
export type EventDirection = 'next' | 'previous';

/**
 * The position of the nearest event before or behind a position; `undefined` when there is none.
 * Cost: the number of lanes.
 */
export function nearestEvent(
  lanes: RunLanes,
  position: number,
  direction: EventDirection,
): number | undefined {
  let nearest: number | undefined;
  for (const column of positionColumns(lanes)) {
    const index =
      direction === 'next' ? firstAbove(column, position) : firstAbove(column, position - 1) - 1;
    const found = column[index];
    if (found === undefined) continue;
    if (nearest === undefined) nearest = found;
    else nearest = direction === 'next' ? Math.min(nearest, found) : Math.max(nearest, found);
  }
  return nearest;
}

function* positionColumns({ lanes, wakes }: RunLanes): Generator<readonly number[]> {
  yield wakes.position;
  for (const { marks, holds } of lanes) {
    yield marks.position;
    for (const { fromPosition, toPosition } of holds) {
      yield fromPosition;
      // Without the one that has not ended the column is in order.
      yield toPosition.at(-1) === NONE ? toPosition.slice(0, -1) : toPosition;
    }
  }
}
