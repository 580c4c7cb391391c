/**
 * Constants for initial data: numbers, and addresses of things with static storage plus an offset.
 *
 * Integer constants are folded when their nodes are made; what is left here are addresses.
 * Source: C99 6.6.
 */
import { sizeOf } from '../bytecode/ctype.ts';
import type { Constant, Expression } from './ast.ts';
import { isIntegerLike } from './typeRelation.ts';

function moveAddress(constant: Constant | undefined, distance: number): Constant | undefined {
  if (constant?.kind !== 'address') return undefined;
  return { ...constant, offset: (constant.offset + distance) | 0 };
}

/** The address of an lvalue or function, if it is known before the program runs. */
function addressConstant(expression: Expression): Constant | undefined {
  switch (expression.kind) {
    case 'variable':
    case 'compoundLiteral':
      if (expression.symbol.storage !== 'static') return undefined;
      return { kind: 'address', base: expression.symbol, offset: 0 };
    case 'function':
      return { kind: 'address', base: expression.symbol, offset: 0 };
    case 'string':
      return { kind: 'address', base: expression, offset: 0 };
    case 'member':
      return moveAddress(addressConstant(expression.record), expression.field.offset);
    case 'dereference':
      return constantOf(expression.operand);
    default:
      return undefined;
  }
}

/** The value of a scalar expression, if it is known before the program runs. */
export function constantOf(expression: Expression): Constant | undefined {
  switch (expression.kind) {
    case 'integer':
      return { kind: 'integer', value: expression.value };
    case 'decay':
    case 'addressOf':
      return addressConstant(expression.operand);
    case 'pointerAdd': {
      if (expression.index.kind !== 'integer') return undefined;
      const distance = Number(expression.index.value) * expression.elementSize;
      const pointer = constantOf(expression.pointer);
      return moveAddress(pointer, expression.isSubtraction ? -distance : distance);
    }
    case 'binary': {
      if (expression.operator !== '+' && expression.operator !== '-') return undefined;
      const left = constantOf(expression.left);
      const right = constantOf(expression.right);
      if (right?.kind !== 'integer') return undefined;
      const distance = Number(BigInt.asIntN(32, right.value));
      return moveAddress(left, expression.operator === '-' ? -distance : distance);
    }
    case 'cast': {
      const isWord = sizeOf(expression.type) === 4;
      const isScalar = expression.type.kind === 'pointer' || isIntegerLike(expression.type);
      return isWord && isScalar ? constantOf(expression.operand) : undefined;
    }
    default:
      return undefined;
  }
}
