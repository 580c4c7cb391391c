/**
 * `#pragma pack`, which the preprocessor hands on as `_Pragma("pack(…)")`: it bounds the alignment of
 * the members of records that are defined behind it.
 *
 * Source: gcc manual, "Structure-Layout Pragmas".
 */
import type { ParseContext } from './parseContext.ts';

/** `_Pragma` `(` string `)`: only `pack` means something, all others are ignored */
export function parsePragma(context: ParseContext): void {
  const { cursor } = context;
  cursor.advance();
  context.expect('(');
  const text = cursor.token.kind === 'string' ? cursor.advance().text : '';
  context.expect(')');
  const match = /\bpack\s*\(\s*(push|pop)?\s*,?\s*(\d+)?\s*\)/.exec(text);
  if (match === null) return;
  const { packLimits } = context;
  const [, word, number] = match;
  if (word === 'push') packLimits.push(packLimits.at(-1) ?? 0);
  if (word === 'pop' && packLimits.length > 1) packLimits.pop();
  if (number !== undefined) packLimits[packLimits.length - 1] = Number(number);
  else if (word === undefined) packLimits[packLimits.length - 1] = 0;
}
