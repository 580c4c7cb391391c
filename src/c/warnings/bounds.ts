/**
 * Warnings about a constant index outside of an array of known length.
 *
 * The last member of a struct with no or one element may be the beginning of more, as in older code.
 */
import type { CType } from '../../bytecode/ctype.ts';
import { typeName } from '../../bytecode/ctype.ts';
import type { Expression } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';

function mayBeLonger(array: Expression, length: number): boolean {
  if (array.kind !== 'member' || length > 1) return false;
  const { record, field } = array;
  const fields = record.type.kind === 'record' ? record.type.layout.fields : undefined;
  return fields?.at(-1)?.name === field.name;
}

function lengthOf(type: CType): number | undefined {
  return type.kind === 'array' ? type.length : undefined;
}

/** Warns about `*node.operand`, which is how `a[i]` reads in the tree. */
export function warnBounds(
  context: ParseContext,
  { operand, span }: Expression & { readonly kind: 'dereference' },
): void {
  if (operand.kind !== 'pointerAdd' || operand.index.kind !== 'integer') return;
  const { pointer, index, isSubtraction } = operand;
  if (pointer.kind !== 'decay') return;
  const array = pointer.operand;
  const length = lengthOf(array.type);
  if (length === undefined || mayBeLonger(array, length)) return;
  const value = BigInt.asIntN(32, isSubtraction ? -index.value : index.value);
  if (value >= 0n && value < BigInt(length)) return;
  context.report('array-bounds', span, value.toString(), typeName(array.type));
}
