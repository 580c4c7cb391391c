/** A lock as a table, for those who do not see its picture. */
import { formatDuration } from '../../base/duration.ts';
import type { LockState } from '../../view/panelState.ts';

/** A row for each task that is inside or waits. */
export function RoomTable({ lock, clockNs }: { lock: LockState; clockNs: number }) {
  const since = (ns: number | undefined): string =>
    ns === undefined ? 'just now' : formatDuration(clockNs - ns);
  const rows = [
    ...lock.holders.map(({ owner, mode, sinceNs }) => [owner, 'inside', mode, since(sinceNs)]),
    ...lock.queue.map(({ task, mode, sinceNs }, place) => [
      task,
      `number ${String(place + 1)} in the queue`,
      mode,
      since(sinceNs),
    ]),
  ];
  return (
    <div class="visually-hidden">
      <table>
        <caption>
          {lock.name}: count {lock.rawCount}, {lock.countMeaning}
        </caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Where</th>
            <th scope="col">Mode</th>
            <th scope="col">For</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([task, ...cells], row) => (
            <tr key={row}>
              <th scope="row">{task}</th>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
