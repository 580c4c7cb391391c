/**
 * The text of a value in one line, as the Variables view, hovers and the console show it.
 *
 * Flags come with their names, enumerations by name, pointers to functions as `<name>`, pointers and
 * arrays of `char` with their text, structs with a preview of their first members. A value that cannot
 * be read says so with its address.
 */
import { asAddress, hex, type Address } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import type { CType, EnumType, IntegerType, RecordType } from '../bytecode/ctype.ts';
import { isScalar, sizeOf, typeName } from '../bytecode/ctype.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import { CODE_BASE, functionAt, type Program } from '../bytecode/program.ts';
import { asPc } from '../base/brand.ts';
import { flagsPrefixOfField, formatFlags } from './flagNames.ts';
import { readScalar, type TypedValue } from './typedValue.ts';

/** Where values are read from. */
export interface ValueContext {
  readonly program: Program;
  readonly memory: MemoryReader;
  /** Whether whole numbers are written in hexadecimal. */
  readonly isHex?: boolean;
  /** Whether all members, elements and characters are wanted, as for the clipboard, instead of a preview. */
  readonly isWhole?: boolean;
  /** Whether a value has not been given yet; nothing lacks one without it. */
  readonly isMissing?: (item: TypedValue) => boolean;
  /** A word about what a pointer points to, such as a task's name; `undefined` when there is none. */
  readonly describePointer?: (target: CType, address: Address) => string | undefined;
  /** A place in the sources that belongs to what a pointer points to, such as where a task stands. */
  readonly placeOfPointer?: (target: CType, address: Address) => Span | undefined;
}

/** Instead of what happens to lie in memory where nothing was written. */
const NO_VALUE = 'no value yet';

/** Whether a text stands for a value that is not there or cannot be read. */
export function readsAsNoValue(text: string): boolean {
  return text === NO_VALUE || text.startsWith('<cannot read memory') || text === '<no value>';
}

const STRING_LIMIT = 80;
const PREVIEW_MEMBERS = 4;
const PREVIEW_ELEMENTS = 8;
/** Characters and elements of one array in a whole value. */
const WHOLE_LIMIT = 1024;

const CHAR: CType = { kind: 'integer', name: 'char', size: 1, isSigned: true };

