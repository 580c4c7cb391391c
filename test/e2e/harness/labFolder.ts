// A lab folder for a journey, made by the built command line: the same folder that a student gets; and where its lines are.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './places.ts';

/** Makes a lab folder. Errors: throws with the command's own words when it fails. */
export function makeLabFolder(folder: string): void {
  const cli = path.join(projectRoot, 'dist/cli.js');
  const result = spawnSync(process.execPath, [cli, 'lab', folder], { encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`faultline lab ${folder} failed:\n${result.stdout}${result.stderr}`);
  }
}

/** The number of the first line of a file of the kernel that contains a text; the file as in `mm/filemap.c`. */
export function lineOf(file: string, text: string): number {
  const source = readFileSync(path.join(projectRoot, 'media/kernel', file), 'utf8');
  return source.split('\n').findIndex((line) => line.includes(text)) + 1;
}
