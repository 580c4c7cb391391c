// From launching the headline scenario to its first stop: inside a fresh process, as VS Code does it, and over stdio from the
// start of the process; beside an empty Node.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../paths.mjs';
import { withBundle } from './support/bundle.mjs';
import { cli, leastOfProcesses, startEmptyNode } from './support/measure.mjs';

const RUNS = 9;
const SCENARIO = 'cold-fault-with-mmap';
const media = path.join(root, 'media');
const stdioStop = fileURLToPath(new URL('support/stdioStop.mjs', import.meta.url));

export const benchmarks = [
  {
    name: 'launch: from the request to the first stop, beside an empty Node',
    ours: () =>
      withBundle('firstStop.mjs', (script) => leastOfProcesses(RUNS, script, media, SCENARIO)),
    peer: startEmptyNode,
    unit: 'ms',
  },
  {
    name: 'launch: over stdio from the start of the process, beside an empty Node',
    ours: () => leastOfProcesses(RUNS, stdioStop, cli, SCENARIO),
    peer: startEmptyNode,
    unit: 'ms',
  },
];
