// The rules of the kernel: those that ship keep all of them under chance and in a long run, and watching changes nothing.
// That every scenario keeps them in its usual order is shown where the scenarios are compared with what they expect.
import { describe, expect, it } from 'vitest';
import { loadBuiltInScenario, listScenarios } from '../../src/scenario/catalog.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { prepareRun, type PrepareRunInput } from '../../src/scenario/prepareRun.ts';
import type { RunSummary } from '../../src/scenario/runSummary.ts';
import { media } from '../support/nodeMedia.ts';
import { runAndSummarize } from '../support/preparedRun.ts';
import { shortened } from '../support/shortRuns.ts';

const KERNELS = ['patched', 'unpatched'];
/** Runs for long: once, in its usual order, is enough. */
const LONG = 'benchmark-2010';
const SEEDS = [1, 2, 4];

const trees = new Map(KERNELS.map((kernel) => [kernel, loadKernelTree(media, kernel).tree]));

function run(name: string, kernel: string, more: Partial<PrepareRunInput> = {}): RunSummary {
  const { scenario, programs } = loadBuiltInScenario(media, name);
  const tree = trees.get(kernel);
  if (scenario === undefined || tree === undefined) throw new Error(`no ${name} on ${kernel}`);
  const prepared = prepareRun({ scenario, programs, tree, ...shortened(name), ...more });
  expect(prepared.diagnostics).toEqual([]);
  if (prepared.run === undefined) throw new Error('the run could not be prepared');
  return runAndSummarize(prepared.run);
}

const scenarios = listScenarios(media);

describe.each(KERNELS)('the %s kernel', (kernel) => {
  it(`keeps all rules on ${LONG}`, () => {
    expect(run(LONG, kernel).violations).toEqual([]);
  });

  it.each(scenarios.filter((name) => name !== LONG))(
    'keeps them under chance on %s',
    (scenario) => {
      for (const seed of SEEDS) {
        expect(run(scenario, kernel, { seed }).violations, `seed ${String(seed)}`).toEqual([]);
      }
    },
  );

  it.each(['interpreter', 'generated'] as const)('is not disturbed in the tier %s', (tier) => {
    for (const scenario of ['cold-fault-with-mmap', 'two-loaders', 'munmap-in-the-wait']) {
      for (const seed of [undefined, 3]) {
        const more = { tier, hotArrivals: 0, ...(seed === undefined ? {} : { seed }) };
        const { reports: _reports, ...watched } = run(scenario, kernel, more);
        const { reports, ...free } = run(scenario, kernel, { ...more, rules: 'off' });
        expect(reports).toEqual([]);
        expect(watched).toEqual(free);
      }
    }
  });
});
