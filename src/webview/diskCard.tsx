/** The disk: what it reads, what is queued, and how long it will take. */
import { formatDuration } from '../base/duration.ts';
import type { DiskRequestState } from '../view/panelState.ts';

function requestText(request: DiskRequestState): string {
  switch (request.state) {
    case 'active':
      return request.leftNs === undefined
        ? 'reading'
        : `reading, ${formatDuration(request.leftNs)} left`;
    case 'queued':
      return 'queued';
    case 'done':
      return 'done, interrupt on its way';
  }
}

/** The requests the disk has not finished with. */
export function DiskCard({ disk }: { disk: readonly DiskRequestState[] }) {
  return (
    <section class="card disk detail" data-part="disk" aria-label="Disk">
      <h2>Disk</h2>
      {disk.length === 0 ? (
        <p class="empty">idle</p>
      ) : (
        <ul class="requests">
          {disk.map((request) => (
            <li key={request.id}>
              <span class="strong">#{request.id}</span> <code>{request.what}</code>{' '}
              <span class={request.state === 'active' ? 'badge badge-running' : 'badge'}>
                {requestText(request)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
