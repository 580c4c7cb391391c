/**
 * `faultline sweep SCENARIO --over k=a,b,c`: runs a scenario with all those values on several kernels, prints a table
 * and draws a plot.
 *
 * The exit code is 0 when every run came to its end, 1 when something broke in one, 2 for wrong input, 3 when one
 * hit a bound.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { hasErrors, renderDiagnostic, type Diagnostic } from '../base/diagnostic.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import {
  EXIT_BOUND,
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USER_ERROR,
  type CommandEnvironment,
  type SetExitCode,
} from './commandEnvironment.ts';
import { createNodeMedia } from './nodeMedia.ts';
import { collectSetting, createChecksOption, createRulesOption } from './optionValues.ts';
import { printDiagnostics } from './printDiagnostics.ts';
import { createForceOption, requirePlace, writeReport, type ReportTarget } from './reportFile.ts';
import { loadNamedKernel, loadNamedScenario } from './runInputs.ts';
import { drawSweep } from './sweepPlot.ts';
import { formatSweep, sweepToJson } from './sweepReport.ts';
import {
  checkSweep,
  readAxis,
  sweep,
  type SweepAxis,
  type SweepInput,
  type SweepRun,
} from './sweepRuns.ts';

interface SweepOptions extends ReportTarget {
  readonly over: readonly SweepAxis[];
  readonly kernel: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  readonly checks?: 'on' | 'off';
  readonly rules?: string;
  readonly format: 'table' | 'json';
}

/** The subcommand that runs a scenario many times. */
export function createSweepCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('sweep')
    .summary('run a scenario with many values and plot what comes out')
    .description(
      'Runs a scenario with every combination of the values that --over gives, on every kernel, and\n' +
        'prints a table. What can vary are the parameters of the scenario and the prices of the machine,\n' +
        'such as diskReadNs. With -o it also draws a plot: the first parameter goes to the right, each\n' +
        'kernel is a line. The exit status is 0 when every run came to its end, 1 when something broke,\n' +
        '2 for wrong input, 3 when a bound was hit.',
    )
    .argument('<scenario>', 'a name from `faultline list`, or the path of a scenario file')
    .requiredOption('--over <name=a,b,c>', 'values of a parameter; may be repeated', collectAxis)
    .addOption(
      new Option('--kernel <names>', 'kernels or folders, with commas between them')
        .argParser(readNames)
        .default(['unpatched', 'patched'], 'unpatched,patched'),
    )
    .option('--set <name=value>', 'set another parameter or price; may be repeated', collectSetting)
    .addOption(createChecksOption())
    .addOption(createRulesOption())
    .addOption(
      new Option('--format <format>', 'how to report').choices(['table', 'json']).default('table'),
    )
    .option('-o, --output <file.svg>', 'draw a plot into this file')
    .addOption(createForceOption())
    .action((scenario: string, options: SweepOptions) => {
      setExitCode(runSweep(environment, scenario, options));
    });
}

function collectAxis(text: string, earlier: readonly SweepAxis[] = []): readonly SweepAxis[] {
  return [...earlier, readAxis(text)];
}

function readNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
  throw new InvalidArgumentError('It must be different names with commas between them.');
}

function runSweep(
  environment: CommandEnvironment,
  scenarioName: string,
  options: SweepOptions,
): number {
  requirePlace(environment, options);
  const media = createNodeMedia(environment.mediaFolder);
  const { input, diagnostics } = loadInput(environment, media, scenarioName, options);
  printDiagnostics(environment, diagnostics);
  if (input === undefined) return EXIT_USER_ERROR;
  const count = checkSweep(input);
  const runs = makeRuns(environment, input, count);
  if (runs === undefined) return EXIT_USER_ERROR;
  const result = { scenario: input.loaded.scenario, axes: input.axes, runs };
  environment.write(1, options.format === 'json' ? sweepToJson(result) : formatSweep(result));
  if (options.output !== undefined) {
    writeReport(environment, options, [drawSweep(result)]);
    environment.write(2, `The plot is in ${options.output}.\n`);
  }
  if (runs.some(({ violations }) => violations.length > 0)) return EXIT_FAILED;
  return runs.some(({ outcome }) => outcome === 'limit') ? EXIT_BOUND : EXIT_OK;
}

/** Makes the runs and tells of each; `undefined` when one could not be made. What is said of texts is said once. */
function makeRuns(
  environment: CommandEnvironment,
  input: SweepInput,
  count: number,
): readonly SweepRun[] | undefined {
  const runs: SweepRun[] = [];
  const said = new Set<string>();
  const tell = (diagnostics: readonly Diagnostic[]): void => {
    const fresh = diagnostics.filter((diagnostic) => !said.has(renderDiagnostic(diagnostic)));
    for (const diagnostic of fresh) said.add(renderDiagnostic(diagnostic));
    printDiagnostics(environment, fresh);
  };
  const steps = sweep(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      tell(step.value);
      return step.value.length > 0 ? undefined : runs;
    }
    const { run, diagnostics } = step.value;
    tell(diagnostics);
    runs.push(run);
    environment.write(
      2,
      `${describeRun(input.axes, run)} (${String(runs.length)} of ${String(count)})\n`,
    );
  }
}

function describeRun(axes: readonly SweepAxis[], { kernel, values, outcome }: SweepRun): string {
  const settings = axes.map(({ name }, index) => `${name}=${String(values[index])}`);
  return `${[kernel, ...settings].join(' ')}: ${outcome}`;
}

function loadInput(
  environment: CommandEnvironment,
  media: MediaFiles,
  scenarioName: string,
  options: SweepOptions,
): { readonly input: SweepInput | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const { workingFolder } = environment;
  const loaded = loadNamedScenario(media, workingFolder, scenarioName);
  const kernels = options.kernel.map((name) => loadNamedKernel(media, workingFolder, name, []));
  const diagnostics = [...loaded.diagnostics, ...kernels.flatMap((kernel) => kernel.diagnostics)];
  const trees = kernels.flatMap(({ tree }): KernelTree[] => (tree === undefined ? [] : [tree]));
  const { scenario } = loaded;
  if (scenario === undefined || hasErrors(diagnostics)) return { input: undefined, diagnostics };
  const input = {
    loaded: { ...loaded, scenario },
    trees,
    axes: options.over,
    settings: options.set ?? {},
    checks: options.checks !== 'off',
    ...(options.rules === undefined ? {} : { rules: options.rules }),
  };
  return { input, diagnostics };
}
