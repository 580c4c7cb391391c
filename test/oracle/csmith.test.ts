/**
 * Random programs of csmith, which are not recorded: gcc -m32 and our engine must agree on each.
 *
 * FAULTLINE_CSMITH_SEED chooses the first seed, FAULTLINE_CSMITH_COUNT how many there are.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import { cFixtureFolder, readCHeader } from '../support/cFixtures.ts';

const firstSeed = Number(process.env['FAULTLINE_CSMITH_SEED'] ?? '1');
const count = Number(process.env['FAULTLINE_CSMITH_COUNT'] ?? '8');
/** There is no floating point here. */
const OPTIONS = ['--no-float'];
/** A program that gcc needs longer for may never end, which csmith allows. */
const GCC_MILLISECONDS = 2000;
const STEP_LIMIT = 5_000_000_000;

const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));
const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-csmith-'));
copyFileSync(path.join(cFixtureFolder, 'csmith.h'), path.join(scratch, 'csmith.h'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function runOurs(text: string): { readonly status: unknown; readonly output: string } {
  const file = { path: 'random.c', text };
  const { program, diagnostics } = compileHosted(file, media, readCHeader);
  if (program === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  let output = '';
  const collect = (_fd: number, bytes: Uint8Array): void => {
    output += Buffer.from(bytes).toString();
  };
  const { stop } = runHosted(program, ['random'], collect, { maxSteps: STEP_LIMIT });
  return { status: stop.kind === 'finished' ? stop.exitStatus : stop, output };
}

describe('random programs', () => {
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  it.each(seeds)('of seed %i do the same under gcc -m32 and here', (seed) => {
    const source = path.join(scratch, `${String(seed)}.c`);
    const program = path.join(scratch, String(seed));
    writeFileSync(
      source,
      execFileSync('csmith', [...OPTIONS, '--seed', String(seed)], { cwd: scratch }),
    );
    execFileSync('gcc', ['-m32', '-O0', '-std=gnu99', '-w', source, '-o', program]);
    const theirs = spawnSync(program, [], { encoding: 'utf8', timeout: GCC_MILLISECONDS });
    if (theirs.error !== undefined) return;
    const ours = runOurs(readFileSync(source, 'utf8'));
    expect(ours).toEqual({ status: theirs.status, output: theirs.stdout });
  });
});
