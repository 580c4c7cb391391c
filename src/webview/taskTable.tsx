/**
 * The tasks of the scenario: what each does, what it waits for and since when, and for a task that
 * does not run the reason on request.
 */
import { formatDuration } from '../base/duration.ts';
import type { TaskState } from '../view/panelState.ts';
import type { WhyResult } from '../view/protocol.ts';
import { useHighlight } from './highlight.ts';
import type { Send } from './panelModel.ts';

interface TaskTableProps {
  readonly tasks: readonly TaskState[];
  readonly stoppedTaskId: number | undefined;
  /** The one that is selected in the call stack. */
  readonly selectedTaskId: number | undefined;
  readonly clockNs: number;
  readonly why: WhyResult | undefined;
  readonly send: Send;
}

/** The state as one word for the badge; what a task waits for stands beside it. */
function badgeText({ stateWords, waitsFor }: TaskState): string {
  return waitsFor === undefined ? stateWords : (stateWords.split(':')[0] ?? stateWords);
}

/** The kernel's fault counters in short words, `major 1, minor 0`, each in one piece. */
function Faults({ counters }: TaskState) {
  const words: Readonly<Record<string, string>> = { maj_flt: 'major', min_flt: 'minor' };
  return (
    <>
      {Object.entries(counters).map(([name, count], index) => (
        <>
          {index === 0 ? '' : ', '}
          <span key={name} class="together">
            {words[name] ?? name} {count}
          </span>
        </>
      ))}
    </>
  );
}

/** The attempt, where the name of the function does not say it already. */
function attemptText({ attempt, where }: TaskState): string | undefined {
  if (attempt === undefined || where?.includes('attempt') === true) return undefined;
  return `attempt ${String(attempt)}`;
}

function TaskRow({
  task,
  stopped,
  selected,
  clockNs,
  send,
}: {
  task: TaskState;
  stopped: boolean;
  selected: boolean;
  clockNs: number;
  send: Send;
}) {
  const attempt = attemptText(task);
  const { place } = task;
  const where = task.activity === 'new' ? undefined : task.where;
  return (
    <tr
      data-task={task.name}
      {...useHighlight<HTMLTableRowElement>('task', task.name)}
      class={selected ? 'selected' : undefined}
      aria-current={selected ? 'true' : undefined}
    >
      <th scope="row">
        <span class="here" aria-hidden="true">
          {selected ? '▶' : ''}
        </span>
        <button
          type="button"
          class="link"
          onClick={() => {
            send({ kind: 'selectTask', task: task.id });
          }}
        >
          {task.name}
        </button>
        {stopped ? <span class="visually-hidden">, stopped here</span> : null}
      </th>
      <td class="number detail">{task.cpu}</td>
      <td>
        <span class={`badge badge-${task.activity}`}>{badgeText(task)}</span>{' '}
        {task.waitsFor === undefined ? null : <span>{task.waitsFor}</span>}{' '}
        {task.sinceNs === undefined ? null : (
          <span class="aside">for {formatDuration(clockNs - task.sinceNs)}</span>
        )}{' '}
        {attempt === undefined ? null : <span class="aside">{attempt}</span>}{' '}
        {task.activity === 'sleeping' ? (
          <button
            type="button"
            class="small"
            aria-label={`Why is ${task.name} blocked?`}
            onClick={() => {
              send({ kind: 'why', task: task.id });
            }}
          >
            why?
          </button>
        ) : null}
      </td>
      <td>
        {where === undefined ? null : place === undefined ? (
          <code>{where}</code>
        ) : (
          <button
            type="button"
            class="link"
            onClick={() => {
              send({ kind: 'reveal', uri: place.uri, line1: place.line1 });
            }}
          >
            <code>{where}</code>
          </button>
        )}
      </td>
      <td class="number detail">
        <Faults {...task} />
      </td>
    </tr>
  );
}

/** All tasks, in the scenario's order. */
export function TaskTable({
  tasks,
  stoppedTaskId,
  selectedTaskId,
  clockNs,
  why,
  send,
}: TaskTableProps) {
  return (
    <section class="card" data-part="tasks" aria-label="Tasks">
      <h2>Tasks</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of tasks">
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col" class="detail">
                CPU
              </th>
              <th scope="col">State</th>
              <th scope="col">In</th>
              <th scope="col" class="detail">
                Faults
              </th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task) => (
              <TaskRow
                key={task.id}
                task={task}
                stopped={task.id === stoppedTaskId}
                selected={task.id === selectedTaskId}
                clockNs={clockNs}
                send={send}
              />
            ))}
          </tbody>
        </table>
      </div>
      {why === undefined ? null : (
        <p class="why" role="status">
          {why.text}
        </p>
      )}
    </section>
  );
}
