/**
 * Which units of a compilation are those of stored objects: nothing that they read has changed.
 *
 * A unit reads its own text and those of its headers, and it depends on which file each `#include`
 * finds. Files are known by their names in the tree and by the hashes of their texts.
 */
import { nameInTree, type SourceFile } from '../base/span.ts';
import { hashContents } from '../base/textHash.ts';
import type { StoredObjects } from './objectFormat.ts';
import type { ResolveInclude } from './preprocessor.ts';

/** What of stored objects can be used. */
export interface UnchangedUnits {
  /** Units with the index of their stored objects. */
  readonly units: ReadonlyMap<SourceFile, number>;
  /** In the order of the stored files; `undefined` for one that changed or is not reached. */
  readonly files: readonly (SourceFile | undefined)[];
  /** The files of these units. */
  readonly read: ReadonlySet<SourceFile>;
}

const hashes = new WeakMap<SourceFile, string>();

/** The hash of a file's text. Cost: linear the first time, nothing afterwards. */
export function hashOfFile(file: SourceFile): string {
  const known = hashes.get(file);
  if (known !== undefined) return known;
  const hash = hashContents([file.text]);
  hashes.set(file, hash);
  return hash;
}

/** Compares stored objects with a compilation. Cost: linear in the texts. */
export function findUnchanged(
  stored: StoredObjects,
  units: readonly SourceFile[],
  resolveInclude: ResolveInclude,
): UnchangedUnits {
  const found: (SourceFile | undefined)[] = [];
  const isChanged: boolean[] = [];
  const includesOf: StoredObjects['includes'][number][][] = stored.files.map(() => []);
  for (const include of stored.includes) includesOf[include[0]]?.push(include);

  /** Notes where a stored file is now, and follows what it includes. */
  function reach(number: number, start: SourceFile): void {
    const pending: (readonly [number, SourceFile])[] = [[number, start]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [at, file] = next;
      if (found[at] !== undefined || isChanged[at] === true) {
        if (found[at] !== file) isChanged[at] = true;
        continue;
      }
      const [name, hash] = stored.files[at] ?? [];
      if (nameInTree(file) !== name || hashOfFile(file) !== hash) {
        isChanged[at] = true;
        continue;
      }
      found[at] = file;
      for (const [, path, form, to] of includesOf[at] ?? []) {
        const target = resolveInclude(path, form, file);
        if (target === undefined || nameInTree(target) !== stored.files[to]?.[0]) {
          isChanged[at] = true;
        } else pending.push([to, target]);
      }
    }
  }

  const byName = new Map(units.map((file) => [nameInTree(file), file]));
  for (const { files } of stored.units) {
    const [own = -1] = files;
    const file = byName.get(stored.files[own]?.[0] ?? '');
    if (file !== undefined) reach(own, file);
  }
  const isSame = (number: number): boolean =>
    found[number] !== undefined && isChanged[number] !== true;
  const files = stored.files.map((_file, number) => (isSame(number) ? found[number] : undefined));
  const unchanged = new Map<SourceFile, number>();
  const read = new Set<SourceFile>();
  for (const [index, unit] of stored.units.entries()) {
    const own = files[unit.files[0] ?? -1];
    if (own === undefined || !unit.files.every(isSame)) continue;
    unchanged.set(own, index);
    for (const number of unit.files) {
      const file = files[number];
      if (file !== undefined) read.add(file);
    }
  }
  return { units: unchanged, files, read };
}
