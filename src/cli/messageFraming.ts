/**
 * Framing of the debug protocol on a stream of bytes: a header with `Content-Length`, an empty line,
 * JSON in UTF-8.
 *
 * Whatever arrives, the reader goes on: a broken header, bad JSON or a message beyond the limit is
 * reported and skipped, and nothing is ever kept beyond the limits.
 * Source: Debug Adapter Protocol, overview, "Base protocol".
 */

/** A longer message is skipped. */
export const MESSAGE_BYTE_LIMIT = 16 * 1024 * 1024;
/** A longer header is none. */
const HEADER_BYTE_LIMIT = 4096;

const SEPARATOR = '\r\n\r\n';

/** What a reader does with its input. */
export interface FramingEvents {
  /** A JSON object. */
  message(message: object): void;
  /** Something that was skipped; a sentence. */
  problem(message: string): void;
}

/** A message with its header. */
export function frameMessage(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${String(body.length)}${SEPARATOR}`), body]);
}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  readonly #events: FramingEvents;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes of the message whose header was read. */
  #bodyLength: number | undefined;
  /** Bytes of a message beyond the limit that are still to come. */
  #toSkip = 0;

  constructor(events: FramingEvents) {
    this.#events = events;
  }

  /** Takes bytes as they arrive; calls the events for every message that is complete. */
  push(chunk: Buffer): void {
    const skipped = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= skipped;
    if (skipped < chunk.length) {
      this.#chunks.push(chunk.subarray(skipped));
      this.#length += chunk.length - skipped;
    }
    while (this.#bodyLength === undefined ? this.#readHeader() : this.#readBody()) {
      // Each turn takes one header or one body out of what has arrived.
    }
  }

  /** All bytes that have arrived and were not taken, as one buffer. */
  #joined(): Buffer {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first !== undefined) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #drop(bytes: number): void {
    const rest = this.#joined().subarray(bytes);
    this.#chunks = [rest];
    this.#length = rest.length;
  }

  #readHeader(): boolean {
    if (this.#length === 0) return false;
    const data = this.#joined();
    const end = data.indexOf(SEPARATOR);
    if (end < 0 || end > HEADER_BYTE_LIMIT) {
      if (data.length <= HEADER_BYTE_LIMIT) return false;
      this.#events.problem('A message header is longer than any; what has arrived was dropped.');
      // The end of what is dropped may be the start of the next header.
      this.#drop(data.length - (SEPARATOR.length - 1));
      return false;
    }
    const header = data.toString('latin1', 0, end);
    this.#drop(end + SEPARATOR.length);
    const match = /(?:^|\r\n)Content-Length: *(\d{1,15}) *(?:\r\n|$)/i.exec(header);
    if (match === null) {
      this.#events.problem('A message header has no Content-Length; it was skipped.');
      return true;
    }
    const length = Number(match[1]);
    if (length <= MESSAGE_BYTE_LIMIT) {
      this.#bodyLength = length;
      return true;
    }
    this.#events.problem(`A message of ${String(length)} bytes is too long; it was skipped.`);
    const present = Math.min(length, this.#length);
    this.#drop(present);
    this.#toSkip = length - present;
    return this.#toSkip === 0;
  }

  #readBody(): boolean {
    const length = this.#bodyLength ?? 0;
    if (this.#length < length) return false;
    const text = this.#joined().toString('utf8', 0, length);
    this.#drop(length);
    this.#bodyLength = undefined;
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (error) {
      const reason = error instanceof SyntaxError ? error.message : String(error);
      this.#events.problem(`A message is not JSON (${reason}); it was skipped.`);
      return true;
    }
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) {
      this.#events.message(message);
    } else {
      this.#events.problem('A message is not a JSON object; it was skipped.');
    }
    return true;
  }
}
