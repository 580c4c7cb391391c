/**
 * The wordings of the assembler: every complaint about a user program, with its stable code.
 * Each function makes one diagnostic at a place; the form is clang's (lower case, no full stop).
 * A text gets a limited number of them, so that a hostile one does not fill the memory.
 */
import { didYouMean } from '../base/closestName.ts';
import type { Diagnostic, DiagnosticNote } from '../base/diagnostic.ts';
import { excerpt } from '../base/excerpt.ts';
import type { Span } from '../base/span.ts';

/** The most complaints about one program; the next one only says that there are more. */
export const ASM_COMPLAINT_LIMIT = 100;
/** The most characters of a program's text; far more than a program of the most bytes needs. */
export const ASM_TEXT_LIMIT = 500_000;
/** The most operators and brackets that one expression may have. */
export const ASM_EXPRESSION_LIMIT = 500;

/** Whether more complaints would not be shown. */
export function isFull(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.length >= ASM_COMPLAINT_LIMIT;
}

/** A spelling that may be very long. */
function spelled(text: string): string {
  return excerpt(text, 60);
}

function error(
  code: string,
  span: Span,
  message: string,
  notes: readonly DiagnosticNote[] = [],
): Diagnostic {
  return { code, severity: 'error', message, span, notes };
}

/** `a`, `b` or `c`. */
function alternatives(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)]
    .filter((part) => part !== '')
    .join(' or ');
}

