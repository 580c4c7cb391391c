/**
 * One mistake gives few messages: a bracket, comma or semicolon that is taken out of a real kernel
 * file never buries the reader under what follows from it.
 */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/c/compile.ts';
import { kernelLanguage } from '../../src/kernel/kernelLanguage.ts';
import { kernelFiles } from '../support/kernelMedia.ts';

const UNIT = 'mm/filemap.c';
const tree = new Map([...kernelFiles()].map(([path, text]) => [path, { path, text }]));
const original = tree.get(UNIT)?.text ?? '';

/** Comments as spaces, so that only code is looked for. */
const code = original.replace(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length));

/** Every fifth place where the character stands. */
function placesOf(character: string): number[] {
  const places: number[] = [];
  for (let at = code.indexOf(character); at >= 0; at = code.indexOf(character, at + 1)) {
    places.push(at);
  }
  return places.filter((_, index) => index % 5 === 0);
}

function countMessages(text: string): number {
  const { diagnostics } = compile({
    units: [{ path: UNIT, text }],
    resolveInclude: (path) => tree.get(`include/${path}`) ?? tree.get(`arch/x86/include/${path}`),
    language: kernelLanguage,
  });
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

describe('recovery', () => {
  it.each(['(', ')', '{', '}', ';'])(
    'from a missing `%s` takes at most four messages',
    (character) => {
      for (const place of placesOf(character)) {
        const broken = original.slice(0, place) + original.slice(place + 1);
        const count = countMessages(broken);
        expect(count, original.slice(place - 40, place + 1)).toBeGreaterThan(0);
        expect(count, original.slice(place - 40, place + 1)).toBeLessThanOrEqual(4);
      }
    },
  );
});
