/**
 * Declaration specifiers: storage class, qualifiers and the type that a declaration begins with.
 *
 * What C allows but the engine does not have (floating point, complex numbers, 128-bit integers,
 * thread storage) is refused where it stands, and parsing goes on with `int`.
 * Source: C99 6.7.
 */
import type { Span } from '../base/span.ts';
import type { CType } from '../bytecode/ctype.ts';
import * as integerTypes from './integerType.ts';
import { createAttributes, parseAttributes, type Attributes } from './parseAttribute.ts';
import { isKeyword, type ParseContext } from './parseContext.ts';
import { parseEnum } from './parseEnum.ts';
import { parseRecord } from './parseRecord.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { ERROR_TYPE, qualify, VOID } from './typeRelation.ts';

/** The words that say where an object lives or that a name is a type. */
export type StorageClass = 'typedef' | 'extern' | 'static' | 'auto' | 'register';

/** What stands before the declarators of a declaration. */
export interface Specifiers {
  readonly type: CType;
  readonly storage: StorageClass | undefined;
  readonly isInline: boolean;
  readonly attributes: Attributes;
  /** Where the declaration begins. */
  readonly start: Span;
  /** Whether they declare a tag with a body or nothing but a tag: needs no declarator. */
  readonly declaresTag: boolean;
}

/** The words of an integer type seen so far. */
interface Words {
  base: 'void' | 'char' | 'int' | '_Bool' | undefined;
  longs: number;
  isShort: boolean;
  sign: 'signed' | 'unsigned' | undefined;
}

interface State {
  readonly words: Words;
  type: CType | undefined;
  storage: StorageClass | undefined;
  isInline: boolean;
  isConst: boolean;
  isVolatile: boolean;
  declaresTag: boolean;
  readonly attributes: Attributes;
}

const IGNORED: ReadonlySet<string> = new Set([
  'restrict',
  '__restrict',
  '__restrict__',
  '__extension__',
]);

/** declaration-specifiers; the current token begins them */
export function parseSpecifiers(context: ParseContext, allowsStorage = true): Specifiers {
  const start = context.place;
  const state: State = {
    words: { base: undefined, longs: 0, isShort: false, sign: undefined },
    type: undefined,
    storage: undefined,
    isInline: false,
    isConst: false,
    isVolatile: false,
    declaresTag: false,
    attributes: createAttributes(),
  };
  while (!context.cursor.isPanicking && parseSpecifier(context, state, allowsStorage));
  const { storage, isInline, attributes, declaresTag } = state;
  const type = finishType(context, state, start);
  return {
    type: qualify(type, state.isConst, state.isVolatile),
    storage,
    isInline,
    attributes,
    start,
    declaresTag,
  };
}

/** One specifier, if there is one more. */
function parseSpecifier(context: ParseContext, state: State, allowsStorage: boolean): boolean {
  const { cursor, token } = context;
  if (token.kind !== 'identifier') return false;
  const { text } = token;
  if (!isKeyword(text)) return parseTypedefName(context, state, token);
  if (parseWord(context, state, text)) {
    cursor.advance();
    return true;
  }
  switch (text) {
    case 'const':
    case '__const':
    case '__const__':
      state.isConst = true;
      break;
    case 'volatile':
    case '__volatile':
    case '__volatile__':
      state.isVolatile = true;
      break;
    case 'inline':
    case '__inline':
    case '__inline__':
      state.isInline = true;
      break;
    case '_Noreturn':
      state.attributes.isNoReturn = true;
      break;
    case 'struct':
    case 'union':
    case 'enum':
      return parseTag(context, state, text);
    case 'typeof':
    case '__typeof':
    case '__typeof__':
      return parseTypeof(context, state);
    case '__attribute__':
    case '__attribute':
    case '_Alignas':
      parseAttributes(context, state.attributes);
      return true;
    case 'typedef':
    case 'extern':
    case 'static':
    case 'auto':
    case 'register':
      setStorage(context, state, text, allowsStorage);
      break;
    default:
      if (!IGNORED.has(text)) return parseRefused(context, state, text);
  }
  cursor.advance();
  return true;
}

/** Words that are refused, each with the reason; a type among them counts as `int`. */
function parseRefused(context: ParseContext, state: State, text: string): boolean {
  const { words } = state;
  switch (text) {
    case 'float':
    case 'double':
    case '_Complex':
      if (words.base === undefined) context.report('floating-point-unsupported', context.place);
      words.base ??= 'int';
      break;
    case '__auto_type':
      words.base ??= 'int';
      context.report('unsupported', context.place, `\`${text}\``);
      break;
    case '_Thread_local':
    case '__thread':
    case '_Atomic':
      context.report('unsupported', context.place, `\`${text}\``);
      break;
    default:
      return false;
  }
  context.cursor.advance();
  return true;
}

function setStorage(
  context: ParseContext,
  state: State,
  storage: StorageClass,
  allowsStorage: boolean,
): void {
  if (!allowsStorage) context.report('storage-not-allowed', context.place, storage);
  else if (state.storage !== undefined && state.storage !== storage) {
    context.report('two-storage-classes', context.place, state.storage, storage);
  } else state.storage = storage;
}

