/**
 * The library of stored objects: the nearest kernel is found, and a library that is damaged, of another
 * compiler or missing is as good as none.
 */
import { describe, expect, it } from 'vitest';
import type { StoredObjects } from '../../../src/c/objectFormat.ts';
import { compileKernel } from '../../../src/scenario/compileKernel.ts';
import type { KernelTree } from '../../../src/scenario/kernelTree.ts';
import {
  openLibrary,
  writeLibrary,
  type KernelToStore,
} from '../../../src/scenario/objectLibrary.ts';
import { isReused, objectsOf, textsOf, treeOf } from '../../support/storedKernels.ts';

const COMPILER = '0123456789abcdef';

function kernelOf(name: string): KernelToStore {
  const { files } = treeOf(textsOf(name));
  return { name, files, objects: objectsOf(treeOf(textsOf(name))) };
}

const library = writeLibrary(COMPILER, [kernelOf('patched'), kernelOf('unpatched')]);

/** What a library gives for a tree, and the files that were read for it. */
function find(
  tree: KernelTree,
  files: ReadonlyMap<string, string> = library,
  compiler = COMPILER,
): { readonly objects: StoredObjects | undefined; readonly read: readonly string[] } {
  const read: string[] = [];
  const opened = openLibrary(compiler, (name) => {
    read.push(name);
    return files.get(name);
  });
  return { objects: opened.find(tree.files), read };
}

/** The library with one file changed. */
function damaged(name: string, damage: (text: string) => string): ReadonlyMap<string, string> {
  return new Map(library).set(name, damage(library.get(name) ?? ''));
}

describe('a library of objects', () => {
  it.each([
    ['patched', 'patched'],
    ['unpatched', 'unpatched'],
    ['kernel-oops', 'patched'],
    ['page-without-a-file', 'unpatched'],
    ['base', 'unpatched'],
  ])('serves %s with the objects of %s', (kernel, expected) => {
    const tree = treeOf(textsOf(kernel));
    const { objects, read } = find(tree);
    expect(read).toEqual(['index.txt', `${expected}.json`]);
    expect(objects !== undefined && isReused(tree, objects)).toBe(true);
  });

  it('reads what it needs once', () => {
    let count = 0;
    const opened = openLibrary(COMPILER, (name) => {
      count += 1;
      return library.get(name);
    });
    const first = opened.find(treeOf(textsOf('patched')).files);
    expect(opened.find(treeOf(textsOf('patched')).files)).toBe(first);
    expect(count).toBe(2);
  });

  it('has nothing for texts that it does not know', () => {
    const texts = new Map([['include/faultline/machine.h', 'int nothing;']]);
    expect(find(treeOf(texts)).objects).toBeUndefined();
  });

  it.each<[string, ReadonlyMap<string, string> | (() => ReadonlyMap<string, string>), string]>([
    ['is missing', new Map(), COMPILER],
    ['is of another compiler', () => library, '0123456789abcdee'],
    ['has no index', () => damaged('index.txt', () => ''), COMPILER],
    ['has half an index', () => damaged('index.txt', (text) => text.slice(0, 60)), COMPILER],
    ['has garbage for an index', () => damaged('index.txt', () => '\0kernel\n\n x'), COMPILER],
    [
      'lacks the objects',
      () => new Map([...library].filter(([name]) => name !== 'patched.json')),
      COMPILER,
    ],
    ['has no objects', () => damaged('patched.json', () => ''), COMPILER],
    ['has half the objects', () => damaged('patched.json', (t) => t.slice(0, 5000)), COMPILER],
    ['has longer objects', () => damaged('patched.json', (text) => `${text} `), COMPILER],
    [
      'has objects with another digit',
      () => damaged('patched.json', (text) => text.replace(/\[1,2,/, '[1,3,')),
      COMPILER,
    ],
    [
      'has the objects of another kernel',
      () => damaged('patched.json', () => library.get('unpatched.json') ?? ''),
      COMPILER,
    ],
  ])('that %s is as good as none', (_what, files, compiler) => {
    const tree = treeOf(textsOf('patched'));
    const texts = typeof files === 'function' ? files() : files;
    const { objects } = find(tree, texts, compiler);
    expect(objects).toBeUndefined();
    const opened = openLibrary(compiler, (name) => texts.get(name));
    const { kernel, diagnostics } = compileKernel({ ...tree, objects: opened });
    expect(diagnostics).toEqual([]);
    expect(kernel?.program.hash).toBe(compileKernel(tree).kernel?.program.hash);
  });

  it('makes no difference to what is said of a wrong edit', () => {
    const texts = textsOf('patched');
    const filemap = texts.get('mm/filemap.c') ?? '';
    texts.set('mm/filemap.c', `${filemap}\nint broken(void) { return nothing; }\nint f( {\n`);
    const tree = treeOf(texts);
    const opened = openLibrary(COMPILER, (name) => library.get(name));
    const messages = (result: ReturnType<typeof compileKernel>): readonly string[] =>
      result.diagnostics.map(({ message, span }) => `${String(span?.start)} ${message}`);
    const alone = messages(compileKernel(treeOf(texts)));
    expect(alone.length).toBeGreaterThan(1);
    expect(messages(compileKernel({ ...tree, objects: opened }))).toEqual(alone);
  });
});
