/**
 * The catalog of the kernels that ship (`media/patches/catalog.jsonc`): how each one is made from
 * another by one patch, and what the labs among them ask of a student.
 *
 * `patched` is the tree itself. A variant is a form that the kernel really had; a lab is a kernel
 * with a bug to find. Names are unique across both, because `--kernel` takes either.
 */
import * as z from 'zod';
import { UserError } from '../base/errors.ts';
import type { MediaFiles } from './mediaFiles.ts';
import { expectationSchema } from './scenarioSchema.ts';
import { readShippedData } from './shippedData.ts';

/** The tree that ships: every other kernel is made from it. */
export const SHIPPED_KERNEL = 'patched';

const CATALOG_PATH = 'patches/catalog.jsonc';

const kernelName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case words with hyphens');

const variantSchema = z.strictObject({
  name: kernelName,
  /** Half a line: what this kernel is. */
  title: z.string().min(1),
  /** The kernel that the patch applies to; absent for the tree itself. */
  from: kernelName.optional(),
  /** The file `patches/PATCH.patch`. */
  patch: z.string().optional(),
  /** Whether the patch is taken back rather than applied. */
  isTakenBack: z.boolean().optional(),
  /** The kernel whose expectations hold where a scenario has none for this one. */
  behavesLike: kernelName.optional(),
});

const labSchema = z.strictObject({
  name: kernelName,
  /** What a student sees, as a short sentence. */
  title: z.string().min(1),
  /** The kernel that the patch `patches/labs/NAME.patch` applies to. */
  from: kernelName,
  /** The number of the mutation in the sheet of facts. */
  mutation: z.string().regex(/^M\d+$/),
  /** A built-in scenario. */
  scenario: z.string(),
  /** The text for the student, which does not give the answer away. */
  task: z.string().min(1),
  /** What a student should have noticed in the end: the answer. */
  notice: z.string().min(1),
  /** The rule that the bug breaks; absent when it breaks none and only figures tell. */
  rule: z.string().optional(),
  /** The rule or check that stops the run; absent when it comes to its end. */
  violation: z.string().optional(),
  /** How the scenario ends differently from what is expected of the kernel it was made from. */
  symptom: expectationSchema,
});

const catalogSchema = z.strictObject({
  version: z.literal(1),
  kernels: z.array(variantSchema).min(1),
  labs: z.array(labSchema),
});

/** A variant of the kernel. */
export type KernelVariant = z.infer<typeof variantSchema>;
/** A kernel with a bug to find. */
export type Lab = z.infer<typeof labSchema>;
/** All kernels that ship. */
export type PatchCatalog = z.infer<typeof catalogSchema>;

/** One step of making a kernel: a patch, and in which direction it is applied. */
export interface KernelStep {
  /** Path of the patch below `media/`. */
  readonly path: string;
  readonly direction: 'forward' | 'reverse';
}

const known = new WeakMap<MediaFiles, PatchCatalog>();

/** The catalog of these media, read once. Errors: `UserError` when it is broken or missing. */
export function patchCatalog(media: MediaFiles): PatchCatalog {
  const kept = known.get(media);
  if (kept !== undefined) return kept;
  const catalog = readPatchCatalog(CATALOG_PATH, media.read(CATALOG_PATH) ?? '');
  known.set(media, catalog);
  return catalog;
}

/** Reads a catalog. Errors: `UserError` `broken-catalog` that names the file and the place in it. */
export function readPatchCatalog(path: string, text: string): PatchCatalog {
  const catalog = readShippedData(catalogSchema, path, text, 'broken-catalog');
  const names = new Set<string>();
  for (const kernel of [...catalog.kernels, ...catalog.labs]) {
    const problem = names.has(kernel.name)
      ? 'there are two kernels of this name'
      : problemOf(kernel, names);
    if (problem !== undefined) {
      const remedy = 'Correct the file, or reinstall the extension if you did not change it.';
      throw new UserError('broken-catalog', `${path}: ${kernel.name}: ${problem}`, remedy);
    }
    names.add(kernel.name);
  }
  return catalog;
}

/** A kernel may only be made from one above it, so that no circle can arise. */
function problemOf(kernel: KernelVariant | Lab, above: ReadonlySet<string>): string | undefined {
  if (kernel.from === undefined) {
    return kernel.name === SHIPPED_KERNEL ? undefined : 'it is not made from any other kernel';
  }
  if (!above.has(kernel.from)) return `no kernel above it is called ${kernel.from}`;
  if ('mutation' in kernel) return undefined;
  const { behavesLike, patch } = kernel;
  if (behavesLike !== undefined && !above.has(behavesLike)) {
    return `no kernel above it is called ${behavesLike}`;
  }
  return patch === undefined ? 'it has no patch' : undefined;
}

/** The names of the variants, in the order to show them. */
export function listKernels(media: MediaFiles): readonly string[] {
  return patchCatalog(media).kernels.map(({ name }) => name);
}

/** The labs, in the order to show them. */
export function listLabs(media: MediaFiles): readonly Lab[] {
  return patchCatalog(media).labs;
}

/** The names of all kernels that ship: variants, then labs. */
export function listAllKernels(media: MediaFiles): readonly string[] {
  return [...listKernels(media), ...listLabs(media).map(({ name }) => name)];
}

/** A lab by its name. */
export function findLab(media: MediaFiles, name: string): Lab | undefined {
  return listLabs(media).find((lab) => lab.name === name);
}

/** The kernel that one is made from, and by which patch; `undefined` for the tree and unknown names. */
function originOf(
  { kernels, labs }: PatchCatalog,
  name: string,
): { readonly from: string; readonly step: KernelStep } | undefined {
  const lab = labs.find((item) => item.name === name);
  if (lab !== undefined) {
    return { from: lab.from, step: { path: `patches/labs/${name}.patch`, direction: 'forward' } };
  }
  const variant = kernels.find((item) => item.name === name);
  if (variant?.from === undefined || variant.patch === undefined) return undefined;
  const direction = variant.isTakenBack === true ? 'reverse' : 'forward';
  return { from: variant.from, step: { path: `patches/${variant.patch}.patch`, direction } };
}

/** The patches that make a kernel from the shipped tree, in their order; none for the tree itself. */
export function stepsToKernel(catalog: PatchCatalog, name: string): readonly KernelStep[] {
  const origin = originOf(catalog, name);
  return origin === undefined ? [] : [...stepsToKernel(catalog, origin.from), origin.step];
}

/**
 * The kernels whose expectations speak for this one, the nearest first: itself, then what it is
 * said to behave like. A lab should behave like the kernel it was made from: where it does not, its
 * bug shows.
 */
export function expectedLike(catalog: PatchCatalog, name: string): readonly string[] {
  const lab = catalog.labs.find((item) => item.name === name);
  const like = lab?.from ?? catalog.kernels.find((item) => item.name === name)?.behavesLike;
  return like === undefined || like === name ? [name] : [name, ...expectedLike(catalog, like)];
}
