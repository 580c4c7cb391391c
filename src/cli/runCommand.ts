/**
 * `faultline run SCENARIO`: runs a scenario without a debugger and reports what came out.
 *
 * The exit code is 0 when the scenario's expectation for this kernel holds (or, where it says nothing,
 * when nothing broke), 1 when not, 2 for wrong input, 3 when a bound was hit first.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import { checkExpectation, type ExpectationResult } from '../scenario/expectation.ts';
import { runToEnd } from '../scenario/runScenario.ts';
import { summarizeRun, type RunSummary } from '../scenario/runSummary.ts';
import {
  EXIT_BOUND,
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USER_ERROR,
  type CommandEnvironment,
  type SetExitCode,
} from './commandEnvironment.ts';
import { createNodeMedia } from './nodeMedia.ts';
import {
  collectSetting,
  collectText,
  createChecksOption,
  createTierOption,
  readCount,
} from './optionValues.ts';
import { printDiagnostics } from './printDiagnostics.ts';
import { prepareNamedRun, type RunOptions } from './runInputs.ts';
import { explainLimit, formatRunReport } from './runReport.ts';

interface RunCommandOptions extends RunOptions {
  readonly format: 'table' | 'json';
  readonly output?: string;
}

/** The subcommand that runs a scenario. */
export function createRunCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('run')
    .summary('run a scenario and report what came out')
    .description(
      'Runs a scenario to its end. The exit status is 0 when what it expects of this kernel holds,\n' +
        '1 when it does not or a rule was violated, 2 for wrong input, 3 when a bound was hit first.',
    )
    .argument('<scenario>', 'a name from `faultline list`, or the path of a scenario file')
    .option('--kernel <name>', 'a name from `faultline list`, or a folder (default: patched)')
    .option('--patch <file>', 'apply a patch to the kernel; may be repeated', collectText)
    .option('--set <name=value>', 'set a parameter; may be repeated', collectSetting)
    .option('--seed <n>', 'decide at random, reproducibly', readCount)
    .option('--schedule <text>', 'replay a schedule: its text, or a file with it')
    .addOption(createChecksOption())
    .addOption(createTierOption())
    .addOption(
      new Option('--format <format>', 'how to report').choices(['table', 'json']).default('table'),
    )
    .option('-o, --output <file>', 'write the report to a file')
    .action((scenario: string, options: RunCommandOptions) => {
      setExitCode(runScenario(environment, scenario, options));
    });
}

function runScenario(
  environment: CommandEnvironment,
  scenarioName: string,
  options: RunCommandOptions,
): number {
  const { workingFolder } = environment;
  const media = createNodeMedia(environment.mediaFolder);
  // The kernel's own messages go beside the report.
  const { run, diagnostics } = prepareNamedRun(
    media,
    workingFolder,
    scenarioName,
    options,
    (_fd, text) => {
      environment.write(2, text);
    },
  );
  printDiagnostics(environment, diagnostics);
  if (run === undefined) return EXIT_USER_ERROR;
  const result = runToEnd(run);
  if (result === undefined) return EXIT_BOUND;
  const summary = summarizeRun(run, result);
  const expectation = checkExpectation(run, summary);
  const bootSteps = run.bootStop === undefined ? undefined : run.machine.bootSteps;
  const limit = explainLimit(summary, result.stop, bootSteps);
  const report =
    options.format === 'json'
      ? `${JSON.stringify(summary, undefined, 2)}\n`
      : formatRunReport(summary, expectation, limit);
  writeReport(environment, options.output, report);
  if (options.format === 'json') explainMismatches(environment, expectation, limit);
  return exitCodeOf(summary, expectation);
}

function writeReport(
  environment: CommandEnvironment,
  file: string | undefined,
  report: string,
): void {
  if (file === undefined) {
    environment.write(1, report);
    return;
  }
  try {
    writeFileSync(path.resolve(environment.workingFolder, file), report);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The report cannot be written to ${file}: ${reason}.`;
    throw new UserError('output-file', message, 'Name a file in a folder that exists.');
  }
}

/** JSON is for programs; people still want to know why the status is 1 or 3. */
function explainMismatches(
  environment: CommandEnvironment,
  { mismatches }: ExpectationResult,
  limit: string | undefined,
): void {
  if (limit !== undefined) environment.write(2, `${limit}\n`);
  for (const { what, expected, actual } of mismatches) {
    environment.write(2, `${what}: expected ${expected}, found ${actual}\n`);
  }
}

function exitCodeOf(summary: RunSummary, { isKnown, mismatches }: ExpectationResult): number {
  if (isKnown && mismatches.length === 0) return EXIT_OK;
  if (summary.outcome === 'limit') return EXIT_BOUND;
  return isKnown || summary.outcome !== 'completed' ? EXIT_FAILED : EXIT_OK;
}
