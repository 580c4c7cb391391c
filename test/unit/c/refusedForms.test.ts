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
  ['enum e { A = 0x7fffffffffffffff };', ['error enum-too-large: A']],
])('refuses %s once', (text, expected) => {
  expect(complaints(text)).toEqual(expected);
});

it('refuses a packed enum once', () => {
  const found = complaints('enum __attribute__((packed)) e { A };\nenum e x;');
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('error unsupported');
});

it('warns of an automatic variable that asks for more than the stack gives', () => {
  const text = `struct wide { int a; } __attribute__((aligned(16)));
    int g __attribute__((aligned(64)));
    int f(struct wide *p) {
      int one __attribute__((aligned(8))) = 1;
      struct wide two = { 2 };
      static struct wide three;
      int four __attribute__((aligned(4))) = 4;
      return one + two.a + three.a + four + p->a;
    }`;
  expect(complaints(text)).toEqual([
    'warning automatic-alignment: one',
    'warning automatic-alignment: two',
  ]);
});
