/**
 * Literals: the spelling of numbers, characters and strings as values with types.
 */
import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../src/c/diagnosticSink.ts';
import { Lexer } from '../../../src/c/lexer.ts';
import { decodeCharacter, decodeNumber, decodeString } from '../../../src/c/literal.ts';

function tokenOf(text: string) {
  return new Lexer({ path: 'a.c', text }).next();
}

describe('integer constants', () => {
  const cases: readonly (readonly [string, bigint, string])[] = [
    ['0', 0n, 'int'],
    ['2147483647', 2147483647n, 'int'],
    ['2147483648', 2147483648n, 'long long'],
    ['0x7fffffff', 0x7fffffffn, 'int'],
    ['0x80000000', 0x80000000n, 'unsigned int'],
    ['0xffffffffff', 0xffffffffffn, 'long long'],
    ['0xffffffffffffffff', 0xffffffffffffffffn, 'unsigned long long'],
    ['999999999', 999999999n, 'int'],
    ['0x7fFFfff', 0x7ffffffn, 'int'],
    ['0Xff', 255n, 'int'],
    ['0777', 511n, 'int'],
    ['0b101', 5n, 'int'],
    ['5u', 5n, 'unsigned int'],
    ['5l', 5n, 'long'],
    ['5UL', 5n, 'unsigned long'],
    ['5LU', 5n, 'unsigned long'],
    ['5ll', 5n, 'long long'],
    ['5ULL', 5n, 'unsigned long long'],
    ['4294967296u', 4294967296n, 'unsigned long long'],
  ];
  it.each(cases)('%s', (text, value, type) => {
    const sink = new DiagnosticSink();
    expect(decodeNumber(tokenOf(text), sink)).toEqual({ value, type });
    expect(sink.diagnostics).toEqual([]);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['1.5', 'floating-point-unsupported'],
    ['1e5', 'floating-point-unsupported'],
    ['.5f', 'floating-point-unsupported'],
    ['0x1p-3', 'floating-point-unsupported'],
    ['089', 'bad-number'],
    ['12ab', 'bad-number'],
    ['0xfg', 'bad-number'],
    ['1lul', 'bad-number'],
    ['1lL', 'bad-number'],
    ['0x', 'bad-number'],
    ['0x1ffffffffffffffff', 'number-too-large'],
  ];
  it.each(wrong)('refuses %s as %s', (text, code) => {
    const sink = new DiagnosticSink();
    decodeNumber(tokenOf(text), sink);
    expect(sink.diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});

describe('characters and strings', () => {
  it('decode escapes', () => {
    const sink = new DiagnosticSink();
    expect(decodeString(tokenOf(String.raw`"a\n\0\x41\101\"\\\e"`), sink)).toEqual([
      97, 10, 0, 65, 65, 34, 92, 27,
    ]);
    expect(sink.diagnostics).toEqual([]);
  });

  it('are UTF-8', () => {
    const sink = new DiagnosticSink();
    expect(decodeString(tokenOf('"ä€😀"'), sink)).toEqual([
      0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80,
    ]);
    expect(decodeString(tokenOf(String.raw`"\u00e4"`), sink)).toEqual([0xc3, 0xa4]);
  });

  it('give a signed char its sign', () => {
    const sink = new DiagnosticSink();
    expect(decodeCharacter(tokenOf(String.raw`'\xff'`), sink)).toBe(-1);
    expect(decodeCharacter(tokenOf("'a'"), sink)).toBe(97);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ["''", 'empty-character'],
    ["'ab'", 'character-too-long'],
    [String.raw`'\q'`, 'bad-escape'],
    [String.raw`'\777'`, 'escape-out-of-range'],
  ];
  it.each(wrong)('refuse %s as %s', (text, code) => {
    const sink = new DiagnosticSink();
    decodeCharacter(tokenOf(text), sink);
    expect(sink.diagnostics[0]?.code).toBe(code);
  });
});
