/**
 * Where a program went wrong, as exactly as its debug information tells: the part of an expression
 * whose value is to blame, the expression, or else the statement.
 */
import type { Pc } from '../base/brand.ts';
import type { DiagnosticNote } from '../base/diagnostic.ts';
import { spanText, type Span } from '../base/span.ts';
import { expressionAt, statementAt, type Program } from './program.ts';

/** Longer texts are not repeated in a sentence. */
const SHOWN_CHARACTERS = 80;

/** A place with where it was written, if a macro made it. */
export interface FaultPlace {
  readonly span: Span;
  readonly notes: readonly DiagnosticNote[];
}

/** The place to show for the instruction that failed. */
export function faultPlaceAt(program: Program, pc: Pc): FaultPlace | undefined {
  const expression = expressionAt(program, pc);
  const span = expression?.pointer ?? expression?.span ?? statementAt(program, pc)?.span;
  if (span === undefined) return undefined;
  const { inMacro } = span;
  if (inMacro === undefined) return { span, notes: [] };
  const message = `in the expansion of macro \`${spanText(span)}\``;
  return { span, notes: [{ message, span: inMacro }] };
}

/** The text as it was written, on one line; `undefined` when that is too much for a sentence. */
function shownText(span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  const text = spanText(span.inMacro ?? span).replace(/\s+/g, ' ');
  return text === '' || text.length > SHOWN_CHARACTERS ? undefined : text;
}

/**
 * A sentence that names the expression at the instruction, and the pointer it went through: ``The
 * pointer is `vma->vm_file`, in `vma->vm_file->f_mapping`.`` Empty when nothing is known.
 */
export function describeExpressionAt(program: Program, pc: Pc): string {
  const place = expressionAt(program, pc);
  const whole = shownText(place?.span);
  const pointer = shownText(place?.pointer);
  if (pointer !== undefined) {
    const inWhole = whole === undefined || whole === pointer ? '' : `, in \`${whole}\``;
    return `The pointer is \`${pointer}\`${inWhole}.`;
  }
  return whole === undefined ? '' : `It happened in \`${whole}\`.`;
}
