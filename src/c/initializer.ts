/**
 * Initializers, flattened: a list of (byte offset, type, value) in the order of evaluation.
 *
 * A list in braces is walked with a stack of the objects that are being filled: values without
 * braces of their own go down into the next scalar, designators move the stack.
 * Source: C99 6.7.8; GNU additions: ranges of array elements, `name: value`, an array of unknown
 * length as the last member, a compound literal as a static initializer.
 */
import { isScalar, sizeOf, typeName, type CType } from '../bytecode/ctype.ts';
import type { Expression, Initializer, InitializerItem } from './ast.ts';
import { constantOf } from './constantExpression.ts';
import { convertForAssignment } from './conversion.ts';
import {
  currentLevel,
  memberCount,
  memberSlot,
  openLevel,
  parseDesignation,
  type Designation,
  type Level,
  type Slot,
} from './designator.ts';
import type { ParseContext } from './parseContext.ts';
import { isCompatible, isErrorType } from './typeRelation.ts';

/** Initializers of a unit may have so many items in all; ranges count every element. */
const ITEM_LIMIT = 1_000_000;

interface Builder {
  readonly context: ParseContext;
  readonly isStatic: boolean;
  /** By place, from the first byte to the last; only a string may be overlapped, by what follows it. */
  readonly items: InitializerItem[];
  /** The same and those that were replaced, in the order of the text. */
  readonly written: InitializerItem[];
  /** Where the items end that lie furthest behind, in bits. */
  end: number;
  /** The largest number of elements that an outermost array without length needs. */
  length: number;
}

/** `=` has been taken: a value or a list in braces. The result's type is complete. */
export function parseInitializer(
  context: ParseContext,
  type: CType,
  isStatic: boolean,
): Initializer {
  const start = context.place;
  const builder: Builder = { context, isStatic, items: [], written: [], end: 0, length: 0 };
  const isList = context.cursor.at('{');
  if (isList && isErrorType(type)) skipBraces(context);
  else if (isList) fillBraced(builder, { offset: 0, type }, true);
  else fillSingle(builder, type);
  const size = sizeOf(type);
  if (!isStatic && size !== undefined && builder.end > size * 8) {
    context.report('flexible-initializer', context.spanFrom(start));
  }
  const isOpen = type.kind === 'array' && type.length === undefined;
  const complete = isOpen ? { ...type, length: builder.length } : type;
  const isZeroFilled = isList || type.kind === 'array';
  return { type: complete, items: builder.items, isZeroFilled, span: context.spanFrom(start) };
}

/** assignment-expression for an object without braces */
function fillSingle(builder: Builder, type: CType): void {
  const { context } = builder;
  const value = context.grammar.parseAssignment(context);
  const slot = { offset: 0, type };
  if (fillString(builder, slot, value, true) || spliceLiteral(builder, slot, value)) return;
  if (type.kind === 'array') {
    if (value.kind !== 'error') context.report('array-initializer', value.span);
    return;
  }
  addValue(builder, slot, value);
}

/** `{` [ initializer-item { `,` initializer-item } [ `,` ] ] `}` */
function fillBraced(builder: Builder, slot: Slot, isOutermost: boolean): void {
  const { context } = builder;
  const { cursor } = context;
  if (!context.enter()) return;
  const open = cursor.position;
  cursor.advance();
  if (!isOutermost) dropEarlier(builder, slot);
  if (isScalar(slot.type)) fillBracedScalar(builder, slot);
  else fillMembers(builder, slot, isOutermost);
  cursor.accept(',');
  context.expect('}');
  cursor.recoverBehind(open);
  context.leave();
}

function fillBracedScalar(builder: Builder, slot: Slot): void {
  const { context } = builder;
  if (context.cursor.at('}')) {
    context.report('empty-scalar', context.place);
    return;
  }
  if (context.cursor.at('{')) fillBraced(builder, slot, false);
  else addValue(builder, slot, context.grammar.parseAssignment(context));
  while (context.cursor.at(',') && context.cursor.peek(1).text !== '}') {
    context.cursor.advance();
    context.report('excess-initializers', context.place, typeName(slot.type));
    context.grammar.parseAssignment(context);
  }
}

