// Types of kernelPatches.mjs for its test.

/** A kernel of the catalog that is made from another one by a patch below `media/`. */
export interface PatchedKernel {
  name: string;
  from: string | undefined;
  path: string | undefined;
  isTakenBack: boolean;
}

/** The catalog's part that matters here. */
export interface KernelCatalog {
  readonly kernels: readonly {
    readonly name: string;
    readonly from?: string | undefined;
    readonly patch?: string | undefined;
    readonly isTakenBack?: boolean | undefined;
  }[];
  readonly labs: readonly { readonly name: string; readonly from: string }[];
}

/** A hunk that does not apply and cannot be carried over; it counts from 1. */
export interface PatchProblem {
  path: string;
  file: string;
  hunk: number;
  total: number;
}

/** Texts below `media/`, now or at an earlier time. */
export type ReadMedia = (path: string) => string | undefined;

/** One file of a kernel in two states. */
export interface FileChange {
  file: string;
  before: string;
  after: string;
}

export function changesOf(
  kernel: ReadonlyMap<string, string>,
  edited: ReadonlyMap<string, string>,
): { changes: FileChange[]; problems: string[] };
export function kernelsOf(catalog: KernelCatalog): PatchedKernel[];
export function carryOver(base: string, changed: string, now: string): string | undefined;
export function rebaseKernels(input: {
  catalog: KernelCatalog;
  tree: ReadonlyMap<string, string>;
  read: ReadMedia;
  history: () => Iterable<{ read: ReadMedia }>;
}): {
  trees: Map<string, ReadonlyMap<string, string>>;
  texts: Map<string, string>;
  problems: PatchProblem[];
};
