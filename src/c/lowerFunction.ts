/**
 * One function definition to its code and debug information, relative to its own start.
 */
import { sizeOf, type CType, type FunctionType } from '../bytecode/ctype.ts';
import { emitCopy } from './access.ts';
import type { FunctionDefinition, Statement } from './ast.ts';
import { CodeBuilder } from './codeBuilder.ts';
import { describeExpressions } from './expressionMarks.ts';
import { FrameLayout } from './frameLayout.ts';
import {
  addAnnotation,
  offsetOf,
  positionOfVariable,
  type FunctionContext,
  type LoweringParts,
  type UnitServices,
} from './functionContext.ts';
import { planChecks } from './functionChecks.ts';
import { closeCostRegions, costName } from './lowerAnnotation.ts';
import { lowerCall } from './lowerCall.ts';
import { endChecks, startChecks } from './lowerChecks.ts';
import { lowerBranch } from './lowerCondition.ts';
import { lowerEffect, lowerInto, lowerValue } from './lowerExpression.ts';
import { lowerInitializer } from './lowerInitializer.ts';
import { automaticPlace, lowerPlace } from './lowerPlace.ts';
import { lowerRecordInto } from './lowerRecord.ts';
import { endScope, reserveVariables } from './lowerScope.ts';
import { lowerBlock, lowerStatement } from './lowerStatement.ts';
import type { FrameScope, FunctionCode } from './objectCode.ts';
import { framePlace } from './place.ts';

const PARTS: LoweringParts = {
  lowerEffect,
  lowerValue,
  lowerInto,
  lowerBranch,
  lowerPlace,
  lowerRecordInto,
  lowerCall,
  lowerInitializer,
  lowerStatement,
  lowerBlock,
};

/** Far more than any stack has. */
const FRAME_LIMIT_BYTES = 64 * 1024 * 1024;

/** Byte offset of the first parameter from the frame pointer. */
const FIRST_PARAMETER_OFFSET = 8;

/** Lowers a function. What it refers to is asked of the unit, which notes what is used. */
export function lowerFunction(definition: FunctionDefinition, unit: UnitServices): FunctionCode {
  const context = createContext(definition, unit);
  const { builder } = context;
  builder.atNextStatement((pc) => {
    const first = builder.statements.at(-1);
    if (first?.pc === pc) first.isEntry = true;
  });
  startChecks(context, definition);
  placeAligned(context, definition);
  const isPlumbing = startFunction(context, definition);
  for (const statement of definition.body.statements) lowerStatement(context, statement);
  builder.endStatement();
  endFunction(context, definition);
  const { frameSize } = context.frame;
  if (frameSize > FRAME_LIMIT_BYTES) {
    const { nameSpan, symbol } = definition;
    unit.sink.report('frame-too-large', nameSpan, symbol.name, frameSize, FRAME_LIMIT_BYTES);
  }
  const words = builder.finish();
  return {
    words,
    relocations: builder.relocations,
    frameSize,
    nameSpan: definition.nameSpan,
    span: definition.span,
    isPlumbing,
    scopes: context.scopes,
    statements: builder.statements,
    calls: builder.calls,
    guardedAccesses: builder.guardedAccesses,
    expressions: describeExpressions(builder.expressions),
    annotations: context.annotations,
    anchors: context.anchors,
    guarded: context.checks.guarded,
  };
}

function createContext(definition: FunctionDefinition, unit: UnitServices): FunctionContext {
  const frame = new FrameLayout();
  const builder = new CodeBuilder(frame);
  const checks = planChecks(definition, frame);
  const scope: FrameScope = { start: 0, end: 0, parent: undefined, variables: [] };
  const context: FunctionContext = {
    builder,
    frame,
    unit,
    parts: PARTS,
    type: definition.type,
    symbol: definition.symbol,
    offsets: new Map(checks.offsets),
    extraArguments: FIRST_PARAMETER_OFFSET,
    labels: new Map(),
    labelDepths: new Map(),
    scopes: [scope],
    scopeIndex: 0,
    jumps: undefined,
    switchLabels: new Map(),
    costDepth: 0,
    racyMarks: [],
    isInAnnotation: false,
    annotations: [],
    anchors: [],
    checks,
  };
  reserveParameters(context, definition, scope);
  reserveVariables(context, definition.body.variables);
  return context;
}

