/**
 * The texts that ship with the product, passed in by whoever can read files.
 *
 * Paths are relative to `media/` with forward slashes: `kernel/mm/filemap.c`,
 * `scenarios/cold-fault.jsonc`.
 */
import type { ObjectLibrary } from './objectLibrary.ts';

/** See above. */
export interface MediaFiles {
  /** The text of a file, or `undefined` when there is none. */
  read(path: string): string | undefined;
  /** The paths of all files whose path starts with the prefix, sorted. */
  list(prefix: string): readonly string[];
  /** What compiling the kernels among them gave; absent where everything is to be compiled. */
  readonly objects?: ObjectLibrary | undefined;
}
