/**
 * Random programs whose pointers may lead to the locals around them: gcc -m32 and both tiers of our
 * machine must agree on each. The checks must be silent, too: what gcc compiles here is legal.
 *
 * FAULTLINE_POINTERS_SEED chooses the first seed, FAULTLINE_POINTERS_COUNT how many there are.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import type { TierConfig } from '../../src/machine/machineConfig.ts';
import { media } from '../support/nodeMedia.ts';
import { pointerProgram, tapeOf } from '../support/pointerPrograms.ts';

const firstSeed = Number(process.env['FAULTLINE_POINTERS_SEED'] ?? '1');
const count = Number(process.env['FAULTLINE_POINTERS_COUNT'] ?? '20');
const TIERS: readonly TierConfig[] = [{ tier: 'interpreter' }, { hotArrivals: 0 }];
const STEP_LIMIT = 50_000_000;

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-pointers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What gcc's program prints. */
function runWithGcc(text: string): string {
  const source = path.join(scratch, 'own.c');
  const program = path.join(scratch, 'own');
  writeFileSync(source, text);
  execFileSync('gcc', ['-m32', '-O0', '-fwrapv', '-std=gnu99', '-w', source, '-o', program]);
  return spawnSync(program, [], { encoding: 'utf8' }).stdout;
}

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
    const theirs = runWithGcc(text);
    expect(runOurs(text)).toEqual(TIERS.map(() => theirs));
  });
});
