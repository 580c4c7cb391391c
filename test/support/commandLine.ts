/**
 * Runs the `faultline` command inside the test's process, in a scratch folder.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommandLine } from '../../src/cli/commandLine.ts';

/** What a command wrote and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of files that a test's commands see as their working folder. */
export class Scratch {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'faultline-cli-'));

  /** Writes a file; the path is relative to the folder. */
  write(name: string, text: string): void {
    const full = path.join(this.folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Runs a command line; `input` are the bytes of standard input. */
  async run(values: readonly string[], input = ''): Promise<CommandResult> {
    const written: { readonly fd: number; readonly text: string }[] = [];
    const output = new PassThrough();
    output.on('data', (chunk: Buffer) => written.push({ fd: 1, text: chunk.toString() }));
    const stdin = new PassThrough();
    stdin.end(input);
    const code = await runCommandLine(values, {
      write: (fd, data) => written.push({ fd, text: Buffer.from(data).toString() }),
      workingFolder: this.folder,
      mediaFolder: path.join(import.meta.dirname, '../../media'),
      panelFolder: path.join(this.folder, 'panel'),
      input: stdin,
      output,
    });
    const textOf = (fd: number): string =>
      written
        .filter((item) => item.fd === fd)
        .map((item) => item.text)
        .join('');
    return { code, out: textOf(1), err: textOf(2) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
