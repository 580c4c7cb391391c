/**
 * What is said about wrong C: every program of test/fixtures/diagnostics with its diagnostics as the
 * command line shows them, and that every diagnostic of the parser is seen in one of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { MESSAGES } from '../../../src/c/messages.ts';
import { compileTexts } from '../../support/compileText.ts';

const folder = path.join(import.meta.dirname, '../../fixtures/diagnostics');
const names = readdirSync(folder).sort();

function diagnose(name: string) {
  const text = readFileSync(path.join(folder, name), 'utf8');
  return compileTexts({ [name]: text }).diagnostics;
}

/** The codes of the parser's section of the table. */
function parserCodes(): string[] {
  const codes = Object.keys(MESSAGES);
  return codes.slice(codes.indexOf('expected'), codes.indexOf('annotation-wide') + 1);
}

describe('diagnostics of the parser', () => {
  it.each(names)('of %s read as recorded', async (name) => {
    const text = diagnose(name)
      .map((diagnostic) => `[${diagnostic.code}] ${renderDiagnostic(diagnostic)}\n`)
      .join('\n');
    const golden = `../../golden/diagnostics/${name.replace(/\.c$/, '.txt')}`;
    await expect(text).toMatchFileSnapshot(golden);
  });

  it('all occur in a fixture', () => {
    const seen = new Set(names.flatMap((name) => diagnose(name).map(({ code }) => code)));
    expect(parserCodes().filter((code) => !seen.has(code))).toEqual([]);
  });

  it('are errors and warnings at places in the fixture', () => {
    for (const name of names) {
      for (const { span } of diagnose(name)) {
        expect(span?.file.path).toBe(name);
        expect((span?.end ?? 0) >= (span?.start ?? 1)).toBe(true);
      }
    }
  });
});
