/**
 * Which tokens can begin a declaration or a type name: what tells a cast from brackets and a
 * declaration from a statement.
 */
import type { ParseContext } from './parseContext.ts';
import type { Token } from './token.ts';
import { isAtMargin } from './tokenCursor.ts';

const TYPE_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'void char short int long float double signed unsigned _Bool _Complex __complex__ _Imaginary struct union enum ' +
    'const volatile restrict __const __const__ __volatile __volatile__ __restrict __restrict__ ' +
    '__signed __signed__ typeof __typeof __typeof__ __attribute__ __attribute __auto_type ' +
    '_Atomic _Alignas __int128'
  ).split(' '),
);

const STORAGE_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'typedef extern static auto register inline __inline __inline__ _Noreturn _Thread_local ' +
    '__thread _Static_assert'
  ).split(' '),
);

/** Other words that begin something at file scope. */
const FILE_KEYWORDS: ReadonlySet<string> = new Set([
  ...STORAGE_KEYWORDS,
  ...['asm', '__asm', '__asm__', '__extension__', '_Pragma'],
]);

/** Whether the token can begin a type name. */
export function isTypeStart(context: ParseContext, token: Token): boolean {
  if (token.kind !== 'identifier') return false;
  if (TYPE_KEYWORDS.has(token.text)) return true;
  return context.scopes.find(token.text)?.kind === 'typedef';
}

/** Whether the token can stand behind the `}` of a function. */
export function canFollowFunction(context: ParseContext, token: Token): boolean {
  if (token.kind === 'end' || token.text === ';' || isAtMargin(token)) return true;
  return isTypeStart(context, token) || FILE_KEYWORDS.has(token.text);
}

/** Whether the current token begins a declaration; a typedef name before `:` is a label. */
export function isDeclarationStart(context: ParseContext): boolean {
  const { cursor } = context;
  const { token } = cursor;
  if (token.kind !== 'identifier' || cursor.isPanicking) return false;
  if (STORAGE_KEYWORDS.has(token.text)) return true;
  if (token.text === '__extension__') {
    const next = cursor.peek(1);
    return isTypeStart(context, next) || STORAGE_KEYWORDS.has(next.text);
  }
  return isTypeStart(context, token) && cursor.peek(1).text !== ':';
}
