/**
 * The integer types of C and the arithmetic rules about them: promotion, the usual arithmetic
 * conversions, wrapping of values.
 *
 * Source: C99 6.2.5 and 6.3.1 for ILP32; for enumerations gcc 12.
 */
import {
  isSignedType,
  representationOf,
  sizeOf,
  type CType,
  type EnumType,
  type IntegerType,
} from '../bytecode/ctype.ts';

function integer(name: string, size: 1 | 2 | 4 | 8, isSigned: boolean): IntegerType {
  return { kind: 'integer', name, size, isSigned };
}

export const BOOL = integer('_Bool', 1, false);
export const CHAR = integer('char', 1, true);
export const SIGNED_CHAR = integer('signed char', 1, true);
export const UNSIGNED_CHAR = integer('unsigned char', 1, false);
export const SHORT = integer('short', 2, true);
export const UNSIGNED_SHORT = integer('unsigned short', 2, false);
export const INT = integer('int', 4, true);
export const UNSIGNED_INT = integer('unsigned int', 4, false);
export const LONG = integer('long', 4, true);
export const UNSIGNED_LONG = integer('unsigned long', 4, false);
export const LONG_LONG = integer('long long', 8, true);
export const UNSIGNED_LONG_LONG = integer('unsigned long long', 8, false);
/** The type of `sizeof` (what `size_t` names). */
export const SIZE = UNSIGNED_INT;

const UNSIGNED_TWIN: ReadonlyMap<string, IntegerType> = new Map([
  ['int', UNSIGNED_INT],
  ['long', UNSIGNED_LONG],
  ['long long', UNSIGNED_LONG_LONG],
]);

/** How many bits the values of a type have, the sign included. */
function precisionOf({ size, bits }: IntegerType): number {
  return bits ?? 8 * size;
}

/**
 * The type of a bit-field declared with `type`: one wider than `int` keeps its width in arithmetic, as
 * an integer type of its own between `long` and `long long`. Others get the type that is declared.
 *
 * Source: gcc, where C99 6.7.2.1 leaves open which types bit-fields have besides `int`.
 */
export function bitFieldType(type: CType, width: number): CType {
  if (type.kind !== 'integer' && type.kind !== 'enum') return type;
  const plain = representationOf(type);
  if (plain.size !== 8 || width <= 32 || width >= 64) return type;
  const { isConst = false, isVolatile = false, align } = type;
  return {
    ...integer(`${plain.name}:${String(width)}`, 8, plain.isSigned),
    ...(isConst ? { isConst } : {}),
    ...(isVolatile ? { isVolatile } : {}),
    ...(align === undefined ? {} : { align }),
    bits: width,
  };
}

/** C99 6.3.1.1; `char` and its kin have 1, `int` 3, `long` 4, what is wider between 4 and 5. */
function rankOf(type: IntegerType): number {
  if (type.size === 8) return 4 + precisionOf(type) / 64;
  if (type.size < 4) return type.size;
  return type.name.includes('long') ? 4 : 3;
}

/**
 * The integer type of an enumeration whose constants go from `low` to `high`: unsigned unless one is
 * negative, and 64 bits wide where 32 do not hold both.
 *
 * Source: gcc; C99 6.7.2.2 leaves the choice open. Values from below 0 to above the largest
 * `long long` have no type; gcc takes `long long`.
 */
export function enumIntegerType(low: bigint, high: bigint): IntegerType {
  if (low >= 0n) return high < 1n << 32n ? UNSIGNED_INT : UNSIGNED_LONG_LONG;
  return fitsInt(low) && fitsInt(high) ? INT : LONG_LONG;
}

/** Whether an `int` holds the value. */
export function fitsInt(value: bigint): boolean {
  return BigInt.asIntN(32, value) === value;
}

/** The type of an integer operand after promotion; a bit-field says its width in bits. */
export function promotedType(type: IntegerType | EnumType, bitWidth?: number): IntegerType {
  const plain = representationOf(type);
  if (bitWidth !== undefined && bitWidth < 32) return INT;
  if (bitWidth === 32) return plain.isSigned ? INT : UNSIGNED_INT;
  return plain.size < 4 ? INT : withoutQualifiers(plain);
}

function withoutQualifiers(type: IntegerType): IntegerType {
  if (type.isConst !== true && type.isVolatile !== true) return type;
  const { isConst: _isConst, isVolatile: _isVolatile, align: _align, ...rest } = type;
  return rest;
}

/** The common type of two promoted operands. Source: C99 6.3.1.8. */
export function commonType(left: IntegerType, right: IntegerType): IntegerType {
  if (left.name === right.name) return left;
  const leftRank = rankOf(left);
  const rightRank = rankOf(right);
  if (left.isSigned === right.isSigned) return leftRank >= rightRank ? left : right;
  const unsigned = left.isSigned ? right : left;
  const signed = left.isSigned ? left : right;
  if (rankOf(unsigned) >= rankOf(signed)) return unsigned;
  if (precisionOf(signed) > precisionOf(unsigned)) return signed;
  return UNSIGNED_TWIN.get(signed.name) ?? UNSIGNED_LONG_LONG;
}

/** How many bits the values of a scalar type have. */
export function widthOf(type: CType): number {
  return type.kind === 'integer' ? precisionOf(type) : (sizeOf(type) ?? 4) * 8;
}

/** The value as an object of this scalar type holds it: modulo its size, signs restored. */
export function wrapToType(value: bigint, type: CType): bigint {
  if (type.kind === 'integer' && type.name === '_Bool') return value === 0n ? 0n : 1n;
  const bits = widthOf(type);
  return isSignedType(type) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** Whether the bits of the value survive a conversion to the type, seen as signed or unsigned. */
export function fitsType(value: bigint, type: CType): boolean {
  const bits = widthOf(type);
  return BigInt.asIntN(bits, value) === value || BigInt.asUintN(bits, value) === value;
}
