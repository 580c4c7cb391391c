/**
 * Whether the end of a statement can be reached: what the warning about a missing `return` asks.
 *
 * Conditions count only when they are constants; a label makes what follows it reachable.
 */
import type { Expression, Statement } from './ast.ts';

/** Whether evaluating the expression never ends, as a call of a `noreturn` function. */
function neverReturns(expression: Expression): boolean {
  switch (expression.kind) {
    case 'unreachable':
      return true;
    case 'call':
      return expression.callee.kind === 'function' && expression.callee.symbol.isNoReturn;
    case 'cast':
      return neverReturns(expression.operand);
    case 'comma':
      return neverReturns(expression.left) || neverReturns(expression.right);
    case 'statementExpression': {
      const { body, result } = expression;
      return !canComplete(body) || (result !== undefined && neverReturns(result));
    }
    default:
      return false;
  }
}

function isAlwaysTrue(condition: Expression | undefined): boolean {
  return condition === undefined || (condition.kind === 'integer' && condition.value !== 0n);
}

/** The statements directly inside. */
function childrenOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'block':
      return statement.statements;
    case 'if':
      return statement.whenFalse === undefined
        ? [statement.whenTrue]
        : [statement.whenTrue, statement.whenFalse];
    case 'while':
    case 'doWhile':
    case 'for':
    case 'switch':
      return [statement.body];
    case 'case':
    case 'labeled':
      return [statement.statement];
    default:
      return [];
  }
}

/** Whether a `break` inside leaves the loop or switch whose body this is. */
function hasBreak(statement: Statement): boolean {
  if (statement.kind === 'break') return true;
  const { kind } = statement;
  if (kind === 'while' || kind === 'doWhile' || kind === 'for' || kind === 'switch') return false;
  return childrenOf(statement).some(hasBreak);
}

/** Whether control can enter in the middle: through a label or `case`. */
function hasLabel(statement: Statement): boolean {
  if (statement.kind === 'labeled' || statement.kind === 'case') return true;
  return childrenOf(statement).some(hasLabel);
}

function canCompleteAll(statements: readonly Statement[]): boolean {
  let isReachable = true;
  for (const statement of statements) {
    if (isReachable || hasLabel(statement)) isReachable = canComplete(statement);
  }
  return isReachable;
}

/** Whether control can go on behind the statement, if it starts. */
export function canComplete(statement: Statement): boolean {
  switch (statement.kind) {
    case 'block':
      return canCompleteAll(statement.statements);
    case 'expression':
      return !neverReturns(statement.expression);
    case 'if':
      if (statement.whenFalse === undefined) return true;
      return canComplete(statement.whenTrue) || canComplete(statement.whenFalse);
    case 'while':
    case 'for':
      return !isAlwaysTrue(statement.condition) || hasBreak(statement.body);
    case 'doWhile':
      if (hasBreak(statement.body)) return true;
      return (
        !isAlwaysTrue(statement.condition) &&
        (canComplete(statement.body) || hasContinue(statement.body))
      );
    case 'switch': {
      const hasDefault = statement.labels.some((label) => label.range === undefined);
      return !hasDefault || hasBreak(statement.body) || canComplete(statement.body);
    }
    case 'case':
    case 'labeled':
      return canComplete(statement.statement);
    case 'goto':
    case 'break':
    case 'continue':
    case 'return':
      return false;
    case 'declaration':
    case 'empty':
    case 'annotation':
      return true;
  }
}

function hasContinue(statement: Statement): boolean {
  if (statement.kind === 'continue') return true;
  const { kind } = statement;
  if (kind === 'while' || kind === 'doWhile' || kind === 'for') return false;
  return childrenOf(statement).some(hasContinue);
}