function fillMembers(builder: Builder, slot: Slot, isOutermost: boolean): void {
  const { context } = builder;
  const { cursor } = context;
  const root = openLevel(slot);
  const levels: Level[] = [root];
  let isFirst = true;
  while (!cursor.at('}') && !cursor.isPanicking && cursor.token.kind !== 'end') {
    const designation = parseDesignation(context, levels);
    if (isFirst && fillWholeString(builder, slot, isOutermost)) break;
    isFirst = false;
    const from = builder.written.length;
    fillNext(builder, levels);
    repeatItems(builder, designation, from);
    if (isOutermost)
      builder.length = Math.max(builder.length, root.index + (levels.length > 1 ? 1 : 0));
    if (!cursor.accept(',')) break;
  }
}

/** `{ "text" }` for an array of characters. */
function fillWholeString(builder: Builder, slot: Slot, isOutermost: boolean): boolean {
  const { cursor, grammar } = builder.context;
  if (cursor.token.kind !== 'string' || slot.type.kind !== 'array') return false;
  if (!isCharacter(slot.type.element) && !isWideCharacter(slot.type.element)) return false;
  return fillString(builder, slot, grammar.parseAssignment(builder.context), isOutermost);
}

/** Gives the next value to the next member, going down into it if the value is for a part of it. */
function fillNext(builder: Builder, levels: Level[]): void {
  const { context } = builder;
  const level = currentLevel(levels);
  const slot = level === undefined ? undefined : memberSlot(level);
  if (level === undefined || slot === undefined) {
    const type = levels[0]?.type;
    context.report('excess-initializers', context.place, type === undefined ? '' : typeName(type));
    if (context.cursor.at('{')) skipBraces(context);
    else context.grammar.parseAssignment(context);
    return;
  }
  if (context.cursor.at('{')) {
    fillBraced(builder, slot, false);
    level.index += 1;
    return;
  }
  fillWith(builder, levels, level, slot, context.grammar.parseAssignment(context));
}

function skipBraces(context: ParseContext): void {
  const close = context.cursor.matchingBracket(context.cursor.position);
  if (close < 0) context.failSyntax('`}`');
  else context.cursor.moveTo(close + 1);
}

function fillWith(
  builder: Builder,
  levels: Level[],
  first: Level,
  firstSlot: Slot,
  value: Expression,
): void {
  let level = first;
  let slot = firstSlot;
  for (;;) {
    const isWhole =
      isScalar(slot.type) ||
      value.kind === 'error' ||
      (slot.type.kind === 'record' && isCompatible(slot.type, value.type));
    if (isWhole) {
      if (!spliceLiteral(builder, slot, value)) addValue(builder, slot, value);
      level.index += 1;
      return;
    }
    if (fillString(builder, slot, value, false)) {
      level.index += 1;
      return;
    }
    const inner = openLevel(slot);
    const innerSlot = memberCount(slot.type) > 0 ? memberSlot(inner) : undefined;
    if (innerSlot === undefined || levels.length > 200) {
      addValue(builder, slot, value);
      level.index += 1;
      return;
    }
    levels.push(inner);
    level = inner;
    slot = innerSlot;
  }
}

/** Copies the items of one array element to those that follow it. */
function repeatItems(builder: Builder, designation: Designation, from: number): void {
  const { level, count } = designation;
  if (level?.type.kind !== 'array') return;
  const items = builder.written.slice(from);
  if (!takeBudget(builder, items.length * (count - 1))) return;
  const size = sizeOf(level.type.element) ?? 0;
  for (let copy = 1; copy < count; copy += 1) {
    for (const item of items) addItem(builder, { ...item, offset: item.offset + copy * size });
  }
  level.index += count - 1;
}

function takeBudget(builder: Builder, count: number): boolean {
  const { context } = builder;
  const wasWithin = context.initializerItems <= ITEM_LIMIT;
  context.initializerItems += count;
  if (context.initializerItems <= ITEM_LIMIT) return true;
  if (wasWithin) context.report('initializer-too-large', context.place, ITEM_LIMIT);
  return false;
}

function isCharacter(type: CType): boolean {
  return type.kind === 'integer' && type.size === 1 && type.name !== '_Bool';
}

/** `wchar_t` is `long`. */
function isWideCharacter(type: CType): boolean {
  return type.kind === 'integer' && type.size === 4 && type.name === 'long';
}

