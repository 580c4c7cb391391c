/**
 * Properties of what people write beside C: a damaged scenario or patch gives diagnostics with
 * places, never an exception, and applying a patch and taking it back changes nothing.
 */
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { applyPatchToTree } from '../../src/scenario/applyPatch.ts';
import { loadScenario, resolveScenario } from '../../src/scenario/loadScenario.ts';
import { media } from '../support/nodeMedia.ts';

const SHIPPED = media.read('scenarios/cold-fault-with-mmap.jsonc') ?? '';

/** A cut of the text, replaced by something. */
const damage = fc.record({
  at: fc.integer({ min: 0, max: SHIPPED.length }),
  length: fc.integer({ min: 0, max: 30 }),
  replacement: fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom('null', '[]', '{}', '-1', '"$x"', '1e99', 'true', '"": 1,'),
  ),
});

describe('loadScenario', () => {
  it('gives a scenario or diagnostics that point into the text, whatever was damaged', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        let text = SHIPPED;
        for (const { at, length, replacement } of damages)
          text = text.slice(0, at) + replacement + text.slice(at + length);
        const { scenario, diagnostics } = loadScenario({ path: 's.jsonc', text });
        expect(scenario === undefined).toBe(diagnostics.length > 0);
        for (const { span, message } of diagnostics) {
          expect(span?.start).toBeLessThanOrEqual(text.length);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 400 },
    );
  });

  it('takes any value of a parameter or refuses it as a user error', () => {
    const text =
      '{ "version": 1, "title": "t", "parameters": { "n": { "default": 1, "min": -5 } }, "processes": [{ "name": "p" }], "tasks": [{ "name": "a", "process": "p", "program": "x", "args": ["$n"] }] }';
    const { scenario } = loadScenario({ path: 's.jsonc', text });
    if (scenario === undefined) throw new Error('not loaded');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.integer()), (value) => {
        try {
          const { data, diagnostics } = resolveScenario(scenario, { n: value });
          expect(data === undefined).toBe(diagnostics.length > 0);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});

describe('applyPatchToTree', () => {
  const lines = fc
    .array(fc.constantFrom('a', 'b', 'c', '', '\tint x;'), { maxLength: 30 })
    .map((list) => list.map((line) => `${line}\n`).join(''));

  it('makes the new text of the old one, and back', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        fc.pre(before !== after);
        const text = createTwoFilesPatch('a/f.c', 'b/f.c', before, after);
        const forward = applyPatchToTree(
          new Map([['f.c', before]]),
          { name: 'p', text },
          'forward',
        );
        expect(forward.files?.get('f.c')).toBe(after);
        const back = applyPatchToTree(new Map([['f.c', after]]), { name: 'p', text }, 'reverse');
        expect(back.files?.get('f.c')).toBe(before);
      }),
    );
  });

  it('never throws for a text that is no patch', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `--- a/f.c\n+++ b/f.c\n@@ -1,2 +1,2 @@\n${text}`),
        ),
        (text) => {
          const { files, diagnostics } = applyPatchToTree(
            new Map([['f.c', 'a\nb\n']]),
            { name: 'p', text },
            'forward',
          );
          expect(files === undefined).toBe(diagnostics.length > 0);
        },
      ),
    );
  });
});
