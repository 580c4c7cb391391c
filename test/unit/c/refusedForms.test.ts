/**
 * GNU forms that are not supported, or not wholly: each is told in one message with a place.
 */
import { expect, it } from 'vitest';
import { compileTexts } from '../../support/compileText.ts';

function complaints(text: string): string[] {
  return compileTexts({ 'test.c': text }).diagnostics.map(({ code, severity, span }) => {
    const { start = 0, end = 0 } = span ?? {};
    return `${severity} ${code}: ${text.slice(start, end)}`;
  });
}

it.each([
  ['__auto_type x = 1;', ['error unsupported: __auto_type']],
  [
    'struct s { int a[4]; };\nunsigned f(int i) { return __builtin_offsetof(struct s, a[i]); }',
    ['error not-constant: i'],
  ],
])('refuses %s once', (text, expected) => {
  expect(complaints(text)).toEqual(expected);
});

it('refuses a packed enum once', () => {
  const found = complaints('enum __attribute__((packed)) e { A };\nenum e x;');
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('error unsupported');
});

it('refuses an alignment above a page, and takes one of a page', () => {
  const text = `struct wide { int a; } __attribute__((aligned(16)));
    int f(struct wide one) {
      int two __attribute__((aligned(4096))) = 2;
      int three __attribute__((aligned(8192))) = 3;
      return one.a + two + three;
    }`;
  expect(complaints(text)).toEqual(['error bad-alignment: 8192']);
});
