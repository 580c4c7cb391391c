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
import { repairTypeWord } from './misspelledKeyword.ts';
import { isKeyword, type ParseContext } from './parseContext.ts';
import { parseEnum } from './parseEnum.ts';
import { parseRecord } from './parseRecord.ts';
import { WRONG_USE, type Token } from './token.ts';
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

const FLOATING_WORD = /^(?:float|double)$/;
const INTEGER_WORD = /^(?:int|char|short|long|signed|unsigned)$/;

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

/** Takes one specifier; the current token is its first. */
type SpecifierParser = (
  context: ParseContext,
  state: State,
  text: string,
  allowsStorage: boolean,
) => void;

/** One specifier, if there is one more. */
function parseSpecifier(context: ParseContext, state: State, allowsStorage: boolean): boolean {
  const { token } = context.cursor;
  if (token.kind !== 'identifier') return false;
  const parse = SPECIFIERS.get(token.text);
  if (parse !== undefined) parse(context, state, token.text, allowsStorage);
  else return !isKeyword(token.text) && parseTypedefName(context, state, token);
  return true;
}

/** A word that only sets something. */
function simple(apply: (state: State) => void): SpecifierParser {
  return (context, state) => {
    apply(state);
    context.cursor.advance();
  };
}

const parseConst = simple((state) => {
  state.isConst = true;
});
const parseVolatile = simple((state) => {
  state.isVolatile = true;
});
const parseInline = simple((state) => {
  state.isInline = true;
});
const parseNoReturn = simple((state) => {
  state.attributes.isNoReturn = true;
});
const parseIgnored = simple(() => undefined);

function parseDeclarationAttributes(context: ParseContext, state: State): void {
  parseAttributes(context, state.attributes);
}

function parseFloating(context: ParseContext, { words }: State): void {
  if (words.base === undefined) context.report('floating-point-unsupported', context.place);
  words.base ??= 'int';
  context.cursor.advance();
}

/** Refused once, with the floating point beside it. */
function parseComplex(context: ParseContext, { words }: State): void {
  const { cursor } = context;
  const isFloating = FLOATING_WORD.test(cursor.previous.text);
  if (!isFloating) context.report('unsupported', context.place, 'a complex number');
  cursor.advance();
  if (FLOATING_WORD.test(cursor.token.text)) cursor.advance();
  else if (INTEGER_WORD.test(cursor.token.text)) return;
  words.base ??= 'int';
}

/** A word that is refused; a type among them counts as `int`. */
function parseRefused(context: ParseContext, { words }: State, text: string): void {
  context.report('unsupported', context.place, `\`${text}\``);
  if (text === '__auto_type') words.base ??= 'int';
  context.cursor.advance();
}

const SPECIFIERS: ReadonlyMap<string, SpecifierParser> = new Map<string, SpecifierParser>([
  ...(['void', 'char', 'int', '_Bool'] as const).map((base) => [base, baseParser(base)] as const),
  ...(['struct', 'union', 'enum'] as const).map((tag) => [tag, tagParser(tag)] as const),
  ...(['typedef', 'extern', 'static', 'auto', 'register'] as const).map(
    (storage) => [storage, storageParser(storage)] as const,
  ),
  ['short', parseShort],
  ['long', parseLong],
  ['unsigned', parseUnsigned],
  ...spellings(['signed', '__signed', '__signed__'], parseSigned),
  ...spellings(['const', '__const', '__const__'], parseConst),
  ...spellings(['volatile', '__volatile', '__volatile__'], parseVolatile),
  ...spellings(['inline', '__inline', '__inline__'], parseInline),
  ['_Noreturn', parseNoReturn],
  ...spellings(['typeof', '__typeof', '__typeof__'], parseTypeof),
  ...spellings(['__attribute__', '__attribute', '_Alignas'], parseDeclarationAttributes),
  ...spellings(['restrict', '__restrict', '__restrict__', '__extension__'], parseIgnored),
  ...spellings(['float', 'double'], parseFloating),
  ...spellings(['_Complex', '__complex__', '_Imaginary'], parseComplex),
  ...spellings(['__auto_type', '_Thread_local', '__thread', '_Atomic'], parseRefused),
]);

function spellings(
  words: readonly string[],
  parse: SpecifierParser,
): readonly (readonly [string, SpecifierParser])[] {
  return words.map((word) => [word, parse]);
}

function storageParser(storage: StorageClass): SpecifierParser {
  return (context, state, _text, allowsStorage) => {
    setStorage(context, state, storage, allowsStorage);
    context.cursor.advance();
  };
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

/** `void`, `char`, `int` or `_Bool`. */
function baseParser(base: NonNullable<Words['base']>): SpecifierParser {
  return (context, state) => {
    const { words } = state;
    if (words.base !== undefined || state.type !== undefined) reportTwoTypes(context);
    words.base = base;
    context.cursor.advance();
  };
}

function parseShort(context: ParseContext, { words }: State): void {
  if (words.isShort) reportTwoTypes(context);
  words.isShort = true;
  context.cursor.advance();
}

function parseLong(context: ParseContext, { words }: State): void {
  words.longs += 1;
  context.cursor.advance();
}

function parseUnsigned(context: ParseContext, { words }: State): void {
  if (words.sign !== undefined) reportTwoTypes(context);
  words.sign = 'unsigned';
  context.cursor.advance();
}

function parseSigned(context: ParseContext, { words }: State): void {
  if (words.sign !== undefined) reportTwoTypes(context);
  words.sign = 'signed';
  context.cursor.advance();
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
  if (symbol === undefined && repairTypeWord(context)) return true;
  const next = context.cursor.peek(1);
  const isName = next.kind === 'identifier' && !isKeyword(next.text);
  if (symbol !== undefined || (!isName && next.text !== '*')) return false;
  context.cursor.advance();
  reportUnknownType(context, token);
  state.type = ERROR_TYPE;
  return true;
}

function reportUnknownType(context: ParseContext, token: Token): void {
  if (token.text === WRONG_USE) return;
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

function tagParser(keyword: 'struct' | 'union' | 'enum'): SpecifierParser {
  return (context, state) => {
    if (hasType(state)) reportTwoTypes(context);
    state.type =
      keyword === 'enum'
        ? parseEnum(context)
        : parseRecord(context, keyword, (inner) => parseSpecifiers(inner, false));
    state.declaresTag = true;
  };
}

/** `typeof` `(` ( expression | type-name ) `)` */
function parseTypeof(context: ParseContext, state: State): void {
  if (hasType(state)) reportTwoTypes(context);
  context.cursor.advance();
  state.type = context.grammar.parseTypeofOperand(context);
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
    const { kind, text } = context.cursor.token;
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
