/**
 * The wordings of the scenario room: diagnostics about scenario files, kernel trees and patches, and
 * the user errors about unknown names. Each has a stable code.
 */
import { didYouMean } from '../base/closestName.ts';
import type { Diagnostic, DiagnosticNote } from '../base/diagnostic.ts';
import { UserError } from '../base/errors.ts';
import type { Span } from '../base/span.ts';

function error(
  code: string,
  span: Span | undefined,
  message: string,
  notes: readonly DiagnosticNote[] = [],
): Diagnostic {
  return span === undefined
    ? { code, severity: 'error', message, notes }
    : { code, severity: 'error', message, span, notes };
}

export const scenarioMessages = {
  syntax: (span: Span, what: string) => error('scenario-syntax', span, what),
  value: (span: Span, message: string) => error('scenario-value', span, message),
  missingKey: (span: Span, key: string) =>
    error('scenario-missing', span, `missing key \`${key}\``),
  unknownKey: (span: Span, key: string, known: readonly string[]) =>
    error('scenario-key', span, `unknown key \`${key}\`${didYouMean(key, known)}`, [
      { message: `known keys here: ${known.join(', ')}` },
    ]),
  unknownName: (span: Span, what: string, name: string, known: readonly string[]) =>
    error('scenario-name', span, `there is no ${what} \`${name}\`${didYouMean(name, known)}`),
  duplicateName: (span: Span, what: string, name: string) =>
    error('scenario-duplicate', span, `there are two ${what} of the name \`${name}\``),
  fileOrAnon: (span: Span) =>
    error('scenario-map', span, 'a map needs either `file` or `anon`, and not both'),
  mapBehindFile: (span: Span, file: string, pages: number) =>
    error(
      'scenario-map-range',
      span,
      `the map starts behind the end of \`${file}\`, which has ${String(pages)} pages`,
    ),
  populateBehindFile: (span: Span, file: string, pages: number) =>
    error(
      'scenario-populate',
      span,
      `the map reaches behind the end of \`${file}\`, which has ${String(pages)} pages; there is nothing to populate`,
    ),
  pageBehindFile: (span: Span, file: string, pages: number) =>
    error('scenario-page', span, `\`${file}\` has only the pages 0 to ${String(pages - 1)}`),
  growingFile: (span: Span, file: string, pages: number) =>
    error(
      'scenario-truncate',
      span,
      `\`${file}\` has ${String(pages)} pages, and an event can only make it shorter`,
    ),
  moreThanFrames: (span: Span, frames: number) =>
    error('scenario-pressure', span, `the machine has only ${String(frames)} page frames`),
  overlap: (span: Span, name: string, other: string) =>
    error('scenario-overlap', span, `\`${name}\` overlaps \`${other}\``),
  misaligned: (span: Span) =>
    error('scenario-address', span, 'an address of a map is a multiple of 0x1000'),
  badContent: (span: Span, pages: number) =>
    error('scenario-content', span, `the content is longer than ${String(pages)} pages`),
  sharedOrPrivate: (span: Span) =>
    error('scenario-flags', span, 'a map is either `private` or `shared`'),
  cpuBehind: (span: Span, cpus: number) =>
    error('scenario-cpu', span, `the machine has only the CPUs 0 to ${String(cpus - 1)}`),
  longName: (span: Span, limit: number) =>
    error(
      'scenario-task-name',
      span,
      `with its number, the name of a copy has more than ${String(limit)} characters`,
    ),
  taskCount: (span: Span, count: number, most: number) =>
    error(
      'scenario-tasks',
      span,
      `a scenario runs from 1 to ${String(most)} tasks; these are ${String(count)}`,
    ),
  copyParameter: (span: Span) =>
    error('scenario-copy', span, '`$copy` is the number of a copy and cannot be a parameter'),
  copyOutside: (span: Span) =>
    error('scenario-copy', span, '`$copy` stands only in the `args` of a task'),
  limitBelowMaps: (span: Span, bytes: number) =>
    error(
      'scenario-limit',
      span,
      `the process maps ${String(bytes)} bytes at its start, programs and stacks included; that is more than its limit`,
    ),
  emptyProcess: (span: Span, name: string) =>
    error('scenario-process', span, `no task runs in the process \`${name}\``),
  idleTime: (span: Span) =>
    error(
      'scenario-duration',
      span,
      'a run of no time; leave `duration` out to run until every task has ended',
    ),
  pageState: (span: Span, page: number, state: string, other: string) =>
    error('scenario-page-state', span, `page ${String(page)} cannot be ${state} and ${other}`),
  selfStart: (span: Span) => error('scenario-start', span, 'a task cannot wait for itself'),
  unknownParameterReference: (span: Span, name: string, known: readonly string[]) =>
    error(
      'scenario-parameter',
      span,
      `there is no parameter \`${name}\`${didYouMean(name, known)}`,
    ),
  parameterRange: (span: Span, name: string) =>
    error('scenario-parameter-range', span, `the default of \`${name}\` is outside its own range`),
  unknownCost: (span: Span, name: string, known: Iterable<string>) =>
    error('scenario-cost', span, `there is no cost \`${name}\`${didYouMean(name, known)}`),
  unknownKernelCost: (span: Span, name: string, known: Iterable<string>) =>
    error('kernel-cost', span, `there is no cost \`${name}\`${didYouMean(name, known)}`, [
      {
        message:
          'costs and their prices are those of the preset; a scenario can add more under `machine.costs`',
      },
    ]),
  unknownAnchor: (span: Span, name: string, kernel: string, known: readonly string[]) =>
    error(
      'scenario-anchor',
      span,
      `the kernel \`${kernel}\` has no anchor \`${name}\`${didYouMean(name, known)}`,
    ),
  missingProgram: (span: Span, path: string, known: readonly string[]) =>
    error(
      'scenario-program',
      span,
      `there is no user program \`${path}\`${didYouMean(path, known)}`,
    ),
  tooLittleMemory: (span: Span, pages: number, frames: number, room: number) =>
    error(
      'scenario-frames',
      span,
      `${String(pages)} pages are to be in memory from the start; a machine of ${String(frames)} frames takes ${String(room)}`,
      [{ message: 'let fewer pages start there, or set `machine.frames`' }],
    ),
  patchSyntax: (path: string, message: string) =>
    error('patch-syntax', undefined, `${path} is not a unified diff: ${message}`),
  patchFile: (patch: string, path: string, known: readonly string[]) =>
    error(
      'patch-file',
      undefined,
      `${patch}: the tree has no file \`${path}\`${didYouMean(path, known)}`,
    ),
  patchHunk: (
    patch: string,
    path: string,
    hunk: number,
    total: number,
    line1: number,
    isThere: boolean,
  ) =>
    error(
      'patch-hunk',
      undefined,
      `${patch}: hunk ${String(hunk)} of ${String(total)} for ${path} (line ${String(line1)}) does not apply`,
      [
        {
          message: isThere
            ? 'the tree has this change already'
            : 'no fuzz is allowed: every context line must be in the tree as the patch has it',
        },
      ],
    ),
  noKernelTree: (name: string, header: string) =>
    error('kernel-tree', undefined, `\`${name}\` is no kernel tree: it has no \`${header}\``, [
      { message: 'name the folder that holds `arch`, `include` and `mm`' },
    ]),
} satisfies Record<string, (...args: never[]) => Diagnostic>;

