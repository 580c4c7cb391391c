/**
 * The objects that a list in braces is filling, and designators, which say where it goes on.
 *
 * `levels` holds the object of the braces first and, behind it, those of its parts that were entered
 * without braces of their own. Source: C99 6.7.8, paragraphs 17 to 20.
 */
import { findField, sizeOf, typeName, type CType, type Field } from '../bytecode/ctype.ts';
import { integerConstant } from './expressionNode.ts';
import type { ParseContext } from './parseContext.ts';
import { tokenPlace } from './tokenCursor.ts';

/** Designated indices of an array without a length stay below this. */
const INDEX_LIMIT = 16_000_000;

/** A place that takes a value. */
export interface Slot {
  readonly offset: number;
  readonly type: CType;
  readonly bits?: Field['bits'];
}

/** An object whose members are being filled. */
export interface Level {
  readonly offset: number;
  readonly type: CType;
  /** Of the next element or field. */
  index: number;
  /** Where the members end; for a union, behind the one that is filled. */
  limit: number;
}

/** How many members the object has; an array without length has as many as are given. */
export function memberCount(type: CType): number {
  if (type.kind === 'array') return type.length ?? Infinity;
  if (type.kind !== 'record') return 0;
  const fields = type.layout.fields ?? [];
  return type.layout.keyword === 'union' ? Math.min(1, fields.length) : fields.length;
}

/** The members of the object in the slot, from the first on. */
export function openLevel(slot: Slot): Level {
  return { offset: slot.offset, type: slot.type, index: 0, limit: memberCount(slot.type) };
}

/** The place of the level's next member, if there is one. */
export function memberSlot(level: Level): Slot | undefined {
  const { type, offset, index } = level;
  if (type.kind === 'array') {
    return { type: type.element, offset: offset + index * (sizeOf(type.element) ?? 0) };
  }
  const field = type.kind === 'record' ? type.layout.fields?.[index] : undefined;
  return field === undefined ? undefined : slotOfField(field, offset);
}

function slotOfField(field: Field, base: number): Slot {
  const slot = { type: field.type, offset: base + field.offset };
  return field.bits === undefined ? slot : { ...slot, bits: field.bits };
}

/** The innermost level that has a member left; finished ones are dropped. */
export function currentLevel(levels: Level[]): Level | undefined {
  for (;;) {
    const level = levels.at(-1);
    if (level === undefined || level.index < level.limit) return level;
    if (levels.length === 1) return undefined;
    levels.pop();
    const parent = levels.at(-1);
    if (parent !== undefined) parent.index += 1;
  }
}

/** A range designator repeats the value for the elements of a level; `count` is 1 without one. */
export interface Designation {
  readonly level: Level | undefined;
  readonly count: number;
}

/** { `[` constant [ `...` constant ] `]` | `.` name } `=`, or `name` `:` */
export function parseDesignation(context: ParseContext, levels: Level[]): Designation {
  const { cursor } = context;
  const isOldForm = cursor.token.kind === 'identifier' && cursor.peek(1).text === ':';
  if (!cursor.at('[') && !cursor.at('.') && !isOldForm) return { level: undefined, count: 1 };
  levels.length = 1;
  let designation: Designation = { level: undefined, count: 1 };
  let isFirst = true;
  while (cursor.at('[') || cursor.at('.') || (isOldForm && isFirst)) {
    const level = isFirst ? levels[0] : enterMember(levels);
    if (level === undefined) break;
    if (cursor.at('[')) {
      const count = designateElement(context, level);
      if (count > 1) designation = { level, count };
    } else designateField(context, levels, level);
    isFirst = false;
  }
  if (isOldForm) cursor.accept(':');
  else cursor.accept('=');
  return designation;
}

/** Goes down into the member that the last designator named. */
function enterMember(levels: Level[]): Level | undefined {
  const outer = levels.at(-1);
  const slot = outer === undefined ? undefined : memberSlot(outer);
  if (slot === undefined) return undefined;
  const level = openLevel(slot);
  levels.push(level);
  return level;
}

function parseIndex(context: ParseContext): number | undefined {
  const expression = context.grammar.parseConditional(context);
  if (expression.kind === 'error') return undefined;
  const value = integerConstant(expression);
  if (value === undefined) context.report('not-constant', expression.span, 'the index');
  return value === undefined ? undefined : Number(value);
}

/** `[` constant-expression [ `...` constant-expression ] `]` */
function designateElement(context: ParseContext, level: Level): number {
  const start = context.place;
  context.cursor.advance();
  const first = parseIndex(context);
  const last = context.cursor.accept('...') ? parseIndex(context) : first;
  context.expect(']');
  if (first === undefined || last === undefined) return 1;
  const span = context.spanFrom(start);
  if (level.type.kind !== 'array') {
    context.report('designator-type', span, typeName(level.type));
    return 1;
  }
  const limit = level.type.length ?? INDEX_LIMIT;
  if (first < 0 || last < first || last >= limit) {
    context.report('designator-range', span, typeName(level.type));
    return 1;
  }
  level.index = first;
  return last - first + 1;
}

/** `.` name, also through anonymous members */
function designateField(context: ParseContext, levels: Level[], start: Level): void {
  context.cursor.accept('.');
  const name = context.expectIdentifier('a member name');
  if (name === undefined) return;
  let level = start;
  for (;;) {
    const fields = level.type.kind === 'record' ? (level.type.layout.fields ?? []) : [];
    const index = fields.findIndex((field) => field.name === name.text);
    if (index >= 0) {
      level.index = index;
      level.limit = Math.max(level.limit, index + 1);
      return;
    }
    const through = fields.findIndex(
      (field) =>
        field.name === undefined &&
        field.type.kind === 'record' &&
        findField(field.type.layout, name.text) !== undefined,
    );
    level.index = Math.max(0, through);
    level.limit = Math.max(level.limit, level.index + 1);
    const inner = through < 0 ? undefined : enterMember(levels);
    if (inner === undefined) {
      if (level.type.kind === 'record') {
        context.report('unknown-member', tokenPlace(name), typeName(level.type), name.text);
      } else context.report('designator-type', tokenPlace(name), typeName(level.type));
      return;
    }
    level = inner;
  }
}
