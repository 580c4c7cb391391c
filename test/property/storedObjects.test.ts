/**
 * Random edits of a small program and of the kernel, compiled with the objects of what was edited: the
 * same program and the same complaints as compiling everything gives.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editing, threeUnits } from '../support/storedTexts.ts';
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

/** Lines of the small program or like them, to be put anywhere. */
const lines = fc.constantFrom(
  ...Object.values(threeUnits).flatMap((text) => text.split('\n')),
  'struct node;',
  'struct node { int value; };',
  'struct list; struct extra { struct list *l; struct node *n; };',
  'enum { MORE = LIMIT };',
  'extern struct extra *extra(struct node *n);',
  'static inline struct node *none(void) { return 0; }',
  'int some(void) { return least(1, 2); }',
  'typedef int word_t;',
  '#define LIMIT 12',
  '#undef TWICE',
  '#include "node.h"',
  '',
);

/** One line of a small program taken out, and another one put there. */
const smallEdit = fc.record({
  path: fc.constantFrom(...Object.keys(threeUnits)),
  at: fc.nat(12),
  removed: fc.nat(1),
  added: fc.array(lines, { maxLength: 2 }),
});

function applySmall(
  texts: Readonly<Record<string, string>>,
  edits: readonly { path: string; at: number; removed: number; added: readonly string[] }[],
): Readonly<Record<string, string>> {
  const edited = { ...texts };
  for (const { path, at, removed, added } of edits) {
    const list = (edited[path] ?? '').split('\n');
    list.splice(at % list.length, removed, ...added);
    edited[path] = list.join('\n');
  }
  return edited;
}

describe('an edited program', () => {
  it('is the same with the objects of what it was as without', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(smallEdit, { maxLength: 2 }),
        fc.array(smallEdit, { minLength: 1, maxLength: 2 }),
        (before, after) => {
          const stored = applySmall(threeUnits, before);
          const outcome = editing(stored, applySmall(stored, after));
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          expect(['reused', 'whole', 'not stored']).toContain(outcome);
        },
      ),
      { numRuns: 400, seed: 20101002 },
    );
    expect(outcomes.get('reused')).toBeGreaterThan(20);
  });
});
