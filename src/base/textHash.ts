/**
 * A short name for contents: equal contents have equal names, different ones practically never do.
 * Two 32-bit FNV-1a hashes with different starts; not for secrets.
 */

const PRIME = 0x01000193;

/** The two hashes while contents go by. Written out for each kind: a new process is slow at closures. */
class TwoHashes {
  first = 0x811c9dc5;
  second = 0x01234567;

  addText(text: string): void {
    let { first, second } = this;
    for (let index = 0; index < text.length; index += 1) {
      const value = text.charCodeAt(index);
      first = Math.imul(first ^ value, PRIME);
      second = Math.imul(second ^ (value + 0x55), PRIME) ^ (first >>> 15);
    }
    this.first = first;
    this.second = second;
  }

  addBytes(bytes: Uint8Array): void {
    let { first, second } = this;
    for (let index = 0; index < bytes.length; index += 1) {
      const value = bytes[index] ?? 0;
      first = Math.imul(first ^ value, PRIME);
      second = Math.imul(second ^ (value + 0x55), PRIME) ^ (first >>> 15);
    }
    this.first = first;
    this.second = second;
  }

  /** Tells where one content ends and the next begins. */
  addBorder(): void {
    this.first = Math.imul(this.first ^ 0x10000, PRIME);
    this.second = Math.imul(this.second ^ 0x10055, PRIME) ^ (this.first >>> 15);
  }

  get digits(): string {
    return [this.first, this.second]
      .map((half) => (half >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }
}

/** 16 hexadecimal digits for a list of texts and bytes. Cost: linear. */
export function hashContents(parts: Iterable<string | Uint8Array>): string {
  const hashes = new TwoHashes();
  for (const part of parts) {
    if (typeof part === 'string') hashes.addText(part);
    else hashes.addBytes(part);
    hashes.addBorder();
  }
  return hashes.digits;
}
