/**
 * Decodes the spelling of numbers, character constants and strings into values and types.
 *
 * Types follow C99 6.4.4 for ILP32, where `int` and `long` have 32 bits. Text is UTF-8: a character
 * outside ASCII is several bytes of a string. Floating point is refused here, by its spelling.
 */
import type { DiagnosticSink } from './diagnosticSink.ts';
import { placeOf, type Token } from './token.ts';

/** The type that a suffix and a value give an integer constant. */
export type IntegerLiteralType =
  'int' | 'unsigned int' | 'long' | 'unsigned long' | 'long long' | 'unsigned long long';

/** A decoded integer constant. */
export interface IntegerLiteral {
  /** Never negative; fits its type. */
  readonly value: bigint;
  readonly type: IntegerLiteralType;
}

const INTEGER = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uUlL]*)$/;
const SUFFIX = /^(?:u?(?:l|ll)?|(?:l|ll)u)$/;
const FLOATING =
  /^(?:0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?[0-9]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFlL]?$/;
const ZERO: IntegerLiteral = { value: 0n, type: 'int' };

const NO_PLAIN_NUMBER = -1;

/**
 * The value of a decimal or hexadecimal number without suffix that is an `int` for certain, as nearly
 * all are, or `NO_PLAIN_NUMBER`. An expression for all forms takes a new process a while to build.
 */
function plainNumber(text: string): number {
  const isHexadecimal = text.length > 2 && text.startsWith('0x');
  const isDecimal = text === '0' || !text.startsWith('0');
  if (text.length > 9 || !(isHexadecimal || isDecimal)) return NO_PLAIN_NUMBER;
  for (let at = isHexadecimal ? 2 : 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    const isHexadecimalLetter = (code | 32) >= 97 && (code | 32) <= 102;
    if (!isDigit && !(isHexadecimal && isHexadecimalLetter)) return NO_PLAIN_NUMBER;
  }
  return Number(text);
}

/** The value and type of a `number` token; after a complaint, an `int` zero. */
export function decodeNumber(token: Token, sink: DiagnosticSink): IntegerLiteral {
  const plain = plainNumber(token.text);
  if (plain !== NO_PLAIN_NUMBER) return { value: BigInt(plain), type: 'int' };
  const match = INTEGER.exec(token.text);
  const digits = match?.[1] ?? '';
  const suffix = (match?.[2] ?? '').toLowerCase();
  const isMixedCase = /lL|Ll/.test(match?.[2] ?? '');
  if (match === null || !SUFFIX.test(suffix) || isMixedCase) {
    if (FLOATING.test(token.text)) sink.report('floating-point-unsupported', token.span);
    else sink.report('bad-number', token.span, token.text);
    return ZERO;
  }
  const isDecimal = !digits.startsWith('0') || digits === '0';
  const isOctal = !isDecimal && /^0[0-9]+$/.test(digits);
  if (isOctal && /[89]/.test(digits)) {
    sink.report('bad-number', token.span, token.text);
    return ZERO;
  }
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  if (value >> 64n !== 0n) {
    sink.report('number-too-large', token.span, token.text);
    return ZERO;
  }
  return { value, type: integerType(value, suffix, isDecimal) };
}

function integerType(value: bigint, suffix: string, isDecimal: boolean): IntegerLiteralType {
  const isUnsigned = suffix.includes('u');
  const longs = suffix.length - (isUnsigned ? 1 : 0);
  if (longs < 2) {
    const mayBeSigned = !isUnsigned;
    const mayBeUnsigned = isUnsigned || !isDecimal;
    if (mayBeSigned && value < 1n << 31n) return longs === 1 ? 'long' : 'int';
    if (mayBeUnsigned && value < 1n << 32n) return longs === 1 ? 'unsigned long' : 'unsigned int';
  }
  return isUnsigned || value >= 1n << 63n ? 'unsigned long long' : 'long long';
}

/** Whether a `char` or `string` token is one of `wchar_t`. */
export function isWideLiteral(token: Token): boolean {
  return token.text.startsWith('L');
}

/** The value of a `char` token; several characters are combined as gcc does. */
export function decodeCharacter(token: Token, sink: DiagnosticSink): number {
  const isWide = isWideLiteral(token);
  const units = decodeUnits(token, isWide, sink);
  if (units.length === 0) {
    sink.report('empty-character', token.span);
    return 0;
  }
  if (units.length > 1) sink.report('character-too-long', token.span);
  if (isWide) return (units.at(-1) ?? 0) | 0;
  if (units.length === 1) return ((units[0] ?? 0) << 24) >> 24;
  return units.reduce((value, byte) => (value << 8) | byte, 0);
}

/** The bytes of a `string` token, without the zero at the end. */
export function decodeString(token: Token, sink: DiagnosticSink): readonly number[] {
  return decodeUnits(token, false, sink);
}

/** The characters of a `string` token as numbers, without the zero at the end. */
export function decodeWideString(token: Token, sink: DiagnosticSink): readonly number[] {
  return decodeUnits(token, true, sink);
}

/** The text as UTF-8. */
export function encodeText(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) pushUtf8(bytes, character.codePointAt(0) ?? 0);
  return bytes;
}

function pushUtf8(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) {
    bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  } else {
    bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
    bytes.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]+)|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/y;

/** The bytes or, of a wide literal, the code points. */
function decodeUnits(token: Token, isWide: boolean, sink: DiagnosticSink): number[] {
  const inner = token.text.slice(isWideLiteral(token) ? 2 : 1, -1);
  const encode = isWide ? codePoints : encodeText;
  if (!inner.includes('\\')) return encode(inner);
  const units: number[] = [];
  let at = 0;
  while (at < inner.length) {
    const backslash = inner.indexOf('\\', at);
    const end = backslash < 0 ? inner.length : backslash;
    for (const unit of end > at ? encode(inner.slice(at, end)) : []) units.push(unit);
    if (backslash < 0) break;
    ESCAPE.lastIndex = backslash;
    const match = ESCAPE.exec(inner);
    at = match === null ? inner.length : ESCAPE.lastIndex;
    pushEscape(units, match, isWide, token, sink);
  }
  return units;
}

function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function pushEscape(
  units: number[],
  match: RegExpExecArray | null,
  isWide: boolean,
  token: Token,
  sink: DiagnosticSink,
): void {
  const [whole = '\\', octal, hexadecimal, short, long, simple] = match ?? [];
  const digits = octal ?? hexadecimal;
  if (digits !== undefined) {
    const value = Number.parseInt(digits, octal === undefined ? 16 : 8);
    const limit = isWide ? 0xffffffff : 255;
    if (value > limit) sink.report('escape-out-of-range', placeOf(token), whole);
    units.push((value & limit) >>> 0);
    return;
  }
  const universal = short ?? long;
  if (universal !== undefined) {
    const code = Number.parseInt(universal, 16);
    if (code > 0x10ffff) sink.report('escape-out-of-range', placeOf(token), whole);
    else if (isWide) units.push(code);
    else pushUtf8(units, code);
    return;
  }
  const value = simple === undefined ? undefined : SIMPLE_ESCAPES[simple];
  if (value === undefined) sink.report('bad-escape', placeOf(token), whole);
  else units.push(value);
}
