/**
 * UTF-8, for checksums of texts: core rooms know no `TextEncoder`.
 * Source: RFC 3629, section 3. Halves of surrogate pairs become U+FFFD, as encoders of the web do.
 */

const REPLACEMENT = 0xfffd;
/** The marks of a first byte, by how many follow it. */
const LEADS = [0, 0xc0, 0xe0, 0xf0];

/** The bytes of a text. Cost: linear. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    let code = text.codePointAt(index) ?? 0;
    if (code >= 0x10000) index += 1;
    else if (code >= 0xd800 && code < 0xe000) code = REPLACEMENT;
    const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    // Each byte that follows the first carries six bits.
    bytes[length] = (LEADS[more] ?? 0) | (code >> (6 * more));
    length += 1;
    for (let at = more - 1; at >= 0; at -= 1) {
      bytes[length] = 0x80 | ((code >> (6 * at)) & 0x3f);
      length += 1;
    }
  }
  return bytes.subarray(0, length);
}
