/**
 * Declarators: what stands around a name (`*`, `[…]`, `(…)`) and turns the type before it into the
 * name's own. Pieces are collected from the name outwards, then applied from the outermost in.
 *
 * Source: C99 6.7.5 and 6.7.6; arrays of variable length are refused.
 */
import type { Span } from '../base/span.ts';
import { sizeOf, typeName, type CType } from '../bytecode/ctype.ts';
import { createVariable } from './declareSymbol.ts';
import { integerConstant } from './expressionNode.ts';
import { createAttributes, isAttributeStart, parseAttributes } from './parseAttribute.ts';
import type { Attributes } from './parseAttribute.ts';
import { isKeyword, type ParseContext } from './parseContext.ts';
import { SIZE_LIMIT } from './recordLayout.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { isTypeStart } from './typeStart.ts';
import {
  ERROR_TYPE,
  isComplete,
  isErrorType,
  pointerTo,
  qualify,
  typeDepth,
} from './typeRelation.ts';

/** One parameter of a function declarator, its type adjusted to a pointer where C does so. */
export interface Parameter {
  readonly name: Token | undefined;
  readonly type: CType;
  readonly span: Span;
}

/** What a declarator declares. */
export interface Declarator {
  /** `undefined` in an abstract declarator. */
  readonly name: Token | undefined;
  readonly type: CType;
  /** The parameters of the function declarator next to the name. */
  readonly parameters: readonly Parameter[] | undefined;
  /** The names in it when it has the old form `f(a, b)`, whose types stand before the body. */
  readonly oldNames: readonly Token[] | undefined;
  readonly attributes: Attributes;
}

type Piece =
  | { readonly kind: 'pointer'; readonly isConst: boolean; readonly isVolatile: boolean }
  | {
      readonly kind: 'array';
      readonly length: number | undefined;
      readonly span: Span;
      /** `static` or a qualifier before the length. */
      readonly word: Span | undefined;
    }
  | {
      readonly kind: 'function';
      readonly parameters: readonly Parameter[];
      readonly oldNames: readonly Token[] | undefined;
      readonly isVariadic: boolean;
      readonly hasPrototype: boolean;
      readonly span: Span;
    };

/** Whether a name has to be there, may not be there, or may. */
type Naming = 'named' | 'abstract' | 'either';

/** More pointers, arrays and functions around one name are refused. */
const PIECE_LIMIT = 100;

const NO_PIECES: readonly Piece[] = [];
const CONST_WORDS: ReadonlySet<string> = new Set(['const', '__const', '__const__']);
const VOLATILE_WORDS: ReadonlySet<string> = new Set(['volatile', '__volatile', '__volatile__']);
const RESTRICT_WORDS: ReadonlySet<string> = new Set(['restrict', '__restrict', '__restrict__']);
/** What may stand before the length of an array. */
const ARRAY_WORDS: ReadonlySet<string> = new Set([
  'static',
  ...CONST_WORDS,
  ...VOLATILE_WORDS,
  ...RESTRICT_WORDS,
]);

interface State {
  readonly naming: Naming;
  readonly pieces: Piece[];
  readonly attributes: Attributes;
  name: Token | undefined;
}

/** declarator or abstract-declarator, applied to the type before it */
export function parseDeclarator(
  context: ParseContext,
  base: CType,
  naming: Naming,
  isParameter = false,
): Declarator {
  const state: State = { naming, pieces: [], attributes: createAttributes(), name: undefined };
  const start = context.cursor.token;
  parsePieces(context, state);
  let type = base;
  for (let index = state.pieces.length - 1; index >= 0; index -= 1) {
    const piece = state.pieces[index];
    if (piece?.kind === 'array' && piece.word !== undefined && !(isParameter && index === 0)) {
      context.report('array-words', piece.word);
    }
    if (piece !== undefined && !isErrorType(type)) type = applyPiece(context, type, piece);
  }
  if (typeDepth(type) > PIECE_LIMIT) {
    context.report('type-too-deep', context.spanFromToken(start), PIECE_LIMIT);
    type = ERROR_TYPE;
  }
  const first = state.pieces[0];
  return {
    name: state.name,
    type,
    parameters: first?.kind === 'function' ? first.parameters : undefined,
    oldNames: first?.kind === 'function' ? first.oldNames : undefined,
    attributes: state.attributes,
  };
}

