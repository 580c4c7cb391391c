/**
 * Constants for initial data: numbers, and addresses of things with static storage plus an offset.
 *
 * Integer constants are folded when their nodes are made; what is left here are addresses.
 * Source: C99 6.6.
 */
import { isScalar, sizeOf, type CType } from '../bytecode/ctype.ts';
import type {
  CompareExpression,
  Constant,
  Expression,
  LogicalExpression,
  PointerDifferenceExpression,
  UnaryExpression,
} from './ast.ts';
import { wrapToType } from './integerType.ts';

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
    case 'cast':
      return convertConstant(constantOf(expression.operand), expression.type);
    case 'dereference':
      return characterOf(constantOf(expression.operand), expression.type);
    case 'pointerDifference':
      return differenceConstant(expression);
    case 'unary':
    case 'compare':
    case 'logical':
      return truthConstant(expression);
    case 'conditional': {
      const isTrue = truthOf(constantOf(expression.condition));
      if (isTrue === undefined) return undefined;
      return constantOf(isTrue ? expression.whenTrue : expression.whenFalse);
    }
    default:
      return undefined;
  }
}

function convertConstant(constant: Constant | undefined, type: CType): Constant | undefined {
  if (constant === undefined || !isScalar(type)) return undefined;
  if (constant.kind === 'integer') {
    return { kind: 'integer', value: wrapToType(constant.value, type) };
  }
  return sizeOf(type) === 4 ? constant : undefined;
}

/** A character of a string literal, such as `"abc"[1]`. */
function characterOf(place: Constant | undefined, type: CType): Constant | undefined {
  if (place?.kind !== 'address' || !('kind' in place.base) || place.base.kind !== 'string') {
    return undefined;
  }
  const byte = sizeOf(type) === 1 ? place.base.bytes[place.offset] : undefined;
  if (byte === undefined) return undefined;
  return { kind: 'integer', value: wrapToType(BigInt(byte), type) };
}

function isSameObject(left: Constant, right: Constant): boolean {
  return left.kind === 'address' && right.kind === 'address' && left.base === right.base;
}

function differenceConstant(expression: PointerDifferenceExpression): Constant | undefined {
  const left = constantOf(expression.left);
  const right = constantOf(expression.right);
  if (left?.kind !== 'address' || right?.kind !== 'address') return undefined;
  if (!isSameObject(left, right)) return undefined;
  const elements = Math.trunc((left.offset - right.offset) / expression.elementSize);
  return { kind: 'integer', value: BigInt(elements) };
}

/** What has an address is never null. */
function truthOf(constant: Constant | undefined): boolean | undefined {
  if (constant === undefined) return undefined;
  return constant.kind === 'address' || constant.value !== 0n;
}

/** `!`, comparisons and `&&` or `||`, where addresses take part: C leaves them to the compiler. */
function truthConstant(
  expression: UnaryExpression | CompareExpression | LogicalExpression,
): Constant | undefined {
  const isTrue = isKnownTrue(expression);
  return isTrue === undefined ? undefined : { kind: 'integer', value: isTrue ? 1n : 0n };
}

function isKnownTrue(
  expression: UnaryExpression | CompareExpression | LogicalExpression,
): boolean | undefined {
  if (expression.kind === 'unary') {
    const operand =
      expression.operator === '!' ? truthOf(constantOf(expression.operand)) : undefined;
    return operand === undefined ? undefined : !operand;
  }
  const left = constantOf(expression.left);
  const right = constantOf(expression.right);
  if (expression.kind === 'compare') {
    return left === undefined || right === undefined
      ? undefined
      : compareConstants(expression.operator, left, right);
  }
  const decides = expression.operator === '||';
  const isLeft = truthOf(left);
  return isLeft === undefined || isLeft === decides ? isLeft : truthOf(right);
}

function compareConstants(
  operator: CompareExpression['operator'],
  left: Constant,
  right: Constant,
): boolean | undefined {
  if (operator !== '==' && operator !== '!=') return undefined;
  const isEqual = isEqualConstant(left, right);
  return isEqual === undefined ? undefined : isEqual === (operator === '==');
}

function isEqualConstant(left: Constant, right: Constant): boolean | undefined {
  if (left.kind === 'integer' && right.kind === 'integer') return left.value === right.value;
  if (left.kind === 'address' && right.kind === 'address') {
    return isSameObject(left, right) ? left.offset === right.offset : undefined;
  }
  const number = left.kind === 'integer' ? left : right;
  return number.kind === 'integer' && number.value === 0n ? false : undefined;
}
