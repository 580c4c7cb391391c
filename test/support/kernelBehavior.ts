/**
 * Programs of test/fixtures/kernel/behavior: files of the kernel as ordinary programs, under random operations, with
 * checks by the sheet of facts. What gcc -m32 makes of them is recorded in the last comment of each program.
 *
 * A comment of the form `extract FILE: NAME…` stands for these functions of a file of the kernel, for files that need
 * too much else to be taken as a whole.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kernelFiles, mediaFolder } from './kernelMedia.ts';

/** The folder of the programs, the shim and the intrinsics for gcc. */
export const behaviorFolder = path.join(import.meta.dirname, '../fixtures/kernel/behavior');
const KERNEL = path.join(mediaFolder, 'kernel');
/** Where the programs find what they include, in this order. */
export const includeFolders: readonly string[] = [
  behaviorFolder,
  path.join(KERNEL, 'include'),
  path.join(KERNEL, 'arch/x86/include'),
  KERNEL,
];
/** The part of a program that is not one: the intrinsics of the machine for gcc. */
const INTRINSICS = 'intrinsics';
const RECORD = /\n\/\* gcc -m32:\n([^]*)\*\/\n$/;
const EXTRACT = /^\/\* extract (\S+): ([\w ]+) \*\/$/gm;

/** The names of all programs, without `.c`. */
export function listBehaviors(): string[] {
  return readdirSync(behaviorFolder)
    .filter((name) => name.endsWith('.c') && name !== `${INTRINSICS}.c`)
    .map((name) => name.slice(0, -2))
    .sort();
}

function programPath(name: string): string {
  return path.join(behaviorFolder, `${name}.c`);
}

/** A function with its comment's type line to its closing brace. Errors: throws when there is none. */
function extractFunction(file: string, text: string, name: string): string {
  const found = new RegExp(
    `^[a-z][^;{}\\n]*\\b${name}\\([^;{}]*\\)\\n\\{\\n[^]*?^\\}\\n`,
    'm',
  ).exec(text);
  if (found === null) throw new Error(`${file} has no function ${name}`);
  return found[0];
}

/** The program as both compilers get it. `edit` may change the files that functions are taken from. */
export function behaviorText(name: string, edit = (text: string): string => text): string {
  const files = kernelFiles();
  return readFileSync(programPath(name), 'utf8').replace(
    EXTRACT,
    (_, file: string, functions: string) => {
      const text = edit(files.get(file) ?? '');
      return functions
        .split(' ')
        .map((item) => extractFunction(file, text, item))
        .join('\n');
    },
  );
}

/** A file that a program includes, by its full path. */
export function readIncluded(fullPath: string): string | undefined {
  return existsSync(fullPath) ? readFileSync(fullPath, 'utf8') : undefined;
}

/** What gcc's program wrote. */
export function recordedBehavior(name: string): string | undefined {
  return RECORD.exec(readFileSync(programPath(name), 'utf8'))?.[1];
}

/** Writes that into the program's last comment. */
export function recordBehavior(name: string, output: string): void {
  const program = readFileSync(programPath(name), 'utf8').replace(RECORD, '\n').trimEnd();
  writeFileSync(programPath(name), `${program}\n\n/* gcc -m32:\n${output}*/\n`);
}
