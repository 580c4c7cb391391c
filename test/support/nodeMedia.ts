/**
 * The shipped texts for tests: `media/` of the repository as the rooms want it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { MediaFiles } from '../../src/scenario/mediaFiles.ts';

const root = path.join(import.meta.dirname, '../../media');

let paths: readonly string[] | undefined;

function allPaths(): readonly string[] {
  paths ??= readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
    )
    .sort();
  return paths;
}

/** Reads `media/` from the disk. */
export const media: MediaFiles = {
  read: (name) =>
    allPaths().includes(name) ? readFileSync(path.join(root, name), 'utf8') : undefined,
  list: (prefix) => allPaths().filter((name) => name.startsWith(prefix)),
};
