/**
 * Warnings about a variable that one expression changes twice, or reads and changes, with nothing that
 * orders the two: `i = i++`, `i++ + i`, `a[i] = i++`.
 *
 * Only variables themselves are looked at, not what pointers reach.
 */
import type {
  AssignExpression,
  BinaryExpression,
  CompoundAssignExpression,
  Expression,
  VariableSymbol,
} from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';
import { forEachOperand } from './children.ts';

interface Effects {
  readonly written: Set<VariableSymbol>;
  readonly read: Set<VariableSymbol>;
}

/** What happens in the node with no order among it; parts with an order of their own do not count. */
function collect(node: Expression, into: Effects): void {
  switch (node.kind) {
    case 'variable':
      into.read.add(node.symbol);
      return;
    case 'increment':
      if (node.target.kind === 'variable') into.written.add(node.target.symbol);
      else collect(node.target, into);
      return;
    case 'assign':
    case 'compoundAssign':
      if (node.target.kind === 'variable') into.written.add(node.target.symbol);
      else collect(node.target, into);
      collect(node.value, into);
      return;
    case 'logical':
    case 'conditional':
    case 'orElse':
    case 'comma':
    case 'statementExpression':
    case 'call':
    case 'addressOf':
      return;
    default:
      forEachOperand(node, (operand) => {
        collect(operand, into);
      });
  }
}

function effectsOf(node: Expression): Effects {
  const effects = { written: new Set<VariableSymbol>(), read: new Set<VariableSymbol>() };
  collect(node, effects);
  return effects;
}

function hasWrite(node: Expression): boolean {
  switch (node.kind) {
    case 'increment':
    case 'assign':
    case 'compoundAssign':
      return true;
    case 'variable':
    case 'integer':
      return false;
    case 'cast':
    case 'decay':
    case 'unary':
    case 'dereference':
      return hasWrite(node.operand);
    case 'member':
      return hasWrite(node.record);
    case 'binary':
    case 'compare':
      return hasWrite(node.left) || hasWrite(node.right);
    case 'pointerAdd':
      return hasWrite(node.pointer) || hasWrite(node.index);
    default:
      return false;
  }
}

/** Warns about the two sides of an operator that C evaluates in any order. */
export function warnSequence(
  context: ParseContext,
  node: AssignExpression | CompoundAssignExpression | BinaryExpression,
): void {
  const [left, right] =
    node.kind === 'binary' ? [node.left, node.right] : [node.target, node.value];
  if (!hasWrite(left) && !hasWrite(right)) return;
  const one = effectsOf(left);
  const other = effectsOf(right);
  let clash: VariableSymbol | undefined;
  if (node.kind !== 'binary' && left.kind === 'variable') {
    if (other.written.has(left.symbol)) clash = left.symbol;
  } else {
    const isTouched = ({ written, read }: Effects, symbol: VariableSymbol): boolean =>
      written.has(symbol) || read.has(symbol);
    clash =
      [...one.written].find((symbol) => isTouched(other, symbol)) ??
      [...other.written].find((symbol) => isTouched(one, symbol));
  }
  if (clash !== undefined) context.report('sequence-point', node.span, clash.name);
}
