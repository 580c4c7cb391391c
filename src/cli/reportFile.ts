/**
 * Where reports go: standard output, or the file that the user names, written piece by piece.
 *
 * A file that exists is never overwritten unless the user says so. Whether a report can be written is found out before
 * the work whose result it is.
 */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { UserError } from '../base/errors.ts';
import type { CommandEnvironment } from './commandEnvironment.ts';

/** Characters that are collected before they are written. */
const CHUNK = 65_536;

/** The file that the user names for a report; none is standard output. */
export interface ReportTarget {
  readonly output?: string;
  /** Whether a file that exists may be overwritten. */
  readonly force?: boolean;
}

/** `--force`, for commands that write a report to a file. */
export function createForceOption(): Option {
  return new Option('--force', 'overwrite the file of -o if it exists');
}

/** Before the work begins: its result must have a place. Errors: `UserError` when it has none. */
export function requirePlace(
  { workingFolder }: CommandEnvironment,
  { output, force }: ReportTarget,
): void {
  if (output === undefined) return;
  const full = path.resolve(workingFolder, output);
  const found = statOf(full);
  if (found?.isFile() === true && force !== true) throw outputExists(output);
  if (found?.isDirectory() === true) throw outputFile(output, 'it is a folder');
  const folder = path.dirname(full);
  if (statOf(folder)?.isDirectory() !== true) {
    throw outputFile(output, `there is no folder ${path.dirname(output)}`);
  }
  try {
    accessSync(found === undefined ? folder : full, constants.W_OK);
  } catch (error) {
    throw outputFile(output, reasonOf(error));
  }
}

/** Writes a report. Errors: a `UserError` when the file cannot be written. */
export function writeReport(
  environment: CommandEnvironment,
  { output, force }: ReportTarget,
  pieces: Iterable<string>,
): void {
  if (output === undefined) {
    writeChunks(pieces, (chunk) => {
      environment.write(1, chunk);
    });
    return;
  }
  const full = path.resolve(environment.workingFolder, output);
  // What is no plain file, such as a pipe, loses nothing.
  const found = statOf(full);
  const mayExist = force === true || (found !== undefined && !found.isFile());
  try {
    const handle = openSync(full, mayExist ? 'w' : 'wx');
    try {
      writeChunks(pieces, (chunk) => {
        writeSync(handle, chunk);
      });
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw error.code === 'EEXIST' ? outputExists(output) : outputFile(output, reasonOf(error));
  }
}

function outputExists(file: string): UserError {
  return new UserError(
    'output-exists',
    `${file} exists already.`,
    'Name another file, or pass --force to overwrite it.',
  );
}

function outputFile(file: string, reason: string): UserError {
  return new UserError(
    'output-file',
    `The report cannot be written to ${file}: ${reason}.`,
    'Name a file in a folder that exists and that you may write to.',
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What stands at a path; `undefined` when nothing does, or nobody may know. */
function statOf(full: string): Stats | undefined {
  try {
    return statSync(full, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function writeChunks(pieces: Iterable<string>, write: (chunk: string) => void): void {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    write(chunk);
    chunk = '';
  }
  if (chunk !== '') write(chunk);
}