/** The array's length if the value is a string literal of its characters. */
function stringLength(type: CType, value: Expression): number | undefined {
  if (value.kind !== 'string' || type.kind !== 'array' || value.type.kind !== 'array') {
    return undefined;
  }
  const isWide = isWideCharacter(value.type.element);
  const isFitting = isWide ? isWideCharacter(type.element) : isCharacter(type.element);
  return isFitting ? value.type.length : undefined;
}

/** A string literal for an array of characters. */
function fillString(
  builder: Builder,
  slot: Slot,
  value: Expression,
  isOutermost: boolean,
): boolean {
  const { type } = slot;
  const given = stringLength(type, value);
  if (given === undefined || type.kind !== 'array') return false;
  const length = type.length ?? given;
  if (isOutermost) builder.length = length;
  if (given - 1 > length) {
    builder.context.report('string-too-long', value.span, length);
  }
  const whole: CType = type.length === undefined ? { ...type, length } : type;
  addItem(builder, { offset: slot.offset, type: whole, value });
  return true;
}

/** A static object may begin as a compound literal of its type: the literal's items are taken. */
function spliceLiteral(builder: Builder, slot: Slot, value: Expression): boolean {
  if (value.kind !== 'compoundLiteral' || isScalar(slot.type)) return false;
  if (!builder.isStatic && slot.type.kind !== 'array') return false;
  if (!isCompatible(slot.type, value.type)) return false;
  for (const item of value.initializer.items) {
    addItem(builder, { ...item, offset: slot.offset + item.offset });
  }
  if (value.type.kind === 'array') builder.length = value.type.length ?? 0;
  return true;
}

function addValue(builder: Builder, slot: Slot, operand: Expression): void {
  const { context } = builder;
  const { type, offset, bits } = slot;
  if (isErrorType(type)) return;
  const value = convertForAssignment(context, operand, type, 'initialization');
  if (value.kind === 'error' || !takeBudget(builder, 1)) return;
  const place = bits === undefined ? { offset, type } : { offset, type, bits };
  if (!builder.isStatic) {
    addItem(builder, { ...place, value });
    return;
  }
  const constant = constantOf(value);
  if (constant === undefined) context.report('initializer-not-constant', value.span);
  else addItem(builder, { ...place, value, constant });
}

/** The bits that the item covers, from the start of the object. */
function itemRange(item: InitializerItem): readonly [number, number] {
  const start = item.offset * 8 + (item.bits?.start ?? 0);
  return [start, start + (item.bits?.width ?? (sizeOf(item.type) ?? 0) * 8)];
}

/** A list in braces is for a whole object: what was said of its parts before does not count. */
function dropEarlier(builder: Builder, { type, offset, bits }: Slot): void {
  if (bits !== undefined || isScalar(type)) return;
  dropOverlapping(builder, offset * 8, (offset + (sizeOf(type) ?? 0)) * 8);
}

/** The index of the first item that does not begin before the bit. */
function firstFrom({ items }: Builder, bit: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && itemRange(item)[0] < bit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isString({ value, type }: InitializerItem): boolean {
  return value.kind === 'string' && type.kind === 'array';
}

/**
 * Drops earlier items for these bits; a string stays while some of its characters are still meant.
 * The result is the index for a new item there.
 */
function dropOverlapping(builder: Builder, start: number, end: number): number {
  const { items } = builder;
  if (start >= builder.end) return items.length;
  let index = firstFrom(builder, start);
  const before = items[index - 1];
  if (before !== undefined && !isString(before) && itemRange(before)[1] > start) {
    index -= 1;
    items.splice(index, 1);
  }
  let behind = index;
  let kept: InitializerItem | undefined;
  for (let item = items[behind]; item !== undefined; item = items[behind]) {
    const [itemStart, itemEnd] = itemRange(item);
    if (itemStart >= end) break;
    if (isString(item) && itemEnd > end) kept = item;
    behind += 1;
  }
  if (behind === index) return index;
  items.splice(index, behind - index, ...(kept === undefined ? [] : [kept]));
  return kept === undefined ? index : index + 1;
}

/**
 * Adds an item; earlier ones for the same place are dropped. C leaves the order of evaluation open:
 * gcc goes from the first byte to the last, and so do we.
 */
function addItem(builder: Builder, item: InitializerItem): void {
  const [start, end] = itemRange(item);
  const index = dropOverlapping(builder, start, end);
  if (index === builder.items.length) builder.items.push(item);
  else builder.items.splice(index, 0, item);
  builder.written.push(item);
  builder.end = Math.max(builder.end, end);
}
