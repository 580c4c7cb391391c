/**
 * Programs that gcc -m32 makes and this machine runs: what they print is what ours are compared with.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a program did. */
export interface GccAnswer {
  /** The exit status; -1 after a signal. */
  readonly status: number;
  readonly output: string;
}

/** Beside `-m32 -O0 -std=gnu99 -w`. */
export interface GccOptions {
  /** `-fwrapv` when left out: overflow is ours too. */
  readonly flags?: readonly string[];
  /** Further files of the program, by path. */
  readonly files?: readonly string[];
}

/** Compiles a text and runs it. Errors: throws with the words of gcc when it does not compile. */
export function runWithGcc(
  text: string,
  { flags = ['-fwrapv'], files = [] }: GccOptions = {},
): GccAnswer {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-gcc-'));
  try {
    const source = path.join(folder, 'own.c');
    const program = path.join(folder, 'own');
    writeFileSync(source, text);
    const options = ['-m32', '-O0', '-std=gnu99', '-w', ...flags];
    execFileSync('gcc', [...options, source, ...files, '-o', program]);
    const { status, stdout } = spawnSync(program, [], { encoding: 'utf8' });
    return { status: status ?? -1, output: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
