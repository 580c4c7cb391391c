/**
 * Surroundings for debug sessions in tests: the media of this repository, files of a folder, real
 * time. The user's files may be given as texts, so that a test can debug what nobody has written.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdapterHost } from '../../src/adapter/host.ts';
import { media } from './nodeMedia.ts';

const MEDIA = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../media');

/** The files of the shipped kernel tree by their path in it, for lab copies in tests. */
export function shippedKernel(): Map<string, string> {
  return new Map(
    media.list('kernel/').map((name) => [name.slice('kernel/'.length), media.read(name) ?? '']),
  );
}

/** A host; `files` are the user's files by path, `folders` kernel folders by path. */
export function createTestHost(
  files: Readonly<Record<string, string>> = {},
  folders: Readonly<Record<string, ReadonlyMap<string, string>>> = {},
  more: Partial<AdapterHost> = {},
): AdapterHost {
  return {
    media,
    mediaPath: (name) => path.join(MEDIA, name),
    readFile: (name) => {
      const text = files[name];
      if (text !== undefined) return Promise.resolve({ path: name, text });
      const isFile = existsSync(name) && statSync(name).isFile();
      return Promise.resolve(isFile ? { path: name, text: readFileSync(name, 'utf8') } : undefined);
    },
    readFolder: (name) => {
      const folder = folders[name];
      return Promise.resolve(folder === undefined ? undefined : { path: name, files: folder });
    },
    yieldToHost: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => performance.now(),
    ...more,
  };
}
