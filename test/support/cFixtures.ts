/**
 * The C programs of test/fixtures/c and the answers of `gcc -m32` that are recorded at their ends:
 * a comment with the exit status and what the program writes to its output.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile } from '../../src/base/span.ts';

/** The folder of the programs and their headers. */
export const cFixtureFolder = path.join(import.meta.dirname, '../fixtures/c');
const RECORD = /\n\/\* gcc -m32: exit status (\d+)\n([^]*)\*\/\n$/;

/** What a program does. */
export interface Answer {
  readonly status: number;
  readonly output: string;
}

/** The names of all programs, without `.c`. */
export function listCFixtures(): string[] {
  return readdirSync(cFixtureFolder)
    .filter((name) => name.endsWith('.c'))
    .map((name) => name.slice(0, -2))
    .sort();
}

/** The path of a program. */
export function cFixturePath(name: string): string {
  return path.join(cFixtureFolder, `${name}.c`);
}

/** The text of a program, its record included. */
export function readCFixture(name: string): string {
  return readFileSync(cFixturePath(name), 'utf8');
}

/** A header that programs include. */
export function readCHeader(name: string): SourceFile | undefined {
  const full = path.join(cFixtureFolder, name);
  return existsSync(full) ? { path: name, text: readFileSync(full, 'utf8') } : undefined;
}

/** The recorded answer, or `undefined` for a program without one. */
export function recordedAnswer(name: string): Answer | undefined {
  const match = RECORD.exec(readCFixture(name));
  return match === null ? undefined : { status: Number(match[1]), output: match[2] ?? '' };
}

/** Writes the answer into the program's last comment. */
export function recordAnswer(name: string, { status, output }: Answer): void {
  const program = readCFixture(name).replace(RECORD, '\n').trimEnd();
  const record = `/* gcc -m32: exit status ${String(status)}\n${output}*/\n`;
  writeFileSync(cFixturePath(name), `${program}\n\n${record}`);
}
