/**
 * Which bytes of an object belong to its value: all but the padding, which C lets a program read as
 * characters though nobody ever writes it.
 */
import { sizeOf, type CType } from '../bytecode/ctype.ts';

/** Larger objects count as a whole: listing their pieces would cost more than it tells. */
const MOST_BYTES = 4096;

/** Bytes from `start` on, counted from the start of the object. */
export interface ByteRun {
  readonly start: number;
  readonly bytes: number;
}

/** The runs of bytes that belong to the value of an object, by growing start. */
export function valueRuns(type: CType): readonly ByteRun[] {
  const size = sizeOf(type) ?? 0;
  if (size > MOST_BYTES) return [{ start: 0, bytes: size }];
  const isValue = new Uint8Array(size);
  markValue(type, 0, isValue);
  const runs: ByteRun[] = [];
  for (let start = isValue.indexOf(1); start >= 0;) {
    const end = isValue.indexOf(0, start);
    const bytes = (end < 0 ? size : end) - start;
    runs.push({ start, bytes });
    start = isValue.indexOf(1, start + bytes);
  }
  return runs;
}

function markValue(type: CType, at: number, isValue: Uint8Array): void {
  if (type.kind === 'array') {
    const size = sizeOf(type.element) ?? 0;
    for (let index = 0; index < (type.length ?? 0); index += 1) {
      markValue(type.element, at + index * size, isValue);
    }
    return;
  }
  if (type.kind !== 'record') {
    isValue.fill(1, at, at + (sizeOf(type) ?? 0));
    return;
  }
  for (const { name, type: fieldType, offset, bits } of type.layout.fields ?? []) {
    if (bits === undefined) {
      markValue(fieldType, at + offset, isValue);
    } else if (name !== undefined) {
      const first = at + offset + (bits.start >> 3);
      isValue.fill(1, first, at + offset + ((bits.start + bits.width + 7) >> 3));
    }
  }
}
