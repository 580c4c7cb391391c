// Enumerations as gcc takes them: which lists it refuses, which declarations it finds at odds.
import { expect, it } from 'vitest';
import { compileTexts } from '../../support/compileText.ts';

function codesOf(...texts: readonly string[]): string[] {
  const files = texts.map((text, index) => [`${String(index)}.c`, text] as const);
  return compileTexts(Object.fromEntries(files)).diagnostics.map(({ code }) => code);
}

it.each([
  ['A = -1, B = 0x80000000'],
  ['A = 0x7fffffffffffffff'],
  ['A = -4294967296, B'],
  ['A = 0x7fffffff, B = 0x80000000, C'],
  ['A = 0xffffffffLL, B'],
  ['A = 0x7ffffffffffffffeLL, B'],
  ['A = 0x7fffffffffffffffULL, B'],
  ['A = -1, B = sizeof(enum e *)'],
])('takes enum e { %s }', (list) => {
  expect(codesOf(`enum e { ${list} };`)).toEqual([]);
});

it.each([
  ['A = 0x7fffffff, B', ['enum-overflow']],
  ['A = 0x7fffffffLL, B', ['enum-overflow']],
  ['A = 0x7fffffffu, B, C', ['enum-overflow']],
  ['A = 0xffffffff, B', ['enum-overflow']],
  ['A = 0x7fffffffffffffffLL, B', ['enum-overflow']],
  ['A = 0xffffffffffffffff, B, C', ['enum-overflow']],
  ['A = -1, B = 0x8000000000000000', ['enum-range']],
  ['A, B = sizeof(enum e)', ['incomplete-type']],
  ['A = (int *)0', ['not-constant']],
])('complains about enum e { %s }', (list, codes) => {
  expect(codesOf(`enum e { ${list} };`)).toEqual(codes);
});

const WIDE = 'enum e { LOW, HIGH = 1LL << 40 };';

it.each([
  ['extern unsigned long long x; extern enum e x;', []],
  ['extern unsigned x; extern enum e x;', ['conflicting-types']],
  ['extern long long x; extern enum e x;', ['conflicting-types']],
  ['extern enum e x; extern __typeof__(HIGH) x;', []],
  ['extern enum e x; extern __typeof__(LOW) x;', ['conflicting-types']],
  ['struct s { enum e field : 41; enum e whole : 64; };', []],
  ['struct s { enum e field : 65; };', ['bit-field-width']],
])('knows the type of a wide enumeration in %s', (text, codes) => {
  expect(codesOf(`${WIDE}\n${text}`)).toEqual(codes);
});

it('compares the size of an enumeration between units', () => {
  const definition = `${WIDE}\nenum e x = HIGH;`;
  const use = 'int f(void) { return x == 0; }';
  expect(codesOf(definition, `extern unsigned long long x; ${use}`)).toEqual([]);
  expect(codesOf(definition, `${WIDE}\nextern enum e x; ${use}`)).toEqual([]);
  expect(codesOf(definition, `extern unsigned x; ${use}`)).toEqual(['conflicting-units']);
  expect(codesOf(definition, `enum e { A };\nextern enum e x; ${use}`)).toEqual([
    'conflicting-units',
  ]);
});

it('warns of a constant that a switch leaves out, with its whole value', () => {
  const text = 'int f(enum e x) { switch (x) { case LOW: return 1; } return 0; }';
  expect(codesOf(`${WIDE}\n${text}`)).toEqual(['missing-case']);
  const whole = text.replace('case LOW:', 'case LOW: case HIGH:');
  expect(codesOf(`${WIDE}\n${whole}`)).toEqual([]);
});

it('takes a qualifier in any spelling before the length of an array', () => {
  const words = [
    'static',
    'const',
    '__const',
    '__const__',
    'volatile',
    '__volatile',
    '__volatile__',
  ];
  const restricts = ['restrict', '__restrict', '__restrict__'];
  for (const word of [...words, ...restricts]) {
    expect(codesOf(`int f(int a[${word} 3]);`)).toEqual([]);
  }
});
