/**
 * What the commands need from the process: where to write, where they run, where the product's texts
 * are. Tests give another one; only `main.ts` touches the real process.
 */

/** How a command ended, as the shell sees it. */
export const EXIT_OK = 0;
/** The expectation does not hold, or a rule was violated. */
export const EXIT_FAILED = 1;
/** The user's input is wrong. */
export const EXIT_USER_ERROR = 2;
/** A bound was hit before an answer. */
export const EXIT_BOUND = 3;
/** A bug of ours. */
export const EXIT_BUG = 70;
/** What a shell shows for a program that aborted: a machine fault under `cc`. */
export const EXIT_MACHINE_FAULT = 134;

export interface CommandEnvironment {
  /** Writes to standard output (1) or standard error (2), at once. */
  write(fd: 1 | 2, data: string | Uint8Array): void;
  /** Relative paths of the user start here. */
  readonly workingFolder: string;
  /** The `media` folder of the package. */
  readonly mediaFolder: string;
  /** The folder with the built panel, for reports. */
  readonly panelFolder: string;
  /** For `dap` over stdio. */
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Reports how a command ended; the last report counts. */
export type SetExitCode = (code: number) => void;
