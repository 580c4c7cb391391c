/**
 * Random programs whose pointers may lead to the locals around them: gcc -m32 and both tiers of our
 * machine must agree on each. The checks must be silent, too: what gcc compiles here is legal.
 *
 * FAULTLINE_POINTERS_SEED chooses the first seed, FAULTLINE_POINTERS_COUNT how many there are.
 */
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import type { TierConfig } from '../../src/machine/machineConfig.ts';
import { runWithGcc } from '../support/gccPrograms.ts';
import { media } from '../support/nodeMedia.ts';
import { pointerProgram, tapeOf } from '../support/pointerPrograms.ts';

const firstSeed = Number(process.env['FAULTLINE_POINTERS_SEED'] ?? '1');
const count = Number(process.env['FAULTLINE_POINTERS_COUNT'] ?? '20');
const TIERS: readonly TierConfig[] = [{ tier: 'interpreter' }, { hotArrivals: 0 }];
const STEP_LIMIT = 50_000_000;

/** What it prints here; or the fault. */
function runOurs(text: string): readonly string[] {
  const { program, diagnostics } = compileHosted({ path: 'own.c', text }, media, () => undefined);
  if (program === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return TIERS.map((tier) => {
    let output = '';
    const collect = (_fd: number, bytes: Uint8Array): void => {
      output += Buffer.from(bytes).toString();
    };
    const { stop } = runHosted(program, ['own'], collect, { maxSteps: STEP_LIMIT, ...tier });
    return stop.kind === 'fault' ? stop.fault.message : output;
  });
}

describe('random programs full of pointers', () => {
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  it.each(seeds)('of seed %i do the same under gcc -m32 and here', (seed) => {
    const text = pointerProgram(tapeOf(seed), { hasGaps: false, fuel: 3000 });
    const theirs = runWithGcc(text).output;
    expect(runOurs(text)).toEqual(TIERS.map(() => theirs));
  });
});
