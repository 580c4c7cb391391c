// Compiles a shipped kernel once and prints how many milliseconds that took: `node … MEDIA KERNEL`.
import { performance } from 'node:perf_hooks';
import { createNodeMedia } from '../../../src/cli/nodeMedia.ts';
import { compileKernel } from '../../../src/scenario/compileKernel.ts';
import { loadKernelTree } from '../../../src/scenario/kernelTree.ts';

const [media, kernel] = process.argv.slice(2);
const { tree } = loadKernelTree(createNodeMedia(media), kernel);
const start = performance.now();
const { kernel: compiled } = compileKernel(tree);
const end = performance.now();
if (compiled === undefined) throw new Error('The kernel does not compile.');
console.log(end - start);
