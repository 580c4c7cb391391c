/**
 * The published benchmark: what is calibrated, what is predicted, and that the shape of the prediction does not hang on
 * a single price.
 */
import { describe, expect, it } from 'vitest';
import { loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import type { ParameterSettings } from '../../src/scenario/loadScenario.ts';
import { COST_NAMES, createCostTable } from '../../src/scenario/presets.ts';
import { media } from '../support/nodeMedia.ts';
import { prepare, runAndSummarize } from '../support/preparedRun.ts';

const SECONDS = 0.2;
const LONG = { timeout: 240_000 };
const trees = new Map(
  ['unpatched', 'patched'].map((name) => [name, loadKernelTree(media, name).tree]),
);
const paper = createCostTable('paper', {});

interface Rates {
  readonly reads: number;
  readonly rounds: number;
}

/** Iterations per second of both tasks. */
function ratesOf(kernel: string, settings: ParameterSettings): Rates {
  const parameters = { durationNs: SECONDS * 1e9, ...settings };
  const { outcome, violations, tasks, virtualNs } = runAndSummarize(
    prepare('benchmark-2010', trees.get(kernel), { parameters, rules: 'off' }),
  );
  expect([outcome, ...violations]).toEqual(['completed']);
  const rate = (prefix: string): number =>
    tasks
      .filter(({ name }) => name.startsWith(prefix))
      .reduce((sum, { iterations }) => sum + (iterations * 1e9) / virtualNs, 0);
  return { reads: rate('random-reader'), rounds: rate('map-loop') };
}

function priceOf(name: string): number {
  const base: Readonly<Record<string, unknown>> = { ...paper };
  const price = base[name];
  return typeof price === 'number' ? price : (paper.named.get(name) ?? 0);
}

/** Without the patch a round goes with one or two reads; with it the disk does not matter. */
function expectShape(before: Rates, after: Rates): void {
  expect(before.rounds / before.reads).toBeGreaterThan(0.4);
  expect(before.rounds / before.reads).toBeLessThan(1.1);
  expect(after.rounds / before.rounds).toBeGreaterThan(100);
  expect(after.reads / before.reads).toBeGreaterThan(0.9);
  expect(after.reads / before.reads).toBeLessThan(1.1);
}

describe('the published benchmark', () => {
  it('calibrates two figures, and no other price of its preset is its own', () => {
    const usual = createCostTable('disk-2010', {});
    const differing = COST_NAMES.filter((name) => {
      const base: Readonly<Record<string, unknown>> = { ...usual };
      const price = base[name];
      return (typeof price === 'number' ? price : usual.named.get(name)) !== priceOf(name);
    });
    expect(differing).toEqual(['diskReadNs', 'mmap_body', 'munmap_body']);
    expect(priceOf('mmap_body')).toBe(priceOf('munmap_body'));
    // 1 s / 55 and 1 s / 15000 / 2, less what the kernel adds around the disk and the call.
    expect(priceOf('diskReadNs') / (1e9 / 55)).toBeGreaterThan(0.99);
    expect(priceOf('diskReadNs') / (1e9 / 55)).toBeLessThan(1);
    expect(priceOf('mmap_body') / (1e9 / 30_000)).toBeGreaterThan(0.98);
    expect(priceOf('mmap_body') / (1e9 / 30_000)).toBeLessThan(1);
  });

  it('says in its report what is calibrated', () => {
    const { scenario } = loadBuiltInScenario(media, 'benchmark-2010');
    expect(scenario?.data.notes?.join(' ')).toContain('Two figures are calibrated');
  });

  it.each([0.5, 2])('keeps its shape with every price multiplied by %s', LONG, (factor) => {
    const prices = COST_NAMES.filter((name) => priceOf(name) > 0);
    expect(prices.length).toBeGreaterThan(20);
    for (const name of prices) {
      const settings = { [name]: Math.round(priceOf(name) * factor) };
      expectShape(ratesOf('unpatched', settings), ratesOf('patched', settings));
    }
  });

  it('keeps its shape with a call twice or half as expensive as published', LONG, () => {
    for (const factor of [0.5, 2]) {
      const price = priceOf('mmap_body') * factor;
      const settings = { mmap_body: price, munmap_body: price };
      const after = ratesOf('patched', settings);
      expectShape(ratesOf('unpatched', settings), after);
      expect(after.rounds * factor).toBeGreaterThan(14_000);
      expect(after.rounds * factor).toBeLessThan(16_000);
    }
  });

  it('is bound to the disk by any number of readers, and freed by the patch', LONG, () => {
    for (const readers of [2, 8]) {
      const before = ratesOf('unpatched', { readers });
      expect(before.rounds).toBeLessThan(70);
      expect(ratesOf('patched', { readers }).rounds).toBeGreaterThan(12_000);
    }
    const none = ratesOf('unpatched', { readers: 0 });
    expect(none.rounds).toBeGreaterThan(14_000);
    // Reads that find their page in memory come on top of those that wait for the disk.
    const hits = ratesOf('unpatched', { hitPercent: 90 });
    expect(hits.reads).toBeGreaterThan(300);
    expect(hits.rounds).toBeLessThan(70);
  });
});
