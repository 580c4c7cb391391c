/**
 * Commands about moments as text: copying the one that is shown, and starting a session at one.
 */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import { isMomentText, readMoment } from '../scenario/momentText.ts';
import { momentConfiguration } from './configurationProvider.ts';
import type { ShownRun } from './shownRun.ts';

/** How long a remark stays in the status bar. */
const REMARK_MS = 8000;

/** Starts a session at a moment. Errors: `UserError` for a text that is none. */
async function startAt(moment: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  await vscode.debug.startDebugging(folder, momentConfiguration(moment));
}

/** Puts the text of the moment that is shown on the clipboard. */
export async function copyMoment(run: ShownRun): Promise<void> {
  await vscode.env.clipboard.writeText(await run.momentText());
  const remark = vscode.l10n.t(
    'the moment is on the clipboard; open it with "Faultline: Open Moment…", here or elsewhere',
  );
  vscode.window.setStatusBarMessage(`Faultline: ${remark}`, REMARK_MS);
}

/** Asks for the text of a moment, the clipboard's if it is one, and starts a session there. */
export async function openMoment(): Promise<void> {
  const clipboard = await vscode.env.clipboard.readText();
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Open Moment'),
    prompt: vscode.l10n.t('The line that "Faultline: Copy Moment" has put on the clipboard'),
    ignoreFocusOut: true,
    ...(isMomentText(clipboard) ? { value: clipboard.trim() } : {}),
    validateInput: (input) => (input.trim() === '' ? undefined : problemOf(input)),
  });
  if (text !== undefined && text.trim() !== '') await startAt(text);
}

/** What is wrong with a text, for the box that it is typed into. */
function problemOf(text: string): string | undefined {
  try {
    readMoment(text);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.remedy}`;
    throw error;
  }
}

/** Starts a session at the moment that the panel shows of a run whose session has ended. */
export async function debugFromHere(run: ShownRun): Promise<void> {
  await startAt(await run.momentText());
}
