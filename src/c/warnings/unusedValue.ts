/**
 * Warnings about values that nobody takes: `x == 1;` for `x = 1;`, and results that must not be
 * ignored, such as that of a lock that may not have been taken.
 *
 * A cast to `void` silences both.
 */
import type { Expression } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';
import { findSideEffect } from '../sideEffect.ts';

/** What is computed for nothing, in words; `undefined` when it is not, or may be meant. */
function describeIdle(node: Expression): string | undefined {
  switch (node.kind) {
    case 'variable':
    case 'integer':
    case 'string':
    case 'function':
    case 'decay':
      return 'this value';
    case 'member':
    case 'dereference':
      return node.type.isVolatile === true || node.type.kind === 'record'
        ? undefined
        : 'this value';
    case 'compare':
      return 'this comparison';
    case 'binary':
    case 'unary':
    case 'pointerAdd':
    case 'pointerDifference':
    case 'addressOf':
      return 'this computation';
    case 'conditional':
      return isIdle(node.whenTrue) && isIdle(node.whenFalse) ? 'this computation' : undefined;
    case 'cast':
      return node.type.kind === 'void' ? undefined : describeIdle(node.operand);
    default:
      return undefined;
  }
}

/** Whether it neither does anything nor is part of something that does. */
function isIdle(node: Expression): boolean {
  return findSideEffect(node) === undefined && describeIdle(node) !== undefined;
}

/** Warns about an expression whose value is dropped. */
export function warnUnusedValue(context: ParseContext, node: Expression): void {
  const { span } = node;
  if (node.kind === 'call') {
    if (node.callee.kind !== 'function' || !node.callee.symbol.warnsUnused) return;
    const { name, span: declared } = node.callee.symbol;
    const notes = [{ message: `\`${name}\` is declared here`, span: declared }];
    context.reportWithNotes('unused-result', span, notes, name);
    return;
  }
  if (node.kind === 'logical' || node.kind === 'orElse') {
    const last = node.kind === 'logical' ? node.right : node.otherwise;
    if (isIdle(last) && span.inMacro === undefined) {
      context.report('unused-value', last.span, 'this value');
    }
    return;
  }
  if (node.kind === 'statementExpression') {
    if (node.result !== undefined) warnResult(context, node.result);
    return;
  }
  if (node.kind === 'comma') {
    warnUnusedValue(context, node.right);
    return;
  }
  const isEqual = node.kind === 'compare' && node.operator === '==';
  if (isEqual) {
    context.report('unused-comparison', span);
    return;
  }
  // The value of a macro that is also used for its effect may be dropped.
  const what = span.inMacro === undefined ? describeIdle(node) : undefined;
  if (what !== undefined) context.report('unused-value', span, what);
}

/** The value of a statement expression may be dropped, but not one that must not be ignored. */
function warnResult(context: ParseContext, result: Expression): void {
  const value = result.kind === 'cast' && result.isImplicit ? result.operand : result;
  if (value.kind === 'call') warnUnusedValue(context, value);
}
