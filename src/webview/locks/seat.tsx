/**
 * A seat in a lock's picture: who has it, in which mode, for how long, and whether it has just come or left.
 */
import { formatDuration } from '../../base/duration.ts';
import type { LockMode, TaskState } from '../../view/panelState.ts';
import type { Send } from '../panelModel.ts';
import { StepNumber } from './icons.tsx';
import type { Seat, SeatChange } from './seats.ts';
import { barPercent } from './timeBar.ts';

/** What all seats of a picture share. */
export interface SeatSetting {
  readonly clockNs: number;
  readonly fullNs: number;
  readonly tasks: readonly TaskState[];
  readonly selectedId: number | undefined;
  /** The number of a task in the chain. */
  readonly stepOf: (taskId: number | undefined) => number | undefined;
  readonly send: Send;
}

type SeatKind = 'inside' | 'queue' | 'page';

const MARKS: Readonly<Record<SeatKind, Readonly<Record<SeatChange, string>>>> = {
  inside: { stays: '', came: '+ came in', left: '− has left' },
  queue: { stays: '', came: '+ queues', left: '− has gone' },
  page: { stays: '', came: '+ sleeps', left: '− awake' },
};

/** How long, as a bar on the scale of all bars: full for being inside, striped for waiting. */
function TimeBar({
  ns,
  fullNs,
  look,
}: {
  ns: number | undefined;
  fullNs: number;
  look: LockMode | 'wait';
}) {
  const percent = `${String(barPercent(ns ?? 0, fullNs))}%`;
  return (
    <svg class="locks-bar" width="100%" height="7" aria-hidden="true">
      <line class="locks-bar-track" x1="0" y1="3.5" x2="100%" y2="3.5" />
      <rect class={`locks-bar-${look}`} width={percent} height="7" />
    </svg>
  );
}

/** The task's name; a click selects it. */
export function TaskName({
  name,
  taskId,
  send,
}: {
  name: string;
  taskId: number | undefined;
  send: Send;
}) {
  if (taskId === undefined) return <span class="locks-name">{name}</span>;
  return (
    <button
      type="button"
      class="link locks-name"
      onClick={() => {
        send({ kind: 'selectTask', task: taskId });
      }}
    >
      {name}
    </button>
  );
}

/** Where the task is; a click opens the source. */
function Place({ task, send }: { task: TaskState | undefined; send: Send }) {
  const place = task?.place;
  if (task?.where === undefined || place === undefined) return <span class="locks-where" />;
  return (
    <button
      type="button"
      class="link locks-where"
      onClick={() => {
        send({ kind: 'reveal', uri: place.uri, line1: place.line1 });
      }}
    >
      <code>{task.where}</code>
    </button>
  );
}

function timeText(ns: number | undefined, isGranted = false): string {
  if (isGranted) return 'granted';
  return ns === undefined ? 'just now' : formatDuration(ns);
}

function ModeLetter({ mode, kind }: { mode: Seat['mode']; kind: SeatKind }) {
  if (kind === 'page') return null;
  return (
    <span class={`locks-mode locks-mode-${mode}`}>
      <span aria-hidden="true">{mode === 'read' ? 'R' : 'W'}</span>
      <span class="visually-hidden">{mode === 'read' ? 'to read: ' : 'to write: '}</span>
    </span>
  );
}

/** One seat; an empty one keeps its place. */
export function SeatRow({
  seat,
  kind,
  place,
  setting,
}: {
  seat: Seat | undefined;
  kind: SeatKind;
  /** The place in a queue, from 1 on. */
  place?: number | undefined;
  setting: SeatSetting;
}) {
  if (seat === undefined) return <li class="locks-seat locks-empty" aria-hidden="true" />;
  const { clockNs, fullNs, tasks, selectedId, stepOf, send } = setting;
  const hasLeft = seat.change === 'left';
  const ns = seat.sinceNs === undefined ? undefined : clockNs - seat.sinceNs;
  const task = hasLeft ? undefined : tasks.find(({ id }) => id === seat.taskId);
  const mark = MARKS[kind][seat.change];
  const isSelected = !hasLeft && seat.taskId !== undefined && seat.taskId === selectedId;
  return (
    <li
      class={`locks-seat locks-${seat.change}${isSelected ? ' locks-selected' : ''}`}
      data-seat={seat.name}
    >
      <div class="locks-line">
        {place === undefined ? null : <span class="locks-place">{place}.</span>}
        <ModeLetter mode={seat.mode} kind={kind} />
        <TaskName name={seat.name} taskId={seat.taskId} send={send} />
        <StepNumber step={hasLeft ? undefined : stepOf(seat.taskId)} />
        <span class="locks-time">{hasLeft ? '' : timeText(ns, seat.isGranted)}</span>
      </div>
      <div class="locks-line">
        <TimeBar
          ns={hasLeft ? 0 : ns}
          fullNs={fullNs}
          look={kind === 'inside' ? seat.mode : 'wait'}
        />
        {mark === '' ? null : <span class="locks-mark">{mark}</span>}
        <Place task={task} send={send} />
      </div>
    </li>
  );
}
