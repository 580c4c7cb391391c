/**
 * Files that the user names on the command line.
 *
 * A text keeps the path as it was written, so that messages name it as the user does.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.ts';
import type { SourceFile } from '../base/span.ts';

/** Larger files are named by mistake. */
const FILE_BYTE_LIMIT = 16 * 1024 * 1024;

/** Whether the path is a folder, a file, or neither. */
export function kindOfPath(folder: string, name: string): 'file' | 'folder' | 'missing' {
  const stat = statSync(path.resolve(folder, name), { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  return stat.isDirectory() ? 'folder' : 'file';
}

/** The file as text, or `undefined` when there is no such file. */
export function readUserFile(folder: string, name: string): SourceFile | undefined {
  const full = path.resolve(folder, name);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  if (stat.size > FILE_BYTE_LIMIT) {
    throw new UserError('file-too-large', `${name} is too large to be read.`, 'Name another file.');
  }
  try {
    return { path: name, text: readFileSync(full, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const remedy = 'Check its permissions, or name another file.';
    throw new UserError('file-unreadable', `${name} cannot be read${reason}.`, remedy);
  }
}

/** The file as text. Errors: a `UserError` when there is none. */
export function requireUserFile(folder: string, name: string, what: string): SourceFile {
  const file = readUserFile(folder, name);
  if (file !== undefined) return file;
  const isFolder = kindOfPath(folder, name) === 'folder';
  const message = isFolder ? `${name} is a folder, not ${what}.` : `There is no file ${name}.`;
  throw new UserError('file-missing', message, `Name ${what} that exists.`);
}
