/**
 * Random arithmetic on bit-fields wider than `int`: gcc -m32 and our engine must agree on each program.
 *
 * FAULTLINE_BITS_SEED chooses the first seed, FAULTLINE_BITS_COUNT how many there are.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import { runWithGcc } from '../support/gccPrograms.ts';
import { media } from '../support/nodeMedia.ts';
import { wideProgram, wideStatement } from '../support/wideBitFields.ts';

const firstSeed = Number(process.env['FAULTLINE_BITS_SEED'] ?? '1');
const count = Number(process.env['FAULTLINE_BITS_COUNT'] ?? '4');
const STATEMENTS = 300;
const STEP_LIMIT = 50_000_000;

function runOurs(text: string): string {
  const { program, diagnostics } = compileHosted(
    { path: 'random.c', text },
    media,
    () => undefined,
  );
  if (program === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  let output = '';
  const collect = (_fd: number, bytes: Uint8Array): void => {
    output += Buffer.from(bytes).toString('latin1');
  };
  const { stop } = runHosted(program, ['random'], collect, { maxSteps: STEP_LIMIT });
  expect(stop.kind).toBe('finished');
  return output;
}

describe('bit-fields wider than int', () => {
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  it.each(seeds)('of seed %i have the values that gcc gives them', (seed) => {
    const text = wideProgram(fc.sample(wideStatement, { seed, numRuns: STATEMENTS }));
    expect(runOurs(text)).toBe(runWithGcc(text).output);
  });
});
