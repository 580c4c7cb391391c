/**
 * Nodes for calls: arguments are counted, converted to the parameters' types, extra ones promoted.
 *
 * A function that was never declared is an error here, with the nearest known name; C99 has no
 * implicit declarations. Source: C99 6.5.2.2.
 */
import type { DiagnosticNote } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { typeName, type FunctionType } from '../bytecode/ctype.ts';
import type { Expression } from './ast.ts';
import { convertForAssignment } from './conversion.ts';
import { decay, makeError, promote } from './expressionNode.ts';
import type { ParseContext } from './parseContext.ts';
import { isComplete, isIntegerLike, unqualified } from './typeRelation.ts';

function functionTypeOf(callee: Expression): FunctionType | undefined {
  if (callee.type.kind === 'function') return callee.type;
  if (callee.type.kind !== 'pointer') return undefined;
  return callee.type.target.kind === 'function' ? callee.type.target : undefined;
}

function nameOf(callee: Expression): string {
  if (callee.kind === 'function') return `\`${callee.symbol.name}\``;
  return 'the function';
}

function declarationNotes(callee: Expression): readonly DiagnosticNote[] {
  if (callee.kind !== 'function') return [];
  const { name, span } = callee.symbol;
  return [{ message: `\`${name}\` is declared here`, span }];
}

function checkCount(
  context: ParseContext,
  callee: Expression,
  type: FunctionType,
  count: number,
  span: Span,
  notes: readonly DiagnosticNote[],
): void {
  if (!type.hasPrototype) return;
  const wanted = type.parameters.length;
  if (count === wanted || (count > wanted && type.isVariadic)) return;
  const expected = `${type.isVariadic ? 'at least ' : ''}${String(wanted)}`;
  context.reportWithNotes('argument-count', span, notes, nameOf(callee), expected, count);
}

function convertArgument(
  context: ParseContext,
  argument: Expression,
  index: number,
  callee: Expression,
  type: FunctionType,
  notes: readonly DiagnosticNote[],
): Expression {
  const parameter = type.hasPrototype ? type.parameters[index] : undefined;
  if (parameter !== undefined) {
    const what = (): string => `argument ${String(index + 1)} of ${nameOf(callee)}`;
    return convertForAssignment(context, argument, parameter.type, what, notes);
  }
  const value = decay(argument);
  if (value.kind === 'error') return value;
  if (value.type.kind === 'void' || (value.type.kind === 'record' && !isComplete(value.type))) {
    context.report('bad-argument', value.span, typeName(value.type));
    return makeError(value.span);
  }
  return isIntegerLike(value.type) ? promote(value) : value;
}

/** `callee(arguments)`. */
export function makeCall(
  context: ParseContext,
  called: Expression,
  operands: readonly Expression[],
  span: Span,
): Expression {
  if (called.kind === 'error') return makeError(span);
  const callee = called.kind === 'function' ? called : decay(called);
  const calleeType = functionTypeOf(callee);
  if (calleeType === undefined) {
    context.report('not-a-function', callee.span, typeName(callee.type));
    return makeError(span);
  }
  const notes = declarationNotes(callee);
  checkCount(context, callee, calleeType, operands.length, span, notes);
  const converted = operands.map((operand, index) =>
    convertArgument(context, operand, index, callee, calleeType, notes),
  );
  const type = unqualified(calleeType.returns);
  if (type.kind !== 'void' && !isComplete(type)) {
    context.report('incomplete-type', span, typeName(type));
    return makeError(span);
  }
  return {
    kind: 'call',
    callee: simplifyCallee(callee),
    calleeType,
    arguments: converted,
    type,
    span,
    isLvalue: false,
  };
}

/** `(*f)(…)` and `(&f)(…)` of a known function call it directly. */
function simplifyCallee(callee: Expression): Expression {
  const isWrapped = callee.kind === 'decay' || callee.kind === 'addressOf';
  return isWrapped && callee.operand.kind === 'function' ? callee.operand : callee;
}
