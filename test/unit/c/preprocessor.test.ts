/**
 * The preprocessor: text in, tokens out. Cases give the text of `main.c` and the spelling of the
 * tokens, or the codes of the complaints.
 */
import { describe, expect, it } from 'vitest';
import type { AnnotationLanguage } from '../../../src/bytecode/annotation.ts';
import type { SourceFile } from '../../../src/base/span.ts';
import { positionOf } from '../../../src/base/span.ts';
import { DiagnosticSink } from '../../../src/c/diagnosticSink.ts';
import { preprocess } from '../../../src/c/preprocessor.ts';

const NO_LANGUAGE: AnnotationLanguage = { forms: [], owners: [], queries: [] };

function run(
  text: string,
  headers: Record<string, string> = {},
  defines: Record<string, string> = {},
) {
  const files = new Map<string, SourceFile>();
  for (const [path, body] of Object.entries(headers)) files.set(path, { path, text: body });
  const sink = new DiagnosticSink();
  const main = { path: 'main.c', text };
  files.set('main.c', main);
  const resolveInclude = (path: string) => files.get(path);
  const unit = preprocess(main, { resolveInclude, language: NO_LANGUAGE, defines }, sink);
  return {
    unit,
    text: unit.tokens
      .map((token) => token.text)
      .join(' ')
      .trim(),
    codes: sink.diagnostics.map((diagnostic) => diagnostic.code),
    diagnostics: sink.diagnostics,
  };
}

describe('macro expansion', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['expands an object-like macro', '#define A 1 + B\n#define B 2\nA', '1 + 2'],
    [
      'expands a function-like macro',
      '#define MAX(a, b) ((a) > (b) ? (a) : (b))\nMAX(x, y)',
      '( ( x ) > ( y ) ? ( x ) : ( y ) )',
    ],
    ['leaves a function-like name without parenthesis alone', '#define f(x) x\nf + f (1)', 'f + 1'],
    [
      'does not expand a macro inside itself',
      '#define foo foo + bar\n#define bar foo\nfoo',
      'foo + foo',
    ],
    ['expands arguments before it puts them in', '#define f(x) [x]\nf(f(f(1)))', '[ [ [ 1 ] ] ]'],
    [
      'keeps parentheses of an argument together',
      '#define f(x, y) x;y\nf((a,b), c)',
      '( a , b ) ; c',
    ],
    ['takes arguments over several lines', '#define f(x, y) x-y\nf(1,\n  2\n)', '1 - 2'],
    ['scans a result with the text behind it', '#define f(x) x\n#define g f\ng (3) g(4)', '3 4'],
    [
      'follows the example of C99 6.10.3.5',
      [
        '#define x 3',
        '#define f(a) f(x * (a))',
        '#undef x',
        '#define x 2',
        '#define g f',
        '#define z z[0]',
        '#define h g(~',
        '#define m(a) a(w)',
        '#define w 0,1',
        '#define t(a) a',
        '#define p() int',
        '#define q(x) x',
        '#define r(x,y) x ## y',
        '#define str(x) # x',
        'f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);',
        'g(x+(3,4)-w) | h 5) & m',
        '(f)^m(m);',
        'p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };',
        'char c[2][6] = { str(hello), str() };',
      ].join('\n'),
      'f ( 2 * ( y + 1 ) ) + f ( 2 * ( f ( 2 * ( z [ 0 ] ) ) ) ) % f ( 2 * ( 0 ) ) + t ( 1 ) ; f ( 2 * ( 2 + ( 3 , 4 ) - 0 , 1 ) ) | f ( 2 * ( ~ 5 ) ) & f ( 2 * ( 0 , 1 ) ) ^ m ( 0 , 1 ) ; int i [ ] = { 1 , 23 , 4 , 5 , } ; char c [ 2 ] [ 6 ] = { "hello" , "" } ;',
    ],
    [
      'spells an argument as a string',
      '#define s(x) #x\ns( a  +\t"b\\n" \'\\0\' )',
      '"a + \\"b\\\\n\\" \'\\\\0\'"',
    ],
    ['pastes tokens', '#define c(a, b) a ## b\nc(foo, 12) c(<, <=) c(1, u)', 'foo12 <<= 1u'],
    ['does not expand what it pastes', '#define A 1\n#define c(a) a ## _x A##_y\nc(A)', 'A_x A_y'],
    [
      'passes variadic arguments on',
      '#define p(f, ...) g(f, __VA_ARGS__)\np("x", 1, 2)',
      'g ( "x" , 1 , 2 )',
    ],
    [
      'drops the comma before no variadic arguments',
      '#define p(f, ...) g(f, ## __VA_ARGS__)\np("x") p("x", 1)',
      'g ( "x" ) g ( "x" , 1 )',
    ],
    [
      'knows named variadic parameters',
      '#define p(f, args...) g(f , ##args)\np(1) p(1, 2, 3)',
      'g ( 1 ) g ( 1 , 2 , 3 )',
    ],
    ['accepts an empty argument', '#define f(x) [x]\nf()', '[ ]'],
    [
      'knows file, line and a counter',
      '\n#define l __LINE__\nl __FILE__ __COUNTER__ __COUNTER__',
      '3 "main.c" 0 1',
    ],
    ['joins continued lines', '#define A 1 \\\n + 2\nA in\\\nt', '1 + 2 int'],
    ['undefines', '#define A 1\n#undef A\nA', 'A'],
    [
      'knows that it is a GNU compiler for i386',
      '#if defined(__i386__) && __GNUC__ == 4 && __STDC__\nyes\n#endif',
      'yes',
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    const result = run(text);
    expect(result.codes).toEqual([]);
    expect(result.text).toBe(expected);
  });

  it('takes the line of the outermost use in an argument of a macro in a macro', () => {
    const text = '#define s_(x) #x\n#define s(x) s_(x)\n#define at s(__LINE__) __FILE__\n\n\nat';
    expect(run(text).text).toBe('"6" "main.c"');
  });

  it('keeps the space before a macro when its expansion is spelled', () => {
    const text = '#define s_(x) #x\n#define s(x) s_(x)\n#define A  5\ns(!A + A)';
    expect(run(text).text).toBe('"!5 + 5"');
  });

  it('remembers where a token stands and where the outermost macro was used', () => {
    const { unit } = run('#define inner 7\n#define outer inner\n  outer;');
    const [seven, semicolon] = unit.tokens;
    expect(seven?.text).toBe('7');
    expect(seven?.span.start).toBe('#define inner '.length);
    expect(seven?.expandedAt && positionOf(seven.expandedAt.file, seven.expandedAt.start)).toEqual({
      line1: 3,
      column1: 3,
    });
    expect(semicolon?.expandedAt).toBeUndefined();
  });
});

