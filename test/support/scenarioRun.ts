/**
 * Built-in scenarios for tests: load one, take a kernel that ships or the shipped tree with some
 * edits, run to the end.
 */
import { readdirSync } from 'node:fs';
import { loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { loadKernelTree, type KernelTree } from '../../src/scenario/kernelTree.ts';
import type { MediaFiles } from '../../src/scenario/mediaFiles.ts';
import {
  prepareRun,
  type PreparedRun,
  type PrepareRunInput,
} from '../../src/scenario/prepareRun.ts';
import { runToEnd } from '../../src/scenario/runScenario.ts';
import { summarizeRun, type RunSummary } from '../../src/scenario/runSummary.ts';
import { kernelFiles, mediaFolder, readMedia } from './kernelMedia.ts';

const paths = readdirSync(mediaFolder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(?:c|h|s|patch|jsonc)$/.test(path))
  .sort();

/** What ships, read from the work tree. */
export const shippedMedia: MediaFiles = {
  read: (path) => (paths.includes(path) ? readMedia(path) : undefined),
  list: (prefix) => paths.filter((path) => path.startsWith(prefix)),
};

/** A change of one file of the tree: the text must stand there exactly once. */
export interface Edit {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** The shipped tree with edits, as a student's folder. */
export function editedTree(edits: readonly Edit[]): KernelTree {
  const files = new Map(kernelFiles());
  for (const { path, from, to } of edits) {
    const parts = (files.get(path) ?? '').split(from);
    if (parts.length !== 2) throw new Error(`${path} does not have this text once: ${from}`);
    files.set(path, parts.join(to));
  }
  const { tree } = loadKernelTree(shippedMedia, { path: '/lab/kernel', files });
  if (tree === undefined) throw new Error('the tree could not be loaded');
  return tree;
}

/** A machine that has booted with the scenario. Errors: throws with the first diagnostic. */
export function prepareScenario(
  name: string,
  tree: KernelTree | undefined,
  more: Partial<PrepareRunInput> = {},
): PreparedRun {
  const { scenario, programs, diagnostics } = loadBuiltInScenario(shippedMedia, name);
  if (scenario === undefined || tree === undefined) {
    throw new Error(diagnostics[0]?.message ?? 'nothing to run');
  }
  const prepared = prepareRun({ scenario, tree, programs, ...more });
  if (prepared.run === undefined) {
    throw new Error(prepared.diagnostics[0]?.message ?? 'the run could not be prepared');
  }
  return prepared.run;
}

/** Runs to the end. */
export function runAndSummarize(run: PreparedRun): RunSummary {
  const result = runToEnd(run);
  if (result === undefined) throw new Error('the run was stopped');
  return summarizeRun(run, result);
}
