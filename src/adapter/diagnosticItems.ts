/**
 * Diagnostics in the form of the event `faultline/diagnostics`.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { positionOf, type Span } from '../base/span.ts';
import type { DiagnosticItem } from '../view/protocol.ts';
import type { SourceCatalog } from './sourceCatalog.ts';

type Place = Pick<DiagnosticItem, 'line1' | 'column1' | 'endLine1' | 'endColumn1'>;

function placeOf(span: Span | undefined): Place {
  if (span === undefined) return { line1: 1, column1: 1, endLine1: 1, endColumn1: 1 };
  const start = positionOf(span.file, span.start);
  const end = positionOf(span.file, Math.max(span.end, span.start));
  return { ...start, endLine1: end.line1, endColumn1: end.column1 };
}

/** A diagnostic for the client, which knows texts by the names that the catalog gives them. */
export function toDiagnosticItem(
  catalog: Pick<SourceCatalog, 'uriOf'>,
  diagnostic: Diagnostic,
): DiagnosticItem {
  const { span, severity, code, message } = diagnostic;
  return {
    uri: span === undefined ? undefined : catalog.uriOf(span.file),
    path: span?.file.path,
    ...placeOf(span),
    severity,
    code,
    message,
    notes: diagnostic.notes.map((note) => {
      const { line1, column1 } = placeOf(note.span);
      const uri = note.span === undefined ? undefined : catalog.uriOf(note.span.file);
      return { message: note.message, uri, line1, column1 };
    }),
  };
}

/** The place and message of a diagnostic in one line: `mm/filemap.c:12:3: error: …`. */
export function diagnosticLine({ span, severity, message }: Diagnostic): string {
  if (span === undefined) return `${severity}: ${message}`;
  const { line1, column1 } = positionOf(span.file, span.start);
  return `${span.file.path}:${String(line1)}:${String(column1)}: ${severity}: ${message}`;
}
