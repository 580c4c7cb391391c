/**
 * Bit operations of the i386 with exact flags: double shifts, scans, byte order. Flags that the manual
 * calls undefined stay as they were.
 * Source: Intel SDM volume 2: SHLD, SHRD, BSF, BSR, BSWAP.
 */
import { USER_EFLAGS } from '../machine/userCpu.ts';
import * as alu from './alu.ts';

/**
 * `into` shifted by `count` modulo 32, filled with bits of `from`. A count of 0 changes nothing; one of
 * more than 16 is undefined for words and goes on with the bits of `into`, as Intel's CPUs do.
 */
export function shiftDouble(
  registers: Int32Array,
  isLeft: boolean,
  into: number,
  from: number,
  count: number,
  width: 2 | 4,
): number {
  const times = count & 31;
  if (times === 0) return into;
  const bits = 8 * width;
  let result: number;
  let carry: number;
  if (width === 4) {
    result = isLeft
      ? (into << times) | (from >>> (32 - times))
      : (into >>> times) | (from << (32 - times));
    carry = isLeft ? (into >>> (32 - times)) & 1 : (into >>> (times - 1)) & 1;
  } else {
    // The three words in a row: the middle one is what comes in behind the first.
    const upper = isLeft ? (into << 16) | from : (from << 16) | into;
    const wrapped = times > 16 ? times - 16 : 0;
    const low = Math.min(times, 16);
    result = isLeft ? upper >>> (16 - low) : upper >>> low;
    carry = isLeft ? (upper >>> (32 - low)) & 1 : (upper >>> (low - 1)) & 1;
    if (wrapped > 0) {
      result = isLeft
        ? (from << wrapped) | (into >>> (16 - wrapped))
        : (from >>> wrapped) | (into << (16 - wrapped));
      carry = isLeft ? (from >>> (16 - wrapped)) & 1 : (from >>> (wrapped - 1)) & 1;
    }
  }
  alu.logic(registers, result, width);
  const isSignChanged = ((result ^ into) >>> (bits - 1)) & 1;
  registers[USER_EFLAGS] =
    (registers[USER_EFLAGS] ?? 0) |
    (carry === 1 ? alu.FLAG_CARRY : 0) |
    (isSignChanged === 1 ? alu.FLAG_OVERFLOW : 0);
  return alu.truncate(result, width);
}

/** The number of the lowest or highest set bit, or -1 for zero; sets the zero flag. */
export function scan(registers: Int32Array, value: number, fromTop: boolean): number {
  const flags = registers[USER_EFLAGS] ?? 0;
  registers[USER_EFLAGS] = value === 0 ? flags | alu.FLAG_ZERO : flags & ~alu.FLAG_ZERO;
  if (value === 0) return -1;
  return fromTop ? 31 - Math.clz32(value) : 31 - Math.clz32(value & -value);
}

/** The four bytes in the other order. */
export function swapBytes(value: number): number {
  return (
    (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | ((value >>> 24) & 0xff)
  );
}
