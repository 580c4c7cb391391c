/**
 * Where the `faultline` command starts: the real process becomes a `CommandEnvironment`.
 *
 * Built to `dist/cli.js`, one CommonJS file, beside which the package has its `media` folder.
 */
import { writeSync } from 'node:fs';
import path from 'node:path';
import { runCommandLine } from './commandLine.ts';

/** Writes all of it before it returns, also to a pipe that is full for a moment. */
function writeFully(fd: 1 | 2, data: string | Uint8Array): void {
  let rest = typeof data === 'string' ? Buffer.from(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // Nobody reads any more: there is nothing left to say.
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
    }
  }
}

void runCommandLine(process.argv.slice(2), {
  write: writeFully,
  workingFolder: process.cwd(),
  mediaFolder: path.resolve(__dirname, '..', 'media'),
  panelFolder: __dirname,
  input: process.stdin,
  output: process.stdout,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
