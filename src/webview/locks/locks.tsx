/**
 * All about locks at a stop: who runs next, deadlocks, the chain of waits, each `mmap_sem` as a room, page locks.
 */
import './locks.css';
import { useEffect } from 'preact/hooks';
import { formatDuration } from '../../base/duration.ts';
import { activity, selectedTask, state } from '../panelModel.ts';
import { peeked } from '../peeking.ts';
import type { Port } from '../port.ts';
import { runCount } from '../runCount.ts';
import { chainSteps, stepKey } from './chainSteps.ts';
import { Deadlock } from './deadlock.tsx';
import type { LocksPicture } from './lockPicture.ts';
import { LockRoom } from './lockRoom.tsx';
import { askAtStop, askChain, picture } from './locksStore.ts';
import { NextStrip } from './nextStrip.tsx';
import { PageLocks } from './pageLocks.tsx';
import { PortContext } from './portContext.ts';
import type { SeatSetting } from './seat.tsx';
import { shownChain, WaitChain } from './waitChain.tsx';

/** The stripes of the bars for waiting. */
function Patterns() {
  return (
    <svg class="locks-patterns" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern id="locks-stripes" width="6" height="7" patternUnits="userSpaceOnUse">
          <path class="locks-stripe" d="M-1 8L7 -1M2 11L10 2" />
        </pattern>
      </defs>
    </svg>
  );
}

function Legend({ fullNs }: { fullNs: number }) {
  return (
    <p class="locks-legend detail">
      <span class="locks-key locks-key-stored">solid: in the kernel&apos;s memory</span>
      <span class="locks-key locks-key-known">dashed: only the debugger knows</span>
      <span>
        <span class="locks-mode locks-mode-read" aria-hidden="true">
          R
        </span>{' '}
        reads{' '}
        <span class="locks-mode locks-mode-write" aria-hidden="true">
          W
        </span>{' '}
        writes
      </span>
      <span>a full bar is {formatDuration(fullNs)}</span>
    </p>
  );
}

function announcement({ rooms, pageChanges, isBack, ring }: LocksPicture): string {
  const changes = [...rooms.flatMap((room) => room.changes), ...pageChanges];
  if (ring !== undefined) changes.push('There is a deadlock');
  return changes.length === 0 ? '' : `${isBack ? 'Back in the run: ' : ''}${changes.join('. ')}.`;
}

function Pictures({ shown, port }: { shown: LocksPicture; port: Port }) {
  const steps = chainSteps(shownChain());
  const { state: panel, rooms, ring, fullNs, isBack } = shown;
  const setting: SeatSetting = {
    clockNs: panel.clockNs,
    fullNs,
    tasks: panel.tasks,
    selectedId: selectedTask.value,
    stepOf: (taskId) => (taskId === undefined ? undefined : steps.get(stepKey.task(taskId))),
    send: port.send,
  };
  return (
    <section class="card locks" data-part="locks" aria-label="Locks">
      <header class="locks-head">
        <h2>Locks</h2>
        <Legend fullNs={fullNs} />
      </header>
      <Patterns />
      <Deadlock ring={ring} panel={panel} />
      <WaitChain />
      {rooms.map((room) => (
        <LockRoom
          key={room.lock.name}
          room={room}
          setting={setting}
          step={steps.get(stepKey.lock(room.lock.name))}
          isBack={isBack}
          isRinged={
            ring?.some(({ kind, name }) => kind === 'lock' && name === room.lock.name) ?? false
          }
        />
      ))}
      <PageLocks picture={shown} setting={setting} steps={steps} />
      <p role="status" class="visually-hidden">
        {peeked.value === undefined ? announcement(shown) : ''}
      </p>
    </section>
  );
}

/** The pictures of the locks, with the strip that says who runs next. */
export function Locks({ port }: { port: Port }) {
  const stop = state.value;
  const run = runCount.value;
  const doing = activity.value;
  const selected = selectedTask.value;
  useEffect(() => {
    if (doing === 'stopped') askAtStop(port);
  }, [stop, run, doing, port]);
  useEffect(() => {
    if (doing === 'stopped') askChain(port);
  }, [stop, run, doing, selected, port]);
  const shown = picture.value;
  if (shown === undefined) return null;
  return (
    <PortContext.Provider value={port}>
      <NextStrip port={port} />
      <Pictures shown={shown} port={port} />
    </PortContext.Provider>
  );
}
