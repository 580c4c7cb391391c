/**
 * The model of C's integers, with which `npm test` compares the machine, says what gcc -m32 does.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { modelProgram, modelStatement } from '../support/integerModel.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-model-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the model of integers', () => {
  it.each([1, 2, 3])('agrees with gcc on many statements (seed %i)', (seed) => {
    const statements = fc.sample(modelStatement, { seed, numRuns: 800 });
    const { text, output } = modelProgram(statements);
    const source = path.join(scratch, `${String(seed)}.c`);
    const program = path.join(scratch, String(seed));
    writeFileSync(source, text);
    execFileSync('gcc', ['-m32', '-O0', '-std=gnu99', '-w', '-fwrapv', source, '-o', program]);
    expect(execFileSync(program, { encoding: 'utf8' })).toBe(output);
  });
});
