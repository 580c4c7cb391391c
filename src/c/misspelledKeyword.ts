/**
 * Keywords with a typing mistake: `sturct page *p`, `retrun 0;`. The word is reported and then read as
 * what was meant, so that the mistake costs one message and nothing that follows is lost.
 */
import { closestName } from '../base/closestName.ts';
import { isKeyword, type ParseContext } from './parseContext.ts';
import type { Token } from './token.ts';

const TYPE_WORDS = (
  'struct union enum static extern inline const volatile unsigned signed typedef register void char ' +
  'short long'
).split(' ');
const STATEMENT_WORDS = 'if while for do switch case return goto break continue default'.split(' ');
/** Shorter words are names more often than mistakes. */
const SHORTEST_WORD = 4;

function replace(context: ParseContext, keyword: string): void {
  const { cursor } = context;
  const { token } = cursor;
  context.report('misspelled-keyword', context.place, token.text, keyword);
  cursor.token = { ...token, text: keyword };
}

function isUnknownWord(context: ParseContext, token: Token): boolean {
  if (token.kind !== 'identifier' || token.text.length < SHORTEST_WORD) return false;
  return !isKeyword(token.text) && context.scopes.find(token.text) === undefined;
}

function isName(token: Token): boolean {
  return token.kind === 'identifier' && !isKeyword(token.text);
}

/** At a word that should be a type: whether it was one of the words of a declaration. */
export function repairTypeWord(context: ParseContext): boolean {
  const { cursor } = context;
  const { token } = cursor;
  if (!isUnknownWord(context, token)) return false;
  const near = closestName(token.text, TYPE_WORDS);
  if (near === undefined) return false;
  const next = cursor.peek(1);
  // `struct`, `union` and `enum` need a tag and something to declare; others need a type.
  const isTagWord = near === 'struct' || near === 'union' || near === 'enum';
  const behind = cursor.peek(2);
  const fits = isTagWord
    ? next.text === '{' || (isName(next) && (/^[*{;]$/.test(behind.text) || isName(behind)))
    : next.kind === 'identifier';
  if (fits) replace(context, near);
  return fits;
}

/** At the first word of a statement: whether it was a keyword, by what stands behind it. */
export function repairStatementWord(context: ParseContext): boolean {
  const { cursor } = context;
  const { token } = cursor;
  if (!isUnknownWord(context, token)) return false;
  const next = cursor.peek(1);
  const near = closestName(token.text, STATEMENT_WORDS);
  if (near === undefined) return false;
  const fits = fitsBehind(context, near, next);
  if (fits) replace(context, near);
  return fits;
}

function fitsBehind(context: ParseContext, keyword: string, next: Token): boolean {
  switch (keyword) {
    case 'return':
      return ['number', 'string', 'char'].includes(next.kind) || isName(next) || next.text === ';';
    case 'goto':
    case 'case':
      return isName(next) || next.kind === 'number';
    case 'break':
    case 'continue':
      return next.text === ';';
    case 'default':
      return false;
    case 'do':
      return next.text === '{';
    default: {
      if (next.text !== '(') return false;
      const { cursor } = context;
      const close = cursor.matchingBracket(cursor.position + 1);
      const behind = close < 0 ? undefined : cursor.peek(close + 1 - cursor.position);
      return behind?.text === '{' || (behind?.kind === 'identifier' && behind.atLineStart);
    }
  }
}
