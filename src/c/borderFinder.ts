/**
 * Finds out, from brackets alone, whether a place between the tokens of a unit is one between two
 * declarations at file scope. In doubt it is not.
 */
import type { Token } from './token.ts';

/** Goes through the tokens once; places are asked for in their order. */
export class BorderFinder {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #isBorder = true;
  /** Whether the outermost block that is open follows a `)`, as the body of a function does. */
  #isBody = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Whether the place before the token with this index is a border. */
  isBorder(index: number): boolean {
    for (; this.#at < index; this.#at += 1) {
      const token = this.#tokens[this.#at];
      if (token !== undefined) this.#pass(token);
    }
    return this.#depth === 0 && this.#isBorder;
  }

  /** Goes on at this index, which is known to be a border. */
  passOver(index: number): void {
    this.#at = index;
    this.#isBorder = true;
  }

  #pass({ kind, text }: Token): void {
    const wasOutside = this.#depth === 0;
    if (kind === 'punctuator') {
      if (text === '{' || text === '(' || text === '[') {
        if (wasOutside && text === '{') {
          this.#isBody = this.#tokens[this.#at - 1]?.text === ')';
        }
        this.#depth += 1;
      } else if (text === '}' || text === ')' || text === ']') this.#depth -= 1;
    }
    if (this.#depth !== 0) return;
    this.#isBorder = text === ';' || (text === '}' && this.#isBody);
  }
}
