/**
 * Gathers the texts that a launch names: scenario, programs, kernel tree, patches; each with its
 * origin, so that the client can open it. What is wrong with a text is a diagnostic, a text that is
 * not there is a `UserError`.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { UserError } from '../base/errors.ts';
import type { SourceFile } from '../base/span.ts';
import type { PatchText } from '../scenario/applyPatch.ts';
import {
  isScenarioPath,
  listScenarios,
  loadBuiltInScenario,
  programPathsOf,
  withPrograms,
  type ScenarioWithPrograms,
} from '../scenario/catalog.ts';
import { loadKernelTree, type KernelFolder, type KernelTree } from '../scenario/kernelTree.ts';
import { LAB_FILE_NAME } from '../scenario/labFolder.ts';
import { loadScenario } from '../scenario/loadScenario.ts';
import { listAllKernels, listKernels } from '../scenario/patchCatalog.ts';
import type { AdapterHost } from './host.ts';
import type { LaunchArguments } from './launchArguments.ts';
import { loadShippedTree } from './shippedTrees.ts';
import type { SourceCatalog, SourceOrigin } from './sourceCatalog.ts';

/** The texts of a launch. */
export interface LaunchInputs {
  readonly scenario: ScenarioWithPrograms;
  readonly tree: KernelTree | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

async function loadUserScenario(host: AdapterHost, name: string): Promise<ScenarioWithPrograms> {
  const file = await host.readFile(name);
  if (file === undefined) {
    throw new UserError(
      'missing-scenario',
      `There is no scenario file "${name}".`,
      `Correct the path, or name a built-in scenario: ${listScenarios(host.media).join(', ')}.`,
    );
  }
  const { scenario, diagnostics } = loadScenario(file);
  if (scenario === undefined) return { scenario, programs: new Map(), diagnostics };
  const programs = new Map<string, SourceFile>();
  for (const path of programPathsOf(scenario)) {
    const isAbsolute = /^(?:[\\/]|[A-Za-z]:)/.test(path);
    const program = await host.readFile(isAbsolute ? path : folderOf(file.path) + path);
    if (program !== undefined) programs.set(path, program);
  }
  return withPrograms(file, (path) => programs.get(path));
}

async function loadPatches(
  host: AdapterHost,
  names: readonly string[],
): Promise<readonly PatchText[]> {
  const patches: PatchText[] = [];
  for (const name of names) {
    const shipped = host.media.read(`patches/${name}.patch`);
    const text = shipped ?? (await host.readFile(name))?.text;
    if (text === undefined) {
      throw new UserError(
        'missing-patch',
        `There is no patch "${name}".`,
        'Give the path of a unified diff.',
      );
    }
    patches.push({ name, text });
  }
  return patches;
}

/** Whether the kernel argument can only be a folder. */
function isKernelPath(kernel: string): boolean {
  return /[\\/]/.test(kernel) || kernel === '.';
}

/** The texts of a kernel folder; a lab folder stands for the kernel in it. */
async function readKernelFolder(
  host: AdapterHost,
  name: string,
): Promise<KernelFolder | undefined> {
  const folder = await host.readFolder(name);
  if (folder?.files.has(LAB_FILE_NAME) !== true) return folder;
  return await host.readFolder(`${name.replace(/[\\/]+$/, '')}/kernel`);
}

async function loadTree(
  host: AdapterHost,
  launch: LaunchArguments,
): Promise<ReturnType<typeof loadKernelTree>> {
  const { kernel } = launch;
  const patches = await loadPatches(host, launch.patches);
  if (listAllKernels(host.media).includes(kernel)) {
    if (patches.length === 0) return loadShippedTree(host.media, kernel);
    return loadKernelTree(host.media, kernel, patches);
  }
  const folder = await readKernelFolder(host, kernel);
  if (folder !== undefined) return loadKernelTree(host.media, folder, patches);
  if (isKernelPath(kernel)) {
    throw new UserError(
      'missing-kernel',
      `There is no kernel folder "${kernel}".`,
      `Correct the path, or name a kernel that ships: ${listKernels(host.media).join(', ')}.`,
    );
  }
  return loadKernelTree(host.media, kernel, patches);
}

function treeOrigin(tree: KernelTree, path: string, file: SourceFile): SourceOrigin {
  if (tree.isPatchedByUser) return { kind: 'computed', label: tree.name };
  return tree.base === undefined
    ? { kind: 'file', path: file.path }
    : { kind: 'tree', kernel: tree.base, path };
}

/**
 * Loads everything that a launch names and makes it known to the catalog.
 *
 * Errors: `UserError` for names and paths that lead nowhere.
 */
export async function loadLaunchInputs(
  host: AdapterHost,
  launch: LaunchArguments,
  catalog: SourceCatalog,
): Promise<LaunchInputs> {
  const isOwn = isScenarioPath(launch.scenario);
  const scenario = isOwn
    ? await loadUserScenario(host, launch.scenario)
    : loadBuiltInScenario(host.media, launch.scenario);
  const textOrigin = (file: SourceFile): SourceOrigin =>
    isOwn ? { kind: 'file', path: file.path } : { kind: 'media', path: file.path };
  for (const diagnostic of scenario.diagnostics) {
    const file = diagnostic.span?.file;
    if (file !== undefined) catalog.add(file, textOrigin(file));
  }
  if (scenario.scenario !== undefined) {
    catalog.add(scenario.scenario.file, textOrigin(scenario.scenario.file));
  }
  for (const program of scenario.programs.values()) catalog.add(program, textOrigin(program));
  const { tree, diagnostics } = await loadTree(host, launch);
  if (tree !== undefined) {
    for (const [path, file] of tree.files) catalog.add(file, treeOrigin(tree, path, file));
  }
  return { scenario, tree, diagnostics: [...scenario.diagnostics, ...diagnostics] };
}
