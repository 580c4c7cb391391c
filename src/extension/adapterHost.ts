/**
 * What the debug adapter needs from VS Code: files of the user through the workspace's file system,
 * and a way to let requests in between slices of work.
 */
import * as vscode from 'vscode';
import type { AdapterHost } from '../adapter/host.ts';
import {
  FOLDER_ENTRY_LIMIT,
  folderTooLarge,
  isHidden,
  isTreeText,
  notAKernelFolder,
} from '../adapter/kernelFolder.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A path or URI as a user writes it in `launch.json`; relative ones start at the first folder. */
export function toUri(path: string): vscode.Uri {
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path))
    return vscode.Uri.parse(path);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const isAbsolute = path.startsWith('/') || /^[a-z]:[\\/]/i.test(path);
  if (folder === undefined) return vscode.Uri.file(path);
  if (!isAbsolute) return vscode.Uri.joinPath(folder.uri, path);
  // In a remote or virtual workspace, an absolute path is one of that workspace's file system.
  return folder.uri.scheme === 'file' ? vscode.Uri.file(path) : folder.uri.with({ path });
}

function displayPath(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

async function statOf(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

async function readText(uri: vscode.Uri): Promise<string> {
  // What the user sees counts: an open editor with unsaved changes is saved by VS Code before a launch.
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** All texts of a folder by relative path. Errors: `UserError` for what cannot be a kernel. */
export async function readTexts(folder: vscode.Uri): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const shown = displayPath(folder);
  let entries = 0;
  const visit = async (at: vscode.Uri, prefix: string): Promise<void> => {
    for (const [name, type] of await vscode.workspace.fs.readDirectory(at)) {
      if (isHidden(name)) continue;
      entries += 1;
      if (entries > FOLDER_ENTRY_LIMIT) throw folderTooLarge(shown);
      const uri = vscode.Uri.joinPath(at, name);
      if (type === vscode.FileType.Directory) await visit(uri, `${prefix}${name}/`);
      else if (type === vscode.FileType.File && isTreeText(name)) {
        files.set(`${prefix}${name}`, await readText(uri));
      }
    }
  };
  try {
    await visit(folder, '');
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    throw notAKernelFolder(shown, `cannot be read (${error.code})`);
  }
  return files;
}

/** The host of an adapter that runs inside the extension. */
export function createAdapterHost(media: MediaFiles, log: (message: string) => void): AdapterHost {
  return {
    media,
    sourceNaming: 'uri',
    mediaPath: () => undefined,
    readFile: async (path) => {
      const uri = toUri(path);
      const stat = await statOf(uri);
      if (stat?.type !== vscode.FileType.File || stat.size > MAX_FILE_BYTES) return undefined;
      return { path: displayPath(uri), text: await readText(uri) };
    },
    readFolder: async (path) => {
      const uri = toUri(path);
      const stat = await statOf(uri);
      if (stat?.type !== vscode.FileType.Directory) return undefined;
      return { path: displayPath(uri), files: await readTexts(uri) };
    },
    yieldToHost: () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
    now: () => performance.now(),
    logBug: log,
  };
}