/** `There is no WHAT "NAME".`, or with a suggestion as a question at the end. */
function unknownText(what: string, name: string, known: readonly string[]): string {
  const suggestion = didYouMean(name, known).replaceAll('`', '"');
  return `${what} "${name}"${suggestion === '' ? '.' : suggestion}`;
}

/** User errors of the scenario room: names from the command line or a launch that are not there. */
export const scenarioErrors = {
  unknownScenario: (name: string, known: readonly string[]) =>
    new UserError(
      'unknown-scenario',
      unknownText('There is no scenario', name, known),
      `Built-in scenarios are ${known.join(', ')}; or give the path of a file that ends in .jsonc.`,
    ),
  unknownKernel: (name: string, variants: readonly string[], labs: readonly string[]) =>
    new UserError(
      'unknown-kernel',
      unknownText('There is no kernel', name, [...variants, ...labs]),
      `Kernels are ${variants.join(', ')}, and the labs of \`faultline list\`; or give the path of a folder with a kernel tree.`,
    ),
  unknownLab: (name: string, known: readonly string[]) =>
    new UserError(
      'unknown-lab',
      unknownText('There is no lab', name, known),
      `Labs are ${known.join(', ')}.`,
    ),
  unknownParameter: (name: string, known: readonly string[], prices: readonly string[]) =>
    new UserError(
      'unknown-parameter',
      unknownText('The scenario has no parameter', name, [...known, ...prices]),
      known.length === 0
        ? 'It has no parameters; prices of the machine, such as diskReadNs, can be set in every scenario.'
        : `Its parameters are ${known.join(', ')}; prices of the machine, such as diskReadNs, can be set as well.`,
    ),
  badParameter: (name: string, value: string, range: string) =>
    new UserError(
      'bad-parameter',
      `"${value}" is not a value for the parameter "${name}".`,
      `Give a whole number${range}.`,
    ),
} satisfies Record<string, (...args: never[]) => UserError>;
