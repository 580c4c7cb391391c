/**
 * Statements to instructions, and with them the marks that stepping and virtual time go by: one at
 * each expression statement, initialized declaration, control expression, jump and `return`.
 *
 * A loop's body stands before its condition, so that a pass costs one jump; what waits for the next
 * statement (an anchor, the function's entry mark) is kept for the condition, which runs first.
 */
import { sizeOf } from '../bytecode/ctype.ts';
import type {
  BlockStatement,
  DeclarationStatement,
  DoWhileStatement,
  Expression,
  ForStatement,
  IfStatement,
  ReturnStatement,
  Statement,
  WhileStatement,
} from './ast.ts';
import type { Label } from './codeBuilder.ts';
import { foldConstant } from './foldConstant.ts';
import { positionOfVariable, withTemporaries, type FunctionContext } from './functionContext.ts';
import { closeCostRegions, lowerAnnotation, lowerAnnotatedStatement } from './lowerAnnotation.ts';
import { endChecks, noteDeclared, noteInitialized } from './lowerChecks.ts';
import { lowerEffect, lowerValue } from './lowerExpression.ts';
import { lowerBranch } from './lowerCondition.ts';
import { automaticPlace } from './lowerPlace.ts';
import { lowerRecordInto } from './lowerRecord.ts';
import { lowerSwitch } from './lowerSwitch.ts';
import { endScope, startScope, type OpenScope } from './lowerScope.ts';
import { isWide } from './scalar.ts';
import type { LabelSymbol } from './symbol.ts';

/** Lowers a statement with the annotations that name it. */
export function lowerStatement(context: FunctionContext, statement: Statement): void {
  const { annotations } = statement;
  if (annotations === undefined || annotations.length === 0) {
    lowerPlain(context, statement);
    return;
  }
  lowerAnnotatedStatement(context, annotations, () => {
    lowerPlain(context, statement);
  });
}

function lowerPlain(context: FunctionContext, statement: Statement): void {
  const { builder } = context;
  switch (statement.kind) {
    case 'block':
      lowerBlock(context, statement);
      return;
    case 'expression':
      builder.startStatement(statement.span);
      lowerEffect(context, statement.expression);
      builder.endStatement();
      return;
    case 'declaration':
      lowerDeclaration(context, statement);
      return;
    case 'if':
      lowerIf(context, statement);
      return;
    case 'while':
      lowerWhile(context, statement);
      return;
    case 'doWhile':
      lowerDoWhile(context, statement);
      return;
    case 'for':
      lowerFor(context, statement);
      return;
    case 'switch':
      lowerSwitch(context, statement);
      return;
    case 'case':
      placeKnownLabel(context, context.switchLabels.get(statement.label));
      lowerStatement(context, statement.statement);
      return;
    case 'labeled':
      placeKnownLabel(context, labelOf(context, statement.label));
      lowerStatement(context, statement.statement);
      return;
    case 'goto': {
      const depth = context.labelDepths.get(statement.label) ?? context.costDepth;
      if (depth > context.costDepth) context.unit.sink.report('jump-into-cost', statement.span);
      lowerJump(context, statement, labelOf(context, statement.label), depth);
      return;
    }
    case 'break': {
      const { jumps } = context;
      if (jumps !== undefined) lowerJump(context, statement, jumps.breakLabel, jumps.breakDepth);
      return;
    }
    case 'continue': {
      const { jumps } = context;
      if (jumps?.continueLabel === undefined) return;
      lowerJump(context, statement, jumps.continueLabel, jumps.continueDepth);
      return;
    }
    case 'return':
      lowerReturn(context, statement);
      return;
    case 'annotation':
      lowerAnnotation(context, statement.annotation);
      return;
    case 'empty':
      return;
  }
}

