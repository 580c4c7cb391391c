/**
 * Debug information about expressions: which one an instruction belongs to, and through which pointer
 * it reaches memory, so that a fault can name `vma->vm_file` in `vma->vm_file->f_mapping`.
 */
import type { Span } from '../base/span.ts';
import type { Expression } from './ast.ts';
import type { CodeBuilder } from './codeBuilder.ts';
import type { ExpressionMark } from './objectCode.ts';

/** The pointer whose value decides where an lvalue lies; `undefined` for a variable. */
function pointerOf(lvalue: Expression): Expression | undefined {
  switch (lvalue.kind) {
    case 'member':
      return pointerOf(lvalue.record);
    case 'dereference':
      return decidingPointer(lvalue.operand);
    default:
      return undefined;
  }
}

/** Constant steps from a pointer leave it to blame; a variable index may be what is wrong. */
function decidingPointer(pointer: Expression): Expression | undefined {
  switch (pointer.kind) {
    case 'decay':
    case 'addressOf':
      return pointerOf(pointer.operand);
    case 'pointerAdd':
      return pointer.index.kind === 'integer' ? decidingPointer(pointer.pointer) : pointer;
    case 'cast':
      return pointer.isImplicit ? decidingPointer(pointer.operand) : pointer;
    default:
      return pointer;
  }
}

/** The pointer that an instruction of the expression itself goes through. */
function pointerUsed(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case 'member':
    case 'dereference':
      return pointerOf(expression);
    case 'assign':
    case 'compoundAssign':
      // The copy of a record has two sides, either of which may be wrong.
      return expression.type.kind === 'record' ? undefined : pointerOf(expression.target);
    case 'increment':
      return pointerOf(expression.target);
    case 'call':
      return expression.callee.kind === 'function' ? undefined : expression.callee;
    default:
      return undefined;
  }
}

/** The places behind the marks of a function. */
export function describeExpressions(marks: CodeBuilder['expressions']): ExpressionMark[] {
  return marks.map(({ pc, expression }) => {
    const pointer: Span | undefined = expression && pointerUsed(expression)?.span;
    return { pc, span: expression?.span, pointer };
  });
}
