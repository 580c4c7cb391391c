/**
 * Values of C as the debugger handles them: a type together with the place in memory or, for a value
 * that has none, the number itself. Reading never faults; what cannot be read is `undefined`.
 */
import { asAddress, type Address } from '../base/brand.ts';
import { isScalar, isSignedType, sizeOf, type CType } from '../bytecode/ctype.ts';
import { readUnsigned, type MemoryReader } from '../bytecode/memoryReader.ts';

/** A value to show; of `address` and `value` at least one is there, except for `void`. */
export interface TypedValue {
  readonly type: CType;
  readonly address: Address | undefined;
  /** For a bit-field: its first bit and its width in the storage unit at `address`. */
  readonly bits?: { readonly start: number; readonly width: number } | undefined;
  /** The value of a scalar that is not in memory, with its sign. */
  readonly value?: bigint | undefined;
  /** Whether it was computed from something that has no value yet. */
  readonly lacksValue?: boolean;
  /** The prefix of the macros that name the bits. */
  readonly flagsPrefix?: string | undefined;
}

function readWide(memory: MemoryReader, address: Address, bytes: number): bigint | undefined {
  if (bytes === 8) {
    const low = readUnsigned(memory, address, 4);
    const high = readUnsigned(memory, asAddress(address + 4), 4);
    if (low === undefined || high === undefined) return undefined;
    return (BigInt(high) << 32n) | BigInt(low);
  }
  if (bytes !== 1 && bytes !== 2 && bytes !== 4) return undefined;
  const value = readUnsigned(memory, address, bytes);
  return value === undefined ? undefined : BigInt(value);
}

/** The number of a scalar with its sign; `undefined` when it cannot be read or is no scalar. */
export function readScalar(memory: MemoryReader, item: TypedValue): bigint | undefined {
  if (!isScalar(item.type)) return undefined;
  if (item.address === undefined) return item.value;
  const bytes = sizeOf(item.type) ?? 0;
  const raw = readWide(memory, item.address, bytes);
  if (raw === undefined) return undefined;
  const start = BigInt(item.bits?.start ?? 0);
  const width = item.bits?.width ?? bytes * 8;
  const field = BigInt.asUintN(width, raw >> start);
  return isSignedType(item.type) ? BigInt.asIntN(width, field) : field;
}
