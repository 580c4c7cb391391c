/**
 * Primary expressions: names, constants, strings, brackets and statement expressions.
 *
 * Source: C99 6.5.1.
 */
import type { Span } from '../base/span.ts';
import type { DiagnosticNote } from '../base/diagnostic.ts';
import type { CType } from '../bytecode/ctype.ts';
import type { Expression, StringExpression, Symbol } from './ast.ts';
import { toScalar } from './conversion.ts';
import { makeError, makeInteger } from './expressionNode.ts';
import { CHAR, INT, LONG } from './integerType.ts';
import * as integerTypes from './integerType.ts';
import {
  decodeCharacter,
  decodeNumber,
  decodeString,
  decodeWideString,
  encodeText,
  isWideLiteral,
  type IntegerLiteralType,
} from './literal.ts';
import { findBuiltin } from './parseBuiltin.ts';
import { isKeyword, type ParseContext } from './parseContext.ts';
import { WRONG_USE, type Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { isErrorType } from './typeRelation.ts';

const LITERAL_TYPES: Readonly<Record<IntegerLiteralType, CType>> = {
  int: INT,
  'unsigned int': integerTypes.UNSIGNED_INT,
  long: integerTypes.LONG,
  'unsigned long': integerTypes.UNSIGNED_LONG,
  'long long': integerTypes.LONG_LONG,
  'unsigned long long': integerTypes.UNSIGNED_LONG_LONG,
};

const FUNCTION_NAMES: ReadonlySet<string> = new Set([
  '__func__',
  '__FUNCTION__',
  '__PRETTY_FUNCTION__',
]);

/** primary-expression: identifier | constant | string | `(` expression `)` | `({` … `})` */
export function parsePrimary(context: ParseContext): Expression {
  const { cursor } = context;
  const { token } = cursor;
  const place = context.place;
  context.expressionDepth = 1;
  if (cursor.isPanicking) return makeError(place);
  switch (token.kind) {
    case 'identifier':
      return parseName(context, token, place);
    case 'number': {
      cursor.advance();
      const literal = decodeNumber(token, context.sink);
      const type = LITERAL_TYPES[literal.type];
      return { kind: 'integer', value: literal.value, type, span: place, isLvalue: false };
    }
    case 'char':
      cursor.advance();
      return makeCharacter(context, token, place);
    case 'string':
      return parseString(context);
    default:
      if (token.text === '(') return parseBrackets(context);
      context.failSyntax('an expression');
      return makeError(place);
  }
}

function parseBrackets(context: ParseContext): Expression {
  const { cursor } = context;
  const start = context.place;
  cursor.advance();
  if (cursor.at('{')) return context.grammar.parseStatementExpression(context, start);
  if (!context.enter()) return makeError(start);
  const inner = context.grammar.parseExpression(context);
  context.leave();
  context.expect(')');
  context.lastBracketed = inner;
  return inner;
}

/** string { string }, joined; a `StringExpression` is an array that lives as long as the program. */
export function parseString(context: ParseContext): StringExpression {
  const { cursor, sink } = context;
  const start = context.place;
  const tokens: Token[] = [];
  while (cursor.token.kind === 'string') tokens.push(cursor.advance());
  const isWide = tokens.some(isWideLiteral);
  const units: number[] = [];
  for (const token of tokens) {
    const more = isWide ? decodeWideString(token, sink) : decodeString(token, sink);
    for (const unit of more) units.push(unit);
  }
  const span = context.spanFrom(start);
  return isWide ? makeWideString(units, span) : makeString(units, span);
}

/** A character has type `int`, a wide one `wchar_t`, which is `long`. */
function makeCharacter(context: ParseContext, token: Token, place: Span): Expression {
  const value = BigInt(decodeCharacter(token, context.sink));
  return makeInteger(value, isWideLiteral(token) ? LONG : INT, place);
}

function makeString(content: readonly number[], span: Span): StringExpression {
  const bytes = Uint8Array.from([...content, 0]);
  const type: CType = { kind: 'array', element: CHAR, length: bytes.length };
  return { kind: 'string', bytes, type, span, isLvalue: true };
}

function makeWideString(content: readonly number[], span: Span): StringExpression {
  const length = content.length + 1;
  const bytes = new Uint8Array(4 * length);
  const view = new DataView(bytes.buffer);
  for (const [index, code] of content.entries()) view.setUint32(4 * index, code, true);
  const type: CType = { kind: 'array', element: LONG, length };
  return { kind: 'string', bytes, type, span, isLvalue: true };
}

function parseName(context: ParseContext, token: Token, place: Span): Expression {
  const symbol = context.scopes.find(token.text);
  if (symbol !== undefined && symbol.kind !== 'typedef') {
    context.cursor.advance();
    return makeName(symbol, place);
  }
  const builtin = findBuiltin(token.text);
  if (builtin !== undefined) {
    context.cursor.advance();
    return builtin(context, place);
  }
  if (FUNCTION_NAMES.has(token.text) && context.function !== undefined) {
    context.cursor.advance();
    return makeString(encodeText(context.function.symbol.name), place);
  }
  if (context.isAnnotation && context.cursor.peek(1).text === '(') {
    const query = context.language.queries.find((item) => item.name === token.text);
    if (query !== undefined) return parseGhostQuery(context, query, place);
  }
  if (symbol !== undefined || isKeyword(token.text)) {
    context.failSyntax('an expression');
    return makeError(place);
  }
  context.cursor.advance();
  reportUnknown(context, token);
  return makeError(place);
}

/** The node of a declared name. */
function makeName(symbol: Exclude<Symbol, { kind: 'typedef' }>, span: Span): Expression {
  switch (symbol.kind) {
    case 'variable':
      symbol.isUsed = true;
      if (isErrorType(symbol.type)) return makeError(span);
      return { kind: 'variable', symbol, type: symbol.type, span, isLvalue: true };
    case 'function':
      symbol.isUsed = true;
      return { kind: 'function', symbol, type: symbol.type, span, isLvalue: false };
    case 'enumConstant': {
      const { value, type } = symbol;
      return { kind: 'integer', value, type, span, isLvalue: false, constant: symbol };
    }
  }
}

/** query-name `(` assignment-expression `)` */
function parseGhostQuery(
  context: ParseContext,
  query: ParseContext['language']['queries'][number],
  start: Span,
): Expression {
  context.cursor.advance();
  context.expect('(');
  if (!context.enter()) return makeError(start);
  const argument = context.grammar.parseAssignment(context);
  context.leave();
  context.expect(')');
  const operand = toScalar(context, argument, `the operand of \`${query.name}\``);
  const span = context.spanFrom(start);
  if (operand.kind === 'error') return makeError(span);
  return { kind: 'ghostQuery', query, operand, type: INT, span, isLvalue: false };
}

/** Macros that stand for a value, or those that take arguments. */
function macroNames(context: ParseContext, isCall: boolean): readonly string[] {
  return [...context.macros.values()].flatMap(({ name, parameters }) =>
    (parameters !== undefined) === isCall ? [name] : [],
  );
}

function suggestName(context: ParseContext, name: string, isCall: boolean): DiagnosticNote[] {
  const near = context.scopes.suggest(
    name,
    (symbol) => (isCall ? symbol.kind === 'function' : symbol.kind !== 'typedef'),
    macroNames(context, isCall),
  );
  if (near === undefined) return [];
  const span = context.scopes.find(near)?.span ?? context.macros.get(near)?.span;
  return [{ message: `did you mean \`${near}\`?`, ...(span === undefined ? {} : { span }) }];
}

function reportUnknown(context: ParseContext, token: Token): void {
  const reported = context.function?.unknownNames;
  if (token.text === WRONG_USE || reported?.has(token.text) === true) return;
  reported?.add(token.text);
  const isCall = context.cursor.at('(');
  const notes = suggestName(context, token.text, isCall);
  const code = isCall ? 'implicit-function' : 'undeclared-identifier';
  context.reportWithNotes(code, tokenPlace(token), notes, token.text);
}
