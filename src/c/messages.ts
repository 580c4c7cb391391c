/**
 * The wordings of every diagnostic of the C compiler, by code: one section a stage.
 *
 * Messages follow clang: lower case, no full stop, names in backquotes; they say what is wrong and,
 * where it is not obvious, what to do. The key is the diagnostic's stable code.
 */
import type { Severity } from '../base/diagnostic.ts';

interface Message {
  readonly severity: Severity;
  readonly wording: (...values: never[]) => string;
}

function error<Values extends (string | number)[]>(wording: (...values: Values) => string) {
  return { severity: 'error', wording } as const;
}

function warning<Values extends (string | number)[]>(wording: (...values: Values) => string) {
  return { severity: 'warning', wording } as const;
}

export const MESSAGES = {
  // ---- characters and tokens (lexer.ts, literal.ts)
  'file-too-large': error((limit: number) => `the file is larger than ${String(limit)} characters`),
  'unexpected-character': error((character: string) => `unexpected character ${character}`),
  'unterminated-comment': error(() => 'comment is not closed by `*/`'),
  'unterminated-string': error(() => 'string literal is not closed on its line'),
  'unterminated-character': error(() => 'character constant is not closed on its line'),
  'empty-character': error(() => 'empty character constant'),
  'character-too-long': error(() => 'character constant holds more than one character'),
  'wide-literal': error(() => 'wide character and string literals are not supported'),
  'bad-escape': error((escape: string) => `unknown escape sequence \`${escape}\``),
  'escape-out-of-range': error(
    (escape: string) => `escape sequence \`${escape}\` does not fit into a byte`,
  ),
  'bad-number': error((text: string) => `\`${text}\` is not a number`),
  'number-too-large': error((text: string) => `integer \`${text}\` does not fit into 64 bits`),
  'floating-point-unsupported': error(
    () => 'floating point is not supported; the modelled kernel uses integers only',
  ),
  // ---- directives and macros (preprocessor.ts and its neighbors)
  'unknown-directive': error((name: string) => `unknown directive \`#${name}\``),
  'directive-extra-tokens': warning((name: string) => `extra tokens after \`#${name}\``),
  'include-form': error(() => '`#include` needs "FILE" or <FILE>'),
  'include-not-found': error((path: string) => `cannot find the included file \`${path}\``),
  'include-too-deep': error(
    (limit: number) =>
      `includes are nested deeper than ${String(limit)} files; does a file include itself?`,
  ),
  'unit-too-large': error(
    (limit: number) => `the unit has more than ${String(limit)} tokens after macro expansion`,
  ),
  'macro-name-missing': error((directive: string) => `\`#${directive}\` needs a macro name`),
  'macro-name-reserved': error((name: string) => `\`${name}\` cannot be a macro`),
  'macro-redefined': warning(
    (name: string) => `macro \`${name}\` is defined again with another body`,
  ),
  'macro-parameters': error(() => 'macro parameters must be different names, with `...` last'),
  'macro-stringify': error(() => '`#` in a function-like macro must stand before a parameter'),
  'macro-paste-edge': error(() => '`##` cannot stand at an end of a macro body'),
  'macro-arguments-open': error(
    (name: string) => `the arguments of macro \`${name}\` are not closed by \`)\``,
  ),
  'macro-arguments-count': error(
    (name: string, expected: string, found: number) =>
      `macro \`${name}\` takes ${expected}, but ${String(found)} ${found === 1 ? 'is' : 'are'} given`,
  ),
  'macro-too-deep': error(
    (name: string) => `macro \`${name}\` is expanded inside too many other macros`,
  ),
  'bad-paste': error((text: string) => `\`##\` gives \`${text}\`, which is not one token`),
  'conditional-expression': error((what: string) => `bad \`#if\` expression: ${what}`),
  'conditional-division': error(() => 'division by zero in `#if`'),
  'conditional-without-if': error((name: string) => `\`#${name}\` without \`#if\``),
  'conditional-after-else': error((name: string) => `\`#${name}\` after \`#else\``),
  'conditional-open': error((name: string) => `\`#${name}\` is not closed by \`#endif\``),
  'user-error': error((text: string) => (text === '' ? '`#error`' : `#error ${text}`)),
  'user-warning': warning((text: string) => (text === '' ? '`#warning`' : `#warning ${text}`)),
  // ---- annotations (annotationForm.ts)
  'annotation-empty': error(() => 'an annotation needs a form after `//@`'),
  'annotation-unknown': error(
    (name: string, hint: string) => `unknown annotation \`${name}\`${hint}`,
  ),
  'annotation-syntax': error(
    (form: string, expected: string, shape: string) =>
      `annotation \`${form}\`: expected ${expected}; it reads \`//@ ${shape}\``,
  ),
  'annotation-word': error(
    (form: string, word: string, choices: string) =>
      `annotation \`${form}\`: \`${word}\` is not one of ${choices}`,
  ),
  'annotation-misplaced': warning(
    () => 'an annotation inside the arguments of a macro has no effect',
  ),
  // ---- parser and semantic analysis (parse*.ts)
  // ---- lowering and linking (lower*.ts, compile.ts)
  'undefined-reference': error(
    (kind: string, name: string) =>
      `${kind} \`${name}\` is used but not defined in any file of the program`,
  ),
  'duplicate-definition': error((name: string) => `\`${name}\` is defined twice`),
  'conflicting-units': error(
    (name: string, type: string) =>
      `\`${name}\` is declared as \`${type}\`, but another file defines it differently`,
  ),
  'jump-into-cost': error(
    () => 'a jump into a statement with `//@ cost` would miss where its time starts',
  ),
  'duplicate-anchor': error((name: string) => `anchor \`${name}\` names two places`),
  'not-evaluated': error((reason: string) => reason),
  'unreadable-memory': error((address: string) => `cannot read memory at ${address}`),
  'data-too-large': error(
    (bytes: number, limit: number) =>
      `variables take ${String(bytes)} bytes; at most ${String(limit)} are supported`,
  ),
} as const satisfies Record<string, Message>;

/** The stable name of a diagnostic. */
export type MessageCode = keyof typeof MESSAGES;

/** What the wording of a message needs. */
export type MessageArguments<Code extends MessageCode> = Parameters<
  (typeof MESSAGES)[Code]['wording']
>;
