/**
 * What the compiler says about the library that ships for `faultline cc`: nothing, warnings included.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { mediaFolder } from '../support/kernelMedia.ts';
import { compileTexts } from '../support/compileText.ts';

function textsOf(folder: string): [string, string][] {
  const place = path.join(mediaFolder, 'libc', folder);
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => [name, readFileSync(path.join(place, name), 'utf8')]);
}

describe('the code of the library', () => {
  it('compiles without a complaint', () => {
    const main: [string, string] = ['main.c', 'int main(void) { return 0; }'];
    const texts = Object.fromEntries([...textsOf('src'), ...textsOf('include'), main]);
    expect(compileTexts(texts).diagnostics.map(renderDiagnostic)).toEqual([]);
  });
});