/** A label of the function; one inside a statement expression is made when it is met. */
function labelOf(context: FunctionContext, symbol: LabelSymbol): Label {
  const known = context.labels.get(symbol);
  if (known !== undefined) return known;
  const label = context.builder.createLabel();
  context.labels.set(symbol, label);
  return label;
}

function placeKnownLabel(context: FunctionContext, label: Label | undefined): void {
  if (label === undefined) return;
  label.isUsed = true;
  context.builder.placeLabel(label);
}

function lowerJump(
  context: FunctionContext,
  statement: Statement,
  label: Label,
  depth: number,
): void {
  context.builder.startStatement(statement.span);
  closeCostRegions(context, depth);
  context.builder.jump(label);
}

/** A block; `atEnd` runs inside its scope, after its statements. */
export function lowerBlock(
  context: FunctionContext,
  block: BlockStatement,
  atEnd?: () => void,
): void {
  inScope(context, startScope(context, block.variables), () => {
    for (const statement of block.statements) lowerStatement(context, statement);
    context.builder.endStatement();
    atEnd?.();
  });
}

function inScope(context: FunctionContext, scope: OpenScope, lower: () => void): void {
  lower();
  endScope(context, scope);
}

function lowerDeclaration(
  context: FunctionContext,
  { symbol, initializer, span }: DeclarationStatement,
): void {
  const { builder, parts } = context;
  if (initializer !== undefined) {
    builder.startStatement(span);
    withTemporaries(context, () => {
      parts.lowerInitializer(context, initializer, automaticPlace(context, symbol));
    });
    noteInitialized(context, symbol);
    builder.endStatement();
  } else {
    noteDeclared(context, symbol);
  }
  context.scopes[context.scopeIndex]?.variables.push({
    name: symbol.name,
    type: symbol.type,
    span: symbol.span,
    ...positionOfVariable(context, symbol),
    isParameter: false,
    declaredAt: builder.pc,
  });
}

/** Marks a control expression and jumps on it. */
function lowerControl(
  context: FunctionContext,
  condition: Expression,
  label: Label,
  when: boolean,
): void {
  const { builder, frame } = context;
  builder.startStatement(condition.span);
  const mark = frame.mark();
  lowerBranch(context, condition, label, when);
  frame.release(mark);
  builder.endStatement();
}

function lowerIf(context: FunctionContext, { condition, whenTrue, whenFalse }: IfStatement): void {
  const { builder } = context;
  const constant = foldConstant(condition);
  if (constant !== undefined) {
    const dead = constant === 0n ? whenTrue : whenFalse;
    if (dead === undefined || !hasLabel(dead)) {
      builder.startStatement(condition.span);
      builder.endStatement();
      const live = constant === 0n ? whenFalse : whenTrue;
      if (live !== undefined) lowerStatement(context, live);
      return;
    }
  }
  const otherwise = builder.createLabel();
  lowerControl(context, condition, otherwise, false);
  lowerStatement(context, whenTrue);
  builder.endStatement();
  if (whenFalse === undefined) {
    builder.placeLabel(otherwise);
    return;
  }
  const end = builder.createLabel();
  if (builder.isReachable) builder.jump(end);
  builder.placeLabel(otherwise);
  lowerStatement(context, whenFalse);
  builder.placeLabel(end);
}

/** Whether something may jump into the statement from outside. */
function hasLabel(statement: Statement): boolean {
  switch (statement.kind) {
    case 'labeled':
    case 'case':
      return true;
    case 'block':
      return statement.statements.some(hasLabel);
    case 'if':
      return (
        hasLabel(statement.whenTrue) ||
        (statement.whenFalse !== undefined && hasLabel(statement.whenFalse))
      );
    case 'while':
    case 'doWhile':
    case 'for':
    case 'switch':
      return hasLabel(statement.body);
    default:
      return false;
  }
}

interface LoopLabels {
  readonly end: Label;
  readonly next: Label;
}

