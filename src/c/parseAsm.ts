/**
 * `asm` is another language, which the machine does not run; the machine offers intrinsics instead.
 *
 * One form means something without it: an empty text, with which kernel code keeps the compiler from
 * moving or caching accesses. Nothing is ever moved here, so only its operands are evaluated.
 * Source: gcc manual, "Extended Asm".
 */
import type { Span } from '../base/span.ts';
import type { Expression, Statement } from './ast.ts';
import { makeInteger } from './expressionNode.ts';
import { INT } from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { makeComma, makeExplicitCast } from './unaryOperator.ts';
import { VOID } from './typeRelation.ts';

const QUALIFIERS: ReadonlySet<string> = new Set(['volatile', '__volatile', '__volatile__']);

/** `asm` [ `volatile` ] `(` string [ `:` operands [ `:` operands [ `:` clobbers ] ] ] `)` `;` */
export function parseAsm(context: ParseContext, start: Span): Statement {
  const { cursor } = context;
  cursor.advance();
  while (QUALIFIERS.has(cursor.token.text)) cursor.advance();
  const isBarrier = cursor.at('(') && cursor.peek(1).text === '""';
  if (!isBarrier) return refuse(context, start);
  cursor.advance();
  cursor.advance();
  const operands: Expression[] = [];
  while (cursor.accept(':')) {
    if (!parseOperands(context, operands)) return refuse(context, start);
  }
  context.expect(')');
  context.expectSemicolon();
  const span = context.spanFrom(start);
  if (operands.length === 0) return { kind: 'empty', span };
  let value: Expression = makeInteger(0n, INT, span);
  for (const operand of operands) value = makeComma(value, operand, span);
  const expression = makeExplicitCast(context, VOID, value, span);
  return { kind: 'expression', expression, span };
}

function refuse(context: ParseContext, start: Span): Statement {
  context.report('asm-unsupported', start);
  context.cursor.panic();
  return { kind: 'empty', span: start };
}

/** [ string [ `(` expression `)` ] { `,` … } ]; false for an operand that the text would write */
function parseOperands(context: ParseContext, into: Expression[]): boolean {
  const { cursor } = context;
  while (cursor.token.kind === 'string') {
    if (cursor.advance().text.startsWith('"=')) return false;
    if (cursor.accept('(')) {
      if (!context.enter()) return true;
      into.push(context.grammar.parseExpression(context));
      context.leave();
      context.expect(')');
    }
    if (!cursor.accept(',')) break;
  }
  return true;
}
