/**
 * Text in the memory of a run, for output and messages.
 */
import type { MachineState } from './machineState.ts';

const LONGEST = 65_536;

/**
 * The text of UTF-8 bytes; what is no UTF-8 gives the replacement character, one for each byte.
 * Source: RFC 3629, section 4 (without its finer checks of overlong forms).
 */
export function decodeText(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index] as number;
    const extra = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : -1;
    let point = extra <= 0 ? first : first & (0x3f >> extra);
    let used = 1;
    while (used <= extra && ((bytes[index + used] ?? 0) & 0xc0) === 0x80) {
      point = (point << 6) | ((bytes[index + used] as number) & 0x3f);
      used += 1;
    }
    const isWhole = extra >= 0 && used === extra + 1 && point <= 0x10ffff;
    text += isWhole ? String.fromCodePoint(point) : '\ufffd';
    index += isWhole ? used : 1;
  }
  return text;
}

/** The zero-terminated text at a kernel address, as far as it lies in memory. */
export function readText(state: MachineState, address: number): string {
  const { memory } = state;
  let bytes = 0;
  while (bytes < LONGEST) {
    const offset = memory.locate(address + bytes, 1);
    if (offset < 0 || memory.bytes[offset] === 0) break;
    bytes += 1;
  }
  const start = memory.locate(address, bytes);
  return bytes === 0 ? '' : decodeText(memory.bytes.subarray(start, start + bytes));
}
