/**
 * C that was written to hurt: whatever the text, the compiler ends with diagnostics, soon and without
 * an exception. Texts that once hung, crashed or filled the memory are kept here.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/c/compile.ts';
import { kernelLanguage } from '../../src/kernel/kernelLanguage.ts';
import { kernelFiles } from '../support/kernelMedia.ts';

const tree = new Map([...kernelFiles()].map(([path, text]) => [path, { path, text }]));

function codesOf(path: string, text: string): readonly string[] {
  const file = { path, text };
  const { diagnostics } = compile({
    units: [file],
    resolveInclude: (name) =>
      name === path ? file : (tree.get(`include/${name}`) ?? tree.get(`arch/x86/include/${name}`)),
    language: kernelLanguage,
  });
  return diagnostics.map(({ code }) => code);
}

function count(length: number, item: (index: number) => string, separator = ''): string {
  return Array.from({ length }, (_, index) => item(index)).join(separator);
}

/** What was written, and what has to be said about it. */
const TEXTS: Readonly<Record<string, readonly [text: string, code: string | undefined]>> = {
  'macros that double': [
    `${count(40, (i) => `#define m${String(i + 1)} m${String(i)} m${String(i)}\n`)}#define m0 1\nint x = m40;`,
    'unit-too-large',
  ],
  'macros that double nothing': [
    `${count(60, (i) => `#define m${String(i + 1)} m${String(i)} m${String(i)}\n`)}#define m0\nint x = m60 1;`,
    'unit-too-large',
  ],
  'strings that double': [
    `#define S(x) #x\n#define X(x) S(x)\n${count(11, (i) => `#define t${String(i + 1)} X(t${String(i)} t${String(i)})\n`)}#define t0 "\\\\"\nchar *p = t11;`,
    'macro-string-too-large',
  ],
  'macros within macros': [
    `#define f(x) x\nint y = ${'f('.repeat(3000)}1${')'.repeat(3000)};`,
    'macro-too-deep',
  ],
  'a file that includes itself twice': ['#include "x.c"\n#include "x.c"\n', 'include-too-deep'],
  'thousands of macro parameters': [
    `#define f(${count(50_000, (i) => `p${String(i)}`, ',')}) p5\n`,
    'macro-parameters',
  ],
  'conditions within conditions': [
    `${'#if 1\n'.repeat(50_000)}int x;\n${'#endif\n'.repeat(50_000)}`,
    undefined,
  ],
  'a deep condition': [`#if ${'('.repeat(50_000)}1\n#endif\n`, 'conditional-expression'],
  'initializers from the last to the first': [
    `int a[20000] = { ${count(20_000, (i) => `[${String(19_999 - i)}] = 1`, ',')} };`,
    undefined,
  ],
  'ranges over ranges': [
    `struct { int a[1000]; } a[1000] = { [0 ... 999] = { .a = { [0 ... 999] = 3, [0 ... 9] = 4 } } };`,
    'initializer-too-large',
  ],
  'structs that double': [
    `struct s0 { int a; };${count(60, (i) => `struct s${String(i + 1)} { struct s${String(i)} a, b; };\n`)}`,
    'too-large',
  ],
  'a range of all numbers': [
    'int f(long long n) { switch (n) { case 0 ... 0x7fffffffffffffffLL: return 1; } return 0; }',
    undefined,
  ],
  'thousands of old parameters': [
    `int f(${count(20_000, (i) => `p${String(i)}`, ',')}) ${count(20_000, (i) => `int p${String(i)};`)} { return 0; }`,
    undefined,
  ],
  'one long name': [`int ${'a'.repeat(1_000_000)};`, undefined],
  'one name over many lines': [`int ${'a\\\n'.repeat(300_000)};`, undefined],
  'a comment with many ends that are none': [
    `/* ${'*\\\n'.repeat(300_000)} / */ int x;`,
    undefined,
  ],
  'comments that open': ['/*'.repeat(500_000), 'unterminated-comment'],
  'characters of no language': ['\ud800\u0000\udc00 int x;', 'unexpected-character'],
  'half a universal name': ['int \\u12; int a\\U0011ffff;', 'unexpected-character'],
  'half a digraph at the end': ['int a<:2:>;\n%:', undefined],
  'a digraph in the middle of a directive': ['%:define A %:%: B\nA', 'macro-paste-edge'],
};

describe('the compiler on hostile texts', () => {
  it.each(Object.keys(TEXTS))('ends at %s', (name) => {
    const [text = '', code] = TEXTS[name] ?? [];
    const codes = codesOf('x.c', text);
    if (code === undefined) expect(codes.filter((found) => found !== 'unused-label')).toEqual([]);
    else expect(codes).toContain(code);
  });
});

const UNITS = [...tree.keys()].filter((path) => path.endsWith('.c'));
const PIECES =
  '{ } ( ) [ ] ; , # ## \\ " \' /* */ // //@ 0x -1 ... <: %: L" __label__ asm ? : = == * &'.split(
    ' ',
  );

/** A real file of the kernel in which something was cut out, doubled, exchanged or put in. */
const damaged = fc
  .record({
    path: fc.constantFrom(...UNITS),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(30),
        copy: fc.nat(200),
        piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ path, edits }) => {
    let text = tree.get(path)?.text ?? '';
    for (const { at, cut, copy, piece } of edits) {
      const place = Math.floor(at * text.length);
      text =
        text.slice(0, place) +
        piece +
        text.slice(place + cut, place + cut + copy) +
        text.slice(place + cut);
    }
    return { path, text };
  });

describe('the compiler on damaged kernel files', () => {
  it('ends without an exception', () => {
    fc.assert(
      fc.property(damaged, ({ path, text }) => {
        codesOf(path, text);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
