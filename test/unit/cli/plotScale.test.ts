/**
 * The scales of plots: where values stand and what is marked.
 */
import { describe, expect, it } from 'vitest';
import { createScale } from '../../../src/cli/plotScale.ts';

describe('createScale', () => {
  it('is linear from 0 on where values are near to each other', () => {
    const scale = createScale([1, 2, 8], 0, 100);
    expect(scale.isLogarithmic).toBe(false);
    expect(scale.ticks).toEqual([0, 2, 4, 6, 8]);
    expect([0, 4, 8].map(scale.place)).toEqual([0, 50, 100]);
  });

  it('is logarithmic where they are far from each other', () => {
    const scale = createScale([80_000, 18_110_000], 100, 300);
    expect(scale.isLogarithmic).toBe(true);
    expect(scale.ticks).toEqual([100_000, 1_000_000, 10_000_000]);
    expect([50_000, 1_000_000, 20_000_000].map(scale.place)).toEqual([100, 200, 300]);
  });

  it('marks only powers of ten where there are many', () => {
    expect(createScale([1, 1e6], 0, 1).ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000, 1e6]);
  });

  it('puts 0 at the start of a logarithmic axis', () => {
    const scale = createScale([0, 1, 100], 300, 0);
    expect(scale.isLogarithmic).toBe(true);
    expect([0, 1, 100].map(scale.place)).toEqual([300, 300, 0]);
  });

  it('knows what to do with a single value', () => {
    expect(createScale([5], 0, 10).place(5)).toBe(10);
    expect(createScale([0], 0, 10).ticks.length).toBeGreaterThan(1);
    expect(createScale([-5, 5], 0, 10).place(0)).toBe(5);
  });
});