/** Lowers a loop's body, in which `break` and `continue` go to its labels. */
function lowerLoopBody(context: FunctionContext, body: Statement, labels: LoopLabels): void {
  const { jumps, costDepth } = context;
  context.jumps = {
    breakLabel: labels.end,
    breakDepth: costDepth,
    continueLabel: labels.next,
    continueDepth: costDepth,
  };
  lowerStatement(context, body);
  context.builder.endStatement();
  context.jumps = jumps;
}

function lowerWhile(context: FunctionContext, { condition, body }: WhileStatement): void {
  const { builder } = context;
  const start = builder.createLabel();
  const labels = { end: builder.createLabel(), next: builder.createLabel() };
  const listeners = builder.takeListeners();
  builder.jump(labels.next);
  start.isUsed = true;
  builder.placeLabel(start);
  lowerLoopBody(context, body, labels);
  builder.placeLabel(labels.next);
  builder.restoreListeners(listeners);
  lowerControl(context, condition, start, true);
  builder.placeLabel(labels.end);
}

function lowerDoWhile(context: FunctionContext, { condition, body }: DoWhileStatement): void {
  const { builder } = context;
  const start = builder.createLabel();
  const labels = { end: builder.createLabel(), next: builder.createLabel() };
  builder.placeLabel(start);
  lowerLoopBody(context, body, labels);
  builder.placeLabel(labels.next);
  // The `while (0)` that macros end in asks nothing: a step that stopped there would not move.
  if (foldConstant(condition) !== 0n) lowerControl(context, condition, start, true);
  builder.placeLabel(labels.end);
}

function lowerFor(context: FunctionContext, statement: ForStatement): void {
  const { initial, condition, step, body } = statement;
  const { builder } = context;
  inScope(context, startScope(context, statement.variables), () => {
    for (const part of initial) lowerStatement(context, part);
    builder.endStatement();
    const start = builder.createLabel();
    const test = builder.createLabel();
    const labels = { end: builder.createLabel(), next: builder.createLabel() };
    const listeners = condition === undefined ? [] : builder.takeListeners();
    if (condition !== undefined) {
      builder.jump(test);
      start.isUsed = true;
    }
    builder.placeLabel(start);
    // A loop without any part and with an empty body still is a place where time passes.
    if (condition === undefined && body.kind === 'empty') builder.startStatement(statement.span);
    lowerLoopBody(context, body, labels);
    builder.placeLabel(labels.next);
    if (step !== undefined) {
      builder.startStatement(step.span);
      lowerEffect(context, step);
      builder.endStatement();
    }
    if (condition === undefined) {
      builder.jump(start);
    } else {
      builder.placeLabel(test);
      builder.restoreListeners(listeners);
      lowerControl(context, condition, start, true);
    }
    builder.placeLabel(labels.end);
  });
}

function lowerReturn(context: FunctionContext, { span, value }: ReturnStatement): void {
  const { builder, frame } = context;
  builder.startStatement(span);
  const mark = frame.mark();
  lowerReturnValue(context, value);
  frame.release(mark);
  builder.isReachable = false;
}

function lowerReturnValue(context: FunctionContext, value: Expression | undefined): void {
  const { builder } = context;
  if (value === undefined || value.type.kind === 'void') {
    if (value !== undefined) lowerEffect(context, value);
    closeCostRegions(context, 0);
    endChecks(context);
    builder.emit('return');
    return;
  }
  if (value.type.kind === 'record') {
    // The hidden first parameter holds the address for the result.
    lowerRecordInto(context, value, {
      kind: 'memory',
      base: 2,
      symbol: undefined,
      offset: 0,
      bits: undefined,
    });
    closeCostRegions(context, 0);
    endChecks(context);
    builder.emit('return');
    return;
  }
  const size = sizeOf(value.type);
  const slot = size === undefined ? 0 : lowerValue(context, value);
  closeCostRegions(context, 0);
  endChecks(context);
  builder.emit(isWide(value.type) ? 'return64' : 'return32', slot);
}
