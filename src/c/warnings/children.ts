/**
 * The parts of a node: what a walk over the tree of a function goes on with.
 */
import type { Expression, Statement } from '../ast.ts';

/** Calls back with each expression directly inside; statement expressions have statements instead. */
export function forEachOperand(node: Expression, visit: (operand: Expression) => void): void {
  switch (node.kind) {
    case 'decay':
    case 'cast':
    case 'unary':
    case 'addressOf':
    case 'dereference':
    case 'ghostQuery':
      visit(node.operand);
      return;
    case 'increment':
      visit(node.target);
      return;
    case 'binary':
    case 'compare':
    case 'logical':
    case 'comma':
    case 'pointerDifference':
      visit(node.left);
      visit(node.right);
      return;
    case 'pointerAdd':
      visit(node.pointer);
      visit(node.index);
      return;
    case 'assign':
    case 'compoundAssign':
      visit(node.target);
      visit(node.value);
      return;
    case 'conditional':
      visit(node.condition);
      visit(node.whenTrue);
      visit(node.whenFalse);
      return;
    case 'orElse':
      visit(node.value);
      visit(node.otherwise);
      return;
    case 'call':
      visit(node.callee);
      node.arguments.forEach(visit);
      return;
    case 'member':
      visit(node.record);
      return;
    case 'compoundLiteral':
      for (const { value } of node.initializer.items) visit(value);
      return;
    case 'vaStart':
    case 'vaEnd':
    case 'vaCopy':
      visit(node.list);
      if (node.from !== undefined) visit(node.from);
      return;
    case 'vaArg':
      visit(node.list);
      return;
    case 'statementExpression':
      if (node.result !== undefined) visit(node.result);
      return;
    case 'integer':
    case 'string':
    case 'variable':
    case 'function':
    case 'unreachable':
    case 'error':
      return;
  }
}

/** Calls back with each statement directly inside. */
export function forEachInner(node: Statement, visit: (statement: Statement) => void): void {
  switch (node.kind) {
    case 'block':
      node.statements.forEach(visit);
      return;
    case 'if':
      visit(node.whenTrue);
      if (node.whenFalse !== undefined) visit(node.whenFalse);
      return;
    case 'while':
    case 'doWhile':
    case 'switch':
      visit(node.body);
      return;
    case 'for':
      node.initial.forEach(visit);
      visit(node.body);
      return;
    case 'case':
    case 'labeled':
      visit(node.statement);
      return;
    default:
      return;
  }
}
