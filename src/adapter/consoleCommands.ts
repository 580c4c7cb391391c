/**
 * Words that the debug console understands besides C expressions.
 */
import type { TaskId } from '../base/brand.ts';
import { closestName } from '../base/closestName.ts';
import { UserError } from '../base/errors.ts';
import { formatDuration } from '../base/duration.ts';
import { describeChoice } from '../debugger/choiceTexts.ts';
import { listedTasks } from '../debugger/debugTarget.ts';
import { describeTaskState, explainTask } from '../debugger/taskWords.ts';
import type { PanelState } from '../view/panelState.ts';
import { ACTION_WORDS, CONSOLE_ACTIONS } from './consoleActions.ts';
import type { LaunchedRun } from './launchedRun.ts';

/** The commands with what they answer. */
const COMMANDS = {
  why: 'why a task does not run, down to who or what it waits for: why TASK, or why',
  tasks: 'all tasks with their states',
  locks: 'who is inside each mmap_sem, and who waits',
  pages: 'the pages of files in play: lock, reference count, who waits',
  choices: 'who could go on at this moment, and with what',
  schedule: 'the text that replays this run (launch argument "schedule")',
  help: 'this list',
} as const;

type CommandName = keyof typeof COMMANDS;

const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

const HELP = [
  ...Object.entries({ ...COMMANDS, ...CONSOLE_ACTIONS, help: COMMANDS.help }).map(
    ([name, text]) => `${name.padEnd(13)}${text}`,
  ),
  'Anything else is a C expression, evaluated in the selected frame without side effects;',
  'a variable with the name of a command is written in parentheses.',
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

function listTasks(run: LaunchedRun): string {
  const { target } = run.debugger;
  return listedTasks(target)
    .map(({ id, name }) => `${name} — ${describeTaskState(target, id)}`)
    .join('\n');
}

function listLocks({ locks, clockNs }: PanelState): string {
  return locks
    .map(({ name, rawCount, countMeaning, holders, queue }) => {
      const since = (ns: number | undefined): string =>
        ns === undefined ? '' : ` for ${formatDuration(clockNs - ns)}`;
      const inside = holders.map(
        (item) => `  ${item.owner} holds it, ${item.mode}${since(item.sinceNs)}`,
      );
      const waiting = queue.map(
        (item) => `  ${item.task} waits, ${item.mode}${since(item.sinceNs)}`,
      );
      return [`${name}: count ${rawCount}, ${countMeaning}`, ...inside, ...waiting].join('\n');
    })
    .join('\n');
}

function listPages({ pages }: PanelState): string {
  if (pages.length === 0) return 'No page of a file is in play.';
  return pages
    .map(({ label, isLocked, lockedBy, isUpToDate, count, mapCount, waiters }) => {
      const lock = isLocked
        ? `locked${lockedBy === undefined ? '' : ` by ${lockedBy}`}`
        : 'not locked';
      const content = isUpToDate ? 'up to date' : 'not read yet';
      const waiting = waiters.length === 0 ? '' : `, awaited by ${waiters.join(', ')}`;
      return `${label}: ${lock}, ${content}, count ${String(count)}, mapped ${String(mapCount)} times${waiting}`;
    })
    .join('\n');
}

function listChoices(run: LaunchedRun): string {
  const { target } = run.debugger;
  const choices = target.machine.choices();
  if (choices.length === 0) {
    return 'There is nothing to choose here: go on to the next access that others could see.';
  }
  return choices
    .map((choice) => {
      const isNext = choice.isTaken || (choice.isDefault && !choices.some((item) => item.isTaken));
      return `${isNext ? '>' : ' '} ${describeChoice(target, choice)}`;
    })
    .join('\n');
}

/** What a command answers; `undefined` when the text is none. */
export function runConsoleCommand(run: LaunchedRun, text: string): string | undefined {
  const [word = '', argument, ...rest] = text.trim().split(/\s+/);
  const command = COMMAND_NAMES.find((name) => name === word);
  if (command === undefined || rest.length > 0) return undefined;
  if (command === 'why') return explain(run, argument);
  if (argument !== undefined) return undefined;
  const state = (): PanelState => run.buildState(run.debugger.lastStop, 0);
  switch (command) {
    case 'help':
      return HELP;
    case 'tasks':
      return listTasks(run);
    case 'locks':
      return listLocks(state());
    case 'pages':
      return listPages(state());
    case 'choices':
      return listChoices(run);
    case 'schedule':
      return run.debugger.target.machine.schedule();
  }
}

/** What can follow the first word of a command. */
function wordsAfter(
  run: LaunchedRun,
  command: string,
  checkpoints: readonly string[],
): readonly string[] {
  if (command === 'why') return listedTasks(run.debugger.target).map(({ name }) => name);
  if (command === 'go') return checkpoints;
  const known: Readonly<Record<string, readonly string[] | undefined>> = ACTION_WORDS;
  return Object.hasOwn(known, command) ? (known[command] ?? []) : [];
}

/** The commands, and what can follow them, that a half-written command can go on with. */
export function completeCommand(
  run: LaunchedRun,
  text: string,
  checkpoints: readonly string[] = [],
): readonly { readonly word: string; readonly start: number }[] {
  const [, first] = /^\s*(\w*)$/.exec(text) ?? [];
  const [, command = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(text) ?? [];
  // Names of checkpoints have blanks in them.
  const begun = first ?? (command === 'go' ? rest : (/\w*$/.exec(rest)?.[0] ?? ''));
  const words =
    first === undefined
      ? wordsAfter(run, command, checkpoints)
      : [...COMMAND_NAMES, ...Object.keys(CONSOLE_ACTIONS)];
  const start = text.length - begun.length;
  return words.filter((word) => word.startsWith(begun)).map((word) => ({ word, start }));
}
