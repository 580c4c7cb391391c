// Virtual times as people read them.
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../src/base/duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ns'],
    [640, '640 ns'],
    [1000, '1 µs'],
    [33_333, '33.3 µs'],
    [12_500_000, '12.5 ms'],
    [11_170_400, '11.2 ms'],
    [20_000_000, '20 ms'],
    [118_000_000, '118 ms'],
    [1_250_000_000, '1.25 s'],
    [-1500, '-1.5 µs'],
  ])('writes %i as %s', (ns, text) => {
    expect(formatDuration(ns)).toBe(text);
  });
});
