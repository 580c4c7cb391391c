/**
 * Structs and unions: their members, and the layout when the body is complete.
 *
 * Source: C99 6.7.2.1; GNU additions: anonymous members, empty records, arrays of length 0.
 */
import { didYouMean } from '../base/closestName.ts';
import type { Span } from '../base/span.ts';
import {
  sizeOf,
  typeName,
  type CType,
  type EnumType,
  type RecordLayout,
  type RecordType,
} from '../bytecode/ctype.ts';
import { checkFlags, recordMemberAnnotations, type FieldMark } from './attachAnnotation.ts';
import { integerConstant } from './expressionNode.ts';
import { bitFieldType } from './integerType.ts';
import { createAttributes, parseAttributes, type Attributes } from './parseAttribute.ts';
import type { ParseContext } from './parseContext.ts';
import { parseDeclarator } from './parseDeclarator.ts';
import { layOutRecord, SIZE_LIMIT, type MemberSpec } from './recordLayout.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { ERROR_ALIAS, isComplete, isErrorType, isIntegerLike } from './typeRelation.ts';

/** What a member's declaration begins with. */
interface MemberSpecifiers {
  readonly type: CType;
  readonly attributes: Attributes;
  readonly start: Span;
}

/** Parses the specifiers of a member; comes from above to keep the imports straight. */
type SpecifierParser = (context: ParseContext) => MemberSpecifiers;

type Keyword = 'struct' | 'union';

function createLayout(keyword: Keyword, tag: string | undefined): RecordLayout {
  return { keyword, tag, fields: undefined, size: 0, align: 1, span: undefined };
}

/** ( `struct` | `union` ) [ tag ] [ `{` { member-declaration } `}` ] */
export function parseRecord(
  context: ParseContext,
  keyword: Keyword,
  parseMemberSpecifiers: SpecifierParser,
): RecordType {
  const { cursor } = context;
  cursor.advance();
  const attributes = createAttributes();
  parseAttributes(context, attributes);
  const tag = cursor.at('{') ? undefined : context.expectIdentifier('a tag or `{`');
  const hasBody = cursor.at('{');
  const type = findRecord(context, keyword, tag, hasBody);
  if (!hasBody || !context.enter()) return type;
  context.scopes.noteBody();
  const start = context.place;
  const members = parseBody(context, keyword, tag?.text, parseMemberSpecifiers);
  context.leave();
  const { layout } = type;
  layout.span = context.spanFrom(tag === undefined ? start : tokenPlace(tag));
  parseAttributes(context, attributes);
  const packLimit = context.packLimits.at(-1) ?? 0;
  layOutRecord(layout, members, { ...attributes, packLimit });
  checkLayout(context, layout, members);
  if (tag !== undefined && !context.parts.records.has(tag.text)) {
    context.parts.records.set(tag.text, layout);
  }
  return type;
}

function checkLayout(
  context: ParseContext,
  layout: RecordLayout,
  members: readonly MemberSpec[],
): void {
  if (layout.size > SIZE_LIMIT) {
    context.report('too-large', layout.span, `\`${layout.keyword}\``);
    layout.size = 0;
    layout.fields = [];
  }
  for (const field of layout.fields ?? []) {
    if (field.bits === undefined || field.bits.start + field.bits.width <= 64) continue;
    const member = members.find((item) => item.name === field.name);
    context.report('unsupported', member?.span, 'a packed bit-field over more than 8 bytes');
  }
}

