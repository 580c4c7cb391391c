/**
 * What compiling the shipped kernels gave, stored when the product is built, so that a kernel that ships
 * or differs little from one need not be compiled as a whole.
 *
 * A library is a file of objects for each kernel and an index. The index names the compiler, and for each
 * kernel the hash of its objects and the hashes of its texts; by those the kernel is found that is
 * nearest to a tree. A library of another compiler, one that is damaged and one that is not there are all
 * the same: there are no objects, and the tree is compiled.
 */
import type { SourceFile } from '../base/span.ts';
import { hashContents } from '../base/textHash.ts';
import type { StoredObjects } from '../c/objectFormat.ts';
import { hashOfFile } from '../c/unchangedUnits.ts';

/** Objects of kernels that were compiled before. */
export interface ObjectLibrary {
  /** The objects of the kernel that is nearest to a tree, given by path. Cost: linear in the texts. */
  find(files: ReadonlyMap<string, SourceFile>): StoredObjects | undefined;
}

/** A kernel to be stored. */
export interface KernelToStore {
  readonly name: string;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly objects: StoredObjects;
}

interface IndexEntry {
  readonly name: string;
  /** Of the text of its objects. */
  readonly hash: string;
  /** Hash by path. */
  readonly texts: Map<string, string>;
}

const INDEX_NAME = 'index.txt';

function fileNameOf(kernel: string): string {
  return `${kernel}.json`;
}

function firstLine(compiler: string): string {
  return `Faultline objects of compiler ${compiler}`;
}

/** The files of a library by name. */
export function writeLibrary(
  compiler: string,
  kernels: readonly KernelToStore[],
): ReadonlyMap<string, string> {
  const library = new Map<string, string>();
  const lines = [firstLine(compiler)];
  for (const { name, files, objects } of kernels) {
    const text = JSON.stringify(objects);
    library.set(fileNameOf(name), text);
    lines.push(`kernel ${name} ${hashContents([text])}`);
    for (const [path, file] of files) lines.push(`${hashOfFile(file)} ${path}`);
  }
  return library.set(INDEX_NAME, `${lines.join('\n')}\n`);
}

/**
 * A library whose files `read` gives by name, `undefined` for one that is not there. Files are read when they are
 * needed, each once.
 */
export function openLibrary(
  compiler: string,
  read: (name: string) => string | undefined,
): ObjectLibrary {
  const objects = new Map<string, StoredObjects | undefined>();
  let index: readonly IndexEntry[] | undefined;

  function readObjects({ name, hash }: IndexEntry): StoredObjects | undefined {
    const text = read(fileNameOf(name));
    // What has the hash is what was written, so there is nothing more to check.
    if (text === undefined || hashContents([text]) !== hash) return undefined;
    return JSON.parse(text) as StoredObjects;
  }

  return {
    find(files) {
      index ??= readIndex(compiler, read(INDEX_NAME) ?? '');
      const nearest = findNearest(index, files);
      if (nearest === undefined) return undefined;
      if (!objects.has(nearest.name)) objects.set(nearest.name, readObjects(nearest));
      return objects.get(nearest.name);
    },
  };
}

function readIndex(compiler: string, text: string): readonly IndexEntry[] {
  const [first, ...lines] = text.split('\n');
  if (first !== firstLine(compiler)) return [];
  const entries: IndexEntry[] = [];
  for (const line of lines) {
    const [head = '', name = '', hash = ''] = line.split(' ');
    if (head === 'kernel') entries.push({ name, hash, texts: new Map() });
    else entries.at(-1)?.texts.set(line.slice(head.length + 1), head);
  }
  return entries;
}

/** The entry with the most texts in common; `undefined` when there are none in common with any. */
function findNearest(
  index: readonly IndexEntry[],
  files: ReadonlyMap<string, SourceFile>,
): IndexEntry | undefined {
  let nearest: IndexEntry | undefined;
  let most = 0;
  for (const entry of index) {
    let count = 0;
    for (const [path, hash] of entry.texts) {
      const file = files.get(path);
      if (file !== undefined && hashOfFile(file) === hash) count += 1;
    }
    if (count > most) {
      most = count;
      nearest = entry;
    }
  }
  return nearest;
}
