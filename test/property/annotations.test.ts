/**
 * Annotations are invisible: a kernel without them makes the same decisions in the same order, at the same
 * virtual times. Only anchors (which scenarios name) and prices (which are the clock) have to stay.
 */
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../src/machine/scheduleText.ts';
import { loadKernelTree, type KernelTree } from '../../src/scenario/kernelTree.ts';
import { media } from '../support/nodeMedia.ts';
import { finish, prepare, scenarioWithCpus, shippedTree } from '../support/preparedRun.ts';

const FORMS = /\/\/@ *(?!anchor\b|cost\b|guard\b|racy\b)[a-z]+.*$/gm;

function withoutAnnotations(kernel: string): { tree: KernelTree; removed: number } {
  let removed = 0;
  const files = new Map(
    [...shippedTree(kernel).files].map(([path, { text }]) => {
      removed += [...text.matchAll(FORMS)].length;
      return [path, text.replace(FORMS, '')];
    }),
  );
  const { tree } = loadKernelTree(media, { path: '/bare', files });
  if (tree === undefined) throw new Error('no tree');
  return { tree, removed };
}

/** What annotations must not change. Positions do: an annotation is an instruction. */
function traceOf(scenario: string, cpuCount: number, tree: KernelTree, seed: number): unknown {
  // The rules are not asked: they hear of locks and references by annotations.
  const more = { rules: 'off', ...(seed === 0 ? {} : { seed }) };
  const { run, summary } = finish(prepare(scenarioWithCpus(scenario, cpuCount), tree, more));
  const { outcome, virtualNs, tasks, counters } = summary;
  const { departures } = parseSchedule(run.machine.schedule());
  const exits = tasks.map(({ name, exit, maj_flt, min_flt }) => [name, exit, maj_flt, min_flt]);
  return { outcome, virtualNs, exits, counters, departures };
}

describe.each(['patched', 'unpatched'])('the annotations of the %s kernel', (kernel) => {
  const { tree, removed } = withoutAnnotations(kernel);

  it.each([
    ['cold-fault-with-mmap', 2, 0],
    ['cold-fault-with-mmap', 3, 7],
    ['munmap-in-the-wait', 2, 11],
    ['two-loaders', 2, 12],
    ['shared-write', 4, 13],
  ])('change neither clocks nor decisions of %s on %i CPUs (seed %i)', (name, cpus, seed) => {
    expect(removed).toBeGreaterThan(50);
    const annotated = traceOf(name, cpus, shippedTree(kernel), seed);
    expect(traceOf(name, cpus, tree, seed)).toEqual(annotated);
  });
});
