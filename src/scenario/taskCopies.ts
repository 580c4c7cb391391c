/**
 * Tasks that a scenario lists once and runs several times: `count` of them.
 *
 * The first copy keeps the name, so that expectations, starts and other tasks can speak of it whatever the
 * count is; the others are NAME-2, NAME-3. In `args`, `"$copy"` is the number of the copy, from 0.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { JsoncDocument } from './jsoncDocument.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import {
  COPY_NAME,
  MOST_TASKS,
  type ListedScenario,
  type ListedTask,
  type ScenarioData,
  type ScenarioTask,
} from './scenarioSchema.ts';

/** The longest name of a task; Source: TASK_COMM_LEN of 2.6.36, with its final zero. */
const LONGEST_NAME = 15;

/** How a scenario refers to the number of the copy. */
export const COPY_REFERENCE = `$${COPY_NAME}`;

/** The scenario with every copy as a task of its own. Errors: too many tasks, none, names that are too long. */
export function expandCopies(
  data: ListedScenario,
  document: JsoncDocument,
  diagnostics: Diagnostic[],
): ScenarioData {
  const tasks = data.tasks.flatMap((task, entry) => {
    const copies = Array.from({ length: task.count ?? 1 }, (_, copy) =>
      copyTask(task, entry, copy, document),
    );
    if ((copies.at(-1)?.name.length ?? 0) > LONGEST_NAME) {
      diagnostics.push(
        scenarioMessages.longName(document.spanOf(['tasks', entry, 'name']), LONGEST_NAME),
      );
    }
    return copies;
  });
  const names = new Map<string, number>();
  for (const { name, entry } of tasks) {
    const other = names.get(name);
    // Two entries of one name are found by those who look at the entries.
    if (other !== undefined && data.tasks[other]?.name !== data.tasks[entry]?.name) {
      const span = document.spanOf(['tasks', entry, 'name']);
      diagnostics.push(scenarioMessages.duplicateName(span, 'tasks', name));
    }
    names.set(name, entry);
  }
  if (tasks.length === 0 || tasks.length > MOST_TASKS) {
    diagnostics.push(
      scenarioMessages.taskCount(document.spanOf(['tasks']), tasks.length, MOST_TASKS),
    );
  }
  return { ...data, tasks };
}

function copyTask(
  { count: _, ...task }: ListedTask,
  entry: number,
  copy: number,
  document: JsoncDocument,
): ScenarioTask {
  const name = copy === 0 ? task.name : `${task.name}-${String(copy + 1)}`;
  const args = task.args?.map((value, index) => {
    const written = document.valueAt(['tasks', entry, 'args', index]);
    return written === COPY_REFERENCE ? copy : value;
  });
  return { ...task, name, entry, ...(args === undefined ? {} : { args }) };
}

/** Whether a name would be that of a copy if there were more of them. */
export function isNameOfCopy(data: ListedScenario, name: string): boolean {
  const [, base, number] = /^(.*)-(\d+)$/.exec(name) ?? [];
  return data.tasks.some(
    (task) =>
      task.count !== undefined &&
      (task.name === name || (task.name === base && Number(number) > 1)),
  );
}
