/**
 * The lexer: tokens with kinds, places and the white space before them.
 */
import { describe, expect, it } from 'vitest';
import { spanText } from '../../../src/base/span.ts';
import { lexFile } from '../../../src/c/lexedFile.ts';

function lex(text: string) {
  return lexFile({ path: 'a.c', text }).tokens.slice(0, -1);
}

describe('the lexer', () => {
  it('takes the longest punctuator', () => {
    expect(
      lex('a+++++b>>=c...->--')
        .map((token) => token.text)
        .join(' '),
    ).toBe('a ++ ++ + b >>= c ... -> --');
  });

  it('tells kinds apart', () => {
    const kinds = lex(`x 1 .5 'c' "s" ; //@ note x\n@`).map((token) => token.kind);
    expect(kinds).toEqual([
      'identifier',
      'number',
      'number',
      'char',
      'string',
      'punctuator',
      'annotation',
      'invalid',
    ]);
  });

  it('leaves comments out and notes the space', () => {
    const tokens = lex('a/* x\n# */b // c\n d');
    expect(tokens.map((token) => token.text)).toEqual(['a', 'b', 'd']);
    expect(tokens.map((token) => token.spaceBefore)).toEqual([false, true, true]);
    expect(tokens.map((token) => token.atLineStart)).toEqual([true, false, true]);
  });

  it('joins lines inside words, strings and punctuators', () => {
    const tokens = lex('in\\\nt x+\\\r\n= "a\\\nb"');
    expect(tokens.map((token) => token.text)).toEqual(['int', 'x', '+=', '"ab"']);
    expect(tokens[0] && spanText(tokens[0].span)).toBe('in\\\nt');
  });

  it('ends an annotation at the end of its line', () => {
    const [annotation, next] = lex("//@ note don't \r\nx");
    expect(annotation && spanText(annotation.span)).toBe("//@ note don't");
    expect(next?.text).toBe('x');
  });

  it('reads any text to its end', () => {
    for (const text of [
      '"',
      "'",
      '\\',
      '/*',
      '//@',
      '"\\',
      "'\\\n",
      '\u{1f600}',
      '\0',
      '//\\\n',
      '.',
      '..',
    ]) {
      expect(() => lex(text)).not.toThrow();
    }
  });

  it('finds the macro that guards a file', () => {
    const guardOf = (text: string) => lexFile({ path: 'a.h', text }).guard;
    expect(guardOf('// x\n#ifndef A\n#define A\n#if 1\n#else\n#endif\n#endif // A\n')).toBe('A');
    expect(guardOf('#ifndef A\n#else\n#endif\n')).toBeUndefined();
    expect(guardOf('#ifndef A\n#endif\nint x;\n')).toBeUndefined();
    expect(guardOf('int x;\n#ifndef A\n#endif\n')).toBeUndefined();
  });
});
