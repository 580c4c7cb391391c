/**
 * Random edits of the kernel, compiled with the objects of the kernel that was edited: the same program
 * and the same complaints as compiling everything gives.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWays, isReused, objectsOf, textsOf, treeOf } from '../support/storedKernels.ts';

const texts = textsOf('patched');
const objects = objectsOf(treeOf(texts));
const paths = [...texts.keys()];

/** One line of a file, and what becomes of it. */
interface Edit {
  readonly path: string;
  readonly line: number;
  readonly change: (line: string) => string;
}

/** An edit of one line: what students do, and what nobody would. */
const edit: fc.Arbitrary<Edit> = fc.record({
  path: fc.constantFrom(...paths),
  line: fc.nat(),
  change: fc.constantFrom(
    (line: string) => `${line} /* seen */`,
    (line: string) => `${line}\n`,
    () => '',
    (line: string) => `${line}\n${line}`,
    (line: string) => line.replace(/\b0\b/, '1'),
    (line: string) => line.replace('->', '.'),
    (line: string) => line.replace(/\bstatic /, ''),
    (line: string) => line.replace(/\bint\b/, 'long'),
    (line: string) => line.replace(/[;{}]/, ''),
    (line: string) => line.replace(/==/, '!='),
    (line: string) => line.replace(/#include .*/, ''),
    (line: string) => `${line}\nint added_by_test;`,
    (line: string) => line.replace(/\/\/@.*/, ''),
  ),
});

function apply({ path, line, change }: Edit): ReadonlyMap<string, string> {
  const lines = (texts.get(path) ?? '').split('\n');
  const at = line % lines.length;
  lines[at] = change(lines[at] ?? '');
  return new Map(texts).set(path, lines.join('\n'));
}

describe('an edited kernel', () => {
  it('is the same with the objects of the kernel as without', { timeout: 120_000 }, () => {
    let reused = 0;
    fc.assert(
      fc.property(edit, (values) => {
        const edited = apply(values);
        if (isReused(treeOf(edited), objects)) reused += 1;
        expect(compareWays(treeOf(edited), objects)).toBe('same');
      }),
      { numRuns: 25, seed: 20101001 },
    );
    expect(reused).toBeGreaterThan(5);
  });
});
