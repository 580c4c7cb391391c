/**
 * Variable arguments: a `va_list` is a `char *` that walks up the parameter area of the frame, where
 * extra arguments follow the named ones, each in whole words.
 */
import { BugError } from '../base/errors.ts';
import { sizeOf, type CType } from '../bytecode/ctype.ts';
import { emitStore, loadValue } from './access.ts';
import type { VaArgExpression, VaListExpression } from './ast.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { noteAssigned } from './lowerChecks.ts';
import { offsetPlace, type Place } from './place.ts';

function wordBytes(type: CType): number {
  return Math.ceil((sizeOf(type) ?? 4) / 4) * 4;
}

/** Lowers `va_start`, `va_copy` and `va_end`, of which the last needs no code. */
export function lowerVaListOperation(context: FunctionContext, expression: VaListExpression): void {
  const { builder, frame, parts } = context;
  const { list, parameter, from } = expression;
  if (expression.kind === 'vaEnd') return;
  withTemporaries(context, () => {
    const place = parts.lowerPlace(context, list);
    const value = frame.allocate(1);
    if (expression.kind === 'vaStart') {
      if (parameter === undefined) throw new BugError('va_start without a parameter');
      builder.emit('frameAddress', value, context.extraArguments);
    } else {
      if (from === undefined) throw new BugError('va_copy without a source');
      parts.lowerInto(context, from, value);
    }
    emitStore(context, place, list.type, value);
    noteAssigned(context, list);
  });
}

/** Moves the list on and gives the place of the argument that it stood at. */
export function lowerVaArgPlace(context: FunctionContext, expression: VaArgExpression): Place {
  const { builder, frame, parts } = context;
  const { list, type } = expression;
  const base = frame.allocate(1);
  withTemporaries(context, () => {
    const place = offsetPlace(parts.lowerPlace(context, list), 0);
    builder.emit('move', base, loadValue(context, place, list.type));
    const next = frame.allocate(1);
    builder.emit('addi', next, base, wordBytes(type));
    emitStore(context, place, list.type, next);
  });
  return { kind: 'memory', base, symbol: undefined, offset: 0, bits: undefined };
}
