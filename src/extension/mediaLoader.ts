/**
 * Reads what ships under `media/` once, through VS Code's file system, so that the core rooms can use
 * it as plain texts.
 */
import * as vscode from 'vscode';
import type { MediaFiles } from '../scenario/mediaFiles.ts';

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
  };
}
