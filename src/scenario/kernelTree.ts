/**
 * Kernel trees: the files of one variant of the kernel.
 *
 * `patched` is the tree that ships; the catalog of patches says how every other kernel is made from
 * it. A folder of the user is a tree as it is. Patches of the user come on top, in their order.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { nameInTree, type SourceFile } from '../base/span.ts';
import { applyPatchToTree, type PatchText } from './applyPatch.ts';
import type { MediaFiles } from './mediaFiles.ts';
import type { ObjectLibrary } from './objectLibrary.ts';
import {
  expectedLike,
  listAllKernels,
  listKernels,
  listLabs,
  patchCatalog,
  stepsToKernel,
} from './patchCatalog.ts';
import { scenarioErrors, scenarioMessages } from './scenarioMessages.ts';

const TREE_FOLDER = 'kernel/';

/** What no kernel can do without: it declares the intrinsics of the machine. */
const INTRINSICS_HEADER = 'include/faultline/machine.h';

/** Where `#include <…>` looks. */
const INCLUDE_ROOTS = ['include/', 'arch/x86/include/'];

/** A folder of the user: where it is, and its texts by path inside it. */
export interface KernelFolder {
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}

/** The texts of one kernel. */
export interface KernelTree {
  /** As the user named it: `patched`, or the folder's path; patches of the user after `+`. */
  readonly name: string;
  /** The shipped kernel it was made from without the user's doing; `undefined` for a folder. */
  readonly base: string | undefined;
  /**
   * The kernels that it should behave like, the nearest first, whether or not a patch of the user
   * changed it: what is meant for them is meant for it. Empty for a folder.
   */
  readonly expectedLike: readonly string[];
  /** Whether a patch of the user changed it. */
  readonly isPatchedByUser: boolean;
  /** Path inside the tree → the text, as an object with identity. Sorted by path. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Where the compiler may find what did not change. */
  readonly objects?: ObjectLibrary | undefined;
}

/** What loading a tree gave. */
export interface LoadKernelTreeResult {
  readonly tree: KernelTree | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Loads a kernel by name or takes the files of a folder, then applies the user's patches.
 * Errors: `UserError` for an unknown name; diagnostics for patches that do not apply.
 */
export function loadKernelTree(
  media: MediaFiles,
  kernel: string | KernelFolder,
  patches: readonly PatchText[] = [],
): LoadKernelTreeResult {
  const isFolder = typeof kernel !== 'string';
  const start = isFolder
    ? { files: kernel.files, diagnostics: [] }
    : loadShippedFiles(media, kernel);
  let { files } = start;
  const diagnostics: Diagnostic[] = [...start.diagnostics];
  for (const patch of patches) {
    if (files === undefined) break;
    const applied = applyPatchToTree(files, patch, 'forward');
    diagnostics.push(...applied.diagnostics);
    ({ files } = applied);
  }
  if (files === undefined) return { tree: undefined, diagnostics };
  const kernelName = isFolder ? kernel.path : kernel;
  if (!files.has(INTRINSICS_HEADER)) {
    return {
      tree: undefined,
      diagnostics: [scenarioMessages.noKernelTree(kernelName, INTRINSICS_HEADER)],
    };
  }
  const prefix = isFolder ? `${kernel.path.replace(/[\\/]+$/, '')}/` : '';
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const tree: KernelTree = {
    name: [kernelName, ...patches.map((patch) => patch.name)].join('+'),
    base: isFolder ? undefined : kernel,
    expectedLike: isFolder ? [] : expectedLike(patchCatalog(media), kernel),
    isPatchedByUser: patches.length > 0,
    files: new Map(
      sorted.map(([path, text]) => {
        const file = { path: prefix + path, text };
        return [path, isFolder ? { ...file, nameInTree: path } : file];
      }),
    ),
    objects: media.objects,
  };
  return { tree, diagnostics };
}

interface LoadedFiles {
  readonly files: ReadonlyMap<string, string> | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function loadShippedFiles(media: MediaFiles, kernel: string): LoadedFiles {
  if (!listAllKernels(media).includes(kernel)) {
    const labs = listLabs(media).map(({ name }) => name);
    throw scenarioErrors.unknownKernel(kernel, listKernels(media), labs);
  }
  const shipped = new Map<string, string>();
  for (const path of media.list(TREE_FOLDER)) {
    const text = media.read(path);
    if (text !== undefined) shipped.set(path.slice(TREE_FOLDER.length), text);
  }
  let files: ReadonlyMap<string, string> = shipped;
  for (const { path, direction } of stepsToKernel(patchCatalog(media), kernel)) {
    const patch = { name: path.slice(path.lastIndexOf('/') + 1), text: media.read(path) ?? '' };
    const applied = applyPatchToTree(files, patch, direction);
    if (applied.files === undefined) return applied;
    ({ files } = applied);
  }
  return { files, diagnostics: [] };
}

/** The paths of the files in which two kernels that ship differ, sorted; one may lack a file. */
export function differingPaths(media: MediaFiles, one: string, other: string): readonly string[] {
  const [left, right] = [one, other].map((name) => loadKernelTree(media, name).tree?.files);
  const paths = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...paths].sort().filter((path) => left?.get(path)?.text !== right?.get(path)?.text);
}

function isUnit(path: string): boolean {
  return path.endsWith('.c');
}

/** The files that are compiled: every `.c` file of the tree. */
export function unitsOf(tree: KernelTree): readonly SourceFile[] {
  return [...tree.files].filter(([path]) => isUnit(path)).map(([, file]) => file);
}

/** Finds an included file: beside the including one for quotes, then in the include roots. */
export function resolveIncludeIn(
  tree: KernelTree,
  path: string,
  form: 'angle' | 'quote',
  from: SourceFile,
): SourceFile | undefined {
  const candidates = INCLUDE_ROOTS.map((root) => root + path);
  if (form === 'quote') {
    const own = nameInTree(from);
    candidates.unshift(own.slice(0, own.lastIndexOf('/') + 1) + path);
  }
  for (const candidate of candidates) {
    const file = tree.files.get(normalizePath(candidate));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** What `#include <…>` can name in the tree. */
export function listIncludesOf(tree: KernelTree): string[] {
  return [...tree.files.keys()].flatMap((path) => {
    const root = INCLUDE_ROOTS.find((prefix) => path.startsWith(prefix));
    return root === undefined || isUnit(path) ? [] : [path.slice(root.length)];
  });
}

/** Takes `.` and `..` out of a path. */
function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
