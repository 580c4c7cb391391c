/**
 * Tokens appended in blocks: every one of a range, in its order, however long the range is.
 */
import { describe, expect, it } from 'vitest';
import { lexFile } from '../../../src/c/lexedFile.ts';
import { appendTokens, type Token } from '../../../src/c/token.ts';

describe('appendTokens', () => {
  const text = Array.from({ length: 2500 }, (_, index) => `n${String(index)}`).join(' ');
  const { tokens } = lexFile({ path: 'long.c', text });

  it.each([
    [0, 0],
    [0, 1],
    [0, 1000],
    [7, 1007],
    [7, 1008],
    [0, 2500],
    [1999, 2001],
  ])('appends from %i to %i', (start, end) => {
    const target: Token[] = tokens.slice(0, 2);
    appendTokens(tokens, start, end, target);
    expect(target).toEqual([...tokens.slice(0, 2), ...tokens.slice(start, end)]);
  });
});
