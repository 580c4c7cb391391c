/**
 * Arithmetic of the i386 with exact flags. Every function takes operands of a width (1, 2 or 4
 * bytes, higher bits ignored), returns the result as an unsigned number and writes the arithmetic
 * flags into `registers[USER_EFLAGS]`. Flags that the manual calls undefined get what 64-bit Intel
 * CPUs give (auxiliary carry 0), which a program must not rely on.
 * Source: Intel SDM volume 1, section 3.4.3 and appendix A; volume 2, the instruction pages.
 */
import { USER_EFLAGS } from '../machine/userCpu.ts';
import type { Width } from './register.ts';

export const FLAG_CARRY = 0x001;
export const FLAG_PARITY = 0x004;
export const FLAG_AUXILIARY = 0x010;
export const FLAG_ZERO = 0x040;
export const FLAG_SIGN = 0x080;
export const FLAG_DIRECTION = 0x400;
export const FLAG_OVERFLOW = 0x800;

/** The six flags that arithmetic sets. */
export const ARITHMETIC_FLAGS =
  FLAG_CARRY | FLAG_PARITY | FLAG_AUXILIARY | FLAG_ZERO | FLAG_SIGN | FLAG_OVERFLOW;

/** The value of the low `width` bytes, unsigned. */
export function truncate(value: number, width: Width): number {
  return width === 4 ? value >>> 0 : width === 2 ? value & 0xffff : value & 0xff;
}

/** The value of the low `width` bytes, signed. */
export function signExtend(value: number, width: Width): number {
  return width === 4 ? value | 0 : width === 2 ? (value << 16) >> 16 : (value << 24) >> 24;
}

function signBit(value: number, width: Width): number {
  return (value >>> (8 * width - 1)) & 1;
}

function resultFlags(result: number, width: Width): number {
  let parity = result & 0xff;
  parity ^= parity >> 4;
  const isEven = ((0x6996 >> (parity & 15)) & 1) === 0;
  return (
    (isEven ? FLAG_PARITY : 0) |
    (truncate(result, width) === 0 ? FLAG_ZERO : 0) |
    (signBit(result, width) === 1 ? FLAG_SIGN : 0)
  );
}

function setFlags(registers: Int32Array, mask: number, flags: number): void {
  registers[USER_EFLAGS] = ((registers[USER_EFLAGS] ?? 0) & ~mask) | flags;
}

/** The carry flag as 0 or 1. */
export function carryOf(registers: Int32Array): number {
  return (registers[USER_EFLAGS] ?? 0) & FLAG_CARRY;
}

/** `left + right + carry`; `mask` limits the flags that change (`inc` keeps the carry). */
export function add(
  registers: Int32Array,
  left: number,
  right: number,
  carry: number,
  width: Width,
  mask = ARITHMETIC_FLAGS,
): number {
  const sum = truncate(left, width) + truncate(right, width) + carry;
  const result = truncate(sum, width);
  const flags =
    resultFlags(result, width) |
    (sum !== result ? FLAG_CARRY : 0) |
    ((left ^ right ^ result) & FLAG_AUXILIARY) |
    (signBit((left ^ result) & (right ^ result), width) === 1 ? FLAG_OVERFLOW : 0);
  setFlags(registers, mask, flags & mask);
  return result;
}

/** `left - right - borrow`; `mask` as for `add`. */
export function subtract(
  registers: Int32Array,
  left: number,
  right: number,
  borrow: number,
  width: Width,
  mask = ARITHMETIC_FLAGS,
): number {
  const difference = truncate(left, width) - truncate(right, width) - borrow;
  const result = truncate(difference, width);
  const flags =
    resultFlags(result, width) |
    (difference < 0 ? FLAG_CARRY : 0) |
    ((left ^ right ^ result) & FLAG_AUXILIARY) |
    (signBit((left ^ right) & (left ^ result), width) === 1 ? FLAG_OVERFLOW : 0);
  setFlags(registers, mask, flags & mask);
  return result;
}

/** The flags of `and`, `or`, `xor` and `test`; returns the result truncated. */
export function logic(registers: Int32Array, result: number, width: Width): number {
  setFlags(registers, ARITHMETIC_FLAGS, resultFlags(result, width));
  return truncate(result, width);
}

