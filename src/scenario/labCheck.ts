/**
 * What is wrong with the texts of a lab folder: its kernel, its scenarios and its user programs, all
 * at once and without a run.
 *
 * Texts go in by path inside the folder and diagnostics come out in the same terms. The kernel is the
 * folder that `faultline.lab.jsonc` names; scenarios are the one it names and every
 * `*.scenario.jsonc`; user programs are every `*.task.s`, with the symbols of the scenario that runs
 * them. A program that no scenario runs is only parsed, because its symbols are not known.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from '../base/span.ts';
import { parseAsm } from '../x86/asmParser.ts';
import { isScenarioPath, programPathsOf, withPrograms } from './catalog.ts';
import { compileKernelInSteps } from './compileKernel.ts';
import { loadKernelTree, type KernelTree } from './kernelTree.ts';
import { LAB_FILE_NAME } from './labFolder.ts';
import { readLabSettings, type LabSettings } from './labSettings.ts';
import type { MediaFiles } from './mediaFiles.ts';
import { checkScenario } from './prepareRun.ts';

/** What a check found. */
export interface LabCheckResult {
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were looked at, with or without a complaint; paths inside the folder. */
  readonly files: readonly string[];
}

/** Keeps what of a lab did not change between two checks, so that it is not read again. */
export class LabCheck {
  readonly #media: MediaFiles;
  #files: ReadonlyMap<string, SourceFile> = new Map();

  constructor(media: MediaFiles) {
    this.#media = media;
  }

  /**
   * Checks the texts of a lab folder. Stops behind each piece of work, of some milliseconds to some
   * tens of them, and may be given up there.
   */
  *run(texts: ReadonlyMap<string, string>): Generator<undefined, LabCheckResult> {
    const settings = readLabSettings(texts.get(LAB_FILE_NAME) ?? '');
    const prefix = `${settings.kernel}/`;
    const files = new Map<string, SourceFile>();
    for (const [path, text] of texts) {
      const name = path.startsWith(prefix) ? path.slice(prefix.length) : path;
      const known = this.#files.get(path);
      const isKnown = known?.text === text && known.nameInTree === name;
      files.set(path, isKnown ? known : { path, text, nameInTree: name });
    }
    this.#files = files;
    const scenarios = checkScenarios(files, settings);
    yield undefined;
    const kernel = yield* this.#checkKernel(settings.kernel);
    return {
      diagnostics: [...kernel.diagnostics, ...scenarios.diagnostics],
      files: [...kernel.files, ...scenarios.files],
    };
  }

  *#checkKernel(folder: string): Generator<undefined, LabCheckResult> {
    const prefix = `${folder}/`;
    const own = [...this.#files].filter(([path]) => path.startsWith(prefix));
    if (own.length === 0) return { diagnostics: [], files: [] };
    const texts = new Map(own.map(([path, file]) => [path.slice(prefix.length), file.text]));
    const { tree, diagnostics } = loadKernelTree(this.#media, { path: folder, files: texts });
    if (tree === undefined) return { diagnostics, files: [] };
    const kept: KernelTree = {
      ...tree,
      files: new Map(
        [...tree.files].map(([path, file]) => [path, this.#files.get(prefix + path) ?? file]),
      ),
    };
    const compiled = yield* compileKernelInSteps(kept);
    return { diagnostics: compiled.diagnostics, files: own.map(([path]) => path) };
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function checkScenarios(
  files: ReadonlyMap<string, SourceFile>,
  { kernel, scenario: named }: LabSettings,
): LabCheckResult {
  const diagnostics: Diagnostic[] = [];
  const checked = new Set<string>();
  for (const [path, file] of files) {
    if (path.startsWith(`${kernel}/`)) continue;
    const isNamed = named !== undefined && isScenarioPath(named) && path === named;
    if (!isNamed && !/\.scenario\.jsonc?$/.test(path)) continue;
    checked.add(path);
    const programs = new Map<string, SourceFile>();
    const read = (name: string): SourceFile | undefined => files.get(folderOf(path) + name);
    const loaded = withPrograms(file, read);
    diagnostics.push(...loaded.diagnostics);
    if (loaded.scenario === undefined) continue;
    for (const name of programPathsOf(loaded.scenario)) {
      const program = read(name);
      if (program === undefined) continue;
      programs.set(name, program);
      checked.add(program.path);
    }
    // A program that is missing has been reported.
    if (programs.size === programPathsOf(loaded.scenario).length) {
      diagnostics.push(...checkScenario(loaded.scenario, programs));
    }
  }
  for (const [path, file] of files) {
    if (!path.endsWith('.task.s') || checked.has(path)) continue;
    checked.add(path);
    parseAsm(file, diagnostics);
  }
  return { diagnostics, files: [...checked] };
}