/** Whether the keyword is a word of an integer type; it is counted then. */
function parseWord(context: ParseContext, state: State, text: string): boolean {
  const { words } = state;
  switch (text) {
    case 'void':
    case 'char':
    case 'int':
    case '_Bool':
      if (words.base !== undefined || state.type !== undefined) reportTwoTypes(context);
      words.base = text;
      return true;
    case 'short':
      if (words.isShort) reportTwoTypes(context);
      words.isShort = true;
      return true;
    case 'long':
      words.longs += 1;
      return true;
    case 'unsigned':
      if (words.sign !== undefined) reportTwoTypes(context);
      words.sign = 'unsigned';
      return true;
    case 'signed':
    case '__signed':
    case '__signed__':
      if (words.sign !== undefined) reportTwoTypes(context);
      words.sign = 'signed';
      return true;
    default:
      return false;
  }
}

function reportTwoTypes(context: ParseContext): void {
  context.report('two-types', context.place);
}

function hasType(state: State): boolean {
  const { words } = state;
  const hasWords =
    words.base !== undefined || words.longs > 0 || words.isShort || words.sign !== undefined;
  return hasWords || state.type !== undefined;
}

/** A typedef name counts as a type only while no other type was given. */
function parseTypedefName(context: ParseContext, state: State, token: Token): boolean {
  if (hasType(state)) return false;
  const symbol = context.scopes.find(token.text);
  if (symbol?.kind === 'typedef') {
    context.cursor.advance();
    state.type = symbol.type;
    return true;
  }
  const next = context.cursor.peek(1);
  const isName = next.kind === 'identifier' && !isKeyword(next.text);
  if (symbol !== undefined || (!isName && next.text !== '*')) return false;
  context.cursor.advance();
  reportUnknownType(context, token);
  state.type = ERROR_TYPE;
  return true;
}

function reportUnknownType(context: ParseContext, token: Token): void {
  const near = context.scopes.suggest(token.text, (symbol) => symbol.kind === 'typedef');
  const span = near === undefined ? undefined : context.scopes.find(near)?.span;
  const tag = context.scopes.findTag(token.text);
  const notes = [
    ...(tag === undefined ? [] : [{ message: `did you mean \`${tag.keyword} ${tag.name}\`?` }]),
    ...(near === undefined || span === undefined
      ? []
      : [{ message: `did you mean \`${near}\`?`, span }]),
  ];
  context.reportWithNotes('unknown-type', tokenPlace(token), notes, token.text);
}

function parseTag(
  context: ParseContext,
  state: State,
  keyword: 'struct' | 'union' | 'enum',
): boolean {
  if (hasType(state)) reportTwoTypes(context);
  state.type =
    keyword === 'enum'
      ? parseEnum(context)
      : parseRecord(context, keyword, (inner) => parseSpecifiers(inner, false));
  state.declaresTag = true;
  return true;
}

/** `typeof` `(` ( expression | type-name ) `)` */
function parseTypeof(context: ParseContext, state: State): boolean {
  if (hasType(state)) reportTwoTypes(context);
  context.cursor.advance();
  state.type = context.grammar.parseTypeofOperand(context);
  return true;
}

function finishType(context: ParseContext, state: State, start: Span): CType {
  const { words } = state;
  if (state.type !== undefined) {
    if (words.base !== undefined || words.longs > 0 || words.isShort || words.sign !== undefined) {
      context.report('two-types', start);
    }
    return state.type;
  }
  if (!hasType(state)) {
    const { kind, text } = context.token;
    const isDeclarator = kind === 'identifier' || text === '*' || text === '(';
    if (!isDeclarator) context.failSyntax('a type');
    else context.report('missing-type', start);
  }
  const type = integerFromWords(words);
  if (type !== undefined) return type;
  context.report('bad-type-words', context.spanFrom(start));
  return integerTypes.INT;
}

/** The type that the words name together; `undefined` when they contradict each other. */
function integerFromWords(words: Words): CType | undefined {
  const { base, longs, isShort, sign } = words;
  const isUnsigned = sign === 'unsigned';
  const hasSize = longs > 0 || isShort;
  switch (base) {
    case 'void':
      return hasSize || sign !== undefined ? undefined : VOID;
    case '_Bool':
      return hasSize || sign !== undefined ? undefined : integerTypes.BOOL;
    case 'char':
      if (hasSize) return undefined;
      if (sign === undefined) return integerTypes.CHAR;
      return isUnsigned ? integerTypes.UNSIGNED_CHAR : integerTypes.SIGNED_CHAR;
    default:
  }
  if (longs > 2 || (longs > 0 && isShort)) return undefined;
  if (isShort) return isUnsigned ? integerTypes.UNSIGNED_SHORT : integerTypes.SHORT;
  if (longs === 2) return isUnsigned ? integerTypes.UNSIGNED_LONG_LONG : integerTypes.LONG_LONG;
  if (longs === 1) return isUnsigned ? integerTypes.UNSIGNED_LONG : integerTypes.LONG;
  return isUnsigned ? integerTypes.UNSIGNED_INT : integerTypes.INT;
}
