/**
 * The tasks of the scenario: what each does, what it waits for and since when, and for a task that
 * does not run the reason on request.
 */
import { formatDuration } from '../base/duration.ts';
import type { TaskState } from '../view/panelState.ts';
import type { WhyResult } from '../view/protocol.ts';
import type { Send } from './panelModel.ts';

interface TaskTableProps {
  readonly tasks: readonly TaskState[];
  readonly stoppedTaskId: number | undefined;
  readonly clockNs: number;
  readonly why: WhyResult | undefined;
  readonly send: Send;
}

function waitText(task: TaskState, clockNs: number): string {
  if (task.waitsFor === undefined) return '';
  const since = task.sinceNs === undefined ? '' : `, for ${formatDuration(clockNs - task.sinceNs)}`;
  return `${task.waitsFor}${since}`;
}

function TaskRow({
  task,
  selected,
  clockNs,
  send,
}: {
  task: TaskState;
  selected: boolean;
  clockNs: number;
  send: Send;
}) {
  const wait = waitText(task, clockNs);
  const { place } = task;
  return (
    <tr
      data-task={task.name}
      class={selected ? 'selected' : undefined}
      aria-current={selected ? 'true' : undefined}
    >
      <th scope="row">
        <button
          type="button"
          class="link"
          onClick={() => {
            send({ kind: 'selectTask', task: task.id });
          }}
        >
          {task.name}
        </button>
        {selected ? <span class="here"> ◀ here</span> : null}
      </th>
      <td>CPU {task.cpu}</td>
      <td>
        <span class={`badge badge-${task.activity}`}>{task.stateWords}</span>
        {task.attempt === undefined ? null : <span class="attempt">attempt {task.attempt}</span>}
      </td>
      <td>
        {wait}
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
        {task.where === undefined ? null : place === undefined ? (
          <code>{task.where}</code>
        ) : (
          <button
            type="button"
            class="link"
            onClick={() => {
              send({ kind: 'reveal', uri: place.uri, line1: place.line1 });
            }}
          >
            <code>{task.where}</code>
          </button>
        )}
      </td>
      <td class="number">
        {Object.entries(task.counters)
          .map(([name, count]) => `${name} ${String(count)}`)
          .join(', ')}
      </td>
    </tr>
  );
}

/** All tasks, in the scenario's order. */
export function TaskTable({ tasks, stoppedTaskId, clockNs, why, send }: TaskTableProps) {
  return (
    <section class="card" data-part="tasks" aria-label="Tasks">
      <h2>Tasks</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of tasks">
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">CPU</th>
              <th scope="col">State</th>
              <th scope="col">Waits for</th>
              <th scope="col">In</th>
              <th scope="col">Faults</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task) => (
              <TaskRow
                key={task.id}
                task={task}
                selected={task.id === stoppedTaskId}
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
