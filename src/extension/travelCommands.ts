/**
 * Commands that go back in ways DAP does not know, take what-ifs back, and let the user be the scheduler.
 */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import type { MoveResult } from '../view/protocol.ts';
import type { PanelSource } from './panelSource.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** How long a remark stays in the status bar. */
const REMARK_MS = 8000;

/** Says why a move ended, where the place does not say it. */
function tell({ reason }: MoveResult): void {
  vscode.window.setStatusBarMessage(`Faultline: ${reason}`, REMARK_MS);
}

/** The task that a menu names, or the one that is selected in the call stack, as a thread id. */
function threadOf(tracker: SessionTracker, argument: unknown): number {
  const { threadId } = (argument ?? {}) as { readonly threadId?: unknown };
  const thread = typeof threadId === 'number' ? threadId : tracker.selectedTaskId;
  if (thread !== undefined) return thread;
  throw new UserError(
    'no-task',
    vscode.l10n.t('No task is selected.'),
    vscode.l10n.t('Select one in the call stack.'),
  );
}

/** The expression of the variable whose menu was opened. */
export function variableExpression(argument: unknown): string | undefined {
  const { variable } = (argument ?? {}) as {
    readonly variable?: { readonly evaluateName?: string; readonly name?: string };
  };
  return variable?.evaluateName ?? variable?.name;
}

/** The expression of the variable whose menu was opened; otherwise the user writes one. */
export async function expressionOf(argument: unknown, title: string): Promise<string | undefined> {
  const named = variableExpression(argument);
  if (named !== undefined) return named;
  return await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('An expression of C in the selected frame'),
    value: 'mm->mmap_sem.count',
  });
}

/** The frame that is selected in the call stack, as an argument of requests. */
export function selectedFrame(): { readonly frameId?: number } {
  const item = vscode.debug.activeStackItem;
  return item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
}

/** Steps back over what was called, or out of the function. */
export async function stepBackBy(tracker: SessionTracker, kind: 'over' | 'out'): Promise<void> {
  const threadId = threadOf(tracker, undefined);
  await tracker.request('faultline/reverse', { kind, threadId });
}

/** Goes back to where a value was changed last. */
export async function runBackToChange(tracker: SessionTracker, argument: unknown): Promise<void> {
  const expression = await expressionOf(argument, vscode.l10n.t('Run Back to the Last Change'));
  if (expression === undefined) return;
  tell(
    await tracker.request('faultline/reverse', {
      kind: 'lastChange',
      expression,
      ...selectedFrame(),
    }),
  );
}

/** Goes back to where the holder of a lock took it. */
export async function runBackToLock(tracker: SessionTracker, argument: unknown): Promise<void> {
  const expression = await expressionOf(
    argument,
    vscode.l10n.t('Run Back to Where This Lock Was Taken'),
  );
  if (expression === undefined) return;
  tell(
    await tracker.request('faultline/reverse', {
      kind: 'lockTaken',
      expression,
      ...selectedFrame(),
    }),
  );
}

/** Takes the user's latest change back. */
export async function undoWhatIf(tracker: SessionTracker): Promise<void> {
  tell(await tracker.request('faultline/undo', {}));
}

/** Steps a task while the others stand still. */
export async function stepOnlyThisTask(tracker: SessionTracker, argument: unknown): Promise<void> {
  await tracker.stepAlone(threadOf(tracker, argument));
}

/** Runs a task alone until it sleeps. */
export async function runUntilBlocked(tracker: SessionTracker, argument: unknown): Promise<void> {
  const threadId = threadOf(tracker, argument);
  await tracker.request('faultline/runUntilBlocked', { threadId });
}

/** Lets another task go on next. */
export async function switchToTask(tracker: SessionTracker, argument: unknown): Promise<void> {
  tell(await tracker.request('faultline/switchTo', { threadId: threadOf(tracker, argument) }));
}

/** Lets the next event happen before the tasks go on. */
export async function letTimePass(tracker: SessionTracker): Promise<void> {
  tell(await tracker.request('faultline/switchTo', {}));
}

/** Writes numbers in hexadecimal, or no longer. */
export async function toggleHex(tracker: SessionTracker): Promise<void> {
  const { hex } = await tracker.request('faultline/format', {});
  const remark = hex
    ? vscode.l10n.t('numbers are hexadecimal now')
    : vscode.l10n.t('numbers are decimal again');
  vscode.window.setStatusBarMessage(`Faultline: ${remark}`, REMARK_MS);
}

/** Shows who could run and what each would do, and does what the user picks. */
export async function chooseWhoRuns(tracker: SessionTracker): Promise<void> {
  const { choices } = await tracker.request('faultline/choices', {});
  const tasks = tracker.lastState?.tasks ?? [];
  const stopped = tracker.lastState?.stoppedTaskId;
  const wouldDo = (where: string | undefined): string =>
    where === undefined ? vscode.l10n.t('goes on') : vscode.l10n.t('goes on in {0}', where);
  const canRun = tasks.filter(({ activity }) => activity === 'running' || activity === 'runnable');
  const items = [
    ...choices.map((choice) => ({
      label: `$(arrow-right) ${choice.text}`,
      description: choice.isNext ? vscode.l10n.t('comes next by itself') : vscode.l10n.t('instead'),
      run: async () => {
        tell(await tracker.request('faultline/choose', { choice: choice.choice }));
      },
    })),
    ...canRun.flatMap(({ id, name, where }) => [
      ...(id === stopped
        ? []
        : [
            {
              label: `$(debug-continue) ${vscode.l10n.t('Switch to {0}', name)}`,
              description: wouldDo(where),
              run: () => switchToTask(tracker, { threadId: id }),
            },
          ]),
      {
        label: `$(debug-step-over) ${vscode.l10n.t('Step only {0}', name)}`,
        description: vscode.l10n.t('{0}; the others stand still', wouldDo(where)),
        run: () => stepOnlyThisTask(tracker, { threadId: id }),
      },
      {
        label: `$(run-all) ${vscode.l10n.t('Run {0} until it blocks', name)}`,
        description: vscode.l10n.t('the others stand still'),
        run: () => runUntilBlocked(tracker, { threadId: id }),
      },
    ]),
    {
      label: `$(watch) ${vscode.l10n.t('Let time pass until the next event')}`,
      description: vscode.l10n.t('the disk, a timer, the scenario'),
      run: () => letTimePass(tracker),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Choose Who Runs'),
    placeHolder: vscode.l10n.t('What comes next; your choice becomes part of the schedule'),
    matchOnDescription: true,
  });
  await picked?.run();
}

/** Puts the text that replays the run up to here on the clipboard. */
export async function copySchedule(source: PanelSource): Promise<void> {
  const { schedule } = await source.request('faultline/schedule', {});
  await vscode.env.clipboard.writeText(schedule);
  const remark = vscode.l10n.t(
    'the schedule is on the clipboard; paste it as `schedule` into launch.json or a scenario',
  );
  vscode.window.setStatusBarMessage(`Faultline: ${remark}`, REMARK_MS);
}
