/**
 * *Open This Place in Another Kernel…*: the same file of another shipped kernel beside the editor, at the line that
 * corresponds to the one where the cursor stands.
 */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import { findCounterpart, type Counterpart } from '../scenario/counterpart.ts';
import { SHIPPED_KERNEL, type PatchCatalog } from '../scenario/patchCatalog.ts';
import { kernelOf, kernelUri } from './kernelFileSystem.ts';
import { pickKernel } from './kernelPick.ts';
import type { TreePathOf } from './patchMarks.ts';

/** How long a remark stays in the status bar. */
const REMARK_MS = 8000;

/** What the command needs besides the editor. */
export interface OtherKernelNeeds {
  readonly catalog: PatchCatalog;
  readonly treePathOf: TreePathOf;
  /** The kernel that is being debugged; a name or a folder. */
  readonly running: string | undefined;
}

function remarkOf(kind: Counterpart['kind'], kernel: string): string | undefined {
  switch (kind) {
    case 'line':
      return undefined;
    case 'near':
      return vscode.l10n.t('{0} has no such line; this is the one before it.', kernel);
    case 'function':
      return vscode.l10n.t('{0} has no such line; this is the function.', kernel);
    case 'none':
      return vscode.l10n.t('{0} has no such place in this file.', kernel);
  }
}

async function otherText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

/** Asks for a kernel and opens the place of the active editor in it. Errors: `UserError` in other documents. */
export async function openInOtherKernel(needs: OtherKernelNeeds): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const path = editor && needs.treePathOf(editor.document.uri);
  if (editor === undefined || path === undefined) {
    throw new UserError(
      'no-kernel-file',
      vscode.l10n.t('The editor shows no file of a kernel.'),
      vscode.l10n.t('Open one with "Faultline: Open Annotated Sources".'),
    );
  }
  const { document, selection } = editor;
  const line1 = selection.active.line + 1;
  const own = kernelOf(document.uri);
  const likely = [needs.running, SHIPPED_KERNEL, 'unpatched'];
  const shipped = new Set(
    [...needs.catalog.kernels, ...needs.catalog.labs].map(({ name }) => name),
  );
  const first = new Set(likely.flatMap((name = '') => (shipped.has(name) ? [name] : [])));
  const kernel = await pickKernel(needs.catalog, {
    title: vscode.l10n.t('Open This Place in Another Kernel'),
    placeHolder: vscode.l10n.t('The kernel whose {0} opens beside', path),
    first: [...first].filter((name) => name !== own),
    ...(own === undefined ? {} : { without: own }),
  });
  if (kernel === undefined) return;
  const uri = kernelUri(kernel, path);
  const text = await otherText(uri);
  if (text === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The kernel {0} has no file {1}.', kernel, path),
    );
    return;
  }
  const place = findCounterpart(document.getText(), text, line1);
  const at = new vscode.Position(place.line1 - 1, 0);
  const shown = await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.Beside,
    preview: false,
    selection: new vscode.Range(at, at),
  });
  shown.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  const remark = remarkOf(place.kind, kernel);
  if (remark !== undefined) vscode.window.setStatusBarMessage(`Faultline: ${remark}`, REMARK_MS);
}
