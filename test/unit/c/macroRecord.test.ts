/**
 * Macros of many kinds expand to the tokens that `gcc -E` gave.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { macroRecordPath, preprocessMacroFixture, splitCases } from '../../support/macroFixture.ts';

describe('macros that compilers have got wrong', () => {
  it('expand to the tokens that gcc -E gave', () => {
    expect(splitCases(preprocessMacroFixture())).toBe(readFileSync(macroRecordPath, 'utf8'));
  });
});
