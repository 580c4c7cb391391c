/**
 * The value of an expression that is the same whenever it is evaluated, for immediate operands and
 * conditions that need no code. Addresses are not folded here; `undefined` means "ask at run time".
 */
import { computeArithmetic, computeComparison } from './integerArithmetic.ts';
import { wrapInteger } from './scalar.ts';
import type { BinaryExpression, Expression } from './ast.ts';

/** The constant value, in the range of the expression's type, if it has one without side effects. */
export function foldConstant(expression: Expression): bigint | undefined {
  switch (expression.kind) {
    case 'integer':
      return expression.value;
    case 'cast': {
      if (expression.type.kind === 'void') return undefined;
      const value = foldConstant(expression.operand);
      return value === undefined ? undefined : wrapInteger(expression.type, value);
    }
    case 'unary': {
      const value = foldConstant(expression.operand);
      if (value === undefined) return undefined;
      if (expression.operator === '!') return value === 0n ? 1n : 0n;
      return wrapInteger(expression.type, expression.operator === '-' ? -value : ~value);
    }
    case 'binary':
      return foldBinary(expression);
    case 'compare': {
      const left = foldConstant(expression.left);
      if (left === undefined) return undefined;
      const right = foldConstant(expression.right);
      if (right === undefined) return undefined;
      return computeComparison(expression.operator, left, right) ? 1n : 0n;
    }
    case 'logical': {
      const left = foldConstant(expression.left);
      if (left === undefined) return undefined;
      if ((left !== 0n) === (expression.operator === '||')) return left === 0n ? 0n : 1n;
      const right = foldConstant(expression.right);
      if (right === undefined) return undefined;
      return right === 0n ? 0n : 1n;
    }
    case 'conditional': {
      const condition = foldConstant(expression.condition);
      if (condition === undefined || expression.type.kind === 'void') return undefined;
      return foldConstant(condition === 0n ? expression.whenFalse : expression.whenTrue);
    }
    default:
      return undefined;
  }
}

function foldBinary({ operator, type, left, right }: BinaryExpression): bigint | undefined {
  const first = foldConstant(left);
  if (first === undefined) return undefined;
  const second = foldConstant(right);
  if (second === undefined) return undefined;
  return computeArithmetic(operator, type, first, second);
}
