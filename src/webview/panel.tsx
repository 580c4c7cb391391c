/**
 * The panel's page: one clock, the moment, the locks, the tasks, the page cache, the disk.
 *
 * While the machine runs the last state stays in view, dimmed, so that nothing jumps.
 */
import { useEffect, useMemo } from 'preact/hooks';
import { formatDuration } from '../base/duration.ts';
import type { PanelState } from '../view/panelState.ts';
import type { PanelCommand } from '../view/protocol.ts';
import { DiskCard } from './diskCard.tsx';
import { PanelTools } from './exportMenu.tsx';
import { FinishedCard, UnavailableCard } from './finishedCard.tsx';
import { Locks } from './locks/locks.tsx';
import { PagesCard } from './memory/pagesCard.tsx';
import { SpaceCard } from './memory/spaceCard.tsx';
import { NumbersCard } from './numbers/numbersCard.tsx';
import {
  activity,
  highlighted,
  selectedTask,
  state,
  tour,
  unavailable,
  why,
  type Send,
} from './panelModel.ts';
import { createPeek, peeked } from './peeking.ts';
import { Playback } from './playback.ts';
import type { Port, Query } from './port.ts';
import { runCount } from './runCount.ts';
import { TaskTable } from './taskTable.tsx';
import { TimelineCard } from './timeline/timelineCard.tsx';
import { RichText, TourCard } from './tourCard.tsx';
import { ReportBar } from './reportBar.tsx';
import { isReport } from './staticReport.ts';
import { goToMoment, Transport } from './transport.tsx';
import { CompareRuns } from './twoRuns/compareRuns.tsx';
import { shownMoment } from './viewSettings.ts';

function CommandButton({
  command,
  label,
  send,
  primary = false,
}: {
  command: PanelCommand;
  label: string;
  send: Send;
  primary?: boolean;
}) {
  // Nothing but moving in the states that it carries is possible in a report.
  if (isReport.value && command !== 'nextMoment' && command !== 'previousMoment') return null;
  return (
    <button
      type="button"
      class={primary ? 'primary' : undefined}
      onClick={() => {
        send({ kind: 'command', command });
      }}
    >
      {label}
    </button>
  );
}

function Welcome({ send }: { send: Send }) {
  return (
    <section class="card">
      <h1>Faultline</h1>
      <p>
        No machine is running. Start one, and this panel shows its locks, tasks, pages and disk at
        every stop.
      </p>
      <div class="buttons">
        <CommandButton command="startScenario" label="Start a Scenario" send={send} primary />
        <CommandButton command="startWalkthrough" label="The Patch in Ten Minutes" send={send} />
        <CommandButton
          command="openRealOrSimplified"
          label="What Is Real, What Is Simplified"
          send={send}
        />
      </div>
    </section>
  );
}

function Clock({ panel, running }: { panel: PanelState; running: boolean }) {
  // The moment below says the same in larger letters: then the reason is for screen readers only.
  const isRepeated = !running && panel.reason === panel.moment?.title;
  return (
    <header class="top">
      <div class="clock">
        <span class="clock-time">{formatDuration(panel.clockNs)}</span>
        <span class="clock-label detail">virtual time</span>
      </div>
      <div class="top-text">
        <h1>{panel.title}</h1>
        <p class="kernel">
          kernel: <strong>{panel.kernel}</strong>
        </p>
        <p role="status" aria-live="polite" class={isRepeated ? 'visually-hidden' : 'reason'}>
          {running ? 'running …' : panel.reason}
        </p>
      </div>
    </header>
  );
}

function Moment({ panel }: { panel: PanelState }) {
  const { moment } = panel;
  if (moment === undefined) return null;
  return (
    <p class="moment">
      <strong>{moment.title}</strong> <span class="moment-task">({moment.task})</span>
      {moment.note === undefined ? null : (
        <span class="moment-note">
          <RichText text={moment.note} />
        </span>
      )}
    </p>
  );
}

