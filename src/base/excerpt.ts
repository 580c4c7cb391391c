/**
 * Pieces of texts from outside in messages: whatever the text is, the message stays readable.
 */

/** The start of a text of any length: up to `limit` characters, and `…` where some are left out. */
export function excerpt(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
