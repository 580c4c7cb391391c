/**
 * Diagnostics: what is wrong with a text that a person wrote (C, a user program, a scenario).
 *
 * They are data, never exceptions; a stage returns all it found, in the order of the text.
 * Messages follow clang: lower case, no full stop, names in backquotes.
 */
import { lineText, positionOf, type Span } from './span.ts';

/** How bad it is: an error means that no program came out. */
export type Severity = 'error' | 'warning';

/** A remark that belongs to a diagnostic, such as where the earlier declaration stands. */
export interface DiagnosticNote {
  readonly message: string;
  readonly span?: Span;
}

/** One complaint about one place. */
export interface Diagnostic {
  /** A stable name such as `undeclared-identifier`, unique within the room that reports it. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The place; absent only when there is no text, as for a file that is missing. */
  readonly span?: Span;
  readonly notes: readonly DiagnosticNote[];
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

function renderPlace(heading: string, message: string, span: Span | undefined): string {
  if (span === undefined) return `${heading}: ${message}`;
  const { line1, column1 } = positionOf(span.file, span.start);
  const line = lineText(span.file, line1);
  const before = line.slice(0, column1 - 1).replace(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(span.end - span.start, line.length - column1 + 1));
  const caret = `^${'~'.repeat(Math.max(0, width - 1))}`;
  const place = `${span.file.path}:${String(line1)}:${String(column1)}`;
  return `${place}: ${heading}: ${message}\n${line}\n${before}${caret}`;
}

/** The form of the command line: `file:line:col: error: message`, the source line, a caret, then the notes. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const main = renderPlace(diagnostic.severity, diagnostic.message, diagnostic.span);
  const notes = diagnostic.notes.map((note) => renderPlace('note', note.message, note.span));
  return [main, ...notes].join('\n');
}
