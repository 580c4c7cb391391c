/**
 * The places that `racy` annotations of statements name: which accesses they are about.
 *
 * A member (`page->mapping`) stands for that member of any object, a variable of file scope for itself, and what a
 * pointer points to (`*pte`, `slots[i]`) for the same expression in the statement. An annotation whose statement does
 * not access its place promises something that nobody sees: it is noted which ones were used.
 */
import type { Field } from '../bytecode/ctype.ts';
import type { DereferenceExpression, Expression, ParsedAnnotation, VariableSymbol } from './ast.ts';

/** What a `racy` annotation of a statement is about. */
type RacyPlace = Field | VariableSymbol | DereferenceExpression;

/** A `racy` annotation while its statement is lowered. */
export interface RacyMark {
  readonly place: RacyPlace;
  /** Whether an access in the statement was about it. */
  isUsed: boolean;
}

/** The place that a `racy` annotation of a statement names; `undefined` where others cannot reach it. */
export function racyPlaceOf({ operands }: ParsedAnnotation): RacyPlace | undefined {
  const [operand] = operands;
  if (operand?.kind !== 'expression') return undefined;
  const expression = plain(operand.expression);
  if (expression.kind === 'member') return expression.field;
  if (expression.kind === 'dereference') return expression;
  if (expression.kind !== 'variable') return undefined;
  return expression.symbol.storage === 'static' ? expression.symbol : undefined;
}

/** The mark that is about accesses to a member or variable, or to what the pointer of a dereference points to. */
export function findRacyMark(
  marks: readonly RacyMark[],
  accessed: RacyPlace,
): RacyMark | undefined {
  return marks.find(({ place }) => place === accessed || isSamePointed(place, accessed));
}

function isSamePointed(place: RacyPlace, accessed: RacyPlace): boolean {
  return isDereference(place) && isDereference(accessed) && isSame(place, accessed);
}

function isDereference(place: RacyPlace): place is DereferenceExpression {
  return 'kind' in place && place.kind === 'dereference';
}

/** Without conversions, which leave an address as it is. */
function plain(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'decay' || inner.kind === 'cast') inner = inner.operand;
  return inner;
}

/** Whether two expressions without side effects are written the same. */
function isSame(one: Expression, other: Expression): boolean {
  const left = plain(one);
  const right = plain(other);
  switch (left.kind) {
    case 'integer':
      return right.kind === 'integer' && left.value === right.value;
    case 'variable':
      return right.kind === 'variable' && left.symbol === right.symbol;
    case 'dereference':
    case 'addressOf':
      return right.kind === left.kind && isSame(left.operand, right.operand);
    case 'unary':
      return (
        right.kind === 'unary' &&
        left.operator === right.operator &&
        isSame(left.operand, right.operand)
      );
    case 'member':
      return (
        right.kind === 'member' && left.field === right.field && isSame(left.record, right.record)
      );
    case 'pointerAdd':
      return (
        right.kind === 'pointerAdd' &&
        left.isSubtraction === right.isSubtraction &&
        isSame(left.pointer, right.pointer) &&
        isSame(left.index, right.index)
      );
    case 'binary':
      return (
        right.kind === 'binary' &&
        left.operator === right.operator &&
        isSame(left.left, right.left) &&
        isSame(left.right, right.right)
      );
    default:
      return false;
  }
}
