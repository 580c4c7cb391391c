// Pieces of texts from outside, as messages show them.
import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../src/base/excerpt.ts';

describe('an excerpt', () => {
  it('is the text, as far as the limit lets it', () => {
    expect(excerpt('', 3)).toBe('');
    expect(excerpt('abc', 3)).toBe('abc');
    expect(excerpt('abcd', 3)).toBe('abc…');
  });
});
