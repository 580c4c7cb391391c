/**
 * The kernel trees that ship, loaded once for all sessions of a host: a tree never changes, and its
 * compiled program is kept with it, so that a second launch or a restart is quick.
 */
import { loadKernelTree, type LoadKernelTreeResult } from '../scenario/kernelTree.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';

const loaded = new WeakMap<MediaFiles, Map<string, LoadKernelTreeResult>>();

/** A shipped kernel. Errors: `UserError` for an unknown name. */
export function loadShippedTree(media: MediaFiles, kernel: string): LoadKernelTreeResult {
  const trees = loaded.get(media) ?? new Map<string, LoadKernelTreeResult>();
  loaded.set(media, trees);
  const known = trees.get(kernel);
  if (known !== undefined) return known;
  const result = loadKernelTree(media, kernel);
  trees.set(kernel, result);
  return result;
}
