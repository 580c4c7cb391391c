// How long the command line takes to start and to run a scenario from start to end, beside an empty Node.
import { cli, medianOf, runNode, startEmptyNode } from './support/measure.mjs';

export const benchmarks = [
  {
    name: 'start: faultline --help, beside an empty Node',
    ours: () => medianOf(5, () => runNode(cli, '--help')),
    peer: startEmptyNode,
    unit: 'ms',
  },
  {
    name: 'run: cold-fault-with-mmap from start to end, beside an empty Node',
    ours: () => medianOf(5, () => runNode(cli, 'run', 'cold-fault-with-mmap', '--format', 'json')),
    peer: startEmptyNode,
    unit: 'ms',
  },
];
