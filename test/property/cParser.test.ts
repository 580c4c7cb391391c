/**
 * Hostile input: whatever the tokens, the parser ends, throws nothing and reports nothing twice in
 * the same words at the same place; deep nesting is refused instead of overflowing the stack.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTexts } from '../support/compileText.ts';

const WORDS = [
  ...'int char unsigned struct union enum typedef static extern const inline'.split(' '),
  ...'if else while for do switch case default return goto break continue sizeof typeof'.split(' '),
  ...'{ } ( ) [ ] ; , . -> = * & + - ! ~ ? : ... ++ += == && || << #'.split(' '),
  ...'x y z tag f 0 1 0x7fffffff 3u "s" \'c\' __attribute__ (( packed )) _Static_assert asm'.split(
    ' ',
  ),
  ...'__builtin_offsetof __builtin_va_arg __builtin_choose_expr ({ })'.split(' '),
  '\n#define M(a) a ## a\n',
  '\n//@ anchor here\n',
  '\n//@ assert x == 1 : text\n',
];

const fixtures = path.join(import.meta.dirname, '../fixtures/c');
const programs = readdirSync(fixtures)
  .filter((name) => name.endsWith('.c'))
  .map((name) => readFileSync(path.join(fixtures, name), 'utf8'));

const soup = fc
  .array(fc.constantFrom(...WORDS), { maxLength: 300 })
  .map((words) => words.join(' '));

/** A piece of a real program in which some characters are replaced by words. */
const broken = fc
  .record({
    text: fc.constantFrom(...programs),
    from: fc.nat(),
    edits: fc.array(fc.tuple(fc.nat(), fc.nat(8), fc.constantFrom('', ...WORDS)), { maxLength: 6 }),
  })
  .map(({ text, from, edits }) => {
    const start = from % text.length;
    let piece = text.slice(start, start + 2500);
    for (const [at, length, word] of edits) {
      const place = at % (piece.length + 1);
      piece = piece.slice(0, place) + word + piece.slice(place + length);
    }
    return piece;
  });

function diagnose(text: string) {
  return compileTexts({ 'soup.c': text }).diagnostics;
}

function checkOnce(text: string): void {
  const diagnostics = diagnose(text);
  const seen = diagnostics.map(
    ({ code, span, message }) => `${code} ${span?.start ?? ''} ${message}`,
  );
  expect(new Set(seen).size).toBe(seen.length);
}

/** Texts that repeat something so often that a careless parser overflows the stack. */
const DEEP: Readonly<Record<string, (count: number) => string>> = {
  parentheses: (count) => `int x = ${'('.repeat(count)}1${')'.repeat(count)};`,
  blocks: (count) => `int f(void) ${'{'.repeat(count)}${'}'.repeat(count)}`,
  'open blocks': (count) => `int f(void) ${'{'.repeat(count)}`,
  'array dimensions': (count) => `int a${'[1]'.repeat(count)};`,
  pointers: (count) => `int ${'*'.repeat(count)}p;`,
  declarators: (count) => `int ${'('.repeat(count)}p${')'.repeat(count)};`,
  prefixes: (count) => `int f(int x) { return ${'!'.repeat(count)}x; }`,
  'a long sum': (count) => `int f(int x) { return x${' + x'.repeat(count)}; }`,
  assignments: (count) => `int f(int x) { return ${'x = '.repeat(count)}x; }`,
  conditionals: (count) => `int f(int x) { return ${'x ? x : '.repeat(count)}x; }`,
  calls: (count) => `int f(int x) { return ${'f('.repeat(count)}x${')'.repeat(count)}; }`,
  members: (count) =>
    `struct s { struct s *n; }; void *f(struct s *p) { return p${'->n'.repeat(count)}; }`,
  'else if': (count) => `int f(int x) { ${'if (x) x = 1; else '.repeat(count)}x = 2; return x; }`,
  loops: (count) => `int f(int x) { ${'while (x) '.repeat(count)}; return x; }`,
  structs: (count) => `${'struct { '.repeat(count)}int x;${' };'.repeat(count)}`,
  'braces of an initializer': (count) => `int a[] = ${'{'.repeat(count)}1${'}'.repeat(count)};`,
  'statement expressions': (count) =>
    `int f(void) { ${'({ '.repeat(count)}1;${' });'.repeat(count)} }`,
};

describe('the parser on hostile input', () => {
  it('ends without an exception on random tokens', () => {
    fc.assert(fc.property(soup, checkOnce), { numRuns: 400 });
  });

  it('ends without an exception on broken programs', () => {
    fc.assert(fc.property(broken, checkOnce), { numRuns: 400 });
  });

  it.each(Object.keys(DEEP))('refuses %s without end', (name) => {
    const messages = diagnose(DEEP[name]?.(20_000) ?? '').map(({ message }) => message);
    expect(messages.some((message) => /nested too deep|has more than/.test(message))).toBe(true);
  });

  it('takes nesting that people write', () => {
    for (const [name, text] of Object.entries(DEEP)) {
      const codes = diagnose(text(name === 'structs' ? 3 : 10)).map(({ code }) => code);
      expect(codes, name).not.toContain('nested-too-deep');
    }
  });

  it('bounds the items of initializers', () => {
    const [diagnostic] = diagnose('int a[16000000] = { [0 ... 15999999] = 1 };');
    expect(diagnostic?.code).toBe('initializer-too-large');
  });
});
