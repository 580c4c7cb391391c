/**
 * Every kernel that ships, compiled through the objects of a kernel near it, is the program that compiling
 * all of it gives: code, data, debug information, tables and files.
 */
import { describe, expect, it } from 'vitest';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { listKernels, listLabs } from '../../src/scenario/patchCatalog.ts';
import type { StoredObjects } from '../../src/c/objectFormat.ts';
import { media } from '../support/nodeMedia.ts';
import { compareWays, isReused, objectsOf, textsOf, treeOf } from '../support/storedKernels.ts';

const stored = new Map<string, StoredObjects>();

function objectsOfKernel(kernel: string): StoredObjects {
  const known = stored.get(kernel) ?? objectsOf(treeOf(textsOf(kernel)));
  stored.set(kernel, known);
  return known;
}

describe('a kernel through its own objects', () => {
  it.each(listKernels(media))('is the same program: %s', (kernel) => {
    const { tree } = loadKernelTree(media, kernel);
    if (tree === undefined) throw new Error('no tree');
    const objects = objectsOfKernel(kernel);
    expect(isReused(tree, objects)).toBe(true);
    expect(compareWays(tree, objects)).toBe('same');
  });
});

describe('a kernel through the objects of another', () => {
  it.each(listLabs(media).map(({ name, from }) => [name, from]))(
    'is the same program: the lab %s from %s',
    (lab, from) => {
      // In a folder, as students have it.
      const tree = treeOf(textsOf(lab), '/home/student/lab/kernel');
      const objects = objectsOfKernel(from);
      expect(isReused(tree, objects)).toBe(true);
      expect(compareWays(tree, objects)).toBe('same');
    },
  );

  it.each([
    ['unpatched', 'patched'],
    ['mainline-rc1', 'mainline'],
    ['base', 'unpatched'],
    ['patched', 'killable'],
  ])('is the same program: %s from %s', (kernel, from) => {
    expect(compareWays(treeOf(textsOf(kernel)), objectsOfKernel(from))).toBe('same');
  });
});