/** One of the operations `ALU_NAMES` of `mnemonic.ts` by its number; `cmp` returns the difference. */
export function calculate(
  registers: Int32Array,
  operation: number,
  left: number,
  right: number,
  width: Width,
): number {
  switch (operation) {
    case 0:
      return add(registers, left, right, 0, width);
    case 1:
      return logic(registers, left | right, width);
    case 2:
      return add(registers, left, right, carryOf(registers), width);
    case 3:
      return subtract(registers, left, right, carryOf(registers), width);
    case 4:
      return logic(registers, left & right, width);
    case 6:
      return logic(registers, left ^ right, width);
    default:
      return subtract(registers, left, right, 0, width);
  }
}

/**
 * One of the operations `SHIFT_NAMES` of `mnemonic.ts` by its number. The count is taken modulo 32;
 * a count of 0 changes nothing, flags included.
 */
export function shift(
  registers: Int32Array,
  operation: number,
  value: number,
  count: number,
  width: Width,
): number {
  const times = count & 31;
  const left = truncate(value, width);
  if (times === 0) return left;
  const bits = 8 * width;
  if (operation <= 1) return rotate(registers, operation === 0, left, times, width);
  if (operation <= 3) return rotateThroughCarry(registers, operation === 2, left, times, width);
  let result: number;
  let carry: number;
  let overflow: number;
  if (operation === 4) {
    result = truncate(left << times, width);
    carry = times <= bits ? (left >>> (bits - times)) & 1 : 0;
    overflow = signBit(result, width) ^ carry;
  } else if (operation === 5) {
    result = left >>> times;
    carry = (left >>> (times - 1)) & 1;
    overflow = signBit(result ^ (result << 1), width);
  } else {
    const signed = signExtend(value, width);
    result = truncate(signed >> times, width);
    carry = (signed >> (times - 1)) & 1;
    overflow = 0;
  }
  const flags =
    resultFlags(result, width) |
    (carry === 1 ? FLAG_CARRY : 0) |
    (overflow === 1 ? FLAG_OVERFLOW : 0);
  setFlags(registers, ARITHMETIC_FLAGS, flags);
  return result;
}

function rotate(
  registers: Int32Array,
  isLeft: boolean,
  value: number,
  times: number,
  width: Width,
): number {
  const bits = 8 * width;
  const distance = (isLeft ? times : bits - (times % bits)) % bits;
  const result =
    distance === 0 ? value : truncate((value << distance) | (value >>> (bits - distance)), width);
  const highest = signBit(result, width);
  const carry = isLeft ? result & 1 : highest;
  const overflow = isLeft ? highest ^ carry : signBit(result ^ (result << 1), width);
  setFlags(
    registers,
    FLAG_CARRY | FLAG_OVERFLOW,
    (carry === 1 ? FLAG_CARRY : 0) | (overflow === 1 ? FLAG_OVERFLOW : 0),
  );
  return result;
}

/** Rotates the value together with the carry flag, which is one bit more. */
function rotateThroughCarry(
  registers: Int32Array,
  isLeft: boolean,
  value: number,
  times: number,
  width: Width,
): number {
  const bits = 8 * width;
  let carry = carryOf(registers);
  let result = value;
  for (let left = times % (bits + 1); left > 0; left -= 1) {
    const out = isLeft ? signBit(result, width) : result & 1;
    result = isLeft
      ? truncate((result << 1) | carry, width)
      : ((result >>> 1) | (carry << (bits - 1))) >>> 0;
    carry = out;
  }
  const overflow = signBit(result, width) ^ (isLeft ? carry : signBit(result << 1, width));
  setFlags(registers, FLAG_CARRY | FLAG_OVERFLOW, carry | (overflow === 1 ? FLAG_OVERFLOW : 0));
  return result;
}

/** Two numbers of a width: a result of double width, or a quotient (low) and a remainder (high). */
export interface Pair {
  low: number;
  high: number;
}

