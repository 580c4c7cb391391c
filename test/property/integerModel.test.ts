/**
 * Random statements over all integer types and bit-fields (operators, conversions, assignments,
 * increments) do on the machine what a model of C's integers in BigInt says.
 */
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import { modelProgram, modelStatement } from '../support/integerModel.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));

function runOnMachine(text: string): string {
  const { program, diagnostics } = compileHosted({ path: 'model.c', text }, media, () => undefined);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(renderDiagnostic)).toEqual([]);
  if (program === undefined) return '';
  let output = '';
  runHosted(
    program,
    ['model'],
    (_fd, bytes) => {
      output += Buffer.from(bytes).toString();
    },
    { maxSteps: 50_000_000 },
  );
  return output;
}

describe('integers of C', () => {
  it('are those of the model', () => {
    const programs = fc.array(modelStatement, { minLength: 30, maxLength: 50, size: 'max' });
    fc.assert(
      fc.property(programs, (statements) => {
        const { text, output } = modelProgram(statements);
        expect(runOnMachine(text)).toBe(output);
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});
