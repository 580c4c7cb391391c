/**
 * How rooms that only look read the memory of a run. Reading never changes anything, charges no
 * time and never faults: what cannot be read gives `undefined`.
 */
import type { Address } from '../base/brand.ts';

export interface MemoryReader {
  /** The byte at a virtual address, kernel or (through the selected task's page tables) user. */
  readByte(address: Address): number | undefined;
  /** The unsigned word at an address, by a memory that has it at hand; the same as its four bytes. */
  readWord?(address: Address): number | undefined;
  /**
   * Signed words from an aligned address on, as they stand in memory: a view, for reading at once.
   * `undefined` where they are not all there.
   */
  wordsAt?(address: Address, count: number): Int32Array | undefined;
}

/** An unsigned little-endian integer of 1, 2 or 4 bytes; `undefined` when a byte cannot be read. */
export function readUnsigned(
  memory: MemoryReader,
  address: Address,
  bytes: 1 | 2 | 4,
): number | undefined {
  return bytes === 4 && memory.readWord !== undefined
    ? memory.readWord(address)
    : readByBytes(memory, address, bytes);
}

/** The same byte by byte. */
export function readByBytes(
  memory: Pick<MemoryReader, 'readByte'>,
  address: Address,
  bytes: number,
): number | undefined {
  let value = 0;
  for (let index = bytes - 1; index >= 0; index -= 1) {
    const byte = memory.readByte(((address + index) >>> 0) as Address);
    if (byte === undefined) return undefined;
    value = value * 256 + byte;
  }
  return value;
}
