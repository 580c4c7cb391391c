/**
 * The texts that ship with the product, passed in by whoever can read files.
 *
 * Paths are relative to `media/` with forward slashes: `kernel/mm/filemap.c`,
 * `scenarios/cold-fault.jsonc`.
 */
export interface MediaFiles {
  /** The text of a file, or `undefined` when there is none. */
  read(path: string): string | undefined;
  /** The paths of all files whose path starts with the prefix, sorted. */
  list(prefix: string): readonly string[];
}
