/** The visible stretch of the timeline as a table: what begins when. */
import type { TimelineModel } from '../../view/timelineModel.ts';
import { timelineRows } from './rows.ts';
import { preciseTime } from './scale.ts';

/** The table, with a word about the rows that are left out. With `onSeek` it names its stretch, and a time is a button. */
export function TimelineTable({
  model,
  label,
  onSeek,
}: {
  model: TimelineModel;
  label: string;
  onSeek?: (target: { readonly ns: number } | { readonly position: number }) => void;
}) {
  const { rows, total } = timelineRows(model);
  const left = total - rows.length;
  return (
    <div class="scroll tl-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        {onSeek === undefined ? null : (
          <caption>
            From {preciseTime(model.fromNs, 1)} to {preciseTime(model.toNs, 1)}
          </caption>
        )}
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Task</th>
            <th scope="col">What</th>
            <th scope="col">How long</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ ns, time, lane, what, length, position }, index) => (
            <tr key={index}>
              <th scope="row" class="number">
                {onSeek === undefined ? (
                  time
                ) : (
                  <button
                    type="button"
                    class="link"
                    onClick={() => {
                      onSeek(position === undefined ? { ns } : { position });
                    }}
                  >
                    {time}
                  </button>
                )}
              </th>
              <td>{lane}</td>
              <td>{what}</td>
              <td class="number">{length ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left === 0 ? null : (
        <p class="empty">{left} more rows are not listed: zoom in to see them.</p>
      )}
    </div>
  );
}
