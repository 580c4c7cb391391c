// Work in slices: it yields to its host, can be paused and can be dropped.
import { describe, expect, it } from 'vitest';
import { SlicedWorker, workInSlices, type SlicedWork } from '../../../src/adapter/slicedWorker.ts';
import { compileKernel, compileKernelInSteps } from '../../../src/scenario/compileKernel.ts';
import { loadKernelTree } from '../../../src/scenario/kernelTree.ts';
import { media } from '../../support/nodeMedia.ts';
import type { DebugStop } from '../../../src/debugger/debugStop.ts';

function stopOf(reason: DebugStop['reason']): DebugStop {
  return {
    reason,
    task: undefined,
    text: '',
    position: 0,
    breakpointIds: [],
    filter: undefined,
    final: undefined,
  };
}

/** An operation that needs so many slices. */
function workOf(slices: number): SlicedWork & { budgets: number[] } {
  const budgets: number[] = [];
  return {
    budgets,
    advance: (budget) => {
      budgets.push(budget);
      return budgets.length >= slices ? stopOf('step') : undefined;
    },
    interrupt: () => stopOf('pause'),
  };
}

function hostOf(msPerSlice: number, onYield: () => void = () => undefined) {
  let time = 0;
  return {
    now: () => (time += msPerSlice),
    yieldToHost: () => {
      onYield();
      return Promise.resolve();
    },
  };
}

describe('SlicedWorker', () => {
  it('does short work in one slice and says nothing about it', async () => {
    let long = 0;
    const stop = await new SlicedWorker(hostOf(1)).run(workOf(1), () => (long += 1));
    expect(stop?.reason).toBe('step');
    expect(long).toBe(0);
  });

  it('makes slices shorter on a slow machine', async () => {
    const work = workOf(6);
    await new SlicedWorker(hostOf(40)).run(work, () => undefined);
    expect(work.budgets.at(-1)).toBeLessThan(work.budgets[0] ?? 0);
  });

  it('ends at the next border of a slice when a pause is asked for', async () => {
    const worker: SlicedWorker = new SlicedWorker(
      hostOf(1, () => {
        worker.requestPause();
      }),
    );
    const work = workOf(1000);
    const stop = await worker.run(work, () => undefined);
    expect(stop?.reason).toBe('pause');
    expect(work.budgets).toHaveLength(1);
  });

  it('ends without a stop when the work is dropped', async () => {
    const worker: SlicedWorker = new SlicedWorker(
      hostOf(1, () => {
        worker.abandon();
      }),
    );
    expect(await worker.run(workOf(1000), () => undefined)).toBeUndefined();
  });
});

describe('steps in slices', () => {
  function* countTo(last: number): Generator<undefined, number, undefined> {
    for (let at = 0; at < last; at += 1) yield;
    return last;
  }

  it('lets the host work after every few milliseconds, and gives the result', async () => {
    let yields = 0;
    const host = hostOf(1, () => {
      yields += 1;
    });
    await expect(workInSlices(host, countTo(60))).resolves.toBe(60);
    expect(yields).toBeGreaterThan(5);
    expect(yields).toBeLessThan(30);
  });

  it('does not disturb the host for work that is done at once', async () => {
    let yields = 0;
    const host = hostOf(0, () => {
      yields += 1;
    });
    await expect(workInSlices(host, countTo(60))).resolves.toBe(60);
    expect(yields).toBe(0);
  });

  it('compiles a kernel in many steps, to what compiling it at once gives', () => {
    const { tree } = loadKernelTree(media, 'patched');
    const { tree: other } = loadKernelTree(media, 'patched');
    if (tree === undefined || other === undefined) throw new Error('no kernel tree');
    const steps = compileKernelInSteps(tree);
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(count).toBeGreaterThan(1000);
    expect(step.value.kernel?.program.hash).toBe(compileKernel(other).kernel?.program.hash);
    expect(compileKernel(tree)).toBe(step.value);
  });
});
