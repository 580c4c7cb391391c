/**
 * What the debug adapter needs from VS Code: files of the user through the workspace's file system,
 * and a way to let requests in between slices of work.
 */
import * as vscode from 'vscode';
import type { AdapterHost } from '../adapter/host.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';

/** A kernel tree is some hundred files; a folder far beyond that was named by mistake. */
const MAX_FILES = 2000;
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

async function collect(
  folder: vscode.Uri,
  prefix: string,
  files: Map<string, string>,
): Promise<void> {
  for (const [name, type] of await vscode.workspace.fs.readDirectory(folder)) {
    if (name.startsWith('.') || files.size >= MAX_FILES) continue;
    const uri = vscode.Uri.joinPath(folder, name);
    if (type === vscode.FileType.Directory) await collect(uri, `${prefix}${name}/`, files);
    else if (type === vscode.FileType.File && /\.[chsS]$|\.jsonc?$/.test(name)) {
      files.set(`${prefix}${name}`, await readText(uri));
    }
  }
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
      const files = new Map<string, string>();
      await collect(uri, '', files);
      return { path: displayPath(uri), files };
    },
    yieldToHost: () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
    now: () => performance.now(),
    logBug: log,
  };
}
