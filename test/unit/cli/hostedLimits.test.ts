/**
 * The bound of a C program counts work, not only instructions: one that copies or fills large memory
 * again and again ends as soon as one that computes, in both tiers and at the same place.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileHosted, runHosted } from '../../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../../src/cli/nodeMedia.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../../media'));
const MEGABYTES = 1024 * 1024;

function run(text: string, maxSteps: number, tier: 'interpreter' | 'generated') {
  const { program } = compileHosted({ path: 'a.c', text }, media, () => undefined);
  if (program === undefined) throw new Error('it does not compile');
  return runHosted(program, ['a'], () => undefined, { maxSteps, tier });
}

const PROGRAMS: Readonly<Record<string, string>> = {
  memset:
    '#include <string.h>\nstatic char a[16 << 20];\nint main(void) { for (;;) memset(a, 1, sizeof a); }',
  memcpy:
    '#include <string.h>\nstatic char a[8 << 20], b[8 << 20];\nint main(void) { for (;;) memcpy(a, b, sizeof a); }',
  'the assignment of a struct':
    'static struct s { char a[8 << 20]; } x, y;\nint main(void) { for (;;) x = y; }',
};

describe('a program that moves much memory', () => {
  it.each(Object.entries(PROGRAMS))('by %s meets the bound', (_name, text) => {
    const ends = (['interpreter', 'generated'] as const).map((tier) => {
      const { stop, machine } = run(text, 2_000_000, tier);
      expect(stop).toMatchObject({ kind: 'finished', outcome: 'limit' });
      return { steps: machine.bootSteps, hash: machine.stateHash() };
    });
    // 64 bytes count as an instruction: after some 128 MB it is over.
    expect(ends[0]?.steps).toBeLessThan((256 * MEGABYTES) / 64);
    expect(ends[0]?.steps).toBeLessThan(100_000);
    expect(ends[1]).toEqual(ends[0]);
  });

  it('still ends by itself within the bound', () => {
    const text =
      '#include <string.h>\nstatic char a[16 << 20];\nint main(void) { int i; for (i = 0; i < 4; i++) memset(a, i, sizeof a); return a[5]; }';
    const { stop } = run(text, 2_000_000, 'generated');
    expect(stop).toMatchObject({ kind: 'finished', exitStatus: 3 });
  });
});
