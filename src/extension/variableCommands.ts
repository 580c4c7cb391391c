/**
 * Commands of the menus of variables: their memory, their picture in the panel, the task that they are.
 */
import * as vscode from 'vscode';
import type { PictureView } from '../view/protocol.ts';
import type { MemoryDocuments } from './memoryDocuments.ts';
import type { PanelHost } from './panelHost.ts';
import type { SessionTracker } from './sessionTracker.ts';
import { expressionOf, selectedFrame, variableExpression } from './travelCommands.ts';

/** Opens the memory of a variable, named field by field. */
export async function showInMemory(documents: MemoryDocuments, argument: unknown): Promise<void> {
  const expression = await expressionOf(argument, vscode.l10n.t('Show in Memory'));
  if (expression !== undefined) await documents.show({ expression, ...selectedFrame() });
}

async function pictureOf(
  tracker: SessionTracker,
  expression: string,
): Promise<PictureView | undefined> {
  const { picture } = await tracker.request('faultline/picture', {
    expression,
    ...selectedFrame(),
  });
  return picture;
}

/** Marks the task, the lock or the page that a variable is about in the panel, and scrolls to it. */
export async function showInPanel(
  tracker: SessionTracker,
  panel: PanelHost,
  argument: unknown,
): Promise<void> {
  const expression = await expressionOf(argument, vscode.l10n.t('Show in Panel'));
  if (expression === undefined) return;
  const picture = await pictureOf(tracker, expression);
  if (picture === undefined) {
    const text = vscode.l10n.t('The panel has no picture of {0}.', expression);
    void vscode.window.showInformationMessage(text);
    return;
  }
  const pages = tracker.lastState?.pages ?? [];
  if (picture.kind === 'page' && !pages.some(({ label }) => label === picture.name)) {
    const text = vscode.l10n.t(
      'The panel shows the pages that are in use now, and {0} is none of them.',
      picture.name,
    );
    void vscode.window.showInformationMessage(text);
    return;
  }
  panel.show();
  panel.post({ kind: 'highlight', picture });
}

/** The thread id of the task that the variable of a menu is or points to. */
export async function taskOfVariable(
  tracker: SessionTracker,
  argument: unknown,
): Promise<number | undefined> {
  const expression = variableExpression(argument);
  return expression === undefined ? undefined : (await pictureOf(tracker, expression))?.taskId;
}
