// All rules over runs that chance schedules, on one, two and four CPUs: where tasks meet at a page, at `mmap_sem` or at
// the end of a file, no order of theirs breaks a kernel that ships. Every scenario on its own number of CPUs is in
// rules.test.ts.
import { describe, expect, it } from 'vitest';
import { finish, prepare, scenarioWithCpus, shippedTree } from '../support/preparedRun.ts';

const KERNELS = ['patched', 'unpatched', 'mainline'];
const CPUS = [1, 2, 4];
const SEEDS = [1, 2];

const SCENARIOS = [
  'cold-fault-with-mmap',
  'evicted-before-the-retry',
  'kill-in-the-wait',
  'map-over-in-the-wait',
  'mprotect-in-the-wait',
  'munmap-in-the-wait',
  'shared-wait-queue',
  'shared-write',
  'truncate-in-the-wait',
  'two-loaders',
];

describe.each(KERNELS)('the rules under chance on the %s kernel', (kernel) => {
  it.each(SCENARIOS)('hold on %s', (name) => {
    for (const [index, cpus] of CPUS.entries()) {
      for (const first of SEEDS) {
        // Another seed for each number of CPUs, or all of them would begin alike.
        const seed = 10 * first + index;
        const source = scenarioWithCpus(name, cpus);
        const { summary } = finish(prepare(source, shippedTree(kernel), { seed }));
        const { outcome, violations } = summary;
        const what = `${String(cpus)} CPUs, seed ${String(seed)}`;
        expect({ outcome, violations }, what).toEqual({ outcome: 'completed', violations: [] });
      }
    }
  });
});