describe('conditions', () => {
  const truths = [
    '1',
    '!0',
    'defined A',
    'defined(A) && !defined B',
    '2 + 3 * 4 == 14',
    '-1 < 0',
    '-1 > 0u',
    '(1 ? 2 : 0) == 2',
    '1 || 1/0',
    '0 ? 1/0 : 1',
    "'a' == 97",
    "'\\377' < 0",
    '0x10 == 16 && 010 == 8',
    '1 << 4 == 16',
    'UNKNOWN == 0',
    '18446744073709551615ULL == -1',
    '(7 & 3 | 8 ^ 1) == 11',
    '~0 == -1',
    '10 % 4 == 2',
    'A == 5',
  ];
  it.each(truths)('holds %s true', (expression) => {
    const result = run(`#define A 5\n#if ${expression}\nyes\n#else\nno\n#endif`);
    expect(result.codes).toEqual([]);
    expect(result.text).toBe('yes');
  });

  it('reads exactly one part of a chain', () => {
    const text =
      '#if 0\na\n#elif 1\nb\n#elif 1/0\nc\n#else\nd\n#endif\n#ifndef X\ne\n#endif\n#ifdef X\nf\n#endif';
    expect(run(text).text).toBe('b e');
  });

  it('does not look into what it leaves out', () => {
    const text =
      '#if 0\ndon\'t #error no\n#if nonsense +\n#endif\n#include <missing>\n#define\n"open\n@\n#endif\nx';
    expect(run(text)).toMatchObject({ text: 'x', codes: [] });
  });
});

describe('includes', () => {
  it('reads headers, once where they are guarded', () => {
    const headers = {
      'a.h': '#ifndef A\n#define A\na\n#endif\n',
      'b.h': '#pragma once\n#include <a.h>\nb\n',
    };
    const result = run('#include "b.h"\n#include <a.h>\n#include "b.h"\nmain', headers);
    expect(result.text).toBe('a b main');
    expect(result.unit.files.map((file) => file.path)).toEqual(['main.c', 'b.h', 'a.h']);
  });

  it('expands macros in the name of a header', () => {
    const result = run('#define H "a.h"\n#define S <a.h>\n#include H\n#include S', { 'a.h': 'a' });
    expect(result.text).toBe('a a');
  });

  it('takes macros from the command line', () => {
    expect(run('N EMPTY', {}, { N: '3', EMPTY: '' }).text).toBe('3');
  });
});

