// Every built-in scenario, run with every kernel that ships, gives what the fact sheet says.
import { describe, expect, it } from 'vitest';
import { listScenarios, loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { checkExpectation } from '../../src/scenario/expectation.ts';
import { listKernels, loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { prepareScenario, runAndSummarize, shippedMedia } from '../support/scenarioRun.ts';
import { shortened } from '../support/shortRuns.ts';

/** Ten seconds of virtual time take a few of real time, and more where other tests run beside. */
const LONG = { timeout: 240_000 };

const trees = new Map(
  listKernels(shippedMedia).map((kernel) => [kernel, loadKernelTree(shippedMedia, kernel).tree]),
);

describe.each(listScenarios(shippedMedia))('scenario %s', (name) => {
  it.each([...trees.keys()])('gives what is expected of kernel %s', LONG, (kernel) => {
    // A long one is run in its full length where the kernel is spoken of.
    const isExpected = loadBuiltInScenario(shippedMedia, name).scenario?.data.expect?.[kernel];
    const settings = isExpected === undefined ? shortened(name).parameters : {};
    const run = prepareScenario(name, trees.get(kernel), { parameters: settings });
    const summary = runAndSummarize(run);
    expect(summary.violations).toEqual([]);
    expect(checkExpectation(run, summary).mismatches).toEqual([]);
  });

  it('says something about each of the two kernels', () => {
    const { scenario } = loadBuiltInScenario(shippedMedia, name);
    expect(Object.keys(scenario?.data.expect ?? {})).toEqual(
      expect.arrayContaining(['unpatched', 'patched']),
    );
  });
});

describe('a run', () => {
  it('is the same when it is made again', () => {
    const states = [0, 1].map(() => {
      const run = prepareScenario('cold-fault-with-mmap', trees.get('patched'));
      const summary = runAndSummarize(run);
      return [summary.stateHash, summary.steps, summary.virtualNs];
    });
    expect(states[0]).toEqual(states[1]);
  });
});
