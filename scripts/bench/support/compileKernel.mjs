// Compiles a shipped kernel and prints how many milliseconds that took: `node … MEDIA KERNEL [EDITED] [ROUNDS]`. Where a path
// is given, a function is added to that file. Of several rounds the least one is printed. What is stored of kernels is used
// if the bundle was made to know its compiler.
import { performance } from 'node:perf_hooks';
import { createNodeMedia } from '../../../src/cli/nodeMedia.ts';
import { compileKernel } from '../../../src/scenario/compileKernel.ts';
import { loadKernelTree } from '../../../src/scenario/kernelTree.ts';

const [mediaFolder, kernel, edited = '', rounds = '1'] = process.argv.slice(2);
const media = createNodeMedia(mediaFolder);
const { tree } = loadKernelTree(media, kernel);
const files = new Map(tree.files);
if (edited !== '') {
  const file = files.get(edited);
  files.set(edited, { ...file, text: `${file.text}\nint added(int x)\n{\n\treturn x + 1;\n}\n` });
}
let least = Infinity;
for (let round = 0; round < Number(rounds); round += 1) {
  const start = performance.now();
  const { kernel: compiled } = compileKernel({ ...tree, files });
  least = Math.min(least, performance.now() - start);
  if (compiled === undefined) throw new Error('The kernel does not compile.');
}
console.log(least);
