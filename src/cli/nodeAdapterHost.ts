/**
 * What the debug adapter needs from Node: files of the user, real paths of the texts that ship, a
 * clock, and a way to let requests in between slices of work.
 */
import { existsSync, readdirSync, realpathSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { AdapterHost } from '../adapter/host.ts';
import {
  FOLDER_ENTRY_LIMIT,
  folderTooLarge,
  isHidden,
  isTreeText,
  notAKernelFolder,
} from '../adapter/kernelFolder.ts';
import type { CommandEnvironment } from './commandEnvironment.ts';
import { createNodeMedia } from './nodeMedia.ts';
import { kindOfPath, readUserFile } from './userFiles.ts';

/**
 * The texts below a folder by relative path, hidden files and folders left out.
 *
 * Errors: a `UserError` for a folder that is too large to be a kernel, or cannot be read.
 */
export function readTextFolder(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  let entries = 0;
  const visit = (prefix: string): void => {
    for (const entry of readEntries(path.join(folder, prefix))) {
      if (isHidden(entry.name)) continue;
      entries += 1;
      if (entries > FOLDER_ENTRY_LIMIT) throw folderTooLarge(folder);
      const name = prefix + entry.name;
      if (entry.isDirectory()) visit(`${name}/`);
      else if (entry.isFile() && isTreeText(name)) {
        const file = readUserFile(folder, name);
        if (file !== undefined) files.set(name, file.text);
      }
    }
  };
  visit('');
  return files;
}

function followLinks(name: string): string {
  // A computed text has a relative name, which is no file of the working folder.
  if (!path.isAbsolute(name)) return name;
  try {
    return realpathSync.native(name);
  } catch {
    // There is no such file.
    return name;
  }
}

function readEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw notAKernelFolder(folder, `cannot be read${reason}`);
  }
}

/** The host of one session; `closed` is called when the client has gone. */
export function createNodeAdapterHost(
  environment: CommandEnvironment,
  closed: () => void,
): AdapterHost {
  const { workingFolder, mediaFolder } = environment;
  return {
    media: createNodeMedia(mediaFolder),
    sourceNaming: 'path',
    mediaPath(name) {
      const full = path.join(mediaFolder, name);
      return existsSync(full) ? full : undefined;
    },
    readFile(name) {
      const file = readUserFile(workingFolder, name);
      const full = path.resolve(workingFolder, name);
      return Promise.resolve(file === undefined ? undefined : { path: full, text: file.text });
    },
    readFolder(name) {
      const full = path.resolve(workingFolder, name);
      if (kindOfPath(workingFolder, name) !== 'folder') return Promise.resolve(undefined);
      return Promise.resolve({ path: full, files: readTextFolder(full) });
    },
    realPath: followLinks,
    yieldToHost: () => setImmediate(),
    now: () => performance.now(),
    closed,
    logBug: (message) => environment.write(2, `${message}\n`),
  };
}
