/**
 * The scenario, kernel, patches and schedule that a command line names, loaded.
 */
import path from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { UserError } from '../base/errors.ts';
import type { ExecutionTier } from '../machine/machineConfig.ts';
import type { PatchText } from '../scenario/applyPatch.ts';
import {
  isScenarioPath,
  loadBuiltInScenario,
  withPrograms,
  type ScenarioWithPrograms,
} from '../scenario/catalog.ts';
import { loadKernelTree, type LoadKernelTreeResult } from '../scenario/kernelTree.ts';
import { LAB_FILE_NAME } from '../scenario/labFolder.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { listAllKernels, SHIPPED_KERNEL } from '../scenario/patchCatalog.ts';
import type { PrepareRunInput } from '../scenario/prepareRun.ts';
import { readTextFolder } from './nodeAdapterHost.ts';
import { kindOfPath, readUserFile, requireUserFile } from './userFiles.ts';

/** What the options of `run` say. */
export interface RunOptions {
  readonly kernel?: string;
  readonly patch?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly schedule?: string;
  readonly checks?: 'on' | 'off';
  readonly rules?: string;
  readonly tier?: ExecutionTier;
}

/** Loads a scenario by a built-in name or a path. Errors: `UserError` when there is none. */
export function loadNamedScenario(
  media: MediaFiles,
  workingFolder: string,
  name: string,
): ScenarioWithPrograms {
  if (!isScenarioPath(name)) return loadBuiltInScenario(media, name);
  const file = requireUserFile(workingFolder, name, 'a scenario');
  const folder = path.dirname(name);
  return withPrograms(file, (program) => readUserFile(workingFolder, path.join(folder, program)));
}

/** Loads a kernel by name or takes a folder, with patches on top. */
export function loadNamedKernel(
  media: MediaFiles,
  workingFolder: string,
  name: string,
  patches: readonly string[],
): LoadKernelTreeResult {
  const texts = patches.map((patch): PatchText => {
    const { text } = requireUserFile(workingFolder, patch, 'a patch');
    return { name: patch, text };
  });
  const isFolder =
    !listAllKernels(media).includes(name) && kindOfPath(workingFolder, name) === 'folder';
  if (!isFolder) return loadKernelTree(media, name, texts);
  // A lab folder stands for the kernel in it.
  const isLab = kindOfPath(workingFolder, path.join(name, LAB_FILE_NAME)) === 'file';
  const folder = isLab ? path.join(name, 'kernel') : name;
  const files = readTextFolder(path.resolve(workingFolder, folder));
  return loadKernelTree(media, { path: folder, files }, texts);
}

/** The text of a schedule: an argument that names a file stands for the file's text. */
function scheduleText(workingFolder: string, value: string): string {
  const isFile = !value.includes('\n') && kindOfPath(workingFolder, value) === 'file';
  if (isFile) return requireUserFile(workingFolder, value, 'a schedule').text;
  if (/\s/.test(value)) return value;
  throw new UserError(
    'bad-schedule',
    `"${value}" is neither a schedule nor a file with one.`,
    'Pass a schedule as Faultline printed it, the whole line in quotes, or name a file with it.',
  );
}

/** What a run is prepared from; `undefined` when the texts have errors. */
export interface NamedInput {
  readonly input: PrepareRunInput | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads all of it. Errors: diagnostics, and `UserError` for what is not there. */
export function loadNamedInput(
  media: MediaFiles,
  workingFolder: string,
  scenarioName: string,
  options: RunOptions,
): NamedInput {
  const loaded = loadNamedScenario(media, workingFolder, scenarioName);
  const kernelName = options.kernel ?? SHIPPED_KERNEL;
  const kernel = loadNamedKernel(media, workingFolder, kernelName, options.patch ?? []);
  const diagnostics: Diagnostic[] = [...loaded.diagnostics, ...kernel.diagnostics];
  const { scenario, programs } = loaded;
  const { tree } = kernel;
  const isComplete = !diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  if (scenario === undefined || tree === undefined || !isComplete) {
    return { input: undefined, diagnostics };
  }
  const { schedule } = options;
  const input: PrepareRunInput = {
    scenario,
    tree,
    programs,
    checks: options.checks !== 'off',
    ...(options.set === undefined ? {} : { parameters: options.set }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.rules === undefined ? {} : { rules: options.rules }),
    ...(options.tier === undefined ? {} : { tier: options.tier }),
    ...(schedule === undefined ? {} : { schedule: scheduleText(workingFolder, schedule) }),
  };
  return { input, diagnostics };
}