export const asmMessages = {
  unexpectedCharacter: (span: Span, text: string) =>
    error('asm-character', span, `unexpected character \`${text}\``),
  openComment: (span: Span) => error('asm-open-comment', span, 'comment is never closed'),
  openString: (span: Span) => error('asm-open-string', span, 'string is never closed'),
  badEscape: (span: Span, text: string) => error('asm-escape', span, `unknown escape \`${text}\``),
  badNumber: (span: Span, text: string) =>
    error('asm-number', span, `\`${spelled(text)}\` is not a number of at most 32 bits`),
  expected: (span: Span, what: string) => error('asm-expected', span, `expected ${what}`),
  unknownRegister: (span: Span, name: string, candidates: Iterable<string>) =>
    error(
      'asm-register',
      span,
      `unknown register \`%${spelled(name)}\`${didYouMean(name, candidates).replace('`', '`%')}`,
    ),
  unknownMnemonic: (span: Span, name: string, candidates: Iterable<string>) =>
    error(
      'asm-mnemonic',
      span,
      `unknown instruction \`${spelled(name)}\`${didYouMean(name, candidates)}`,
    ),
  refusedMnemonic: (span: Span, name: string, why: string) =>
    error('asm-refused', span, `\`${name}\` cannot stand in a user program: ${why}`),
  unknownDirective: (span: Span, name: string, candidates: Iterable<string>) =>
    error(
      'asm-directive',
      span,
      `unknown directive \`${spelled(name)}\`${didYouMean(name, candidates)}`,
    ),
  refusedDirective: (span: Span, name: string, why: string) =>
    error('asm-refused', span, `\`${name}\` is not supported: ${why}`),
  refusedRegister: (span: Span, name: string, why: string) =>
    error('asm-refused', span, `\`%${name}\` cannot stand in a user program: ${why}`),
  unknownSection: (span: Span, name: string, candidates: readonly string[]) =>
    error(
      'asm-section',
      span,
      `unknown section \`${spelled(name)}\`${didYouMean(name, candidates)}`,
      [{ message: `sections are ${candidates.map((item) => `\`${item}\``).join(', ')}` }],
    ),
  onlyZeros: (span: Span) =>
    error('asm-section', span, '`.bss` has no contents; values belong into `.data`'),
  noSuffix: (span: Span, names: readonly string[]) =>
    error('asm-suffix', span, `the size of the operands is unknown; write ${alternatives(names)}`),
  wrongWidth: (span: Span, register: string, mnemonic: string) =>
    error(
      'asm-width',
      span,
      `register \`%${register}\` does not have the size that \`${mnemonic}\` works on`,
    ),
  badOperands: (span: Span, mnemonic: string, expected: string) =>
    error(
      'asm-operands',
      span,
      `\`${mnemonic}\` does not take these operands; expected ${expected}`,
    ),
  badIndex: (span: Span) => error('asm-index', span, '`%esp` cannot be an index register'),
  badAddressRegister: (span: Span, name: string) =>
    error('asm-address', span, `\`%${name}\` cannot be part of an address; use a 32-bit register`),
  badScale: (span: Span) => error('asm-scale', span, 'the scale of an index is 1, 2, 4 or 8'),
  badPrefix: (span: Span, prefix: string, mnemonic: string) =>
    error('asm-prefix', span, `\`${prefix}\` does not go with \`${mnemonic}\``),
  badLock: (span: Span, mnemonic: string) =>
    error(
      'asm-lock',
      span,
      `\`lock\` does not go with \`${mnemonic}\` on these operands; expected an instruction that changes memory, such as \`lock addl $1, (%eax)\``,
    ),
  segment: (span: Span, name: string) =>
    error(
      'asm-segment',
      span,
      `segment \`%${name}\` cannot be chosen here: all segments are flat, leave it out`,
    ),
  outOfRange: (span: Span, value: number, what: string) =>
    error('asm-range', span, `${String(value)} does not fit ${what}`),
  undefinedSymbol: (span: Span, name: string, candidates: Iterable<string>) =>
    error(
      'asm-undefined',
      span,
      `undefined symbol \`${spelled(name)}\`${didYouMean(name, candidates)}`,
      [
        {
          message:
            'symbols are the labels of this file, the maps of the process and the parameters of the scenario',
        },
      ],
    ),
  undefinedLocalLabel: (span: Span, number: number, isForward: boolean) =>
    error(
      'asm-undefined-local',
      span,
      `there is no label \`${String(number)}:\` ${isForward ? 'after' : 'before'} this place`,
    ),
  redefinedSymbol: (span: Span, name: string, previous: Span | undefined) =>
    error('asm-redefined', span, `\`${spelled(name)}\` is already defined`, [
      previous === undefined
        ? { message: 'by the scenario: a map of the process or a parameter' }
        : { message: 'here', span: previous },
    ]),
  circularSymbol: (span: Span, name: string) =>
    error('asm-circular', span, `the value of \`${spelled(name)}\` depends on itself`),
  notConstant: (span: Span) =>
    error('asm-constant', span, 'expected a number that is known at this place'),
  divideByZero: (span: Span) => error('asm-divide', span, 'division by zero'),
  badAlignment: (span: Span) =>
    error('asm-alignment', span, 'an alignment is a power of two up to 4096'),
  tooLarge: (span: Span, limit: number) =>
    error('asm-too-large', span, `the program has more than ${String(limit)} bytes`),
  textTooLong: (span: Span) =>
    error(
      'asm-text-too-long',
      span,
      `the text has more than ${String(ASM_TEXT_LIMIT)} characters; split the program`,
    ),
  expressionTooLong: (span: Span) =>
    error(
      'asm-expression-too-long',
      span,
      `expression with more than ${String(ASM_EXPRESSION_LIMIT)} operators and brackets; give parts of it names by \`.equ\``,
    ),
  valueTooComplex: (span: Span, name: string) =>
    error(
      'asm-too-complex',
      span,
      `the value of \`${spelled(name)}\` takes too many steps through other symbols; define symbols before they are used`,
    ),
  tooManyComplaints: (span: Span) =>
    error(
      'asm-too-many',
      span,
      `too many errors; only the first ${String(ASM_COMPLAINT_LIMIT)} are shown`,
    ),
} satisfies Record<string, (...args: never[]) => Diagnostic>;
