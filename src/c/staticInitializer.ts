/**
 * Initializers of objects with static storage: constants to bytes and relocations.
 */
import { sizeOf, type CType } from '../bytecode/ctype.ts';
import type { Constant, Initializer, InitializerItem } from './ast.ts';
import type { DataObject, LinkTarget } from './objectCode.ts';

/** The object behind the base of an address constant. */
export type AddressBaseResolver = (
  base: Extract<Constant, { readonly kind: 'address' }>['base'],
) => LinkTarget;

/** Bytes that the object takes: items of a flexible array member lie behind the size of its type. */
export function initializedSize(type: CType, initializer: Initializer | undefined): number {
  let size = sizeOf(type) ?? 4;
  for (const item of initializer?.items ?? []) {
    size = Math.max(size, item.offset + (sizeOf(item.type) ?? 0));
  }
  return size;
}

/** Fills the bytes of an object; all zeros stay `undefined`. */
export function fillStaticObject(
  object: DataObject,
  initializer: Initializer,
  resolve: AddressBaseResolver,
): void {
  const bytes = new Uint8Array(object.size);
  for (const item of initializer.items) fillItem(object, bytes, item, resolve);
  const isZero = object.relocations.length === 0 && bytes.every((byte) => byte === 0);
  if (!isZero) object.bytes = bytes;
}

function fillItem(
  object: DataObject,
  bytes: Uint8Array,
  item: InitializerItem,
  resolve: AddressBaseResolver,
): void {
  const { offset, type, bits, value, constant } = item;
  if (type.kind === 'array' && value.kind === 'string') {
    const size = sizeOf(type) ?? value.bytes.length;
    bytes.set(value.bytes.subarray(0, size), offset);
    return;
  }
  if (constant === undefined) return;
  if (constant.kind === 'address') {
    writeInteger(bytes, offset, 4, BigInt(constant.offset));
    object.relocations.push({ offset, target: resolve(constant.base) });
    return;
  }
  if (bits === undefined) writeInteger(bytes, offset, scalarSize(type), constant.value);
  else writeBits(bytes, offset, bits, scalarSize(type), constant.value);
}

function scalarSize(type: CType): number {
  return sizeOf(type) ?? 4;
}

function writeInteger(bytes: Uint8Array, offset: number, size: number, value: bigint): void {
  let rest = BigInt.asUintN(8 * size, value);
  for (let at = 0; at < size; at += 1) {
    bytes[offset + at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

function writeBits(
  bytes: Uint8Array,
  offset: number,
  { start, width }: { readonly start: number; readonly width: number },
  typeSize: number,
  value: bigint,
): void {
  // A packed bit-field may reach into the byte behind its storage unit.
  const size = Math.max(typeSize, Math.ceil((start + width) / 8));
  let unit = 0n;
  for (let at = size - 1; at >= 0; at -= 1) unit = (unit << 8n) | BigInt(bytes[offset + at] ?? 0);
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(start);
  unit = (unit & ~mask) | ((value << BigInt(start)) & mask);
  writeInteger(bytes, offset, size, unit);
}
