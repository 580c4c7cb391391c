/**
 * Where reports go: standard output, or the file that the user names, written piece by piece.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.ts';
import type { CommandEnvironment } from './commandEnvironment.ts';

/** Characters that are collected before they are written. */
const CHUNK = 65_536;

/** Writes a report. Errors: a `UserError` when the file cannot be written. */
export function writeReport(
  environment: CommandEnvironment,
  file: string | undefined,
  pieces: Iterable<string>,
): void {
  if (file === undefined) {
    writeChunks(pieces, (chunk) => {
      environment.write(1, chunk);
    });
    return;
  }
  try {
    const handle = openSync(path.resolve(environment.workingFolder, file), 'w');
    try {
      writeChunks(pieces, (chunk) => {
        writeSync(handle, chunk);
      });
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const message = `The report cannot be written to ${file}: ${error.message}.`;
    throw new UserError('output-file', message, 'Name a file in a folder that exists.');
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