/** The type behind the tag; a new one where the tag is new in its scope. */
function findRecord(
  context: ParseContext,
  keyword: Keyword,
  tag: Token | undefined,
  hasBody: boolean,
): RecordType {
  const type: RecordType = { kind: 'record', layout: createLayout(keyword, tag?.text) };
  if (tag === undefined) return type;
  const name = tag.text;
  const span = tokenPlace(tag);
  const isOwn = hasBody || context.cursor.at(';');
  const known = isOwn ? context.scopes.findTagHere(name) : context.scopes.findTag(name);
  if (known?.type.kind === 'record' && known.keyword === keyword) {
    const other = known.type.layout;
    if (!hasBody || (other.fields === undefined && other.span === undefined)) {
      if (hasBody) other.span = span;
      context.scopes.noteTag(known, hasBody);
      return known.type;
    }
    const notes = [{ message: 'the other definition is here', span: other.span ?? known.span }];
    context.reportWithNotes('redefined', span, notes, `${keyword} ${name}`);
    return type;
  }
  if (known !== undefined) {
    const notes = [{ message: 'the previous declaration is here', span: known.span }];
    context.reportWithNotes('wrong-tag', span, notes, keyword, name, known.keyword);
    return { ...type, alias: ERROR_ALIAS };
  }
  if (context.isPrototype && !hasBody) {
    context.report('tag-in-prototype', span, `${keyword} ${name}`);
  }
  const declared = context.scopes.declareTag({ name, keyword, type, span }, hasBody).type;
  if (declared.kind !== 'record') return type;
  if (hasBody) declared.layout.span = span;
  return declared;
}

/** `{` { member-declaration } `}` */
function parseBody(
  context: ParseContext,
  keyword: Keyword,
  tag: string | undefined,
  parseMemberSpecifiers: SpecifierParser,
): readonly MemberSpec[] {
  const { cursor } = context;
  const members: MemberSpec[] = [];
  const names = new Map<string, Span>();
  const outerBlock = cursor.blockOpen;
  const open = cursor.position;
  const flagCount = context.parts.flags.length;
  cursor.blockOpen = open;
  cursor.advance();
  const marks = [...recordMemberAnnotations(context, tag)];
  while (!cursor.at('}') && cursor.token.kind !== 'end') {
    const before = cursor.position;
    if (!cursor.accept(';')) parseMember(context, members, names, parseMemberSpecifiers);
    cursor.recover();
    if (cursor.position === before) cursor.advance();
    marks.push(...recordMemberAnnotations(context, tag));
  }
  cursor.blockOpen = outerBlock;
  context.expect('}');
  checkFlexible(context, keyword, members);
  if (context.parts.flags.length > flagCount) {
    const own = new Set(names.keys());
    checkFlags(context, own, ({ recordTag }) => recordTag === (tag ?? ''));
  }
  return marks.length === 0 ? members : markMembers(context, members, marks);
}

/** The members with those marked whose accesses are visible operations or need a lock. */
function markMembers(
  context: ParseContext,
  members: readonly MemberSpec[],
  marks: readonly FieldMark[],
): readonly MemberSpec[] {
  const names = new Set(members.flatMap(({ name }) => name ?? []));
  for (const { name, span } of marks) {
    if (!names.has(name)) context.report('flags-unknown', span, name, didYouMean(name, names));
  }
  return members.map((member) => {
    const own = marks.filter(({ name }) => name === member.name);
    if (own.length === 0) return member;
    const isGuarded = own.some((mark) => mark.isGuard);
    const isVisible = own.some((mark) => !mark.isGuard);
    return {
      ...member,
      ...(isVisible ? { isVisible: true as const } : {}),
      ...(isGuarded ? { isGuarded: true as const } : {}),
    };
  });
}

/** A member of unknown length may only be the last of a struct. */
function checkFlexible(
  context: ParseContext,
  keyword: Keyword,
  members: readonly MemberSpec[],
): void {
  members.forEach((member, index) => {
    const { type } = member;
    if (type.kind !== 'array' || type.length !== undefined) return;
    const isLast = index === members.length - 1;
    if (keyword === 'struct' && isLast) return;
    context.report('flexible-not-last', member.span, member.name ?? '');
  });
}

/** specifiers [ member-declarator { `,` member-declarator } ] `;` */
function parseMember(
  context: ParseContext,
  members: MemberSpec[],
  names: Map<string, Span>,
  parseMemberSpecifiers: SpecifierParser,
): void {
  const { cursor } = context;
  if (cursor.at('_Static_assert')) {
    context.grammar.parseStaticAssert(context);
    return;
  }
  const specifiers = parseMemberSpecifiers(context);
  if (cursor.isPanicking) return;
  if (cursor.at(';')) {
    cursor.advance();
    addAnonymous(context, members, names, specifiers);
    return;
  }
  do {
    const member = parseMemberDeclarator(context, specifiers);
    if (member === undefined) break;
    if (member.name !== undefined) claimName(context, names, member.name, member.span);
    members.push(member);
  } while (cursor.accept(','));
  context.expectSemicolon();
}

