/**
 * Collects the many small writes of a program into few large ones of ours.
 *
 * What goes to one stream never overtakes what goes to the other.
 */
import type { CommandEnvironment } from './commandEnvironment.ts';

/** So many bytes are written at the latest. */
const BUFFER_BYTES = 16_384;

/** Output of a program on its way to the process's streams. */
export class OutputBuffer {
  readonly #environment: CommandEnvironment;
  readonly #bytes = new Uint8Array(BUFFER_BYTES);
  #length = 0;
  #fd: 1 | 2 = 1;

  constructor(environment: CommandEnvironment) {
    this.#environment = environment;
  }

  /** Takes a copy of the bytes; everything but 2 is standard output. */
  write(fd: number, bytes: Uint8Array): void {
    const stream = fd === 2 ? 2 : 1;
    if (stream !== this.#fd || this.#length + bytes.length > BUFFER_BYTES) this.flush();
    this.#fd = stream;
    if (bytes.length > BUFFER_BYTES) {
      this.#environment.write(stream, bytes);
      return;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  flush(): void {
    if (this.#length > 0) this.#environment.write(this.#fd, this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }
}
