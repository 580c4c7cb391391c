/**
 * Which expressions run C functions, and which calls are intrinsics, which the machine performs
 * without a frame. Statement expressions count as calls without a closer look.
 */
import { INTRINSICS } from '../bytecode/intrinsic.ts';
import type { CallExpression, Expression } from './ast.ts';

const numbers: ReadonlyMap<string, number> = new Map(
  INTRINSICS.map((intrinsic, index) => [intrinsic.name, index]),
);

/** The number of the intrinsic that a call performs: a declared function of that name. */
export function intrinsicOf(call: CallExpression): number | undefined {
  const { callee } = call;
  if (callee.kind !== 'function' || callee.symbol.definition !== undefined) return undefined;
  return numbers.get(callee.symbol.name);
}

/** Whether evaluating the expression may run a C function. */
export function hasCall(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call':
      return intrinsicOf(expression) === undefined || expression.arguments.some(hasCall);
    case 'statementExpression':
      return true;
    case 'decay':
    case 'cast':
    case 'unary':
    case 'addressOf':
    case 'dereference':
    case 'ghostQuery':
      return hasCall(expression.operand);
    case 'increment':
      return hasCall(expression.target);
    case 'binary':
    case 'compare':
    case 'pointerDifference':
    case 'logical':
    case 'comma':
      return hasCall(expression.left) || hasCall(expression.right);
    case 'pointerAdd':
      return hasCall(expression.pointer) || hasCall(expression.index);
    case 'conditional':
      return (
        hasCall(expression.condition) ||
        hasCall(expression.whenTrue) ||
        hasCall(expression.whenFalse)
      );
    case 'orElse':
      return hasCall(expression.value) || hasCall(expression.otherwise);
    case 'assign':
    case 'compoundAssign':
      return hasCall(expression.target) || hasCall(expression.value);
    case 'member':
      return hasCall(expression.record);
    case 'compoundLiteral':
      return expression.initializer.items.some((item) => hasCall(item.value));
    case 'vaStart':
    case 'vaEnd':
    case 'vaCopy':
    case 'vaArg':
      return hasCall(expression.list);
    case 'integer':
    case 'string':
    case 'variable':
    case 'function':
    case 'unreachable':
    case 'error':
      return false;
  }
}
