/**
 * *Create Lab Folder*: asks what for and where, writes a new folder there, and offers to open it.
 */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import { bugLabFiles, labFolderFiles } from '../scenario/labFolder.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { listLabs } from '../scenario/patchCatalog.ts';

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

/** The first of `NAME`, `NAME-2`, … that is not there yet. */
async function freeName(parent: vscode.Uri, start: string): Promise<vscode.Uri> {
  for (let number = 1; number < 1000; number += 1) {
    const name = number === 1 ? start : `${start}-${String(number)}`;
    const uri = vscode.Uri.joinPath(parent, name);
    if (!(await exists(uri))) return uri;
  }
  throw new UserError(
    'too-many-labs',
    vscode.l10n.t('{0} already holds a thousand lab folders.', parent.path),
    vscode.l10n.t('Choose another folder.'),
  );
}

interface LabItem extends vscode.QuickPickItem {
  /** The bug to find; absent for a copy of the kernel without one. */
  readonly lab?: string;
}

/** Asks for the kernel of the lab; `undefined` when the user gives up. */
async function pickLab(media: MediaFiles): Promise<LabItem | undefined> {
  const items: LabItem[] = [
    {
      label: vscode.l10n.t('Your Own Kernel'),
      description: vscode.l10n.t('a copy of the patched kernel, yours to edit'),
    },
    { label: vscode.l10n.t('Find the bug'), kind: vscode.QuickPickItemKind.Separator },
    ...listLabs(media).map(({ name, title }) => ({ label: title, description: name, lab: name })),
  ];
  return await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Create Lab Folder'),
    placeHolder: vscode.l10n.t('A kernel to edit, or one with a bug to find'),
    matchOnDescription: true,
  });
}

/** Creates a lab folder inside a folder of the user's choice; nothing that exists is touched. */
export async function createLabFolder(media: MediaFiles): Promise<void> {
  const kind = await pickLab(media);
  if (kind === undefined) return;
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Create a Lab Folder In…'),
      openLabel: vscode.l10n.t('Create Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      ...(first === undefined ? {} : { defaultUri: vscode.Uri.joinPath(first.uri, '..') }),
    })) ?? [];
  if (parent === undefined) return;
  const { lab } = kind;
  const files = lab === undefined ? labFolderFiles(media) : bugLabFiles(media, lab);
  const folder = await freeName(parent, `faultline-${lab ?? 'lab'}`);
  for (const [path, text] of files) {
    const uri = vscode.Uri.joinPath(folder, ...path.split('/'));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  }
  const open = vscode.l10n.t('Open the Lab');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('The lab is in {0}. Open it, then press F5.', folder.path),
    open,
  );
  if (answer === open) await vscode.commands.executeCommand('vscode.openFolder', folder);
}
