// Differences of JSON values: applied to the value before, they give the value after, also on their way as JSON.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDifference, differenceOf, isDifference } from '../../src/view/difference.ts';

/** What arrives at the other side. */
function sent(value: unknown): unknown {
  const text = JSON.stringify({ value });
  return (JSON.parse(text) as { value?: unknown }).value;
}

/** Values with few keys, so that two of them often have something in common. */
const { value: someValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1, 1.5, '', 'a'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '0', '__proto__', 'toString'), tie('value'), {
      noNullPrototype: true,
      maxKeys: 4,
    }),
  ),
}));

describe('the difference of two values', () => {
  it('leads from one to the other', () => {
    fc.assert(
      fc.property(someValue, someValue, (before, after) => {
        const difference = sent(differenceOf(before, after));
        if (difference === undefined) expect(before).toEqual(after);
        else if (!isDifference(difference)) expect.unreachable();
        else expect(applyDifference(before, difference)).toStrictEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('does the same with any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const difference = differenceOf(before, after);
        expect(sent(applyDifference(before, difference))).toEqual(sent(after));
      }),
    );
  });

  it('is nothing between equal values', () => {
    fc.assert(
      fc.property(someValue, (value) => {
        expect(differenceOf(value, structuredClone(value))).toBeUndefined();
      }),
    );
  });

  it('has only what differs, and shares the rest with the value before', () => {
    const before = { clock: 1, tasks: [{ name: 'toucher', at: 7 }, { name: 'mapper' }], pages: [] };
    const after = { clock: 2, tasks: [{ name: 'toucher', at: 8 }, { name: 'mapper' }], pages: [] };
    const difference = differenceOf(before, after);
    expect(difference).toEqual([
      '{',
      { clock: ['=', 2], tasks: ['[', 2, { 0: ['{', { at: ['=', 8] }, []] }] },
      [],
    ]);
    const made = applyDifference(before, difference) as typeof before;
    expect(made).toEqual(after);
    expect(made.pages).toBe(before.pages);
    expect(made.tasks[1]).toBe(before.tasks[1]);
  });

  it('takes a property that is undefined for one that is not there', () => {
    expect(differenceOf({ a: 1, b: undefined }, { a: 1 })).toBeUndefined();
    expect(differenceOf({ a: 1 }, { a: undefined })).toEqual(['{', {}, ['a']]);
    expect(applyDifference({ a: 1, b: 2 }, ['{', {}, ['a']])).toEqual({ b: 2 });
  });

  it('is recognized by its form', () => {
    for (const wrong of [
      undefined,
      7,
      [],
      ['='],
      ['{', 1, []],
      ['[', 1.5, {}],
      ['{', { a: 1 }, []],
    ]) {
      expect(isDifference(wrong)).toBe(false);
    }
  });
});