function claimName(
  context: ParseContext,
  names: Map<string, Span>,
  name: string,
  span: Span,
): void {
  const other = names.get(name);
  if (other !== undefined) {
    const notes = [{ message: 'the other member is here', span: other }];
    context.reportWithNotes('duplicate-member', span, notes, name);
  }
  names.set(name, span);
}

function addAnonymous(
  context: ParseContext,
  members: MemberSpec[],
  names: Map<string, Span>,
  specifiers: MemberSpecifiers,
): void {
  const { type, attributes, start } = specifiers;
  if (type.kind !== 'record' || type.layout.tag !== undefined) {
    const isJustTag = type.kind === 'record' || type.kind === 'enum';
    if (!isJustTag) context.report('declares-nothing', start);
    return;
  }
  claimInnerNames(context, names, type, start);
  const { align, isPacked } = attributes;
  members.push({ name: undefined, type, bitWidth: undefined, align, isPacked, span: start });
}

function claimInnerNames(
  context: ParseContext,
  names: Map<string, Span>,
  type: RecordType,
  place: Span,
): void {
  for (const field of type.layout.fields ?? []) {
    if (field.name !== undefined) claimName(context, names, field.name, field.span ?? place);
    else if (field.type.kind === 'record') claimInnerNames(context, names, field.type, place);
  }
}

/** [ declarator ] [ `:` constant-expression ] */
function parseMemberDeclarator(
  context: ParseContext,
  specifiers: MemberSpecifiers,
): MemberSpec | undefined {
  const { cursor } = context;
  const attributes = { ...specifiers.attributes };
  const place = context.place;
  let type = specifiers.type;
  let name: Token | undefined;
  if (!cursor.at(':')) {
    const declarator = parseDeclarator(context, type, 'named');
    ({ type, name } = declarator);
  }
  if (cursor.isPanicking) return undefined;
  const span = name === undefined ? place : tokenPlace(name);
  const bitWidth = cursor.accept(':') ? parseBitWidth(context, type, name, span) : undefined;
  parseAttributes(context, attributes);
  if (bitWidth === undefined && !checkMemberType(context, type, name, span)) return undefined;
  const { align, isPacked } = attributes;
  if (bitWidth !== undefined) type = bitFieldType(type, bitWidth);
  return { name: name?.text, type, bitWidth, align, isPacked, span };
}

function checkMemberType(
  context: ParseContext,
  type: CType,
  name: Token | undefined,
  span: Span,
): boolean {
  const isFlexible = type.kind === 'array' && type.length === undefined;
  if (isComplete(type) || (isFlexible && isComplete(type.element))) return true;
  if (!isErrorType(type)) {
    context.report('member-type', span, name?.text ?? '', typeName(type));
  }
  return false;
}

function parseBitWidth(
  context: ParseContext,
  type: CType,
  name: Token | undefined,
  span: Span,
): number | undefined {
  if (!context.enter()) return undefined;
  const width = context.grammar.parseConditional(context);
  context.leave();
  if (width.kind === 'error' || context.cursor.isPanicking) return undefined;
  const label = name === undefined ? 'bit-field' : `bit-field \`${name.text}\``;
  if (!isIntegerLike(type)) {
    context.report('bit-field-type', span, label, typeName(type));
    return undefined;
  }
  const value = Number(integerConstant(width) ?? -1n);
  const isBool = type.kind === 'integer' && type.name === '_Bool';
  const limit = isBool ? 1 : (sizeOf(type) ?? 4) * 8;
  if (value < 0 || value > limit || (value === 0 && name !== undefined)) {
    context.report('bit-field-width', width.span, label, limit);
    return undefined;
  }
  if (type.kind === 'enum' && type.layout.constants.some((item) => value < bitsOf(item, type))) {
    context.report('enum-bit-field', span, label, typeName(type));
  }
  return value;
}

/** How many bits hold the value of a constant as its enumeration's type has it. */
function bitsOf({ value }: { readonly value: bigint }, { layout }: EnumType): number {
  const magnitude = value < 0n ? ~value : value;
  if (magnitude === 0n) return 1;
  return magnitude.toString(2).length + (layout.integer?.isSigned === true ? 1 : 0);
}
