/**
 * The texts that ship with the product, read from the package's `media` folder when they are asked for.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.ts';
import { compilerKey } from '../scenario/compilerKey.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { openLibrary } from '../scenario/objectLibrary.ts';

/** Beside the media folder: what the build stored. */
const OBJECTS_FOLDER = '../dist/objects';

/** The media of a folder. Errors: a `UserError` when the folder is not there. */
export function createNodeMedia(folder: string): MediaFiles {
  if (!existsSync(folder)) {
    throw new UserError(
      'media-missing',
      `The folder ${folder} with Faultline's kernel and scenarios is missing.`,
      'Install Faultline again, or run `npm run build` in its clone.',
    );
  }
  const texts = new Map<string, string | undefined>();
  let paths: readonly string[] | undefined;
  const objectsFolder = path.join(folder, OBJECTS_FOLDER);
  return {
    read(name) {
      if (!texts.has(name)) texts.set(name, readText(folder, name));
      return texts.get(name);
    },
    list(prefix) {
      paths ??= listPaths(folder);
      return paths.filter((candidate) => candidate.startsWith(prefix));
    },
    objects:
      compilerKey === undefined
        ? undefined
        : openLibrary(compilerKey, (name) => readText(objectsFolder, name)),
  };
}

function readText(folder: string, name: string): string | undefined {
  const full = path.join(folder, name);
  const isInside = full.startsWith(folder + path.sep);
  const isFile = isInside && statSync(full, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) return undefined;
  return readFileSync(full, 'utf8');
}

function listPaths(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}
