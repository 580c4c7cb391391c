// From launching the headline scenario to its first stop: inside a fresh process, as VS Code does it, and over stdio from the
// start of the process; with the kernel as it ships and with a lab folder in which a function was added; beside an empty Node.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../paths.mjs';
import { withBundle } from './support/bundle.mjs';
import { cli, leastOfProcesses, runNode, startEmptyNode } from './support/measure.mjs';

const RUNS = 9;
const SCENARIO = 'cold-fault-with-mmap';
const media = path.join(root, 'media');
const stdioStop = fileURLToPath(new URL('support/stdioStop.mjs', import.meta.url));

/** Calls `use` with the kernel folder of a lab that somebody has edited. */
function withEditedLab(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  try {
    runNode(cli, 'lab', path.join(folder, 'lab'));
    const kernel = path.join(folder, 'lab/kernel');
    appendFileSync(
      path.join(kernel, 'mm/filemap.c'),
      '\nint added(int x)\n{\n\treturn x + 1;\n}\n',
    );
    return use(kernel);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function launchInline(...args) {
  return withBundle('firstStop.mjs', (script) =>
    leastOfProcesses(RUNS, script, media, SCENARIO, ...args),
  );
}

function launchOverStdio(...args) {
  return leastOfProcesses(RUNS, stdioStop, cli, SCENARIO, ...args);
}

export const benchmarks = [
  {
    name: 'launch: from the request to the first stop, beside an empty Node',
    ours: () => launchInline(),
    peer: startEmptyNode,
    unit: 'ms',
  },
  {
    name: 'launch: the same in a lab with an edit in mm/filemap.c',
    ours: () => withEditedLab(launchInline),
    peer: startEmptyNode,
    unit: 'ms',
  },
  {
    name: 'launch: over stdio from the start of the process, beside an empty Node',
    ours: () => launchOverStdio(),
    peer: startEmptyNode,
    unit: 'ms',
  },
  {
    name: 'launch: the same in a lab with an edit in mm/filemap.c, over stdio',
    ours: () => withEditedLab(launchOverStdio),
    peer: startEmptyNode,
    unit: 'ms',
  },
];
