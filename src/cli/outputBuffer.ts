/**
 * Collects the many small writes of a program into few large ones of ours.
 *
 * Text of one stream never overtakes text of the other.
 */
import type { CommandEnvironment } from './commandEnvironment.ts';

/** So many characters are written at the latest. */
const BUFFER_CHARACTERS = 8192;

export class OutputBuffer {
  readonly #environment: CommandEnvironment;
  #fd: 1 | 2 = 1;
  #text = '';

  constructor(environment: CommandEnvironment) {
    this.#environment = environment;
  }

  write(fd: number, text: string): void {
    const stream = fd === 2 ? 2 : 1;
    if (stream !== this.#fd) this.flush();
    this.#fd = stream;
    this.#text += text;
    if (this.#text.length >= BUFFER_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.#text !== '') this.#environment.write(this.#fd, this.#text);
    this.#text = '';
  }
}
