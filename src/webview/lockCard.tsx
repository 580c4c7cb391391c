/**
 * `mmap_sem` as a picture of two places: inside and the queue, with the kernel's own word apart from
 * what only the debugger knows.
 */
import { formatDuration } from '../base/duration.ts';
import type { LockMode, LockState } from '../view/panelState.ts';
import { useHighlight } from './highlight.ts';

interface Seat {
  readonly name: string;
  readonly mode: LockMode;
  readonly sinceNs: number | undefined;
}

function TaskChip({ seat, clockNs, verb }: { seat: Seat; clockNs: number; verb: string }) {
  const time =
    seat.sinceNs === undefined ? 'just now' : `for ${formatDuration(clockNs - seat.sinceNs)}`;
  const mode = seat.mode === 'read' ? 'R' : 'W';
  return (
    <li class={`chip chip-${seat.mode}`}>
      <span class="chip-mode" aria-hidden="true">
        {mode}
      </span>
      <span class="chip-name">{seat.name}</span>
      <span class="visually-hidden">
        {verb} for {seat.mode === 'read' ? 'reading' : 'writing'}
      </span>
      <span class="chip-time">{time}</span>
    </li>
  );
}

/** One rwsem: who is inside, who queues, and the raw count with its meaning. */
export function LockCard({ lock, clockNs }: { lock: LockState; clockNs: number }) {
  const inside = lock.holders.map((holder) => ({
    name: holder.owner,
    mode: holder.mode,
    sinceNs: holder.sinceNs,
  }));
  const queue = lock.queue.map((waiter) => ({
    name: waiter.task,
    mode: waiter.mode,
    sinceNs: waiter.sinceNs,
  }));
  return (
    <section
      class="card"
      data-part={lock.name}
      aria-label={`Lock ${lock.name}`}
      {...useHighlight<HTMLElement>('lock', lock.name)}
    >
      <h2>
        <code>{lock.name}</code>
      </h2>
      <div class="lock-picture">
        <div class="lock-inside" data-part="inside">
          <h3>
            Inside <span class="ghost-mark">known to the debugger only</span>
          </h3>
          {inside.length === 0 ? (
            <p class="empty">nobody</p>
          ) : (
            <ul class="chips">
              {inside.map((seat) => (
                <TaskChip
                  key={`${seat.name}-${seat.mode}`}
                  seat={seat}
                  clockNs={clockNs}
                  verb="inside"
                />
              ))}
            </ul>
          )}
        </div>
        <div class="lock-queue" data-part="queue">
          <h3>Queue, first in line first</h3>
          {queue.length === 0 ? (
            <p class="empty">empty</p>
          ) : (
            <ol class="chips">
              {queue.map((seat) => (
                <TaskChip key={seat.name} seat={seat} clockNs={clockNs} verb="waiting" />
              ))}
            </ol>
          )}
        </div>
      </div>
      <p class="stored">
        <span class="stored-label">In memory: count</span> <code class="raw">{lock.rawCount}</code>
        <span class="meaning">{lock.countMeaning}</span>
      </p>
    </section>
  );
}
