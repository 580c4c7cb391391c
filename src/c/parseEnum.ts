/**
 * Enumerations. Their constants are `int` where the value fits, else `unsigned int`; a value that
 * fits neither is refused, because gcc would then make the enumeration wider than a word.
 *
 * Source: C99 6.7.2.2; forward mentions (`enum tag;`) as in GNU C.
 */
import type { Span } from '../base/span.ts';
import type { EnumType } from '../bytecode/ctype.ts';
import { declareEnumConstant } from './declareSymbol.ts';
import { integerConstant } from './expressionNode.ts';
import { INT, UNSIGNED_INT } from './integerType.ts';
import { createAttributes, parseAttributes } from './parseAttribute.ts';
import type { ParseContext } from './parseContext.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { ERROR_ALIAS } from './typeRelation.ts';

type Constants = { readonly name: string; readonly value: number }[];

function createEnum(tag: string | undefined): EnumType {
  return { kind: 'enum', tag, constants: [] };
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
    if (!hasBody || known.type.constants.length === 0) {
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
  // The one place where the list grows: the type may have been mentioned before its body.
  const constants = type.constants as Constants;
  const open = cursor.position;
  cursor.advance();
  let next = 0n;
  while (!cursor.isPanicking && !cursor.at('}')) {
    const name = context.expectIdentifier('the name of a constant');
    if (name === undefined) break;
    parseAttributes(context, createAttributes());
    if (cursor.accept('=')) next = parseValue(context, name.text) ?? next;
    const isInt = BigInt.asIntN(32, next) === next;
    if (!isInt && BigInt.asUintN(32, next) !== next) {
      context.report('enum-too-large', tokenPlace(name), name.text, next.toString());
      next = 0n;
    }
    declareEnumConstant(context, name, isInt ? INT : UNSIGNED_INT, next);
    constants.push({ name: name.text, value: Number(next) });
    next += 1n;
    if (!cursor.accept(',')) break;
  }
  if (constants.length === 0) context.failSyntax('the name of a constant');
  context.expect('}');
  cursor.recoverBehind(open);
}

function parseValue(context: ParseContext, name: string): bigint | undefined {
  const { cursor } = context;
  if (!context.enter()) return undefined;
  const expression = context.grammar.parseConditional(context);
  context.leave();
  if (expression.kind === 'error' || cursor.isPanicking) return undefined;
  const value = integerConstant(expression);
  if (value === undefined) {
    context.report('not-constant', expression.span, `the value of \`${name}\``);
  }
  return value;
}
