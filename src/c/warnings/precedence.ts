/**
 * Warnings about operators that bind otherwise than a reader expects: `flags & MASK == 0`, `!a == b`,
 * `a < b < c`. Parentheses around an operand say that it is meant so.
 *
 * Asked while the expression is built, when comparisons of constants still tell what they were. Code
 * from the body of a macro is left alone.
 */
import type { Span } from '../../base/span.ts';
import type { Expression } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';

const BITWISE: ReadonlySet<string> = new Set(['&', '|', '^']);
const SHIFTS: ReadonlySet<string> = new Set(['<<', '>>']);
const SUMS: ReadonlySet<string> = new Set(['+', '-']);
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);
const ORDERINGS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** The binary operator that made the operand; constants remember a comparison. */
function operatorOf(operand: Expression): string | undefined {
  switch (operand.kind) {
    case 'binary':
    case 'compare':
    case 'logical':
      return operand.operator;
    case 'pointerAdd':
      return operand.isSubtraction ? '-' : '+';
    case 'integer':
      return operand.folded;
    default:
      return undefined;
  }
}

/** Whether an operator inside another one, without parentheses, is likely to be a mistake. */
function isConfusing(outer: string, inner: string): boolean {
  if (BITWISE.has(outer)) {
    return COMPARISONS.has(inner) || SUMS.has(inner) || (BITWISE.has(inner) && inner !== outer);
  }
  if (outer === '||') return inner === '&&';
  return SHIFTS.has(outer) && SUMS.has(inner);
}

function isTruth(operand: Expression): boolean {
  const { kind } = operand;
  if (kind === 'unary') return operand.operator === '!';
  const isBool = operand.type.kind === 'integer' && operand.type.name === '_Bool';
  return kind === 'compare' || kind === 'logical' || isBool;
}

/** Warns about `left OP right`, whose span is the whole. */
export function warnPrecedence(
  context: ParseContext,
  outer: string,
  left: Expression,
  right: Expression,
  span: Span,
): void {
  if (span.inMacro !== undefined || left.kind === 'error' || right.kind === 'error') return;
  const isLeftBare = left.span.start === span.start && left.span.inMacro === undefined;
  const isRightBare = right.span.end === span.end && right.span.inMacro === undefined;
  for (const operand of [isLeftBare ? left : undefined, isRightBare ? right : undefined]) {
    const inner = operand === undefined ? undefined : operatorOf(operand);
    if (operand === undefined || inner === undefined || !isConfusing(outer, inner)) continue;
    context.report('suggest-parentheses', operand.span, inner, outer);
  }
  if (!isLeftBare) return;
  const isNot = left.kind === 'unary' && left.operator === '!';
  if (isNot && (COMPARISONS.has(outer) || outer === '&' || outer === '|') && !isTruth(right)) {
    context.report('not-of-operand', span, outer);
  }
  if (ORDERINGS.has(outer) && ORDERINGS.has(operatorOf(left) ?? '')) {
    context.report('comparison-chain', span, outer);
  }
}