describe('complaints of the preprocessor', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['an unknown directive', '#frobnicate', 'unknown-directive'],
    ['a missing header', '#include <none.h>', 'include-not-found'],
    ['an include without a name', '#include 5', 'include-form'],
    ['a file that includes itself', '#include "main.c"', 'include-too-deep'],
    ['too few arguments', '#define f(a, b) a\nf(1)', 'macro-arguments-count'],
    ['open arguments', '#define f(a) a\nf(1', 'macro-arguments-open'],
    [
      'an argument list cut by a directive',
      '#define f(a) a\nf(1\n#pragma pack(1)\n)',
      'macro-arguments-open',
    ],
    ['another definition of a macro', '#define A 1\n#define A 2', 'macro-redefined'],
    ['a paste that gives no token', '#define c(a, b) a ## b\nc(+, x)', 'bad-paste'],
    ['a paste at the edge', '#define c ## x', 'macro-paste-edge'],
    ['a string operator without parameter', '#define c(a) # b', 'macro-stringify'],
    ['repeated parameters', '#define c(a, a) a', 'macro-parameters'],
    ['a macro without a name', '#define 5', 'macro-name-missing'],
    ['an open condition', '#if 1', 'conditional-open'],
    ['an end without a condition', '#endif', 'conditional-without-if'],
    ['a part behind the last one', '#if 1\n#else\n#elif 1\n#endif', 'conditional-after-else'],
    ['a bad expression', '#if 1 +\n#endif', 'conditional-expression'],
    ['a division by zero', '#if 1 / 0\n#endif', 'conditional-division'],
    ['floating point', '#if 1.5\n#endif', 'floating-point-unsupported'],
    ['an error directive', "#error it's wrong", 'user-error'],
    ['a warning directive', '#warning careful', 'user-warning'],
    ['an open string', '"abc\n', 'unterminated-string'],
    ['an open character', "'a\n", 'unterminated-character'],
    ['an open comment', '/* abc', 'unterminated-comment'],
    ['a foreign character', 'int @;', 'unexpected-character'],
    ['an open wide string', 'L"abc', 'unterminated-string'],
    ['a line without a number', '#line here', 'line-form'],
    ['a line that is not named by a string', '#line 5 here', 'line-form'],
  ];
  it.each(cases)('name %s', (_name, text, code) => {
    expect(run(text).codes).toEqual([code]);
  });

  it('come where a macro is used, not where it is defined', () => {
    const { codes, text } = run("#define BAD it's\n#define s(x) #x\n#define AT @\nBAD; s(AT @) AT");
    expect(codes).toEqual(['unterminated-character', 'unexpected-character']);
    expect(text).toBe('it \'0\' ; "AT @"');
  });

  it('point at the place', () => {
    const [first] = run('int a;\n  #include <none.h>\n').diagnostics;
    expect(first?.span && positionOf(first.span.file, first.span.start)).toEqual({
      line1: 2,
      column1: 12,
    });
    expect(first?.message).toBe('cannot find the included file `none.h`');
  });

  it('are not repeated for a header that is read twice', () => {
    expect(run('#include <a.h>\n#include <a.h>\n', { 'a.h': '#error no' }).codes).toEqual([
      'user-error',
    ]);
  });
});

describe('bounds of the preprocessor', () => {
  it('ends a macro that doubles', () => {
    const lines = ['#define A0 x x'];
    for (let index = 1; index < 64; index += 1)
      lines.push(`#define A${String(index)} A${String(index - 1)} A${String(index - 1)}`);
    expect(run(`${lines.join('\n')}\nA63\nA63`).codes).toEqual(['unit-too-large']);
  });

  it('ends arguments that double', () => {
    const text = `#define D(x) x x\n${'D('.repeat(60)}y${')'.repeat(60)}`;
    expect(run(text).codes).toEqual(['unit-too-large']);
  });

  it('ends arguments that nest without end', () => {
    const text = `#define D(x) x\n${'D('.repeat(5000)}y${')'.repeat(5000)}`;
    expect(run(text).codes).toEqual(['macro-too-deep']);
  });

  it('ends pasted names that double', () => {
    const lines = ['#define P_(a) a ## a', '#define P(a) P_(a)'];
    expect(run(`${lines.join('\n')}\n${'P('.repeat(40)}y${')'.repeat(40)}`).codes).toContain(
      'bad-paste',
    );
  });

  it('ends headers that include each other twice', () => {
    const headers = { 'a.h': '#include "a.h"\n#include "a.h"\n' };
    expect(run('#include "a.h"', headers).codes).toEqual(['include-too-deep']);
  });

  it('ends deep parentheses in a condition', () => {
    expect(run(`#if ${'('.repeat(100_000)}1\n#endif`).codes).toEqual(['conditional-expression']);
    expect(run(`#if ${'!'.repeat(100_000)}1\n#endif`).codes).toEqual(['conditional-expression']);
  });

  it('refuses a huge file', () => {
    expect(run(' '.repeat(2_000_001)).codes).toEqual(['file-too-large']);
  });
});
