/**
 * Warnings about a returned pointer to something that ends with the function.
 */
import type { Expression, VariableSymbol } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';

/** The automatic variable that an lvalue is a part of. */
function variableOf(lvalue: Expression): VariableSymbol | undefined {
  switch (lvalue.kind) {
    case 'variable':
    case 'compoundLiteral':
      return lvalue.symbol.storage === 'automatic' ? lvalue.symbol : undefined;
    case 'member':
      return variableOf(lvalue.record);
    case 'dereference':
      return pointedVariable(lvalue.operand);
    default:
      return undefined;
  }
}

function pointedVariable(pointer: Expression): VariableSymbol | undefined {
  switch (pointer.kind) {
    case 'decay':
    case 'addressOf':
      return variableOf(pointer.operand);
    case 'cast':
      return pointer.type.kind === 'pointer' ? pointedVariable(pointer.operand) : undefined;
    case 'pointerAdd':
      return pointedVariable(pointer.pointer);
    case 'comma':
      return pointedVariable(pointer.right);
    case 'conditional':
      return pointedVariable(pointer.whenTrue) ?? pointedVariable(pointer.whenFalse);
    default:
      return undefined;
  }
}

/** Warns about the value of a `return`. */
export function warnLocalAddress(context: ParseContext, value: Expression): void {
  if (value.type.kind !== 'pointer') return;
  const symbol = pointedVariable(value);
  if (symbol === undefined) return;
  const notes = symbol.name === '' ? [] : [{ message: 'it is declared here', span: symbol.span }];
  const name = symbol.name === '' ? 'a compound literal' : symbol.name;
  context.reportWithNotes('local-address', value.span, notes, name);
}
