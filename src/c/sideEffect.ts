/**
 * Finds what in an expression would change the program's state: annotations and the debugger's
 * expressions may only look.
 */
import type { Span } from '../base/span.ts';
import type { Expression } from './ast.ts';

/** A place that is not allowed in an expression that only looks, and what stands there. */
export interface SideEffect {
  readonly span: Span;
  readonly what: string;
}

/** The first part that calls or changes something; reading volatile memory is allowed. */
export function findSideEffect(expression: Expression): SideEffect | undefined {
  switch (expression.kind) {
    case 'assign':
    case 'compoundAssign':
      return { span: expression.span, what: 'an assignment' };
    case 'increment':
      return { span: expression.span, what: expression.step < 0 ? '`--`' : '`++`' };
    case 'call':
      return { span: expression.span, what: 'a function call' };
    case 'statementExpression':
      return { span: expression.span, what: 'a statement' };
    case 'compoundLiteral':
      return { span: expression.span, what: 'a compound literal' };
    case 'vaStart':
    case 'vaEnd':
    case 'vaCopy':
    case 'vaArg':
    case 'unreachable':
      return { span: expression.span, what: 'a builtin' };
    case 'integer':
    case 'string':
    case 'variable':
    case 'function':
    case 'error':
      return undefined;
    case 'decay':
    case 'cast':
    case 'unary':
    case 'addressOf':
    case 'dereference':
    case 'ghostQuery':
      return findSideEffect(expression.operand);
    case 'member':
      return findSideEffect(expression.record);
    case 'binary':
    case 'compare':
    case 'logical':
    case 'comma':
    case 'pointerDifference':
      return findSideEffect(expression.left) ?? findSideEffect(expression.right);
    case 'pointerAdd':
      return findSideEffect(expression.pointer) ?? findSideEffect(expression.index);
    case 'orElse':
      return findSideEffect(expression.value) ?? findSideEffect(expression.otherwise);
    case 'conditional':
      return (
        findSideEffect(expression.condition) ??
        findSideEffect(expression.whenTrue) ??
        findSideEffect(expression.whenFalse)
      );
  }
}
