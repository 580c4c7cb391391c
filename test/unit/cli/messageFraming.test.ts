/**
 * Framing of the debug protocol: bytes in any pieces, good and bad ones.
 */
import { describe, expect, it } from 'vitest';
import {
  frameMessage,
  MessageReader,
  MESSAGE_BYTE_LIMIT,
} from '../../../src/cli/messageFraming.ts';

function read(pieces: readonly (string | Buffer)[]) {
  const seen: string[] = [];
  const reader = new MessageReader({
    message: (message) => seen.push(JSON.stringify(message)),
    problem: (problem) => seen.push(problem),
  });
  for (const piece of pieces) reader.push(Buffer.from(piece));
  return seen;
}

function frame(body: string): string {
  return `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
}

describe('framing of messages', () => {
  it('reads messages however they are cut', () => {
    const bytes = Buffer.concat([frameMessage({ text: 'ä€😀' }), frameMessage({ n: 2 })]);
    const expected = ['{"text":"ä€😀"}', '{"n":2}'];
    expect(read([bytes])).toEqual(expected);
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  it('accepts other header fields and any letter case', () => {
    expect(read(['Content-Type: x\r\ncontent-length:2\r\n\r\n{}'])).toEqual(['{}']);
  });

  it('goes on behind bad JSON', () => {
    const seen = read([frame('{"a"'), frame('[1]'), frame('null'), frame('{}')]);
    expect(seen[0]).toMatch(/^A message is not JSON \(.*\); it was skipped\.$/);
    expect(seen.slice(1)).toEqual([
      'A message is not a JSON object; it was skipped.',
      'A message is not a JSON object; it was skipped.',
      '{}',
    ]);
  });

  it('goes on behind a header without a length', () => {
    const seen = read(['X: 1\r\n\r\n', frame('{}')]);
    expect(seen).toEqual(['A message header has no Content-Length; it was skipped.', '{}']);
  });

  it('skips a message that is too long without keeping it', () => {
    const length = MESSAGE_BYTE_LIMIT + 10;
    const rest = Buffer.alloc(length - 5, 'x');
    const seen = read([`Content-Length: ${String(length)}\r\n\r\nxxxxx`, rest, frame('{}')]);
    expect(seen).toEqual([
      `A message of ${String(length)} bytes is too long; it was skipped.`,
      '{}',
    ]);
  });

  it('drops endless headers', () => {
    const seen = read([...Array<string>(10).fill('x'.repeat(1000)), `\r\n\r\n${frame('{}')}`]);
    expect(seen.at(-1)).toBe('{}');
    expect(seen.length).toBeGreaterThan(1);
  });
});
