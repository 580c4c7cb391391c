/**
 * Serves every shipped kernel tree read-only: `faultline:/KERNEL/path`, and the programs and
 * scenarios as `faultline:/scenarios/NAME`.
 *
 * Trees other than `patched` are computed from patches when they are first asked for. Nothing can be
 * written; a lab folder is where one edits.
 */
import * as vscode from 'vscode';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { KERNEL_SCHEME } from './ids.ts';

const SCENARIOS = 'scenarios';

/** The URI of a file in a shipped kernel tree. */
export function kernelUri(kernel: string, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: KERNEL_SCHEME, path: `/${kernel}/${path}` });
}

/** The kernel that a file of ours belongs to, such as `patched`; `undefined` for all other files. */
export function kernelOf(uri: vscode.Uri): string | undefined {
  if (uri.scheme !== KERNEL_SCHEME) return undefined;
  const [, kernel] = uri.path.split('/');
  return kernel === '' || kernel === SCENARIOS ? undefined : kernel;
}

/** The path inside its tree of a file of ours, such as `mm/filemap.c`. */
export function pathInKernelTree(uri: vscode.Uri): string | undefined {
  if (uri.scheme !== KERNEL_SCHEME) return undefined;
  const [, kernel, ...rest] = uri.path.split('/');
  return kernel === undefined || kernel === SCENARIOS ? undefined : rest.join('/');
}

interface Entry {
  readonly type: vscode.FileType;
  readonly text: string;
}

export class KernelFileSystem implements vscode.FileSystemProvider {
  private readonly media: () => Promise<MediaFiles>;
  private readonly treeFiles: (
    media: MediaFiles,
    kernel: string,
  ) => ReadonlyMap<string, string> | undefined;
  private readonly kernelNames: (media: MediaFiles) => readonly string[];
  private readonly trees = new Map<string, ReadonlyMap<string, string>>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly createdMs = Date.now();

  /** Never fires: what ships does not change. */
  readonly onDidChangeFile = this.changed.event;

  constructor(
    media: () => Promise<MediaFiles>,
    kernelNames: (media: MediaFiles) => readonly string[],
    treeFiles: (media: MediaFiles, kernel: string) => ReadonlyMap<string, string> | undefined,
  ) {
    this.media = media;
    this.kernelNames = kernelNames;
    this.treeFiles = treeFiles;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const entry = await this.find(uri);
    return {
      type: entry.type,
      ctime: this.createdMs,
      mtime: this.createdMs,
      size: new TextEncoder().encode(entry.text).length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const entry = await this.find(uri);
    if (entry.type !== vscode.FileType.File) throw vscode.FileSystemError.FileIsADirectory(uri);
    return new TextEncoder().encode(entry.text);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const [, top = '', ...rest] = uri.path.replace(/\/+$/, '').split('/');
    if (top === '') {
      const names = this.kernelNames(await this.media());
      return [...names, SCENARIOS].map((name) => [name, vscode.FileType.Directory]);
    }
    const files = await this.filesOf(top);
    if (files === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const prefix = rest.length === 0 ? '' : `${rest.join('/')}/`;
    const found = new Map<string, vscode.FileType>();
    for (const path of files.keys()) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...deeper] = path.slice(prefix.length).split('/');
      found.set(name, deeper.length === 0 ? vscode.FileType.File : vscode.FileType.Directory);
    }
    if (found.size === 0) throw vscode.FileSystemError.FileNotFound(uri);
    return [...found];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private async find(uri: vscode.Uri): Promise<Entry> {
    const [, top = '', ...rest] = uri.path.replace(/\/+$/, '').split('/');
    if (top === '') return { type: vscode.FileType.Directory, text: '' };
    const files = await this.filesOf(top);
    const path = rest.join('/');
    const text = files?.get(path);
    if (text !== undefined) return { type: vscode.FileType.File, text };
    const isFolder =
      files !== undefined &&
      (path === '' || [...files.keys()].some((name) => name.startsWith(`${path}/`)));
    if (!isFolder) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, text: '' };
  }

  private async filesOf(top: string): Promise<ReadonlyMap<string, string> | undefined> {
    const known = this.trees.get(top);
    if (known !== undefined) return known;
    const media = await this.media();
    const files = top === SCENARIOS ? scenarioFiles(media) : this.treeFiles(media, top);
    if (files !== undefined) this.trees.set(top, files);
    return files;
  }
}

function scenarioFiles(media: MediaFiles): ReadonlyMap<string, string> {
  const prefix = `${SCENARIOS}/`;
  return new Map(
    media.list(prefix).map((path) => [path.slice(prefix.length), media.read(path) ?? '']),
  );
}
