/**
 * Warnings about a `switch` over an enumeration that leaves one of its constants out.
 */
import type { Expression, SwitchStatement } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';

function writtenValue(value: Expression): Expression {
  return value.kind === 'cast' && value.isImplicit ? writtenValue(value.operand) : value;
}

/** Warns unless there is a `default`. */
export function warnMissingCases(context: ParseContext, node: SwitchStatement): void {
  const { type } = writtenValue(node.value);
  if (type.kind !== 'enum' || node.labels.some(({ range }) => range === undefined)) return;
  for (const { name, value } of type.layout.constants) {
    const isThere = node.labels.some(
      ({ range }) => range !== undefined && range.low <= value && value <= range.high,
    );
    if (!isThere) context.report('missing-case', node.value.span, name);
  }
}
