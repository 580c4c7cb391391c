/**
 * Where the stages of the compiler put their complaints.
 *
 * One sink serves a whole compilation. It drops repetitions (a header is read by many units) and
 * stops collecting at a bound, saying so, so that a broken file cannot flood anybody.
 */
import type { Diagnostic, DiagnosticNote } from '../base/diagnostic.ts';
import { spanText, type SourceFile, type Span } from '../base/span.ts';
import { MESSAGES, type MessageArguments, type MessageCode } from './messages.ts';

/** After so many diagnostics the rest is not collected. */
const DIAGNOSTIC_LIMIT = 500;

/** Where code that a macro made was written; nothing for macros that no file defines. */
function macroNotes(span: Span | undefined): readonly DiagnosticNote[] {
  const body = span?.inMacro;
  if (span === undefined || body === undefined || body.file.path.startsWith('<')) return [];
  if (body.file === span.file && body.start === span.start) return [];
  return [{ message: `in the expansion of macro \`${spanText(span)}\``, span: body }];
}

export class DiagnosticSink {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Map<SourceFile | undefined, Set<string>>();
  #errorCount = 0;
  #reportCount = 0;

  /** All that was reported, in the order of the reports. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  get hasErrors(): boolean {
    return this.#errorCount > 0;
  }

  get errorCount(): number {
    return this.#errorCount;
  }

  /** Reports of any severity, repetitions included. */
  get reportCount(): number {
    return this.#reportCount;
  }

  /** Adds a diagnostic by its code in `MESSAGES`; the arguments are those of its wording. */
  report<Code extends MessageCode>(
    code: Code,
    span: Span | undefined,
    ...values: MessageArguments<Code>
  ): void {
    this.reportWithNotes(code, span, [], ...values);
  }

  /** The same with notes, such as where the earlier declaration stands. */
  reportWithNotes<Code extends MessageCode>(
    code: Code,
    span: Span | undefined,
    notes: readonly DiagnosticNote[],
    ...values: MessageArguments<Code>
  ): void {
    const { severity, wording } = MESSAGES[code];
    const message = (wording as (...values: readonly (string | number)[]) => string)(...values);
    this.#reportCount += 1;
    if (severity === 'error') this.#errorCount += 1;
    const key = `${code} ${String(span?.start)} ${message}`;
    const seen = this.#seen.get(span?.file) ?? new Set<string>();
    this.#seen.set(span?.file, seen);
    if (seen.has(key) || this.#diagnostics.length > DIAGNOSTIC_LIMIT) return;
    seen.add(key);
    if (this.#diagnostics.length === DIAGNOSTIC_LIMIT) {
      const message = `too many diagnostics; only the first ${String(DIAGNOSTIC_LIMIT)} are shown`;
      this.#diagnostics.push({
        code: 'too-many-diagnostics',
        severity: this.hasErrors ? 'error' : 'warning',
        message,
        notes: [],
      });
      return;
    }
    this.#diagnostics.push({
      code,
      severity,
      message,
      notes: [...notes, ...macroNotes(span)],
      ...(span === undefined ? {} : { span }),
    });
  }
}
