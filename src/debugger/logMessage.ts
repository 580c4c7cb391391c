/**
 * Messages of log points: text with expressions of C in braces, as in `count is {sem->count}`.
 */

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The expressions of a message. */
export function expressionsIn(message: string): readonly string[] {
  return Array.from(message.matchAll(PLACEHOLDER), ([, expression = '']) => expression);
}

/** The message with its expressions replaced. */
export function fillIn(message: string, textOf: (expression: string) => string): string {
  return message.replace(PLACEHOLDER, (_, expression: string) => textOf(expression));
}
