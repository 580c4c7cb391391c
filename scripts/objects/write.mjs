// Compiles the shipped kernels and writes their objects: `node … MEDIA FOLDER COMPILER`. Bundled and run by scripts/objects.mjs.
//
// A kernel that differs from a stored one only in units of its own, not in headers, is not worth a megabyte: those units are
// compiled when it is launched.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createObjects } from '../../src/c/createObjects.ts';
import { findUnchanged } from '../../src/c/unchangedUnits.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import { compileInputOf } from '../../src/scenario/compileKernel.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { writeLibrary } from '../../src/scenario/objectLibrary.ts';
import { listKernels } from '../../src/scenario/patchCatalog.ts';

/** Units that may be compiled at launch. */
const FEW_UNITS = 2;

const [mediaFolder, folder, compiler] = process.argv.slice(2);
const media = createNodeMedia(mediaFolder);
const kernels = [];
for (const name of listKernels(media)) {
  const { tree } = loadKernelTree(media, name);
  const input = tree && compileInputOf(tree);
  const isNear = kernels.some(({ objects }) => {
    const { units, resolveInclude } = input;
    return units.length - findUnchanged(objects, units, resolveInclude).units.size <= FEW_UNITS;
  });
  if (isNear) continue;
  const objects = input && createObjects(input);
  if (objects === undefined) {
    console.error(
      `The kernel ${name} cannot be stored; test/content/storedKernels.test.ts says why.`,
    );
    process.exitCode = 1;
    break;
  }
  kernels.push({ name, files: tree.files, objects });
}
mkdirSync(folder, { recursive: true });
for (const [name, text] of writeLibrary(compiler, kernels)) {
  writeFileSync(path.join(folder, name), text);
}