/** { `*` { qualifier } } ( name | `(` declarator `)` | nothing ) { `[…]` | `(…)` } */
function parsePieces(context: ParseContext, state: State): void {
  const { cursor } = context;
  const pointers = cursor.at('*') ? parsePointers(context, state) : NO_PIECES;
  if (isAttributeStart(context)) parseAttributes(context, state.attributes);
  if (cursor.at('(') && isNested(context, state.naming)) {
    if (!context.enter()) return;
    cursor.advance();
    parsePieces(context, state);
    context.leave();
    context.expect(')');
  } else if (state.naming !== 'abstract') {
    const { token } = context.cursor;
    if (token.kind === 'identifier' && !isKeyword(token.text) && !cursor.isPanicking) {
      state.name = cursor.advance();
    } else if (state.naming === 'named') {
      context.failSyntax('a name');
    }
  }
  while (!cursor.isPanicking && state.pieces.length <= PIECE_LIMIT) {
    if (cursor.at('[')) state.pieces.push(parseArray(context));
    else if (cursor.at('(')) {
      const isNext = state.pieces.length === 0 && state.naming === 'named';
      state.pieces.push(parseFunction(context, isNext));
    } else break;
  }
  for (let index = pointers.length - 1; index >= 0; index -= 1) {
    const pointer = pointers[index];
    if (pointer !== undefined) state.pieces.push(pointer);
  }
}

/** { `*` { `const` | `volatile` | `restrict` | attribute } }, in the order of the text */
function parsePointers(context: ParseContext, state: State): Piece[] {
  const { cursor } = context;
  const pointers: Piece[] = [];
  while (cursor.accept('*')) {
    let isConst = false;
    let isVolatile = false;
    for (;;) {
      const { text, kind } = context.cursor.token;
      if (kind !== 'identifier') break;
      if (CONST_WORDS.has(text)) isConst = true;
      else if (VOLATILE_WORDS.has(text)) isVolatile = true;
      else if (isAttributeStart(context) && !cursor.isPanicking) {
        parseAttributes(context, state.attributes);
        continue;
      } else if (!RESTRICT_WORDS.has(text)) break;
      cursor.advance();
    }
    if (pointers.length <= PIECE_LIMIT) pointers.push({ kind: 'pointer', isConst, isVolatile });
  }
  return pointers;
}

/** Whether the `(` opens a nested declarator rather than a list of parameters. */
function isNested(context: ParseContext, naming: Naming): boolean {
  const next = context.cursor.peek(1);
  if (next.text === '*' || next.text === '(' || next.text === '[') return true;
  if (next.text === '__attribute__') return true;
  if (next.kind !== 'identifier' || isKeyword(next.text)) return false;
  return naming === 'named' || (naming === 'either' && !isTypeStart(context, next));
}

/** `[` [ `static` ] { qualifier } [ constant-expression ] `]` */
function parseArray(context: ParseContext): Piece {
  const { cursor } = context;
  const start = context.place;
  cursor.advance();
  let word: Span | undefined;
  while (ARRAY_WORDS.has(context.cursor.token.text)) {
    word ??= context.place;
    cursor.advance();
  }
  let length: number | undefined;
  if (cursor.at('*') && cursor.peek(1).text === ']') {
    context.report('variable-length', context.place);
    cursor.advance();
  }
  if (!cursor.at(']') && context.enter()) {
    const size = context.grammar.parseAssignment(context);
    context.leave();
    if (size.kind === 'error') length = 1;
    else {
      const value = integerConstant(size);
      if (value === undefined) context.report('variable-length', size.span);
      else if (value < 0n) context.report('negative-length', size.span, value.toString());
      else if (value > BigInt(SIZE_LIMIT)) context.report('too-large', size.span, 'the array');
      length = value === undefined || value < 0n || value > BigInt(SIZE_LIMIT) ? 1 : Number(value);
    }
  }
  context.expect(']');
  return { kind: 'array', length, span: context.spanFrom(start), word };
}

