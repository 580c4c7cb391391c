/**
 * One step of macro expansion: a macro's body with its arguments put in.
 *
 * Arguments next to `#` and `##` are taken as written, all others fully expanded first (C99 6.10.3.1).
 * `, ## __VA_ARGS__` is GNU's: the comma goes when there are no variadic arguments. The result is
 * not yet scanned for further macros.
 */
import type { DiagnosticSink } from './diagnosticSink.ts';
import { Lexer } from './lexer.ts';
import { spellTokens, type Macro } from './macro.ts';
import { createToken, isPunctuator, withSpaceBefore, type Token } from './token.ts';

/** Longer tokens cannot be pasted together. */
const PASTE_LIMIT = 4096;

/** The arguments of one use; `expanded` is called at most once for each. */
export interface MacroArguments {
  readonly raw: readonly (readonly Token[])[];
  expanded(index: number): readonly Token[];
}

/** `#` makes no longer strings: macros could double them without end. */
const STRING_LIMIT = 65_536;

/** A punctuator in its other spelling, which `#` keeps. */
const DIGRAPH = /^(?:<[:%]|[:%]>|%:(?:%:)?)$/;

/** Stands for an empty argument beside `##`; never leaves this file. */
const PLACEMARKER = createToken(
  'end',
  '',
  { file: { path: '', text: '' }, start: 0, end: 0 },
  false,
  false,
);

/** The body of the macro with the arguments in place; object-like macros have none. */
export function substitute(macro: Macro, given: MacroArguments, sink: DiagnosticSink): Token[] {
  const { body, parameters } = macro;
  const result: Token[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const token = body[at];
    if (token === undefined) break;
    const next = body[at + 1];
    if (parameters !== undefined && isPunctuator(token, '#') && next !== undefined) {
      result.push(stringify(given.raw[parameters.indexOf(next.text)] ?? [], token, sink));
      at += 1;
    } else if (isPunctuator(token, '##') && next !== undefined) {
      at += 1;
      pasteNext(result, next, macro, given, sink);
    } else {
      const index = parameterIndex(macro, token);
      if (index < 0) result.push(token);
      else {
        const isPasted = next !== undefined && isPunctuator(next, '##');
        const tokens = isPasted ? (given.raw[index] ?? []) : given.expanded(index);
        pushArgument(result, tokens, token, isPasted);
      }
    }
  }
  return result.includes(PLACEMARKER) ? result.filter((token) => token !== PLACEMARKER) : result;
}

function parameterIndex(macro: Macro, token: Token): number {
  if (token.kind !== 'identifier' || macro.parameters === undefined) return -1;
  return macro.parameters.indexOf(token.text);
}

/** The first token of an argument takes the white space of the parameter that it replaces. */
function pushArgument(
  result: Token[],
  tokens: readonly Token[],
  parameter: Token,
  isPasted: boolean,
): void {
  const first = tokens[0];
  if (first === undefined) {
    if (isPasted) result.push(PLACEMARKER);
    return;
  }
  const { spaceBefore } = parameter;
  result.push(first.spaceBefore === spaceBefore ? first : withSpaceBefore(first, spaceBefore));
  for (let index = 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token !== undefined) result.push(token);
  }
}

/** Handles `## next`, of which the left side stands at the end of `result`. */
function pasteNext(
  result: Token[],
  next: Token,
  macro: Macro,
  given: MacroArguments,
  sink: DiagnosticSink,
): void {
  const left = result.at(-1) ?? PLACEMARKER;
  const index = parameterIndex(macro, next);
  const raw = index < 0 ? [next] : (given.raw[index] ?? []);
  const isVariadic = macro.isVariadic && index === (macro.parameters?.length ?? 0) - 1;
  if (isVariadic && isPunctuator(left, ',')) {
    const isOnly = macro.parameters?.length === 1 && raw.length === 0;
    if (isOnly || index >= given.raw.length) result.pop();
    else for (const token of given.expanded(index)) result.push(token);
    return;
  }
  const [first, ...rest] = raw;
  if (first === undefined) return;
  result.pop();
  result.push(left === PLACEMARKER ? first : paste(left, first, sink), ...rest);
}

function paste(left: Token, right: Token, sink: DiagnosticSink): Token {
  const text = left.text + right.text;
  const lexer = new Lexer({ path: '', text });
  const token = lexer.next();
  const isOne = token.text === text && token.kind !== 'annotation' && token.kind !== 'invalid';
  if (!isOne || text.length > PASTE_LIMIT) {
    sink.report('bad-paste', left.span, text.slice(0, 80));
    return left;
  }
  return { ...left, kind: token.kind, text, isPainted: false };
}

/** `#argument`: a string literal that spells it. */
function stringify(argument: readonly Token[], operator: Token, sink: DiagnosticSink): Token {
  const quoted = argument.map((token) => {
    if (token.kind === 'string' || token.kind === 'char') {
      return { ...token, text: token.text.replace(/["\\]/g, '\\$&') };
    }
    const { file, start, end } = token.span;
    const written = token.kind === 'punctuator' ? file.text.slice(start, end) : '';
    return DIGRAPH.test(written) ? { ...token, text: written } : token;
  });
  const text = `"${spellTokens(quoted)}"`;
  if (text.length <= STRING_LIMIT) return { ...operator, kind: 'string', text };
  sink.report('macro-string-too-large', operator.span, STRING_LIMIT);
  // As long as allowed, so that it still counts against the bound of the unit.
  return { ...operator, kind: 'string', text: `"${' '.repeat(STRING_LIMIT - 2)}"` };
}
