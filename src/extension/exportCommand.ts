/**
 * Saving what the panel shows: a picture as SVG or PNG, the data as JSON. The user says where; the dialog asks before a
 * file is replaced.
 */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import type { ExportFormat, PanelRequest } from '../view/protocol.ts';

type ExportRequest = Extract<PanelRequest, { kind: 'export' }>;

/** The first bytes of a PNG. Source: ISO/IEC 15948, section 5.2. */
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function notExported(format: ExportFormat): UserError {
  return new UserError(
    'bad-export',
    vscode.l10n.t('What the panel sent is no {0}.', format.toUpperCase()),
    vscode.l10n.t('Close the panel, open it again and try once more.'),
  );
}

/** The bytes of the file. Errors: `UserError` `bad-export` when the data is not of its format. */
export function exportedBytes({ format, data }: ExportRequest): Uint8Array {
  switch (format) {
    case 'png': {
      const bytes = /^[A-Za-z0-9+/]*={0,2}$/.test(data)
        ? Uint8Array.from(Buffer.from(data, 'base64'))
        : new Uint8Array();
      if (PNG_SIGNATURE.some((byte, index) => bytes[index] !== byte)) throw notExported(format);
      return bytes;
    }
    case 'svg':
      if (!/^(?:<\?xml[^>]*\?>\s*)?<svg[\s>][^]*<\/svg>\s*$/.test(data)) throw notExported(format);
      return new TextEncoder().encode(data);
    case 'json':
      try {
        JSON.parse(data);
      } catch (error) {
        if (error instanceof SyntaxError) throw notExported(format);
        throw error;
      }
      return new TextEncoder().encode(data);
  }
}

/** A file name without what a file system may not like. */
export function exportedName({ name, format }: ExportRequest): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '');
  return `${plain === '' ? 'faultline' : plain}.${format}`;
}

/** Asks where to save, and saves. */
export async function saveExport(request: ExportRequest): Promise<void> {
  const bytes = exportedBytes(request);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const name = exportedName(request);
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save What the Panel Shows'),
    filters: { [request.format.toUpperCase()]: [request.format] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, bytes);
  const open = vscode.l10n.t('Open');
  const picked = await vscode.window.showInformationMessage(
    vscode.l10n.t('Saved as {0}.', uri.path.split('/').at(-1) ?? name),
    open,
  );
  if (picked === open) await vscode.commands.executeCommand('vscode.open', uri);
}
