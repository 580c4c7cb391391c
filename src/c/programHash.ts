/**
 * The hash that names a program in schedules and reports: two runs of FNV-1a with different starts
 * over code, data and the layouts of structs, as 16 hexadecimal digits. Comments and line breaks of
 * the C do not count; what the machine or a reader of memory could notice does.
 */
import { typeName, type RecordLayout } from '../bytecode/ctype.ts';

const PRIME = 0x01000193;

class Hasher {
  private high = 0x811c9dc5;
  private low = 0x050c5d1f;

  word(value: number): void {
    this.high = Math.imul(this.high ^ value, PRIME) ^ (this.high >>> 15);
    this.low = Math.imul(this.low ^ (value + 0x9e3779b9), PRIME) ^ (this.low >>> 13);
  }

  words(values: Int32Array | Uint8Array): void {
    let { high, low } = this;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? 0;
      high = Math.imul(high ^ value, PRIME) ^ (high >>> 15);
      low = Math.imul(low ^ (value + 0x9e3779b9), PRIME) ^ (low >>> 13);
    }
    this.high = high;
    this.low = low;
  }

  text(value: string): void {
    this.word(value.length);
    for (let index = 0; index < value.length; index += 1) this.word(value.charCodeAt(index));
  }

  get digits(): string {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** The hash of a program's code, data and records by tag. */
export function hashProgram(
  code: Int32Array,
  data: Uint8Array,
  dataEnd: number,
  records: ReadonlyMap<string, RecordLayout>,
): string {
  const hasher = new Hasher();
  hasher.words(code);
  hasher.word(data.length);
  hasher.words(data);
  hasher.word(dataEnd);
  for (const [tag, layout] of [...records].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hasher.text(tag);
    hasher.word(layout.size);
    for (const { name, type, offset, bits } of layout.fields ?? []) {
      hasher.text(name ?? '');
      hasher.text(typeName(type));
      hasher.word(offset);
      hasher.word(bits === undefined ? -1 : bits.start * 64 + bits.width);
    }
  }
  return hasher.digits;
}
