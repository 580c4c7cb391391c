/** *Create Lab Folder*: asks where, writes a new folder there, and offers to open it. */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import { labFolderFiles } from '../scenario/labFolder.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

/** The first of `faultline-lab`, `faultline-lab-2`, … that is not there yet. */
async function freeName(parent: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; number < 1000; number += 1) {
    const name = number === 1 ? 'faultline-lab' : `faultline-lab-${String(number)}`;
    const uri = vscode.Uri.joinPath(parent, name);
    if (!(await exists(uri))) return uri;
  }
  throw new UserError(
    'too-many-labs',
    `${parent.path} already holds a thousand lab folders.`,
    'Choose another folder.',
  );
}

/** Creates a lab folder inside a folder of the user's choice; nothing that exists is touched. */
export async function createLabFolder(media: MediaFiles): Promise<void> {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: 'Create a Lab Folder In…',
      openLabel: 'Create Here',
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      ...(first === undefined ? {} : { defaultUri: vscode.Uri.joinPath(first.uri, '..') }),
    })) ?? [];
  if (parent === undefined) return;
  const folder = await freeName(parent);
  for (const [path, text] of labFolderFiles(media)) {
    const uri = vscode.Uri.joinPath(folder, ...path.split('/'));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  }
  const open = 'Open the Lab';
  const answer = await vscode.window.showInformationMessage(
    `The lab is in ${folder.path}. Open it, then press F5.`,
    open,
  );
  if (answer === open) await vscode.commands.executeCommand('vscode.openFolder', folder);
}
