/**
 * The model of C's integers, with which `npm test` compares the machine, says what gcc -m32 does.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runWithGcc } from '../support/gccPrograms.ts';
import { modelProgram, modelStatement } from '../support/integerModel.ts';

describe('the model of integers', () => {
  it.each([1, 2, 3])('agrees with gcc on many statements (seed %i)', (seed) => {
    const statements = fc.sample(modelStatement, { seed, numRuns: 800 });
    const { text, output } = modelProgram(statements);
    expect(runWithGcc(text).output).toBe(output);
  });
});
