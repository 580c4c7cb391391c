/**
 * Checkpoints of the user: setting one where the run stands, and going to one.
 */
import * as vscode from 'vscode';
import type { CheckpointView } from '../view/protocol.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** How long a remark stays in the status bar. */
const REMARK_MS = 8000;

/** Asks for a name, which may be left out, and sets a checkpoint. */
export async function setCheckpoint(tracker: SessionTracker): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Checkpoint'),
    prompt: vscode.l10n.t('A name; left empty, the checkpoint is named by its place'),
  });
  if (name === undefined) return;
  const set = await tracker.request('faultline/setCheckpoint', { name });
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Faultline: checkpoint "{0}" is set', set.name),
    REMARK_MS,
  );
}

/** Where a checkpoint lies, in words. */
function directionOf({ lies }: CheckpointView): string {
  switch (lies) {
    case 'behind':
      return vscode.l10n.t('back');
    case 'here':
      return vscode.l10n.t('here');
    case 'ahead':
      return vscode.l10n.t('ahead');
    case 'other':
      return vscode.l10n.t('on a course that was left; going there brings it back');
  }
}

const ICONS: Readonly<Record<CheckpointView['lies'], string>> = {
  behind: '$(arrow-left)',
  here: '$(circle-filled)',
  ahead: '$(arrow-right)',
  other: '$(git-branch)',
};

/** Shows the checkpoints and goes to the one that the user picks. */
export async function goToCheckpoint(tracker: SessionTracker): Promise<void> {
  const { checkpoints } = await tracker.request('faultline/checkpoints', {});
  if (checkpoints.length === 0) {
    const set = vscode.l10n.t('Set Checkpoint');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('No checkpoint has been set in this session.'),
      set,
    );
    if (answer === set) await setCheckpoint(tracker);
    return;
  }
  const items = checkpoints.toReversed().map((item) => ({
    label: `${ICONS[item.lies]} ${item.name}`,
    description: directionOf(item),
    ...(item.name === item.text ? {} : { detail: item.text }),
    name: item.name,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Go to a Checkpoint'),
    placeHolder: vscode.l10n.t('The run goes there, backwards or forwards'),
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  const { reason } = await tracker.request('faultline/goToCheckpoint', { name: picked.name });
  vscode.window.setStatusBarMessage(`Faultline: ${reason}`, REMARK_MS);
}
