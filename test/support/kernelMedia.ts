/**
 * The kernel tree and the patches as they ship, for tests: texts by path inside the tree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const mediaFolder = fileURLToPath(new URL('../../media/', import.meta.url));

/** `kernel/mm/filemap.c` → its text. */
export function readMedia(path: string): string {
  return readFileSync(join(mediaFolder, path), 'utf8');
}

/** Paths inside `media/kernel`, sorted: all C files and headers. */
export function kernelPaths(): readonly string[] {
  return readdirSync(join(mediaFolder, 'kernel'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[ch]$/.test(path))
    .sort();
}

/** The texts of the kernel tree by path. */
export function kernelFiles(): ReadonlyMap<string, string> {
  return new Map(kernelPaths().map((path) => [path, readMedia(`kernel/${path}`)]));
}
