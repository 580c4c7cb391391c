// Compiling the whole kernel tree cold, that is as the first thing a process does, beside gcc's syntax check of the same files:
// from nothing but its text, and with what the build has stored of the kernels.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';
import { withBundle } from './support/bundle.mjs';
import { leastOfProcesses, medianOf, runNode } from './support/measure.mjs';

const RUNS = 9;
const media = path.join(root, 'media');
const kernel = path.join(media, 'kernel');

/** One gcc for all units; `NaN` where there is none for 32-bit programs. */
function checkWithGcc() {
  const units = readdirSync(kernel, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.c'),
  );
  const roots = ['include', 'arch/x86/include'].flatMap((name) => ['-I', name]);
  const options = ['-m32', '-fsyntax-only', '-std=gnu99', '-Wall', '-nostdinc', ...roots];
  const run = () => spawnSync('gcc', [...options, ...units], { cwd: kernel }).status;
  if (run() !== 0) return NaN;
  return medianOf(3, run);
}

/** The least time of compiling in a new process. */
function compileCold(options, ...args) {
  return withBundle(
    'compileKernel.mjs',
    (script) => leastOfProcesses(RUNS, script, media, ...args),
    options,
  );
}

/** The least time of many in one process: what is left when the JavaScript engine has optimized all it can. */
function compileOften() {
  const args = [media, 'patched', '', '40'];
  return withBundle('compileKernel.mjs', (script) => Number(runNode(script, ...args)), {
    hasObjects: false,
  });
}

export const benchmarks = [
  {
    name: 'compile: the whole kernel tree from nothing but text, cold, beside gcc',
    ours: () => compileCold({ hasObjects: false }, 'patched'),
    peer: checkWithGcc,
    unit: 'ms',
  },
  {
    name: 'compile: the same in a process that has done it often, beside the first time',
    ours: () => compileOften(),
    peer: () => compileCold({ hasObjects: false }, 'patched'),
    unit: 'ms',
  },
  {
    name: 'compile: the kernel tree as it ships, cold, beside gcc',
    ours: () => compileCold({}, 'patched'),
    peer: checkWithGcc,
    unit: 'ms',
  },
  {
    name: 'compile: the kernel tree with an edit in mm/filemap.c, cold, beside gcc',
    ours: () => compileCold({}, 'patched', 'mm/filemap.c'),
    peer: checkWithGcc,
    unit: 'ms',
  },
  {
    name: 'compile: a kernel one unit from a stored one (mainline-rc1), beside gcc',
    ours: () => compileCold({}, 'mainline-rc1'),
    peer: checkWithGcc,
    unit: 'ms',
  },
];
