/**
 * Macros and their definitions.
 *
 * `readMacro` takes the tokens of a `#define` line and gives an immutable macro, so that the
 * predefined ones can be shared by all units.
 */
import type { Span } from '../base/span.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { isPunctuator, type Token } from './token.ts';

/** A macro whose expansion depends on the place of its use. */
export type DynamicMacro = 'line' | 'file' | 'counter' | 'level';

export interface Macro {
  readonly name: string;
  /** Names of the parameters, the variadic one included; `undefined` for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  /** The last parameter takes all remaining arguments. */
  readonly isVariadic: boolean;
  readonly body: readonly Token[];
  /** The body as written, without comments. */
  readonly bodyText: string;
  readonly dynamic: DynamicMacro | undefined;
  /** The name in its `#define`. */
  readonly span: Span;
}

/** The tokens as text: white space between two tokens is one space. */
export function spellTokens(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) {
    if (text !== '' && (token.spaceBefore || token.atLineStart)) text += ' ';
    text += token.text;
  }
  return text;
}

/** More parameters are refused: each use costs what they cost. C99 wants 127. */
const PARAMETER_LIMIT = 1000;

/** Whether two definitions say the same, so that defining again is harmless. */
export function isSameMacro(one: Macro, other: Macro): boolean {
  return (
    one.bodyText === other.bodyText &&
    one.isVariadic === other.isVariadic &&
    one.parameters?.join() === other.parameters?.join()
  );
}

/**
 * macro = name ["(" [parameters] ")"] body
 *
 * `tokens` is what follows `define`, without `end`. After a complaint the result is `undefined`.
 */
export function readMacro(
  tokens: readonly Token[],
  directive: Span,
  sink: DiagnosticSink,
): Macro | undefined {
  const name = tokens[0];
  if (name?.kind !== 'identifier') {
    sink.report('macro-name-missing', name?.span ?? directive, 'define');
    return undefined;
  }
  if (name.text === 'defined' || name.text === '__VA_ARGS__') {
    sink.report('macro-name-reserved', name.span, name.text);
    return undefined;
  }
  const second = tokens[1];
  const isFunctionLike =
    second !== undefined && isPunctuator(second, '(') && second.span.start === name.span.end;
  const list = isFunctionLike ? readParameters(tokens) : undefined;
  if (isFunctionLike && list === undefined) {
    sink.report('macro-parameters', second.span, PARAMETER_LIMIT);
    return undefined;
  }
  const body = tokens.slice(list?.next ?? 1);
  if (!checkBody(body, list?.parameters, sink)) return undefined;
  return {
    name: name.text,
    parameters: list?.parameters,
    isVariadic: list?.isVariadic ?? false,
    body,
    bodyText: spellTokens(body),
    dynamic: undefined,
    span: name.span,
  };
}

interface ParameterList {
  readonly parameters: readonly string[];
  readonly isVariadic: boolean;
  /** Index of the first token of the body. */
  readonly next: number;
}

/** parameters = "..." | name ("," name)* ["..." | "," "..."] */
function readParameters(tokens: readonly Token[]): ParameterList | undefined {
  const parameters: string[] = [];
  let at = 2;
  let isVariadic = false;
  if (tokens[at]?.text === ')') return { parameters, isVariadic, next: at + 1 };
  for (;;) {
    const token = tokens[at];
    if (token === undefined || parameters.length >= PARAMETER_LIMIT) return undefined;
    at += 1;
    if (token.text === '...') {
      isVariadic = true;
      parameters.push('__VA_ARGS__');
    } else if (token.kind === 'identifier' && !parameters.includes(token.text)) {
      parameters.push(token.text);
      if (tokens[at]?.text === '...') {
        isVariadic = true;
        at += 1;
      }
    } else return undefined;
    const separator = tokens[at]?.text;
    at += 1;
    if (separator === ')') return { parameters, isVariadic, next: at };
    if (separator !== ',' || isVariadic) return undefined;
  }
}

function checkBody(
  body: readonly Token[],
  parameters: readonly string[] | undefined,
  sink: DiagnosticSink,
): boolean {
  const edge = [body[0], body.at(-1)].find(
    (token) => token !== undefined && isPunctuator(token, '##'),
  );
  if (edge !== undefined) {
    sink.report('macro-paste-edge', edge.span);
    return false;
  }
  if (parameters === undefined) return true;
  for (let index = 0; index < body.length; index += 1) {
    const token = body[index];
    if (token?.text !== '#' || token.kind !== 'punctuator') continue;
    if (parameters.includes(body[index + 1]?.text ?? '')) continue;
    sink.report('macro-stringify', token.span);
    return false;
  }
  return true;
}
