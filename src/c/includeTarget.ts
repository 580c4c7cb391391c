/**
 * What an `#include` names: the path between the quotes or angle brackets.
 */
import { spellTokens } from './macro.ts';
import { isPunctuator, type Token } from './token.ts';

/** The file that a directive asks for. */
export interface IncludeTarget {
  readonly path: string;
  readonly form: 'angle' | 'quote';
  readonly extra: Token | undefined;
}

/**
 * include = string | "<" … ">"
 *
 * `isLiteral` says that the tokens are as written, so that the text between the brackets counts, white
 * space included. `undefined` for anything else.
 */
export function includeTarget(
  tokens: readonly Token[],
  isLiteral: boolean,
): IncludeTarget | undefined {
  const [first] = tokens;
  if (first?.kind === 'string') {
    return { path: first.text.slice(1, -1), form: 'quote', extra: tokens[1] };
  }
  const close = tokens.findIndex((token) => isPunctuator(token, '>'));
  const last = tokens[close];
  if (first === undefined || last === undefined || !isPunctuator(first, '<')) return undefined;
  const { file } = first.span;
  const path = isLiteral
    ? file.text.slice(first.span.end, last.span.start)
    : spellTokens(tokens.slice(1, close));
  return { path: path.trim(), form: 'angle', extra: tokens[close + 1] };
}