const ESCAPES: Readonly<Record<number, string>> = {
  0: '\\0',
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

function escapeByte(byte: number): string {
  const known = ESCAPES[byte];
  if (known !== undefined) return known;
  if (byte >= 32 && byte < 127) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function isChar(type: CType): boolean {
  return type.kind === 'integer' && type.size === 1 && type.name.includes('char');
}

function limitIn(context: ValueContext, limit: number): number {
  return context.isWhole === true ? WHOLE_LIMIT : limit;
}

/** The characters up to a zero byte in quotes; `limit` bytes at most, or up to one without value, then `…`. */
function quoteString(context: ValueContext, address: Address, limit: number): string | undefined {
  let text = '';
  for (let index = 0; index < limit; index += 1) {
    const at = asAddress(address + index);
    if (context.isMissing?.({ type: CHAR, address: at }) === true) {
      return index === 0 ? NO_VALUE : `"${text}"…`;
    }
    const byte = context.memory.readByte(at);
    if (byte === undefined) return index === 0 ? undefined : `"${text}"…`;
    if (byte === 0) return `"${text}"`;
    text += escapeByte(byte);
  }
  return `"${text}"…`;
}

function integerText(type: IntegerType, value: bigint): string {
  if (type.name === '_Bool') return value === 0n ? 'false' : 'true';
  if (isChar(type)) {
    const byte = Number(BigInt.asUintN(8, value));
    return byte >= 32 && byte < 127 ? `${String(value)} '${escapeByte(byte)}'` : String(value);
  }
  if (!type.isSigned && value >= 0x10000n) return `0x${value.toString(16)}`;
  // A word with its top bit set is more often a pattern of bits than a number.
  if (type.size === 4 && value < -0x7fffn) return `${String(value)} (${hex(Number(value))})`;
  return String(value);
}

function enumText(type: EnumType, value: bigint): string {
  const constant = type.layout.constants.find((item) => item.value === value);
  return constant?.name ?? String(value);
}

/** The name of the function that a code address lies in, `name+0x10` for one inside it. */
export function functionNameAt(program: Program, address: number): string | undefined {
  const pc = ((address >>> 0) - CODE_BASE) / 4;
  if (pc < 0 || !Number.isInteger(pc)) return undefined;
  const found = functionAt(program, asPc(pc));
  if (found === undefined) return undefined;
  return pc === found.entry ? found.name : `${found.name}+${hex(pc - found.entry)}`;
}

function pointerText(context: ValueContext, target: CType, value: bigint): string {
  const address = asAddress(Number(value));
  if (address === 0) return 'NULL';
  const name = functionNameAt(context.program, address);
  if (name !== undefined) return `${hex(address)} <${name}>`;
  if (isChar(target)) {
    const text = quoteString(context, address, limitIn(context, STRING_LIMIT));
    if (text !== undefined) return `${hex(address)} ${text}`;
  }
  const word = context.describePointer?.(target, address);
  return word === undefined ? hex(address) : `${hex(address)} (${word})`;
}

function scalarText(context: ValueContext, item: TypedValue, value: bigint): string {
  if (item.flagsPrefix !== undefined) {
    const bits = (sizeOf(item.type) ?? 4) * 8;
    return formatFlags(context.program, item.flagsPrefix, BigInt.asUintN(bits, value));
  }
  const { type } = item;
  if (context.isHex === true && (type.kind === 'integer' || type.kind === 'enum')) {
    const bits = item.bits?.width ?? (sizeOf(type) ?? 4) * 8;
    return `0x${BigInt.asUintN(bits, value).toString(16)}`;
  }
  if (type.kind === 'integer') return integerText(type, value);
  if (type.kind === 'enum') return enumText(type, value);
  return type.kind === 'pointer' ? pointerText(context, type.target, value) : String(value);
}

/** Whether a member is short enough for a preview: a scalar, or a struct around one. */
function isShort(type: CType): boolean {
  if (isScalar(type)) return true;
  const fields = type.kind === 'record' ? (type.layout.fields ?? []) : [];
  return fields.length === 1 && fields.every((field) => isScalar(field.type));
}

function recordText(context: ValueContext, type: RecordType, address: Address): string {
  const { fields } = type.layout;
  if (fields === undefined) return '{incomplete type}';
  const shown: string[] = [];
  let isMissing = true;
  for (const field of fields) {
    if (context.isWhole !== true) {
      if (field.name === undefined || !isShort(field.type)) continue;
      if (shown.length === PREVIEW_MEMBERS) break;
    }
    const text = valueText(context, {
      type: field.type,
      address: asAddress(address + field.offset),
      bits: field.bits,
      flagsPrefix:
        field.name === undefined
          ? undefined
          : flagsPrefixOfField(context.program, field.name, type.layout.tag),
    });
    shown.push(field.name === undefined ? text : `${field.name} = ${text}`);
    isMissing &&= text === NO_VALUE;
  }
  if (isMissing && shown.length > 0) return NO_VALUE;
  const isPartial = shown.length < fields.length;
  if (shown.length === 0) return '{…}';
  return `{${shown.join(', ')}${isPartial ? ', …' : ''}}`;
}

function arrayText(
  context: ValueContext,
  element: CType,
  length: number,
  address: Address,
): string {
  if (isChar(element)) {
    const limit = limitIn(context, STRING_LIMIT);
    const text = quoteString(context, address, Math.min(length, limit));
    return text ?? unreadable(address);
  }
  const size = sizeOf(element);
  const isListed = isScalar(element) || context.isWhole === true;
  if (size === undefined || !isListed) return `[${String(length)}]`;
  const count = Math.min(length, limitIn(context, PREVIEW_ELEMENTS));
  const items = Array.from({ length: count }, (_, index) =>
    valueText(context, { type: element, address: asAddress(address + index * size) }),
  );
  if (count > 0 && items.every((text) => text === NO_VALUE))
    return `[${String(length)}] ${NO_VALUE}`;
  return `[${String(length)}] {${items.join(', ')}${count < length ? ', …' : ''}}`;
}

function unreadable(address: Address | undefined): string {
  return address === undefined ? '<no value>' : `<cannot read memory at ${hex(address)}>`;
}

/** The name of a value's type, as C writes it. */
export function valueTypeName(item: TypedValue): string {
  return typeName(item.type);
}

/** The value in one line. */
export function valueText(context: ValueContext, item: TypedValue): string {
  const { type, address } = item;
  if (item.lacksValue === true) return NO_VALUE;
  if (isScalar(type)) {
    if (context.isMissing?.(item) === true) return NO_VALUE;
    const value = readScalar(context.memory, item);
    return value === undefined ? unreadable(address) : scalarText(context, item, value);
  }
  if (type.kind === 'function') {
    const name = address === undefined ? undefined : functionNameAt(context.program, address);
    return name === undefined ? unreadable(address) : `<${name}>`;
  }
  if (type.kind === 'void') return 'void';
  if (address === undefined) return unreadable(address);
  if (type.kind === 'record') return recordText(context, type, address);
  return type.kind === 'array'
    ? arrayText(context, type.element, type.length ?? 0, address)
    : unreadable(address);
}
