// Every built-in scenario, run with every kernel that its expectations name or that ships, gives what
// the fact sheet says.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkExpectation } from '../../src/scenario/expectation.ts';
import { listScenarios, loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { listKernels, loadKernelTree } from '../../src/scenario/kernelTree.ts';
import type { MediaFiles } from '../../src/scenario/mediaFiles.ts';
import { prepareRun, type PreparedRun } from '../../src/scenario/prepareRun.ts';
import { runToEnd } from '../../src/scenario/runScenario.ts';
import { summarizeRun, type RunSummary } from '../../src/scenario/runSummary.ts';
import { mediaFolder, readMedia } from '../support/kernelMedia.ts';

const paths = readdirSync(mediaFolder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(?:c|h|s|patch|jsonc)$/.test(path))
  .sort();

const media: MediaFiles = {
  read: (path) => (paths.includes(path) ? readMedia(path) : undefined),
  list: (prefix) => paths.filter((path) => path.startsWith(prefix)),
};

const trees = new Map(
  listKernels(media).map((kernel) => [kernel, loadKernelTree(media, kernel).tree]),
);

function prepare(scenarioName: string, kernel: string): PreparedRun {
  const { scenario, programs, diagnostics } = loadBuiltInScenario(media, scenarioName);
  expect(diagnostics).toEqual([]);
  const tree = trees.get(kernel);
  if (scenario === undefined || tree === undefined) throw new Error('nothing to run');
  const prepared = prepareRun({ scenario, tree, programs });
  expect(prepared.diagnostics).toEqual([]);
  if (prepared.run === undefined) throw new Error('the run could not be prepared');
  return prepared.run;
}

function runAndSummarize(run: PreparedRun): RunSummary {
  const result = runToEnd(run);
  if (result === undefined) throw new Error('the run was stopped');
  return summarizeRun(run, result);
}

describe.each(listScenarios(media))('scenario %s', (name) => {
  it.each([...trees.keys()])('gives what is expected of kernel %s', (kernel) => {
    const run = prepare(name, kernel);
    const summary = runAndSummarize(run);
    expect(summary.violations).toEqual([]);
    expect(checkExpectation(run, summary).mismatches).toEqual([]);
  });

  it('says something about each of the two kernels', () => {
    const { scenario } = loadBuiltInScenario(media, name);
    expect(Object.keys(scenario?.data.expect ?? {})).toEqual(
      expect.arrayContaining(['unpatched', 'patched']),
    );
  });
});

describe('a run', () => {
  it('is the same when it is made again', () => {
    const states = [0, 1].map(() => {
      const run = prepare('cold-fault-with-mmap', 'patched');
      const summary = runAndSummarize(run);
      return [summary.stateHash, summary.steps, summary.virtualNs];
    });
    expect(states[0]).toEqual(states[1]);
  });
});
