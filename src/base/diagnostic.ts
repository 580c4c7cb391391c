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

/** A longer line, such as one that a program wrote, is shown around the place. */
const SHOWN_COLUMNS = 200;
const COLUMNS_BEFORE = 60;

/** The part of a line that is shown, where the place begins in it, and marks where it was cut. */
function cutLine(line: string, column0: number): { text: string; column0: number } {
  if (line.length <= SHOWN_COLUMNS) return { text: line, column0 };
  const start = Math.max(0, Math.min(column0 - COLUMNS_BEFORE, line.length - SHOWN_COLUMNS));
  const end = start + SHOWN_COLUMNS;
  const left = start > 0 ? '…' : '';
  const right = end < line.length ? '…' : '';
  const text = left + line.slice(start, end) + right;
  return { text, column0: column0 - start + left.length };
}

/** The line of the source that the span starts on and a mark under it. */
export function renderExcerpt(span: Span): string {
  const { line1, column1 } = positionOf(span.file, span.start);
  const { text, column0 } = cutLine(lineText(span.file, line1), column1 - 1);
  const before = text.slice(0, column0).replace(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column0));
  const caret = `^${'~'.repeat(Math.max(0, width - 1))}`;
  return `${text}\n${before}${caret}`;
}

function renderPlace(heading: string, message: string, span: Span | undefined): string {
  if (span === undefined) return `${heading}: ${message}`;
  const { line1, column1 } = positionOf(span.file, span.start);
  const place = `${span.file.path}:${String(line1)}:${String(column1)}`;
  return `${place}: ${heading}: ${message}\n${renderExcerpt(span)}`;
}

/** A remark in the form of the command line. */
export function renderNote({ message, span }: DiagnosticNote): string {
  return renderPlace('note', message, span);
}

/** The form of the command line: `file:line:col: error: message`, the source line, a caret, then the notes. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const main = renderPlace(diagnostic.severity, diagnostic.message, diagnostic.span);
  const notes = diagnostic.notes.map(renderNote);
  return [main, ...notes].join('\n');
}
