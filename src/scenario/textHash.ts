/**
 * A short name for contents: equal contents have equal names, different ones practically never do.
 * Two 32-bit FNV-1a hashes with different starts; not for secrets.
 */

/** 16 hexadecimal digits for a list of texts and bytes. Cost: linear. */
export function hashContents(parts: Iterable<string | Uint8Array>): string {
  let first = 0x811c9dc5;
  let second = 0x01234567;
  const add = (value: number): void => {
    first = Math.imul(first ^ value, 0x01000193);
    second = Math.imul(second ^ (value + 0x55), 0x01000193) ^ (first >>> 15);
  };
  for (const part of parts) {
    if (typeof part === 'string') {
      for (let index = 0; index < part.length; index += 1) add(part.charCodeAt(index));
    } else for (const byte of part) add(byte);
    add(0x10000);
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
