/**
 * Constant operands. The parser folds constants when it makes their nodes, so what is constant to
 * lowering is an `integer` node; addresses are not folded.
 */
import type { Expression } from './ast.ts';

/** The value, in the range of the expression's type, if it is a constant. */
export function foldConstant(expression: Expression): bigint | undefined {
  return expression.kind === 'integer' ? expression.value : undefined;
}
