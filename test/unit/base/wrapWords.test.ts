// Text in lines of bounded length.
import { describe, expect, it } from 'vitest';
import { wrapWords } from '../../../src/base/wrapWords.ts';

describe('words in lines', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['  one\n two ', 20, ['one two']],
    ['incomprehensible as it is', 6, ['incomprehensible', 'as it', 'is']],
    ['', 5, []],
  ])('%j at %i columns', (text, columns, lines) => {
    expect(wrapWords(text, columns)).toEqual(lines);
  });
});