/** What is shown is another moment than that at which the run stands. */
function Elsewhere({ panel }: { panel: PanelState }) {
  const now = state.value;
  const text =
    peeked.value === undefined || now === undefined || now.position === panel.position
      ? ''
      : `You look at ${formatDuration(panel.clockNs)}; the run stands at ${formatDuration(now.clockNs)}.`;
  return (
    <p class="elsewhere" data-elsewhere={text === '' ? undefined : 'true'}>
      {text}
    </p>
  );
}

/** The player, and what the timeline does; whoever takes hold of the timeline pauses the player. */
function createControls(port: Port) {
  const playback = new Playback(port.query);
  const peek = createPeek(port.query);
  const query: Query = (name, args) => {
    if (name === 'faultline/seek') playback.pause();
    return port.query(name, args);
  };
  const timeline = {
    port: { ...port, query },
    onScrub: (ns: number | undefined) => {
      if (ns !== undefined) playback.pause();
      peek(ns);
    },
    onMoment: (direction: 'next' | 'previous') => {
      playback.pause();
      goToMoment(port, playback, direction);
    },
  };
  return { playback, timeline };
}

function Machine({ panel, port }: { panel: PanelState; port: Port }) {
  const { send } = port;
  const { playback, timeline } = useMemo(() => createControls(port), [port]);
  const running = activity.value === 'running';
  const ended = activity.value === 'none';
  const run = runCount.value;
  useEffect(() => () => playback.pause(), [playback, run, ended]);
  // A run whose session has ended can be looked at as long as its moment is known.
  const canMove = !ended || shownMoment.value !== undefined;
  const seen = peeked.value ?? panel;
  return (
    <div class={running ? 'machine running' : 'machine'} aria-busy={running}>
      <div class="head">
        <Clock panel={seen} running={running} />
        <PanelTools port={port} />
      </div>
      <Moment panel={seen} />
      <p role="status" class="visually-hidden">
        {highlighted.value === undefined
          ? ''
          : `Shown: ${highlighted.value.kind} ${highlighted.value.name}`}
      </p>
      {canMove && tour.value === undefined ? <Transport port={port} playback={playback} /> : null}
      <Elsewhere panel={seen} />
      {isReport.value ? <ReportBar panel={panel} port={port} /> : null}
      <TimelineCard panel={panel} {...timeline} />
      <CompareRuns port={port} />
      <div class="columns">
        <div class="column">
          <Locks port={port} />
        </div>
        <div class="column">
          <TaskTable
            tasks={seen.tasks}
            stoppedTaskId={seen.stoppedTaskId}
            selectedTaskId={selectedTask.value}
            clockNs={seen.clockNs}
            why={why.value}
            send={send}
          />
          <PagesCard panel={seen} send={send} />
          {seen.spaces.map((space) => (
            <SpaceCard key={space.process} space={space} pages={seen.pages} />
          ))}
          <NumbersCard panel={seen} send={send} />
          <DiskCard disk={seen.disk} />
        </div>
      </div>
      <footer class="buttons detail">
        <CommandButton command="startWalkthrough" label="Walkthrough" send={send} />
        <CommandButton
          command="openRealOrSimplified"
          label="What Is Real, What Is Simplified"
          send={send}
        />
      </footer>
    </div>
  );
}

/** The whole page. */
export function Panel({ port }: { port: Port }) {
  const { send } = port;
  const panel = state.value;
  const step = tour.value;
  return (
    <main>
      {step === undefined ? null : <TourCard step={step} send={send} />}
      {unavailable.value === undefined ? null : <UnavailableCard reason={unavailable.value} />}
      {activity.value === 'none' && panel === undefined ? <Welcome send={send} /> : null}
      {panel === undefined ? (
        activity.value === 'running' ? (
          <>
            <h1>Faultline</h1>
            <p role="status">starting …</p>
          </>
        ) : null
      ) : (
        <>
          {activity.value === 'none' ? (
            <FinishedCard send={send} canResume={shownMoment.value !== undefined} />
          ) : null}
          <Machine panel={panel} port={port} />
        </>
      )}
    </main>
  );
}
