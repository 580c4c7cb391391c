/**
 * 64-bit arithmetic on pairs of words (low, high) in the image, without `bigint`: no allocation.
 *
 * Every function reads its operand pairs completely before it writes the pair `to`, so pairs may
 * overlap. Indices are words of `words`.
 */

const TWO_32 = 4294967296;
/** Below this every integer is a double. */
const EXACT = 9007199254740992;

/** `to` = a * b. */
export function multiply64(words: Int32Array, to: number, a: number, b: number): void {
  const aLow = words[a] as number;
  const aHigh = words[a + 1] as number;
  const bLow = words[b] as number;
  const bHigh = words[b + 1] as number;
  const cross = Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow);
  words[to] = Math.imul(aLow, bLow);
  words[to + 1] = multiplyHigh(aLow >>> 0, bLow >>> 0) + cross;
}

/** The upper 32 bits of the product of two unsigned words. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(other / 65536);
}

/** `to` = a << count, count taken modulo 64. */
export function shiftLeft64(words: Int32Array, to: number, a: number, count: number): void {
  const low = words[a] as number;
  const high = words[a + 1] as number;
  const by = count & 63;
  if (by === 0) setPair(words, to, low, high);
  else if (by < 32) setPair(words, to, low << by, (high << by) | (low >>> (32 - by)));
  else setPair(words, to, 0, low << (by - 32));
}

/** `to` = a >> count, count taken modulo 64, filled with the sign or zeros. */
export function shiftRight64(
  words: Int32Array,
  to: number,
  a: number,
  count: number,
  isSigned: boolean,
): void {
  const low = words[a] as number;
  const high = words[a + 1] as number;
  const by = count & 63;
  const fill = isSigned ? high >> 31 : 0;
  if (by === 0) setPair(words, to, low, high);
  else if (by < 32) {
    const upper = isSigned ? high >> by : high >>> by;
    setPair(words, to, (low >>> by) | (high << (32 - by)), upper);
  } else {
    setPair(words, to, isSigned ? high >> (by - 32) : high >>> (by - 32), fill);
  }
}

function setPair(words: Int32Array, to: number, low: number, high: number): void {
  words[to] = low;
  words[to + 1] = high;
}

/** Whether a < b, or a <= b with `orEqual`. */
export function isLess64(
  words: Int32Array,
  a: number,
  b: number,
  isSigned: boolean,
  orEqual: boolean,
): boolean {
  const aHigh = words[a + 1] as number;
  const bHigh = words[b + 1] as number;
  if (aHigh !== bHigh) return isSigned ? aHigh < bHigh : aHigh >>> 0 < bHigh >>> 0;
  const aLow = (words[a] as number) >>> 0;
  const bLow = (words[b] as number) >>> 0;
  return orEqual ? aLow <= bLow : aLow < bLow;
}

/**
 * `to` = a / b, or a % b with `isRemainder`; rounds towards zero as C does. b must not be 0. The most
 * negative number divided by -1 wraps.
 */
export function divide64(
  words: Int32Array,
  to: number,
  a: number,
  b: number,
  isSigned: boolean,
  isRemainder: boolean,
): void {
  const aHigh = words[a + 1] as number;
  const bHigh = words[b + 1] as number;
  const isANegative = isSigned && aHigh < 0;
  const isBNegative = isSigned && bHigh < 0;
  let low = (words[a] as number) >>> 0;
  let high = aHigh >>> 0;
  let divisorLow = (words[b] as number) >>> 0;
  let divisorHigh = bHigh >>> 0;
  if (isANegative) {
    low = -low >>> 0;
    high = (~high + (low === 0 ? 1 : 0)) >>> 0;
  }
  if (isBNegative) {
    divisorLow = -divisorLow >>> 0;
    divisorHigh = (~divisorHigh + (divisorLow === 0 ? 1 : 0)) >>> 0;
  }
  const isNegative = isRemainder ? isANegative : isANegative !== isBNegative;
  const dividend = high * TWO_32 + low;
  const divisor = divisorHigh * TWO_32 + divisorLow;
  if (dividend < EXACT && divisor < EXACT) {
    const rest = dividend % divisor;
    const value = isRemainder ? rest : (dividend - rest) / divisor;
    store(words, to, value >>> 0, Math.floor(value / TWO_32) >>> 0, isNegative);
    return;
  }
  divideBits(words, to, low, high, divisorLow, divisorHigh, isRemainder, isNegative);
}

/** Division of unsigned pairs bit by bit, for operands that a double cannot hold. */
function divideBits(
  words: Int32Array,
  to: number,
  low: number,
  high: number,
  divisorLow: number,
  divisorHigh: number,
  isRemainder: boolean,
  isNegative: boolean,
): void {
  let quotientLow = low;
  let quotientHigh = high;
  let restLow = 0;
  let restHigh = 0;
  for (let bit = 0; bit < 64; bit += 1) {
    // The pair (rest, quotient) moves left by one; the bit that leaves the rest counts as well.
    const carry = restHigh >>> 31;
    restHigh = ((restHigh << 1) | (restLow >>> 31)) >>> 0;
    restLow = ((restLow << 1) | (quotientHigh >>> 31)) >>> 0;
    quotientHigh = ((quotientHigh << 1) | (quotientLow >>> 31)) >>> 0;
    quotientLow = (quotientLow << 1) >>> 0;
    const fits =
      carry === 1 || restHigh > divisorHigh || (restHigh === divisorHigh && restLow >= divisorLow);
    if (!fits) continue;
    const borrow = restLow < divisorLow ? 1 : 0;
    restLow = (restLow - divisorLow) >>> 0;
    restHigh = (restHigh - divisorHigh - borrow) >>> 0;
    quotientLow = (quotientLow | 1) >>> 0;
  }
  if (isRemainder) store(words, to, restLow, restHigh, isNegative);
  else store(words, to, quotientLow, quotientHigh, isNegative);
}

function store(
  words: Int32Array,
  to: number,
  low: number,
  high: number,
  isNegative: boolean,
): void {
  if (!isNegative) {
    setPair(words, to, low, high);
    return;
  }
  const negated = -low | 0;
  setPair(words, to, negated, ~high + (negated === 0 ? 1 : 0));
}
