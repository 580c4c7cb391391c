/**
 * test/fixtures/preprocessor: a file full of macros, and the tokens that `gcc -E` makes of it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticSink } from '../../src/c/diagnosticSink.ts';
import { lexFile } from '../../src/c/lexedFile.ts';
import { preprocess } from '../../src/c/preprocessor.ts';

/** The folder of the fixture. */
export const macroFixtureFolder = path.join(import.meta.dirname, '../fixtures/preprocessor');

/** The file that is preprocessed. */
export const macroFixturePath = path.join(macroFixtureFolder, 'macros.c');

/** The recorded tokens. */
export const macroRecordPath = path.join(macroFixtureFolder, 'macros.txt');

/** Tokens of a text that has been preprocessed, one case a line. */
export function splitCases(tokens: readonly string[]): string {
  const text = tokens.join(' ');
  return `${text.replace(/ (\d+ :)(?= |$)/g, '\n$1')}\n`;
}

/** The tokens of the output of `gcc -E -P`. */
export function tokensOfText(text: string): string[] {
  const { tokens } = lexFile({ path: 'gcc', text });
  return tokens.slice(0, -1).map((token) => token.text);
}

/** The tokens that our preprocessor gives. */
export function preprocessMacroFixture(): string[] {
  const sink = new DiagnosticSink();
  const file = { path: 'macros.c', text: readFileSync(macroFixturePath, 'utf8') };
  const language = { forms: [], owners: [], queries: [] };
  const { tokens } = preprocess(file, { resolveInclude: () => undefined, language }, sink);
  const messages = sink.diagnostics.map((diagnostic) => diagnostic.message);
  return [...messages, ...tokens.slice(0, -1).map((token) => token.text)];
}
