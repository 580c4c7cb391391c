/**
 * Record values (structs and unions): every one is put into a place that somebody else provides.
 */
import { BugError } from '../base/errors.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import { emitCopy } from './access.ts';
import type { Expression } from './ast.ts';
import { foldConstant } from './foldConstant.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { lowerPlace } from './lowerPlace.ts';
import { lowerVaArgPlace } from './lowerVaList.ts';
import type { Place } from './place.ts';

/** Puts a record value into a place, which is written last. */
export function lowerRecordInto(
  context: FunctionContext,
  expression: Expression,
  target: Place,
): void {
  withTemporaries(context, () => {
    lowerRecordValue(context, expression, target);
  });
}

function lowerRecordValue(context: FunctionContext, expression: Expression, target: Place): void {
  const { parts } = context;
  const size = sizeOf(expression.type) ?? 0;
  switch (expression.kind) {
    case 'variable':
    case 'dereference':
    case 'member':
    case 'compoundLiteral':
      emitCopy(context, target, lowerPlace(context, expression), size);
      return;
    case 'call':
      parts.lowerCall(context, expression, undefined, target);
      return;
    case 'assign': {
      const place = lowerPlace(context, expression.target);
      lowerRecordInto(context, expression.value, place);
      emitCopy(context, target, place, size);
      return;
    }
    case 'comma':
      parts.lowerEffect(context, expression.left);
      lowerRecordInto(context, expression.right, target);
      return;
    case 'conditional':
      lowerConditionalRecord(context, expression, target);
      return;
    case 'statementExpression':
      parts.lowerBlock(context, expression.body, () => {
        const { result } = expression;
        if (result !== undefined) lowerRecordInto(context, result, target);
      });
      return;
    case 'vaArg':
      emitCopy(context, target, lowerVaArgPlace(context, expression), size);
      return;
    case 'cast':
      lowerRecordInto(context, expression.operand, target);
      return;
    case 'error':
      return;
    default:
      throw new BugError(`a ${expression.kind} expression is no record`);
  }
}

function lowerConditionalRecord(
  context: FunctionContext,
  expression: Expression & { readonly kind: 'conditional' },
  target: Place,
): void {
  const { builder, parts } = context;
  const constant = foldConstant(expression.condition);
  if (constant !== undefined) {
    const chosen = constant === 0n ? expression.whenFalse : expression.whenTrue;
    lowerRecordInto(context, chosen, target);
    return;
  }
  const otherwise = builder.createLabel();
  const end = builder.createLabel();
  parts.lowerBranch(context, expression.condition, otherwise, false);
  lowerRecordInto(context, expression.whenTrue, target);
  builder.jump(end);
  builder.placeLabel(otherwise);
  lowerRecordInto(context, expression.whenFalse, target);
  builder.placeLabel(end);
}