function reserveParameters(
  context: FunctionContext,
  { type, parameters }: FunctionDefinition,
  scope: FrameScope,
): void {
  let offset = firstParameterOffset(type);
  for (const symbol of parameters) {
    if (!context.checks.aligned.has(symbol)) context.offsets.set(symbol, offset);
    if (symbol.name !== '') {
      const { name, span } = symbol;
      const position = positionOfVariable(context, symbol);
      const entry = {
        name,
        type: symbol.type,
        span,
        ...position,
        isParameter: true,
        declaredAt: 0,
      };
      scope.variables.push(entry);
    }
    offset += parameterBytes(symbol.type);
  }
  context.extraArguments = offset;
}

/** Finds the addresses of aligned locals and copies aligned parameters there. */
function placeAligned(context: FunctionContext, { type, parameters }: FunctionDefinition): void {
  const { builder, checks } = context;
  for (const [symbol, { align, baseSlot }] of checks.aligned) {
    builder.emit('frameAddress', baseSlot, offsetOf(context, symbol) + align - 4);
    builder.emit('andi', baseSlot, baseSlot, -align);
  }
  let offset = firstParameterOffset(type);
  for (const symbol of parameters) {
    const size = sizeOf(symbol.type) ?? 4;
    if (checks.aligned.has(symbol)) {
      const isCounted = symbol.type.kind === 'record';
      const argument = framePlace(offset, size, undefined, isCounted);
      emitCopy(context, automaticPlace(context, symbol), argument, size);
    }
    offset += parameterBytes(symbol.type);
  }
}

function firstParameterOffset({ returns }: FunctionType): number {
  return FIRST_PARAMETER_OFFSET + (returns.kind === 'record' ? 4 : 0);
}

function parameterBytes(type: CType): number {
  return Math.ceil((sizeOf(type) ?? 4) / 4) * 4;
}

/** Opens the cost region of the function; the result tells whether it is plumbing. */
function startFunction(context: FunctionContext, definition: FunctionDefinition): boolean {
  // Who may touch what is guarded keeps the memory of others: nobody steps into that.
  let isPlumbing = definition.symbol.isUnchecked;
  const { builder } = context;
  for (const annotation of definition.annotations) {
    addAnnotation(context, annotation, 0);
    if (annotation.form.name === 'plumbing') isPlumbing = true;
    if (annotation.form.action === 'cost') {
      builder.emit('costBegin', context.unit.costNumber(costName(annotation)));
      context.costDepth += 1;
    }
  }
  findLabels(context, definition.body, context.costDepth);
  return isPlumbing;
}

/** Makes the labels of the function and notes how many cost regions are open at each. */
function findLabels(context: FunctionContext, statement: Statement, depth: number): void {
  const regions =
    statement.annotations?.filter((annotation) => annotation.form.action === 'cost').length ?? 0;
  const inner = depth + regions;
  switch (statement.kind) {
    case 'block':
      for (const child of statement.statements) findLabels(context, child, inner);
      return;
    case 'if':
      findLabels(context, statement.whenTrue, inner);
      if (statement.whenFalse !== undefined) findLabels(context, statement.whenFalse, inner);
      return;
    case 'while':
    case 'doWhile':
    case 'for':
    case 'switch':
      findLabels(context, statement.body, inner);
      return;
    case 'case':
      findLabels(context, statement.statement, inner);
      return;
    case 'labeled':
      context.labels.set(statement.label, context.builder.createLabel());
      context.labelDepths.set(statement.label, inner);
      findLabels(context, statement.statement, inner);
      return;
    default:
      return;
  }
}

/** The closing brace: an implicit return where execution can arrive. */
function endFunction(context: FunctionContext, { body, type, symbol }: FunctionDefinition): void {
  const { builder } = context;
  if (builder.isReachable || builder.hasListeners) {
    builder.startStatement(body.endSpan);
    if (type.returns.kind === 'void' || symbol.name === 'main') {
      const slot = context.frame.allocate(1);
      if (type.returns.kind !== 'void') builder.emit('const', slot, 0);
      closeCostRegions(context, 0);
      endChecks(context);
      if (type.returns.kind === 'void') builder.emit('return');
      else builder.emit('return32', slot);
    } else {
      builder.emit('trap', 1);
    }
  }
  const [scope] = context.scopes;
  endScope(context, { scope, parent: 0, frameMark: 0, holdMark: 0 });
}