/** The double-width product into `pair`; carry and overflow tell whether the high half matters. */
export function multiply(
  registers: Int32Array,
  left: number,
  right: number,
  width: Width,
  isSigned: boolean,
  pair: Pair,
): void {
  const extend = isSigned ? signExtend : truncate;
  if (width === 4) {
    pair.low = Math.imul(left, right) >>> 0;
    pair.high = multiplyHigh(left, right, isSigned);
  } else {
    const product = extend(left, width) * extend(right, width);
    pair.low = truncate(product, width);
    pair.high = truncate(product >> (8 * width), width);
  }
  const fits = pair.high === (isSigned ? truncate(signExtend(pair.low, width) >> 31, width) : 0);
  setFlags(
    registers,
    ARITHMETIC_FLAGS,
    (resultFlags(pair.low, width) & ~FLAG_ZERO) | (fits ? 0 : FLAG_CARRY | FLAG_OVERFLOW),
  );
}

/** The upper 32 bits of a product of two 32-bit numbers, unsigned. */
function multiplyHigh(left: number, right: number, isSigned: boolean): number {
  const leftHigh = left >>> 16;
  const leftLow = left & 0xffff;
  const rightHigh = right >>> 16;
  const rightLow = right & 0xffff;
  const middle = leftHigh * rightLow + ((leftLow * rightLow) >>> 16);
  const other = leftLow * rightHigh + (middle % 0x10000);
  let high = leftHigh * rightHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
  if (isSigned) {
    if ((left | 0) < 0) high -= right;
    if ((right | 0) < 0) high -= left;
  }
  return high >>> 0;
}

/** Below this, quotients of integers are exact in a JavaScript number. */
const EXACT_HIGH = 0x200000;

/**
 * Quotient (low) and remainder (high) of `high:low / divisor` into `pair`; false by zero or when the
 * quotient is too large.
 */
export function divide(
  low: number,
  high: number,
  divisor: number,
  width: Width,
  isSigned: boolean,
  pair: Pair,
): boolean {
  const by = isSigned ? signExtend(divisor, width) : truncate(divisor, width);
  if (by === 0) return false;
  const upper = isSigned ? signExtend(high, width) : truncate(high, width);
  if (upper >= EXACT_HIGH || upper < -EXACT_HIGH) {
    return divideLarge(low, upper, by, isSigned, pair);
  }
  const dividend = upper * 2 ** (8 * width) + truncate(low, width);
  const quotient = Math.trunc(dividend / by);
  const limit = 2 ** (8 * width - (isSigned ? 1 : 0));
  if (quotient >= limit || quotient < (isSigned ? -limit : 0)) return false;
  pair.low = truncate(quotient, width);
  pair.high = truncate(dividend - quotient * by, width);
  return true;
}

/** The same for 64-bit dividends that a number cannot hold exactly. */
function divideLarge(
  low: number,
  high: number,
  by: number,
  isSigned: boolean,
  pair: Pair,
): boolean {
  const dividend = (BigInt(high) << 32n) | BigInt(low >>> 0);
  const quotient = dividend / BigInt(by);
  if (quotient !== (isSigned ? BigInt.asIntN(32, quotient) : BigInt.asUintN(32, quotient))) {
    return false;
  }
  pair.low = Number(BigInt.asUintN(32, quotient));
  pair.high = Number(BigInt.asUintN(32, dividend % BigInt(by)));
  return true;
}

/** Whether one of the sixteen conditions of `mnemonic.ts` holds. */
export function isConditionTrue(registers: Int32Array, condition: number): boolean {
  const flags = registers[USER_EFLAGS] ?? 0;
  const isSignWrong = ((flags & FLAG_SIGN) !== 0) !== ((flags & FLAG_OVERFLOW) !== 0);
  let isTrue: boolean;
  switch (condition >> 1) {
    case 0:
      isTrue = (flags & FLAG_OVERFLOW) !== 0;
      break;
    case 1:
      isTrue = (flags & FLAG_CARRY) !== 0;
      break;
    case 2:
      isTrue = (flags & FLAG_ZERO) !== 0;
      break;
    case 3:
      isTrue = (flags & (FLAG_CARRY | FLAG_ZERO)) !== 0;
      break;
    case 4:
      isTrue = (flags & FLAG_SIGN) !== 0;
      break;
    case 5:
      isTrue = (flags & FLAG_PARITY) !== 0;
      break;
    case 6:
      isTrue = isSignWrong;
      break;
    default:
      isTrue = isSignWrong || (flags & FLAG_ZERO) !== 0;
      break;
  }
  return isTrue !== ((condition & 1) === 1);
}
