/**
 * Warnings about conditions that can come out only one way: an unsigned number below zero, a number
 * beyond the range of a narrow type, the address of a function for its call.
 *
 * Code from the body of a macro is left alone: there a test may make sense for other arguments.
 */
import { isSignedType, sizeOf, typeName, type CType } from '../../bytecode/ctype.ts';
import type { CompareExpression, Expression } from '../ast.ts';
import { bitWidthOf } from '../expressionNode.ts';
import type { ParseContext } from '../parseContext.ts';
import { isIntegerLike } from '../typeRelation.ts';

interface Range {
  readonly low: bigint;
  readonly high: bigint;
  readonly what: string;
}

/** Conversions that nobody wrote, taken off. */
function withoutConversions(node: Expression): Expression {
  return node.kind === 'cast' && node.isImplicit ? withoutConversions(node.operand) : node;
}

function rangeOfBits(bits: number, isSigned: boolean, what: string): Range {
  const top = 1n << BigInt(isSigned ? bits - 1 : bits);
  return { low: isSigned ? -top : 0n, high: top - 1n, what };
}

function rangeOfType(type: CType): Range | undefined {
  const size = sizeOf(type);
  if (!isIntegerLike(type) || type.kind === 'enum' || size === undefined) return undefined;
  if (type.name === '_Bool') return { low: 0n, high: 1n, what: '`_Bool` is 0 or 1' };
  const { low, high } = rangeOfBits(size * 8, type.isSigned, '');
  const isCharacter = size < 4;
  const what = isCharacter
    ? `\`${typeName(type)}\` holds ${low.toString()} to ${high.toString()}`
    : `\`${typeName(type)}\` is never negative`;
  return { low, high, what };
}

/** The values that the side of a comparison can have, where that is less than its type holds. */
function rangeOf(side: Expression): Range | undefined {
  const inner = withoutConversions(side);
  const { type } = side;
  const width = bitWidthOf(inner);
  const isSigned = isSignedType(inner.type);
  const bits = (sizeOf(inner.type) ?? 4) * 8;
  const isWidened = (sizeOf(type) ?? 4) * 8 > bits || isSigned === isSignedType(type);
  if (width !== undefined && width < bits && isWidened) {
    return rangeOfBits(width, isSigned, `the bit-field has ${String(width)} bits`);
  }
  // A conversion of a signed number to unsigned leaves only that it is not negative.
  const isKept = isWidened && (!isSigned || isSignedType(type));
  return rangeOfType(isKept ? inner.type : type);
}

function alwaysResult(
  operator: CompareExpression['operator'],
  { low, high }: Range,
  value: bigint,
): boolean | undefined {
  switch (operator) {
    case '<':
      return high < value ? true : low >= value ? false : undefined;
    case '<=':
      return high <= value ? true : low > value ? false : undefined;
    case '>':
      return low > value ? true : high <= value ? false : undefined;
    case '>=':
      return low >= value ? true : high < value ? false : undefined;
    case '==':
      return value < low || value > high ? false : undefined;
    case '!=':
      return value < low || value > high ? true : undefined;
  }
}

const MIRRORED = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '==', '!=': '!=' } as const;

/** Warns about a comparison whose result is known. */
export function warnComparison(context: ParseContext, node: CompareExpression): void {
  const { left, right, operator, span } = node;
  if (span.inMacro !== undefined) return;
  warnAddressCompared(context, node);
  const isConstantLeft = left.kind === 'integer';
  const constant = isConstantLeft ? left : right;
  const other = isConstantLeft ? right : left;
  if (constant.kind !== 'integer' || !isIntegerLike(other.type)) return;
  const range = rangeOf(other);
  if (range === undefined) return;
  const seen = isConstantLeft ? MIRRORED[operator] : operator;
  const result = alwaysResult(seen, range, constant.value);
  if (result !== undefined) {
    context.report('constant-comparison', span, String(result), range.what);
  }
}

/** What an address that is never 0 belongs to, in words. */
function describeAddress(node: Expression): string | undefined {
  if (node.kind !== 'decay' && node.kind !== 'addressOf') return undefined;
  const { operand } = node;
  if (operand.kind === 'function') {
    const { name } = operand.symbol;
    return node.kind === 'decay'
      ? `\`${name}\`, a function that is not called here,`
      : `\`${name}\``;
  }
  return operand.kind === 'variable' ? `\`${operand.symbol.name}\`` : undefined;
}

function warnAddressCompared(context: ParseContext, node: CompareExpression): void {
  const { left, right, operator, span } = node;
  if (right.kind !== 'integer' || right.value !== 0n) return;
  const what = describeAddress(left);
  if (what === undefined || (operator !== '==' && operator !== '!=')) return;
  context.report(
    'constant-comparison',
    span,
    String(operator === '!='),
    `the address of ${what} is never 0`,
  );
}

/** Warns about a truth value that is an address: `if (trylock)` for `if (trylock())`. */
export function warnTruth(context: ParseContext, node: Expression): void {
  if (node.span.inMacro !== undefined) return;
  const what = describeAddress(node);
  if (what !== undefined) context.report('address-truth', node.span, what);
}
