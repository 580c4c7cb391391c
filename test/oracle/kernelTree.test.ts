// Every kernel that ships is real C, the labs included: gcc for 32 bits accepts all its files without a
// warning, with no other headers than its own. Our compiler has nothing to say about them either.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileKernel } from '../../src/scenario/compileKernel.ts';
import { loadKernelTree, type KernelTree } from '../../src/scenario/kernelTree.ts';
import { listAllKernels } from '../../src/scenario/patchCatalog.ts';
import { media } from '../support/nodeMedia.ts';

const OPTIONS = [
  '-m32',
  '-fsyntax-only',
  '-std=gnu99',
  '-Wall',
  '-nostdinc',
  '-I',
  'include',
  '-I',
  'arch/x86/include',
];

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-trees-'));

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function loadTree(kernel: string): KernelTree {
  const { tree } = loadKernelTree(media, kernel);
  if (tree === undefined) throw new Error(`the patches of ${kernel} do not apply`);
  return tree;
}

/** What gcc says about the files of a tree; headers are looked at alone, too. */
function diagnose(kernel: string, tree: KernelTree): string {
  const folder = path.join(scratch, kernel);
  for (const [file, { text }] of tree.files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const files = [...tree.files.keys()].filter((file) => /\.[ch]$/.test(file));
  expect(files.length).toBeGreaterThan(70);
  const compiler = spawnSync('gcc', [...OPTIONS, '-x', 'c', ...files], {
    cwd: folder,
    encoding: 'utf8',
  });
  return compiler.stderr;
}

describe.each(listAllKernels(media))('kernel %s', (kernel) => {
  it('is accepted by gcc -m32', () => {
    expect(diagnose(kernel, loadTree(kernel))).toBe('');
  });

  it('is accepted by our compiler', () => {
    expect(compileKernel(loadTree(kernel)).diagnostics).toEqual([]);
  });
});
