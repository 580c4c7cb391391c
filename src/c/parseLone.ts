/**
 * One expression on its own, with names from elsewhere: what the debugger evaluates, and the values
 * of macros.
 */
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import type { Expression } from './ast.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { GRAMMAR } from './grammar.ts';
import { ParseContext } from './parseContext.ts';
import { ScopeTable, type NameSource } from './scopeTable.ts';
import type { Token } from './token.ts';
import { TokenCursor } from './tokenCursor.ts';

const NO_LANGUAGE: AnnotationLanguage = { forms: [], owners: [], queries: [] };

/**
 * Parses and types an expression; `undefined` after a complaint, or when there are no tokens.
 * Whether it may call or assign is for the caller to ask (`findSideEffect`).
 */
export function parseLoneExpression(
  tokens: readonly Token[],
  names: NameSource,
  sink: DiagnosticSink,
): Expression | undefined {
  const [first] = tokens;
  if (first === undefined) return undefined;
  const cursor = new TokenCursor(tokens, first.span);
  const context = new ParseContext(cursor, new ScopeTable(names), sink, NO_LANGUAGE, GRAMMAR, 0);
  const expression = GRAMMAR.parseExpression(context);
  if (context.token.kind !== 'end') context.failSyntax('the end of the expression');
  return expression.kind === 'error' || cursor.isPanicking ? undefined : expression;
}