/** `(` [ `void` | parameter { `,` parameter } [ `,` `...` ] | name { `,` name } ] `)` */
function parseFunction(context: ParseContext, isNextToName: boolean): Piece {
  const { cursor } = context;
  const start = context.place;
  cursor.advance();
  if (isNextToName && isOldStyle(context)) return parseOldParameters(context, start);
  const parameters: Parameter[] = [];
  let isVariadic = false;
  const isEmpty = cursor.accept(')');
  const isVoid = cursor.at('void') && cursor.peek(1).text === ')';
  if (isVoid) cursor.advance();
  if (!isEmpty && !isVoid && context.enter()) {
    const wasPrototype = context.isPrototype;
    context.isPrototype = true;
    context.scopes.enter();
    do {
      isVariadic = cursor.accept('...');
      if (isVariadic) break;
      const parameter = parseParameter(context);
      parameters.push(parameter);
      if (parameter.name !== undefined) declareInPrototype(context, parameter, parameter.name);
    } while (cursor.accept(','));
    context.scopes.leave();
    context.isPrototype = wasPrototype;
    context.leave();
  }
  if (!isEmpty) context.expect(')');
  const span = context.spanFrom(start);
  const hasPrototype = !isEmpty;
  return { kind: 'function', parameters, oldNames: undefined, isVariadic, hasPrototype, span };
}

/** Later parameters may mention earlier ones, as in `int f(int n, char a[sizeof n])`. */
function declareInPrototype(context: ParseContext, { type, span }: Parameter, name: Token): void {
  const symbol = createVariable(context, name.text, type, span, 'automatic', 'none', true);
  context.scopes.declare(symbol);
}

/** name { `,` name } `)` */
function parseOldParameters(context: ParseContext, start: Span): Piece {
  const { cursor } = context;
  const oldNames: Token[] = [];
  do {
    const name = context.expectIdentifier('a name');
    if (name !== undefined) oldNames.push(name);
  } while (cursor.accept(','));
  context.expect(')');
  const span = context.spanFrom(start);
  const rest = { parameters: [], isVariadic: false, hasPrototype: false };
  return { kind: 'function', oldNames, ...rest, span };
}

/** declaration-specifiers [ declarator | abstract-declarator ] */
function parseParameter(context: ParseContext): Parameter {
  const start = context.place;
  const base = context.grammar.parseSpecifierType(context);
  const { name, type } = parseDeclarator(context, base, 'either', true);
  parseAttributes(context, createAttributes());
  const span = name === undefined ? context.spanFrom(start) : tokenPlace(name);
  if (type.kind === 'void' && !isErrorType(type)) {
    context.report('void-parameter', span);
  }
  return { name, type: adjustParameter(type), span };
}

/** A list of names only; a single unknown one is rather a type that is missing. */
function isOldStyle(context: ParseContext): boolean {
  const { cursor } = context;
  const { token } = cursor;
  if (token.kind !== 'identifier' || isKeyword(token.text)) return false;
  if (isTypeStart(context, token)) return false;
  const next = cursor.peek(1).text;
  if (next !== ')') return next === ',';
  const behind = cursor.peek(2);
  if (/^(?:[{)]|register|static)$/.test(behind.text)) return true;
  return isTypeStart(context, behind);
}

/** Arrays and functions as parameters are pointers. */
export function adjustParameter(type: CType): CType {
  if (type.kind === 'array') return pointerTo(type.element);
  return type.kind === 'function' ? pointerTo(type) : type;
}

function applyPiece(context: ParseContext, base: CType, piece: Piece): CType {
  switch (piece.kind) {
    case 'pointer':
      return qualify(pointerTo(base), piece.isConst, piece.isVolatile);
    case 'array': {
      if (!isComplete(base)) {
        context.report('array-element', piece.span, typeName(base));
        return ERROR_TYPE;
      }
      const total = (sizeOf(base) ?? 0) * (piece.length ?? 0);
      if (total > SIZE_LIMIT) {
        context.report('too-large', piece.span, 'the array');
        return ERROR_TYPE;
      }
      return { kind: 'array', element: base, length: piece.length };
    }
    case 'function': {
      if (base.kind === 'function' || base.kind === 'array') {
        context.report('bad-return-type', piece.span, typeName(base));
        return ERROR_TYPE;
      }
      const parameters = piece.parameters.map(({ name, type }) => ({ name: name?.text, type }));
      const { isVariadic, hasPrototype } = piece;
      return { kind: 'function', returns: base, parameters, isVariadic, hasPrototype };
    }
  }
}
