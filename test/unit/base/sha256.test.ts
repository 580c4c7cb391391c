// SHA-256 against Node's own, over the lengths where padding changes and over characters of all widths.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/base/sha256.ts';
import { encodeUtf8 } from '../../../src/base/utf8.ts';

function reference(text: string): string {
  return createHash('sha256').update(new TextEncoder().encode(text)).digest('hex');
}

describe('sha256', () => {
  it('gives the digests of the standard', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('agrees with another implementation at every length around the size of a block', () => {
    for (let length = 0; length <= 200; length += 1) {
      const text = 'x'.repeat(length);
      expect(sha256(text)).toBe(reference(text));
    }
  });

  it('agrees with another implementation on any text, halves of pairs included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), (a, b) => {
        const text = `${a}\ud800${b}\udfffé€😀`;
        expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
        expect(sha256(text)).toBe(reference(text));
      }),
    );
  });
});
