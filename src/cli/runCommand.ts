/**
 * `faultline run SCENARIO`: runs a scenario without a debugger and reports what came out.
 *
 * The exit code is 0 when the scenario's expectation for this kernel holds (or, where it says nothing,
 * when nothing broke), 1 when not, 2 for wrong input, 3 when a bound was hit first.
 */
import { Command, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import { checkExpectation, type ExpectationResult } from '../scenario/expectation.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { prepareRun, type PreparedRun, type PrepareRunInput } from '../scenario/prepareRun.ts';
import { runToEnd, type RunResult } from '../scenario/runScenario.ts';
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
  createRulesOption,
  createTierOption,
  readCount,
  readSeed,
} from './optionValues.ts';
import { printDiagnostics } from './printDiagnostics.ts';
import { makeHtmlReport, usualOther } from './htmlReport.ts';
import { formatReportDocument, readPanelBundle } from './reportDocument.ts';
import { loadNamedInput, loadNamedKernel, type RunOptions } from './runInputs.ts';
import { createForceOption, requirePlace, writeReport, type ReportTarget } from './reportFile.ts';
import { explainLimit, formatRunReport, formatViolation } from './runReport.ts';
import {
  runForTrace,
  runForUsage,
  TRACE_FORMATS,
  type TraceFormat,
  type TraceOptions,
} from './traceReport.ts';
import { formatUsage } from './usageReport.ts';

interface RunCommandOptions extends RunOptions, TraceOptions, ReportTarget {
  readonly format: 'table' | 'json' | 'html' | TraceFormat;
  /** The kernel that an HTML report compares with; false for none. */
  readonly compare?: string | false;
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
        '1 when it does not or a rule was violated, 2 for wrong input, 3 when a bound was hit first.\n' +
        'What --set can change are the parameters of the scenario and the prices of the machine, such\n' +
        'as diskReadNs.',
    )
    .argument('<scenario>', 'a name from `faultline list`, or the path of a scenario file')
    .option('--kernel <name>', 'a name from `faultline list`, or a folder (default: patched)')
    .option('--patch <file>', 'apply a patch to the kernel; may be repeated', collectText)
    .option('--set <name=value>', 'set a parameter or a price; may be repeated', collectSetting)
    .option('--seed <n>', 'decide at random, reproducibly', readSeed)
    .option('--schedule <text>', 'replay a schedule: its text, or a file with it')
    .addOption(createChecksOption())
    .addOption(createRulesOption())
    .addOption(createTierOption())
    .addOption(
      new Option('--format <format>', 'how to report')
        .choices(['table', 'json', 'html', ...TRACE_FORMATS])
        .default('table'),
    )
    .option('--plumbing', 'trace the small helper functions too (ftrace, perfetto)')
    .option(
      '--max-events <n>',
      'how many events a trace keeps (ftrace, perfetto, html; default: 500000, html: 50000)',
      readCount,
    )
    .option(
      '--compare <kernel>',
      'the kernel that a report compares with (html; default: unpatched or patched)',
    )
    .option('--no-compare', 'compare with no other kernel (html)')
    .option('-o, --output <file>', 'write the report to a file')
    .addOption(createForceOption())
    .action((scenario: string, options: RunCommandOptions) => {
      setExitCode(runScenario(environment, scenario, options));
    });
}

function runScenario(
  environment: CommandEnvironment,
  scenarioName: string,
  options: RunCommandOptions,
): number {
  requireTraceFormat(options);
  requireHtml(options);
  requirePlace(environment, options);
  // What is missing is said before the work whose result it is needed for.
  if (options.format === 'html') readPanelBundle(environment.panelFolder);
  const { workingFolder } = environment;
  const media = createNodeMedia(environment.mediaFolder);
  const named = loadNamedInput(media, workingFolder, scenarioName, options);
  printDiagnostics(environment, named.diagnostics);
  if (named.input === undefined) return EXIT_USER_ERROR;
  // The kernel's own messages go beside the report.
  const output = (_fd: number, text: string): void => {
    environment.write(2, text);
  };
  const input = { ...named.input, output };
  const { run, diagnostics } = prepareRun(input);
  printDiagnostics(environment, diagnostics);
  if (run === undefined) return EXIT_USER_ERROR;
  const { result, report, warning } =
    options.format === 'html'
      ? runForHtml(environment, media, input, run, options)
      : runInFormat(run, options.format, options);
  if (result === undefined) return EXIT_BOUND;
  const summary = summarizeRun(run, result);
  const expectation = checkExpectation(run, summary);
  const bootSteps = run.bootStop === undefined ? undefined : run.machine.bootSteps;
  const limit = explainLimit(summary, result.stop, bootSteps);
  writeReport(environment, options, report(summary, expectation, limit));
  if (warning !== undefined) environment.write(2, `${warning}\n`);
  if (isTraceFormat(options.format) || options.format === 'html')
    explainViolations(environment, summary);
  if (options.format !== 'table') explainMismatches(environment, expectation, limit);
  return exitCodeOf(summary, expectation);
}

