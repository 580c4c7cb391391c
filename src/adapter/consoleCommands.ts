/**
 * Words that the debug console understands besides C expressions.
 */
import type { TaskId } from '../base/brand.ts';
import { closestName } from '../base/closestName.ts';
import { UserError } from '../base/errors.ts';
import { listedTasks } from '../debugger/debugTarget.ts';
import { describeTaskState, explainTask } from '../debugger/taskWords.ts';
import type { LaunchedRun } from './launchedRun.ts';

const HELP = [
  'why TASK   why a task does not run, down to who or what it waits for',
  'tasks      all tasks with their states',
  'schedule   the text that replays this run (launch argument "schedule")',
  'help       this list',
  'Anything else is a C expression, evaluated in the selected frame without side effects.',
].join('\n');

/** The task with a name or a thread id. Errors: `UserError` `unknown-task`. */
export function findTask(run: LaunchedRun, word: string | number): TaskId {
  const { machine } = run.debugger.target;
  const tasks = listedTasks(run.debugger.target);
  const found = tasks.find(({ id, name }) => name === word || id + 1 === Number(word));
  if (found !== undefined) return found.id;
  if (typeof word === 'number' && word >= 1 && word <= machine.taskCount)
    return (word - 1) as TaskId;
  const names = tasks.map((task) => task.name);
  const meant = closestName(String(word), names);
  throw new UserError(
    'unknown-task',
    `There is no task "${String(word)}".`,
    meant === undefined ? `The tasks are ${names.join(', ')}.` : `Did you mean "${meant}"?`,
  );
}

function explain(run: LaunchedRun, word: string | undefined): string {
  const { target } = run.debugger;
  if (word !== undefined) return explainTask(target, findTask(run, word)).text;
  return listedTasks(target)
    .map(({ id }) => explainTask(target, id).text)
    .join('\n');
}

/** What a command answers; `undefined` when the text is none. */
export function runConsoleCommand(run: LaunchedRun, text: string): string | undefined {
  const [command, argument, ...rest] = text.trim().split(/\s+/);
  if (rest.length > 0) return undefined;
  if (command === 'why') return explain(run, argument);
  if (argument !== undefined) return undefined;
  const { target } = run.debugger;
  const { machine } = target;
  switch (command) {
    case 'help':
      return HELP;
    case 'tasks':
      return listedTasks(target)
        .map(({ id, name }) => `${name} — ${describeTaskState(target, id)}`)
        .join('\n');
    case 'schedule':
      return machine.schedule();
    default:
      return undefined;
  }
}
