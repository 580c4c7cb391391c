/**
 * C's integer arithmetic on values known outside the machine, for expressions of the debugger. Values
 * are in the range of their type, results are brought into it.
 */
import type { CType } from '../bytecode/ctype.ts';
import type { ArithmeticOperator, CompareExpression } from './ast.ts';
import { wrapToType } from './integerType.ts';
import { shapeOf } from './scalar.ts';

/** `left OP right` in `type`; `undefined` for a division by zero. */
export function computeArithmetic(
  operator: ArithmeticOperator,
  type: CType,
  left: bigint,
  right: bigint,
): bigint | undefined {
  switch (operator) {
    case '+':
      return wrapToType(left + right, type);
    case '-':
      return wrapToType(left - right, type);
    case '*':
      return wrapToType(left * right, type);
    case '/':
      return right === 0n ? undefined : wrapToType(left / right, type);
    case '%':
      return right === 0n ? undefined : wrapToType(left % right, type);
    case '&':
      return wrapToType(left & right, type);
    case '|':
      return wrapToType(left | right, type);
    case '^':
      return wrapToType(left ^ right, type);
    case '<<':
      return wrapToType(left << shiftCount(type, right), type);
    case '>>':
      return wrapToType(left >> shiftCount(type, right), type);
  }
}

/** The machine masks the count of a shift by the width of the shifted value. */
function shiftCount(type: CType, count: bigint): bigint {
  return BigInt.asUintN(shapeOf(type).size === 8 ? 6 : 5, count);
}

/** The truth of a comparison of two values in the range of one type. */
export function computeComparison(
  operator: CompareExpression['operator'],
  left: bigint,
  right: bigint,
): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
  }
}