/** A run that has ended, and how to report it. */
interface FinishedRun {
  readonly result: RunResult | undefined;
  readonly report: (
    summary: RunSummary,
    expectation: ExpectationResult,
    limit: string | undefined,
  ) => Iterable<string>;
  readonly warning?: string | undefined;
}

/** Runs to the end, recording what the format needs. */
function runInFormat(
  run: PreparedRun,
  format: 'table' | 'json' | TraceFormat,
  options: RunCommandOptions,
): FinishedRun {
  if (isTraceFormat(format)) {
    const { result, pieces, warning } = runForTrace(run, format, options);
    return { result, report: () => pieces, warning };
  }
  if (format === 'json') {
    const report = (summary: RunSummary): string[] => [
      `${JSON.stringify(summary, undefined, 2)}\n`,
    ];
    return { result: runToEnd(run), report };
  }
  const { result, usage } = runForUsage(run);
  return {
    result,
    report: (summary, expectation, limit) => [
      formatRunReport(summary, expectation, limit, run, formatUsage(run, summary, usage)),
    ],
  };
}

/** Runs it, and the other kernel that a report compares with. */
function runForHtml(
  environment: CommandEnvironment,
  media: MediaFiles,
  input: PrepareRunInput,
  run: PreparedRun,
  { compare, maxEvents }: RunCommandOptions,
): FinishedRun {
  const other = compare === false ? undefined : otherTree(environment, media, input.tree, compare);
  const { result, data, warning } = makeHtmlReport({ media, input, run, other, maxEvents });
  const bundle = readPanelBundle(environment.panelFolder);
  return { result, report: () => formatReportDocument(bundle, data), warning };
}

/** Errors: `UserError` when no kernel has that name. */
function otherTree(
  environment: CommandEnvironment,
  media: MediaFiles,
  tree: KernelTree,
  compare: string | undefined,
): KernelTree | undefined {
  const name = compare ?? usualOther(media, tree);
  const loaded = loadNamedKernel(media, environment.workingFolder, name, []);
  printDiagnostics(environment, loaded.diagnostics);
  return loaded.tree;
}

/** Errors: `UserError` for an option of HTML reports with another format. */
function requireHtml({ format, compare }: RunCommandOptions): void {
  if (format === 'html' || compare === undefined) return;
  const option = compare === false ? '--no-compare' : '--compare';
  throw new UserError(
    'needs-html',
    `${option} says what an HTML report compares with, and --format ${format} compares nothing.`,
    `Add --format html, or leave ${option} out.`,
  );
}

/** Errors: `UserError` for options that the format would ignore. */
function requireTraceFormat({ format, plumbing, maxEvents }: RunCommandOptions): void {
  if (format === 'ftrace' || format === 'perfetto') return;
  const option = plumbing === true ? '--plumbing' : '--max-events';
  if (plumbing !== true && (maxEvents === undefined || format === 'html')) return;
  throw new UserError(
    'needs-trace',
    `${option} says what a trace holds, and --format ${format} writes none.`,
    `Add --format ftrace or --format perfetto, or leave ${option} out.`,
  );
}

function isTraceFormat(format: RunCommandOptions['format']): format is TraceFormat {
  return TRACE_FORMATS.some((item) => item === format);
}

/** A trace does not say what was wrong with the run. */
function explainViolations(environment: CommandEnvironment, { violations }: RunSummary): void {
  for (const violation of violations) {
    environment.write(2, `${formatViolation(violation).join('\n')}\n`);
  }
}

/** JSON and traces are for programs; people still want to know why the status is 1 or 3. */
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
