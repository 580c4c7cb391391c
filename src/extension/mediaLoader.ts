/**
 * Reads what ships under `media/` once, through VS Code's file system, so that the core rooms can use
 * it as plain texts.
 */
import { existsSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { compilerKey } from '../scenario/compilerKey.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { openLibrary, type ObjectLibrary } from '../scenario/objectLibrary.ts';

const TEXT_FOLDERS = ['kernel', 'patches', 'scenarios', 'libc', 'tours'];

async function readFolder(
  folder: vscode.Uri,
  prefix: string,
  texts: Map<string, string>,
): Promise<void> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  await Promise.all(
    entries.map(async ([name, type]) => {
      const uri = vscode.Uri.joinPath(folder, name);
      const path = `${prefix}/${name}`;
      if (type === vscode.FileType.Directory) await readFolder(uri, path, texts);
      else texts.set(path, new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
    }),
  );
}

/** What the build stored of the kernels. Read by Node: a launch that waits for it cannot wait for VS Code. */
function openObjects(extensionUri: vscode.Uri): ObjectLibrary | undefined {
  if (compilerKey === undefined) return undefined;
  return openLibrary(compilerKey, (name) => {
    const { fsPath } = vscode.Uri.joinPath(extensionUri, 'dist', 'objects', name);
    return existsSync(fsPath) ? readFileSync(fsPath, 'utf8') : undefined;
  });
}

/** All texts of the packaged media; paths are relative to `media/`, as in `kernel/mm/filemap.c`. */
export async function loadMedia(extensionUri: vscode.Uri): Promise<MediaFiles> {
  const texts = new Map<string, string>();
  await Promise.all(
    TEXT_FOLDERS.map((folder) =>
      readFolder(vscode.Uri.joinPath(extensionUri, 'media', folder), folder, texts),
    ),
  );
  const paths = [...texts.keys()].sort();
  return {
    read: (path) => texts.get(path),
    list: (prefix) => paths.filter((path) => path.startsWith(prefix)),
    objects: openObjects(extensionUri),
  };
}
