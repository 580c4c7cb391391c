/**
 * Tokens: what the lexer makes of a file and what the preprocessor hands to the parser.
 *
 * A token keeps the place where it was written. One that came out of a macro also knows the
 * outermost macro use, which is where a reader of the program would look for it. Keywords are
 * identifiers here; the parser tells them apart. An annotation comment is one token with its parsed
 * form; the C expressions in it are already expanded with the macros that are defined at that point.
 */
import type { AnnotationForm } from '../bytecode/annotation.ts';
import type { Span } from '../base/span.ts';

/** What a token is. */
export type TokenKind =
  | 'identifier'
  /** Any number; see `decodeNumber`. */
  | 'number'
  /** A character constant with its quotes; see `decodeCharacter`. */
  | 'char'
  /** One string literal with its quotes, not yet joined with its neighbors; see `decodeString`. */
  | 'string'
  | 'punctuator'
  /** An `//@` comment; `annotation` is set unless its form was wrong, which has been reported. */
  | 'annotation'
  /** What the lexer could not read; the preprocessor reports it, the parser never sees one. */
  | 'invalid'
  /** The last token of every list; an empty span at the end. */
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written (line continuations removed); empty for `end`. */
  readonly text: string;
  /** Where it stands; for a token from a macro's body, there. */
  readonly span: Span;
  /** The name of the outermost macro use that it came from. */
  readonly expandedAt: Span | undefined;
  /** First on its line; only such a `#` starts a directive. */
  readonly atLineStart: boolean;
  /** White space or a comment stands before it; `#` in macros needs to know. */
  readonly spaceBefore: boolean;
  /** Names a macro that must not be expanded any more, because it came out of that macro. */
  readonly isPainted: boolean;
  readonly annotation: ParsedAnnotation | undefined;
}

/** The name that stands where a macro was used in a wrong way, which has been reported. */
export const WRONG_USE = '<wrong use>';

/** A part of an annotation that becomes operands, in the order of the form's parts. */
export type AnnotationOperand =
  | { readonly kind: 'expression'; readonly role: string; readonly tokens: readonly Token[] }
  | { readonly kind: 'word'; readonly role: string; readonly value: number }
  /** `code` is `OWNER_DEFAULT`, `OWNER_TASK` or an owner word's; `tokens` the task or argument. */
  | {
      readonly kind: 'owner';
      readonly role: string;
      readonly code: number;
      readonly tokens: readonly Token[] | undefined;
    };

/** An annotation comment, split by its form. Every token list ends in an `end` token. */
export interface ParsedAnnotation {
  readonly form: AnnotationForm;
  /** The text of each part that is present, by role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly operands: readonly AnnotationOperand[];
}

/** A token as the lexer makes it: not from a macro. */
export function createToken(
  kind: TokenKind,
  text: string,
  span: Span,
  atLineStart: boolean,
  spaceBefore: boolean,
): Token {
  return {
    kind,
    text,
    span,
    expandedAt: undefined,
    atLineStart,
    spaceBefore,
    isPainted: false,
    annotation: undefined,
  };
}

/**
 * The token as a macro use gave it.
 *
 * All tokens are made with the same fields in the same order, which `{ ...token }` would not do: what
 * reads them meets one shape only.
 */
export function withExpansion(token: Token, expandedAt: Span, atLineStart: boolean): Token {
  const { kind, text, span, spaceBefore, isPainted, annotation } = token;
  return { kind, text, span, expandedAt, atLineStart, spaceBefore, isPainted, annotation };
}

/** The token with other white space before it. */
export function withSpaceBefore(token: Token, spaceBefore: boolean): Token {
  const { kind, text, span, expandedAt, atLineStart, isPainted, annotation } = token;
  return { kind, text, span, expandedAt, atLineStart, spaceBefore, isPainted, annotation };
}

/** The token as the name of a macro that must not be expanded any more. */
export function paintToken(token: Token): Token {
  const { kind, text, span, expandedAt, atLineStart, spaceBefore, annotation } = token;
  return { kind, text, span, expandedAt, atLineStart, spaceBefore, isPainted: true, annotation };
}

/** The token of an annotation comment with its parsed form. */
export function withAnnotation(token: Token, annotation: ParsedAnnotation | undefined): Token {
  const { kind, text, span, expandedAt, atLineStart, spaceBefore, isPainted } = token;
  return { kind, text, span, expandedAt, atLineStart, spaceBefore, isPainted, annotation };
}

/** The `end` token behind `offset` of the span's file. */
export function createEndToken(at: Span): Token {
  const span = { file: at.file, start: at.end, end: at.end };
  return createToken('end', '', span, true, false);
}

/** Where a reader would look for the token: the macro use when it came from one. */
export function placeOf(token: Token): Span {
  return token.expandedAt ?? token.span;
}

/** Whether the token is this punctuator. */
export function isPunctuator(token: Token, text: string): boolean {
  return token.kind === 'punctuator' && token.text === text;
}
