/**
 * Enumerations. A constant is an `int` where its value fits. Another has the type of its expression as
 * long as the list goes on, and the enumeration's own behind the `}`, where that type is known.
 *
 * Source: C99 6.7.2.2; GNU C (gcc 12) for values beyond `int`, which make the enumeration `unsigned int`
 * or 64 bits wide, and for forward mentions (`enum tag;`).
 */
import type { Span } from '../base/span.ts';
import type { EnumType, IntegerType } from '../bytecode/ctype.ts';
import { declareEnumConstant } from './declareSymbol.ts';
import { integerConstant } from './expressionNode.ts';
import { enumIntegerType, fitsInt, INT, promotedType, wrapToType } from './integerType.ts';
import { createAttributes, parseAttributes } from './parseAttribute.ts';
import type { ParseContext } from './parseContext.ts';
import type { EnumConstantSymbol } from './symbol.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { ERROR_ALIAS, isErrorType, isIntegerLike } from './typeRelation.ts';

/** The value of a constant as long as its list goes on. */
interface Value {
  readonly value: bigint;
  readonly type: IntegerType;
}

interface Entry {
  readonly name: string;
  readonly span: Span;
  readonly value: bigint;
  /** `undefined` for a name that means something else already. */
  readonly symbol: EnumConstantSymbol | undefined;
}

function createEnum(tag: string | undefined): EnumType {
  return { kind: 'enum', tag, layout: { constants: [], integer: undefined } };
}

/** `enum` [ tag ] [ `{` enumerator { `,` enumerator } [ `,` ] `}` ] */
export function parseEnum(context: ParseContext): EnumType {
  const { cursor } = context;
  const start = context.place;
  cursor.advance();
  const attributes = createAttributes();
  parseAttributes(context, attributes);
  const tag = cursor.at('{') ? undefined : context.expectIdentifier('a tag or `{`');
  const hasBody = cursor.at('{');
  const type = findEnum(context, tag, hasBody, start);
  if (hasBody) {
    context.scopes.noteBody();
    parseBody(context, type);
  }
  const { enums } = context.parts;
  if (hasBody && tag !== undefined && !enums.has(tag.text)) enums.set(tag.text, type);
  parseAttributes(context, attributes);
  if (attributes.isPacked) context.report('unsupported', context.spanFrom(start), 'a packed enum');
  return type;
}

function findEnum(
  context: ParseContext,
  tag: Token | undefined,
  hasBody: boolean,
  start: Span,
): EnumType {
  const type = createEnum(tag?.text);
  if (tag === undefined) return type;
  const name = tag.text;
  const known = hasBody ? context.scopes.findTagHere(name) : context.scopes.findTag(name);
  const span = tokenPlace(tag);
  if (known?.type.kind === 'enum') {
    if (!hasBody || known.type.layout.integer === undefined) {
      context.scopes.noteTag(known, hasBody);
      return known.type;
    }
    const notes = [{ message: 'the other definition is here', span: known.span }];
    context.reportWithNotes('redefined', span, notes, `enum ${name}`);
    return type;
  }
  if (known !== undefined) {
    const notes = [{ message: 'the previous declaration is here', span: known.span }];
    context.reportWithNotes('wrong-tag', span, notes, 'enum', name, known.keyword);
    return { ...type, alias: ERROR_ALIAS };
  }
  context.scopes.declareTag({ name, keyword: 'enum', type, span: hasBody ? span : start }, hasBody);
  return type;
}

function parseBody(context: ParseContext, type: EnumType): void {
  const { cursor } = context;
  const open = cursor.position;
  cursor.advance();
  const entries: Entry[] = [];
  let last: Value | undefined;
  while (!cursor.isPanicking && !cursor.at('}')) {
    const name = context.expectIdentifier('the name of a constant');
    if (name === undefined) break;
    parseAttributes(context, createAttributes());
    last = cursor.accept('=')
      ? (parseValue(context, name.text) ?? successor(last))
      : impliedValue(context, name, last);
    const { value } = last;
    const symbol = declareEnumConstant(context, name, last.type, value);
    entries.push({ name: name.text, span: tokenPlace(name), value, symbol });
    if (!cursor.accept(',')) break;
  }
  if (entries.length === 0) context.failSyntax('the name of a constant');
  else complete(context, type, entries);
  context.expect('}');
  cursor.recoverBehind(open);
}

function valueOf(value: bigint, type: IntegerType): Value {
  return { value, type: fitsInt(value) ? INT : type };
}

function successor(last: Value | undefined): Value {
  if (last === undefined) return { value: 0n, type: INT };
  return valueOf(wrapToType(last.value + 1n, last.type), last.type);
}

/** The value of a constant without `=`: one more than the last, in the type of the last. */
function impliedValue(context: ParseContext, name: Token, last: Value | undefined): Value {
  const next = successor(last);
  if (last !== undefined && next.value < last.value) {
    const texts = [name.text, last.value.toString(), last.type.name] as const;
    context.report('enum-overflow', tokenPlace(name), ...texts);
  }
  return next;
}

/** Gives the enumeration the type that holds all its constants, and that type to those beyond `int`. */
function complete(context: ParseContext, type: EnumType, entries: readonly Entry[]): void {
  const { layout } = type;
  let [lowest, highest] = [entries[0], entries[0]];
  for (const entry of entries) {
    if (lowest === undefined || entry.value < lowest.value) lowest = entry;
    if (highest === undefined || entry.value > highest.value) highest = entry;
  }
  if (lowest === undefined || highest === undefined) return;
  const integer = enumIntegerType(lowest.value, highest.value);
  if (wrapToType(highest.value, integer) !== highest.value) {
    context.report('enum-range', highest.span, highest.name, lowest.value.toString());
  }
  layout.constants = entries.map(({ name, value }) => ({
    name,
    value: wrapToType(value, integer),
  }));
  layout.integer = integer;
  for (const { value, symbol } of entries) {
    if (symbol === undefined || fitsInt(value)) continue;
    symbol.type = isErrorType(type) ? integer : type;
    symbol.value = wrapToType(value, integer);
  }
}

function parseValue(context: ParseContext, name: string): Value | undefined {
  const { cursor } = context;
  if (!context.enter()) return undefined;
  const expression = context.grammar.parseConditional(context);
  context.leave();
  if (expression.kind === 'error' || cursor.isPanicking) return undefined;
  const { type } = expression;
  const value = integerConstant(expression);
  if (value === undefined || !isIntegerLike(type)) {
    context.report('not-constant', expression.span, `the value of \`${name}\``);
    return undefined;
  }
  return valueOf(value, promotedType(type));
}
