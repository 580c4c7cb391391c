/**
 * C texts of tests to programs: headers are other texts of the same test.
 */
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { SourceFile } from '../../src/base/span.ts';
import type { Program } from '../../src/bytecode/program.ts';
import { compile, type CompileResult } from '../../src/c/compile.ts';
import { kernelLanguage } from '../../src/kernel/kernelLanguage.ts';

/** Compiles texts by path; those that end in `.c` are units, in the order given. */
export function compileTexts(texts: Readonly<Record<string, string>>): CompileResult {
  const files = new Map<string, SourceFile>(
    Object.entries(texts).map(([path, text]) => [path, { path, text }]),
  );
  return compile({
    units: [...files.values()].filter((file) => file.path.endsWith('.c')),
    resolveInclude: (path) => files.get(path),
    language: kernelLanguage,
  });
}

/** The program of one text without complaints; fails the test otherwise. */
export function programOf(text: string): Program {
  return programOfTexts({ 'test.c': text });
}

/** The program of several texts without complaints; fails the test otherwise. */
export function programOfTexts(texts: Readonly<Record<string, string>>): Program {
  const { program, diagnostics } = compileTexts(texts);
  if (program === undefined || diagnostics.length > 0) {
    throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  }
  return program;
}

/** The messages of what is wrong with texts, notes after them. */
export function messagesOf(texts: Readonly<Record<string, string>>): string[] {
  return compileTexts(texts).diagnostics.flatMap(({ message, notes }) => [
    message,
    ...notes.map((note) => `note: ${note.message}`),
  ]);
}
