/**
 * The `faultline` command: its subcommands, its help, and how its errors end.
 *
 * This is one of the four places where errors are caught: wrong input is one message and its remedy,
 * a bug of ours shows its stack.
 */
import { Command, CommanderError } from 'commander';
import { UserError } from '../base/errors.ts';
import { createCcCommand } from './ccCommand.ts';
import {
  EXIT_BUG,
  EXIT_OK,
  EXIT_USER_ERROR,
  type CommandEnvironment,
  type SetExitCode,
} from './commandEnvironment.ts';
import { createDapCommand } from './dapCommand.ts';
import { createLabCommand } from './labCommand.ts';
import { createListCommand } from './listCommand.ts';
import { createRunCommand } from './runCommand.ts';
import { createSweepCommand } from './sweepCommand.ts';

/** Runs one command line (without the program's name); the result is the exit code. */
export async function runCommandLine(
  values: readonly string[],
  environment: CommandEnvironment,
): Promise<number> {
  let exitCode = EXIT_OK;
  const program = createProgram(environment, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(values, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(environment, error);
  }
}

function createProgram(environment: CommandEnvironment, setExitCode: SetExitCode): Command {
  const program = new Command('faultline')
    .description('Runs annotated kernel C on a simulated machine.')
    .enablePositionalOptions()
    .addCommand(createRunCommand(environment, setExitCode))
    .addCommand(createSweepCommand(environment, setExitCode))
    .addCommand(createListCommand(environment, setExitCode))
    .addCommand(createLabCommand(environment, setExitCode))
    .addCommand(createCcCommand(environment, setExitCode))
    .addCommand(createDapCommand(environment, setExitCode));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => environment.write(1, text),
      writeErr: (text) => environment.write(2, text),
    });
  }
  return program;
}

function reportError(environment: CommandEnvironment, error: unknown): number {
  // Commander has written its message already; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USER_ERROR;
  if (error instanceof UserError) {
    environment.write(2, `error: ${error.message} ${error.remedy}\n`);
    return EXIT_USER_ERROR;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  environment.write(2, `This is a bug in Faultline, please report it.\n${stack}\n`);
  return EXIT_BUG;
}
