/**
 * The instructions that watch locals: guarding at the start and end of a function, values that come
 * and go, and the reads and indices that are checked. `functionChecks.ts` says who is watched.
 */
import type {
  Expression,
  FunctionDefinition,
  PointerAddExpression,
  VariableSymbol,
} from './ast.ts';
import { offsetOf, type FunctionContext } from './functionContext.ts';
import type { Place } from './place.ts';
import { valueRuns } from './valueBytes.ts';

/** Emits what comes before the first statement of a function. */
export function startChecks(context: FunctionContext, definition: FunctionDefinition): void {
  const { builder, checks, unit } = context;
  builder.isUnchecked = definition.symbol.isUnchecked;
  if (checks.guarded.length > 0) emitGuard(context, 'guardFrame');
  for (const slot of checks.flags.values()) builder.emit('const', slot, 0);
  for (const { symbol, span } of checks.hopeless) {
    unit.sink.report('never-assigned', span, symbol.name);
  }
}

/** Emits what comes before a `return`. */
export function endChecks(context: FunctionContext): void {
  if (context.checks.guarded.length > 0) emitGuard(context, 'unguardFrame');
}

function emitGuard(context: FunctionContext, name: 'guardFrame' | 'unguardFrame'): void {
  const { builder, unit, symbol } = context;
  builder.emit(name);
  builder.relocate('function', 0, unit.objectOf(symbol, symbol.span));
}

/** A variable begins to live without a value. */
export function noteDeclared(context: FunctionContext, symbol: VariableSymbol): void {
  const { builder, checks } = context;
  const flag = checks.flags.get(symbol);
  if (flag !== undefined) builder.emit('const', flag, 0);
  // What is declared in the outermost block was guarded without a value already.
  if (!checks.withoutValue.has(symbol) || context.scopeIndex === 0) return;
  const offset = offsetOf(context, symbol);
  if (checks.aligned.has(symbol)) {
    const index = checks.guarded.findIndex((object) => object.offset === offset);
    builder.emit('undefineLocal', 0, index);
    builder.relocate('function', 0, context.unit.objectOf(context.symbol, context.symbol.span));
    return;
  }
  for (const { start, bytes } of valueRuns(symbol.type)) {
    builder.emit('undefine', offset + start, bytes);
  }
}

/** A place, if it is a counted one, has been given a value in a way that the shadow does not learn. */
export function noteFilled({ builder }: FunctionContext, place: Place, bytes: number): void {
  if (place.kind === 'frame') builder.emit('define', place.offset, bytes);
}

/** A variable, if the target is one, has been given a value. */
export function noteAssigned(context: FunctionContext, target: Expression): void {
  if (target.kind === 'variable') noteInitialized(context, target.symbol);
}

/** A variable has been given a value. */
export function noteInitialized(context: FunctionContext, symbol: VariableSymbol): void {
  const flag = context.checks.flags.get(symbol);
  if (flag !== undefined) context.builder.emit('const', flag, 1);
}

/** A variable, if the expression is one, is about to be read. */
export function checkRead(context: FunctionContext, expression: Expression): void {
  const { builder, checks } = context;
  if (expression.kind !== 'variable' || !checks.reads.has(expression)) return;
  const flag = checks.flags.get(expression.symbol);
  if (flag === undefined) return;
  builder.emit('checkAssigned', flag, offsetOf(context, expression.symbol));
}

/**
 * The number of elements of the array that is indexed; `undefined` when it is not known: a pointer, a
 * flexible array, or the single-element array at the end of a struct that stands for one.
 */
function indexedLength({ pointer }: PointerAddExpression): number | undefined {
  if (pointer.kind !== 'decay' || pointer.operand.type.kind !== 'array') return undefined;
  const { length } = pointer.operand.type;
  if (length === undefined || length === 0) return undefined;
  if (length > 1 || pointer.operand.kind !== 'member') return length;
  const { record, field } = pointer.operand;
  if (record.type.kind !== 'record') return length;
  const last = record.type.layout.fields?.at(-1);
  return last?.offset === field.offset ? undefined : length;
}

/** The largest value that an index can have, as far as its form tells. */
function largestValue(index: Expression): number {
  if (index.kind === 'cast') {
    const { operand } = index;
    if (operand.type.kind === 'integer' && !operand.type.isSigned && operand.type.size < 4) {
      return 2 ** (8 * operand.type.size) - 1;
    }
    return largestValue(operand);
  }
  if (index.kind !== 'binary' || index.operator !== '&') return Infinity;
  const { right } = index;
  return right.kind === 'integer' && right.value >= 0n ? Number(right.value) : Infinity;
}

/** Emits the check of an index in a slot against the array that is indexed. */
export function checkIndex(
  context: FunctionContext,
  expression: PointerAddExpression,
  slot: number,
): void {
  const length = indexedLength(expression);
  if (length === undefined || expression.isSubtraction) return;
  if (largestValue(expression.index) < length) return;
  context.builder.emit('checkIndex', slot, length);
}

/** The same for a constant index: only a wrong one costs anything. */
export function checkConstantIndex(
  context: FunctionContext,
  expression: PointerAddExpression,
  index: number,
): void {
  const length = indexedLength(expression);
  const at = expression.isSubtraction ? -index : index;
  if (length === undefined || (at >= 0 && at < length)) return;
  const slot = context.frame.allocate(1);
  context.builder.emit('const', slot, at);
  context.builder.emit('checkIndex', slot, length);
}
