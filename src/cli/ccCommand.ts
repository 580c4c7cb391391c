/**
 * `faultline cc FILE.c [ARGS…]`: compiles one C file with the library of `media/libc` and runs it.
 *
 * The exit status is that of `main`; 2 for a program that does not compile, 134 for one that the
 * machine had to stop (as a shell shows an abort), which is explained with its place.
 */
import { Command } from 'commander';
import { asPc } from '../base/brand.ts';
import { renderDiagnostic } from '../base/diagnostic.ts';
import { positionOf, type Span } from '../base/span.ts';
import { faultPlaceAt } from '../bytecode/faultPlace.ts';
import { INSTRUCTION_WORDS } from '../bytecode/instruction.ts';
import { functionAt, type Program } from '../bytecode/program.ts';
import type { ExecutionTier } from '../machine/machineConfig.ts';
import type { FinalStop } from '../machine/stop.ts';
import {
  EXIT_BOUND,
  EXIT_MACHINE_FAULT,
  EXIT_USER_ERROR,
  type CommandEnvironment,
  type SetExitCode,
} from './commandEnvironment.ts';
import { compileHosted, runHosted, type HostedRun } from './hostedProgram.ts';
import { createNodeMedia } from './nodeMedia.ts';
import { OutputBuffer } from './outputBuffer.ts';
import { collectText, createChecksOption, createTierOption, readCount } from './optionValues.ts';
import { printDiagnostics } from './printDiagnostics.ts';
import { readUserFile, requireUserFile } from './userFiles.ts';

/** What a program may take when nothing else was said: a minute or so. */
const DEFAULT_MAX_STEPS = 10_000_000_000;
/** So many callers are shown at both ends of a long chain. */
const SHOWN_CALLERS = 8;

interface CcOptions {
  readonly I?: readonly string[];
  readonly maxSteps?: number;
  readonly checks?: 'on' | 'off';
  readonly tier: ExecutionTier;
}

/** The subcommand that compiles and runs a C file. */
export function createCcCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('cc')
    .summary('compile a C file and run it on the machine')
    .description(
      'Compiles one C file with the headers of media/libc and runs its main.\n' +
        'The exit status is that of main, 2 when it does not compile, 134 for a machine fault.',
    )
    .argument('<file>', 'a C file')
    .argument('[args...]', 'arguments of main')
    .option('-I <dir>', 'look for headers there too; may be repeated', collectText)
    .option(
      '--max-steps <n>',
      'stop after so many instructions (exit status 3; default: ten billion)',
      readCount,
    )
    .addOption(createChecksOption())
    .addOption(createTierOption())
    .passThroughOptions()
    .action((file: string, values: string[], options: CcOptions) => {
      setExitCode(compileAndRun(environment, file, values, options));
    });
}

function compileAndRun(
  environment: CommandEnvironment,
  name: string,
  values: readonly string[],
  options: CcOptions,
): number {
  const { workingFolder } = environment;
  const media = createNodeMedia(environment.mediaFolder);
  const file = requireUserFile(workingFolder, name, 'a C file');
  const readSource = (path: string) => readUserFile(workingFolder, path);
  const { program, diagnostics } = compileHosted(file, media, readSource, options.I);
  printDiagnostics(environment, diagnostics);
  if (program === undefined) return EXIT_USER_ERROR;
  const maxSteps = options.maxSteps ?? DEFAULT_MAX_STEPS;
  const output = new OutputBuffer(environment);
  const run = runHosted(program, [name, ...values], (fd, bytes) => output.write(fd, bytes), {
    maxSteps,
    checks: options.checks !== 'off',
    tier: options.tier,
  });
  output.flush();
  return reportEnd(environment, program, run, maxSteps);
}

function reportEnd(
  environment: CommandEnvironment,
  program: Program,
  run: HostedRun,
  maxSteps: number,
): number {
  const { stop } = run;
  if (stop.kind === 'finished') {
    if (stop.exitStatus !== undefined) return stop.exitStatus & 255;
    environment.write(
      2,
      `The program had not ended after ${String(maxSteps)} instructions. ` +
        'Is there an endless loop? --max-steps allows more.\n',
    );
    return EXIT_BOUND;
  }
  environment.write(2, `${describeFault(program, stop, run).join('\n')}\n`);
  return EXIT_MACHINE_FAULT;
}

/** The fault in the form of a diagnostic, then the callers. */
function describeFault(program: Program, stop: FinalStop, run: HostedRun): string[] {
  if (stop.kind !== 'fault') return ['The program waits for something that never happens.'];
  const frames = run.machine.frames(stop.task);
  const lines: string[] = [];
  const place = faultPlaceAt(program, stop.pc);
  const message = stop.fault.message.replace(/\.$/, '');
  lines.push(
    renderDiagnostic({
      code: stop.fault.kind,
      severity: 'error',
      message: `machine fault: ${message}`,
      notes: place?.notes ?? [],
      ...(place === undefined ? {} : { span: place.span }),
    }),
  );
  const callers = frames.flatMap((frame, index) => {
    // In a caller the pc stands behind the call, perhaps in the next statement.
    const pc = asPc(index === 0 ? frame.pc : frame.pc - INSTRUCTION_WORDS);
    const owner = functionAt(program, pc);
    const at = faultPlaceAt(program, pc)?.span;
    return owner === undefined
      ? []
      : [`  in ${owner.name}${at === undefined ? '' : ` at ${placeText(at)}`}`];
  });
  return [...lines, ...shortenMiddle(callers)];
}

/** A long chain of callers is a recursion: its two ends tell enough. */
function shortenMiddle(lines: readonly string[]): string[] {
  if (lines.length <= 2 * SHOWN_CALLERS) return [...lines];
  const left = `  … ${String(lines.length - 2 * SHOWN_CALLERS)} more callers`;
  return [...lines.slice(0, SHOWN_CALLERS), left, ...lines.slice(-SHOWN_CALLERS)];
}

function placeText(span: Span): string {
  const { line1, column1 } = positionOf(span.file, span.start);
  return `${span.file.path}:${String(line1)}:${String(column1)}`;
}
