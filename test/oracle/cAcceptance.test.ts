/**
 * What is C and what is not: programs of test/fixtures/c with a few tokens exchanged are accepted by
 * our front end exactly when `gcc -m32 -std=gnu99` accepts them. The exchanges are drawn by a seed.
 *
 * Escapes that C does not know are errors here and warnings there, so those programs do not count.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compile } from '../../src/c/compile.ts';
import { cFixtureFolder, listCFixtures, readCFixture, readCHeader } from '../support/cFixtures.ts';
import { createDice } from '../support/seededRandom.ts';

const PROGRAMS = 120;
const headers = path.join(import.meta.dirname, '../../media/libc/include');
const OPERATORS = '+ - * / % & | ^ << >> == != < > <= >= && || , ='.split(' ');
const TYPES = ['char', 'short', 'int', 'long', 'unsigned', 'unsigned char', '_Bool', 'void *'];
const NUMBERS = ['0', '1', '-1', '0x80000000', '4294967296', '7'];
/** What gcc calls an error only when asked. */
const STRICT = ['implicit-function-declaration', 'int-conversion', 'implicit-int'];
/** About linking, or a matter of taste. */
const NOT_COMPARED = new Set(['undefined-reference', 'bad-escape']);

/** The text with one to three tokens exchanged for others of their kind; directives stay. */
function exchangeTokens(text: string, random: (below: number) => number): string {
  const code = text.replace(/^#.*$/gm, (line) => ' '.repeat(line.length));
  const tokens = [...code.matchAll(/[A-Za-z_]\w*|\d\w*|[-+*/%&|^<>=!]+|\S/g)];
  const pick = (words: readonly string[]): string => words[random(words.length)] ?? '';
  const edits = Array.from({ length: 1 + random(3) }, () => {
    const token = tokens[random(tokens.length)];
    const word = token?.[0] ?? '';
    let other = random(4) === 0 ? '' : word;
    if (/^\d/.test(word)) other = pick(NUMBERS);
    else if (OPERATORS.includes(word)) other = pick(OPERATORS);
    else if (TYPES.includes(word)) other = pick(TYPES);
    else if (/^\w/.test(word)) other = tokens[random(tokens.length)]?.[0] ?? '';
    return { at: token?.index ?? 0, length: word.length, other };
  });
  edits.sort((a, b) => b.at - a.at);
  let result = text;
  for (const { at, length, other } of edits) {
    result = result.slice(0, at) + other + result.slice(at + length);
  }
  return result;
}

function readHeader(name: string) {
  const own = readCHeader(name);
  if (own !== undefined) return own;
  try {
    return { path: name, text: readFileSync(path.join(headers, name), 'utf8') };
  } catch {
    return undefined;
  }
}

function gccAccepts(text: string): boolean {
  const flags = ['-m32', '-std=gnu99', '-fsyntax-only', '-I', cFixtureFolder];
  const strict = STRICT.map((name) => `-Werror=${name}`);
  const { status } = spawnSync('gcc', [...flags, ...strict, '-x', 'c', '-'], { input: text });
  return status === 0;
}

describe('the front end', () => {
  it('accepts what gcc accepts', () => {
    const random = createDice(20_101_012);
    const names = listCFixtures().filter((name) => !name.startsWith('random'));
    const files = new Map(
      ['stdio.h', 'string.h', 'stdlib.h', 'stdint.h'].map((name) => [name, readHeader(name)]),
    );
    let compared = 0;
    for (let count = 0; count < PROGRAMS; count += 1) {
      const text = exchangeTokens(readCFixture(names[random(names.length)] ?? ''), random);
      const { diagnostics } = compile({
        units: [{ path: 'exchanged.c', text }],
        resolveInclude: (name) => {
          if (!files.has(name)) files.set(name, readHeader(name));
          return files.get(name);
        },
        language: { forms: [], owners: [], queries: [] },
      });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.some(({ code }) => code === 'bad-escape')) continue;
      const [first] = errors.filter(({ code }) => !NOT_COMPARED.has(code));
      const ours = first === undefined ? 'accepted' : renderDiagnostic(first);
      const isSame = (first === undefined) === gccAccepts(text);
      expect(isSame ? '' : `gcc says otherwise: ${ours}\n${text}`).toBe('');
      compared += 1;
    }
    expect(compared).toBeGreaterThan(PROGRAMS / 2);
  }, 120_000);
});
