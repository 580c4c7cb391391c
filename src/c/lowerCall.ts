/**
 * Calls of C functions, function pointers and intrinsics.
 *
 * Arguments stand in the lowest words of the caller's frame. Nothing is put there before the last
 * call inside an argument has returned. A record result goes to a place whose address is
 * the hidden first argument; a record argument is copied into as many words as it needs.
 */
import { BugError } from '../base/errors.ts';
import { sizeOf, type CType } from '../bytecode/ctype.ts';
import { INTRINSICS } from '../bytecode/intrinsic.ts';
import { emitCopy } from './access.ts';
import type { CallExpression, Expression } from './ast.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { outgoingSlot } from './frameLayout.ts';
import { hasCall, intrinsicOf } from './hasCall.ts';
import { emitAddress, framePlace, type Place } from './place.ts';
import { emitScalarMove, slotWords } from './scalar.ts';

/** Lowers a call; a scalar result goes to `slot`, a record to `place`; neither drops it. */
export function lowerCall(
  context: FunctionContext,
  call: CallExpression,
  slot: number | undefined,
  place: Place | undefined,
): void {
  const { frame } = context;
  const mark = frame.mark();
  const result = slot ?? frame.allocate(slotWords(call.type));
  const intrinsic = intrinsicOf(call);
  if (intrinsic === undefined) lowerFunctionCall(context, call, result, place);
  else lowerIntrinsic(context, call, intrinsic, result);
  frame.release(mark);
}

function lowerIntrinsic(
  context: FunctionContext,
  call: CallExpression,
  intrinsic: number,
  result: number,
): void {
  const { builder, frame, parts } = context;
  const [first] = call.arguments;
  let slots = 0;
  if (call.arguments.length === 1 && first !== undefined) {
    slots = parts.lowerValue(context, first);
  } else if (call.arguments.length > 1) {
    slots = frame.allocate(call.arguments.length);
    for (let index = call.arguments.length - 1; index >= 0; index -= 1) {
      const argument = call.arguments[index];
      if (argument !== undefined) parts.lowerInto(context, argument, slots + index);
    }
  }
  builder.emit('intrinsic', result, intrinsic, slots);
  if (INTRINSICS[intrinsic]?.isVisible === true) builder.markVisible();
}

interface PlannedArgument {
  readonly expression: Expression;
  /** Number of its first word in the area for outgoing arguments. */
  readonly word: number;
}

function argumentWords(type: CType): number {
  return Math.ceil((sizeOf(type) ?? 4) / 4);
}

function lowerFunctionCall(
  context: FunctionContext,
  call: CallExpression,
  result: number,
  place: Place | undefined,
): void {
  const { builder, frame, parts, unit } = context;
  const returnsRecord = call.type.kind === 'record';
  let word = returnsRecord ? 1 : 0;
  const planned: PlannedArgument[] = [];
  for (const expression of call.arguments) {
    planned.push({ expression, word });
    word += argumentWords(expression.type);
  }
  frame.reserveOutgoing(word);
  const pointer =
    call.callee.kind === 'function' ? undefined : parts.lowerValue(context, call.callee);
  const target = returnsRecord ? (place ?? temporaryRecord(context, call.type)) : undefined;
  lowerArguments(context, planned);
  if (target !== undefined) emitAddress(builder, target, outgoingSlot(0));
  if (call.callee.kind === 'function') {
    builder.emit('call', result);
    const callee = unit.objectOf(call.callee.symbol, call.callee.span);
    builder.relocate('function', 1, callee);
  } else {
    if (pointer === undefined) throw new BugError('a call without a callee');
    builder.emit('callPointer', result, pointer);
  }
  builder.noteCall(call.span);
  for (const { expression, word: at } of planned) {
    // Others will find these words with a value again, whatever was passed in them.
    if (expression.type.kind !== 'record') continue;
    builder.emit('define', 4 * at, 4 * argumentWords(expression.type));
    builder.noteOutgoingAddress(0);
  }
}

function temporaryRecord(context: FunctionContext, type: CType): Place {
  const size = sizeOf(type) ?? 4;
  return framePlace(4 * context.frame.allocate(Math.ceil(size / 4)), size);
}

/**
 * Evaluates the arguments from the last to the first, as gcc does on i386. Before an argument that
 * calls something, those behind it have to wait in temporaries, or are evaluated afterwards where
 * that makes no difference.
 */
function lowerArguments(context: FunctionContext, planned: readonly PlannedArgument[]): void {
  const { builder, frame, parts } = context;
  const firstCalling = planned.findIndex((argument) => hasCall(argument.expression));
  const finish: (() => void)[] = [];
  for (let index = planned.length - 1; index >= 0; index -= 1) {
    const argument = planned[index];
    if (argument === undefined) continue;
    const { expression, word } = argument;
    if (index <= firstCalling || firstCalling < 0) {
      placeArgument(context, argument);
    } else if (isStable(expression)) {
      finish.push(() => {
        placeArgument(context, argument);
      });
    } else if (expression.type.kind === 'record') {
      const size = sizeOf(expression.type) ?? 0;
      const copy = framePlace(4 * frame.allocate(Math.ceil(size / 4)), size);
      parts.lowerRecordInto(context, expression, copy);
      finish.push(() => {
        copyArgument(context, expression.type, copy, word);
      });
    } else {
      const value = frame.allocate(slotWords(expression.type));
      parts.lowerInto(context, expression, value);
      finish.push(() => {
        emitScalarMove(builder, expression.type, value, outgoingSlot(word));
      });
    }
  }
  for (const move of finish) move();
}

/** Whether an expression has the same value before and after any call. */
function isStable(expression: Expression): boolean {
  switch (expression.kind) {
    case 'integer':
      return true;
    case 'variable':
      return expression.symbol.storage === 'automatic' && !expression.symbol.isAddressTaken;
    case 'decay':
    case 'addressOf':
      return isFixedPlace(expression.operand);
    case 'cast':
      return isStable(expression.operand);
    default:
      return false;
  }
}

/** Whether the address of an lvalue never changes in a frame. */
function isFixedPlace(expression: Expression): boolean {
  const { kind } = expression;
  if (kind === 'member') return isFixedPlace(expression.record);
  return kind === 'variable' || kind === 'string' || kind === 'function';
}

function placeArgument(context: FunctionContext, { expression, word }: PlannedArgument): void {
  if (expression.type.kind !== 'record') {
    context.parts.lowerInto(context, expression, outgoingSlot(word));
    return;
  }
  withTemporaries(context, () => {
    const source = context.parts.lowerPlace(context, expression);
    copyArgument(context, expression.type, source, word);
  });
}

function copyArgument(context: FunctionContext, type: CType, source: Place, word: number): void {
  emitCopy(context, { kind: 'outgoing', word, bits: undefined }, source, sizeOf(type) ?? 0);
}
