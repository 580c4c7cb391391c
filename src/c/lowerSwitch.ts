/**
 * `switch`: comparisons in the order of the text, or a binary search when there are many cases.
 */
import type { CType } from '../bytecode/ctype.ts';
import type { SwitchLabel, SwitchStatement } from './ast.ts';
import type { Label } from './codeBuilder.ts';
import { withTemporaries, type FunctionContext } from './functionContext.ts';
import { emitCompareAndJump } from './lowerArithmetic.ts';
import { emitConstant, isWide } from './scalar.ts';

/** Up to so many cases are compared one after the other. */
const CHAIN_LENGTH = 8;

interface SwitchCase {
  readonly low: bigint;
  readonly high: bigint;
  readonly label: Label;
}

/** Lowers a `switch`; its labels are placed by the `case` statements in the body. */
export function lowerSwitch(context: FunctionContext, statement: SwitchStatement): void {
  const { builder, parts } = context;
  const end = builder.createLabel();
  let otherwise = end;
  const cases: SwitchCase[] = [];
  for (const item of statement.labels) {
    const label = createCaseLabel(context, item);
    if (item.range === undefined) otherwise = label;
    else cases.push({ low: item.range.low, high: item.range.high, label });
  }
  const { type } = statement.value;
  builder.startStatement(statement.value.span);
  withTemporaries(context, () => {
    const value = parts.lowerValue(context, statement.value);
    if (cases.length <= CHAIN_LENGTH) emitChain(context, type, value, cases);
    else emitSearch(context, type, value, sortCases(cases), otherwise);
    builder.jump(otherwise);
  });
  const { jumps, costDepth } = context;
  context.jumps = {
    breakLabel: end,
    breakDepth: costDepth,
    continueLabel: jumps?.continueLabel,
    continueDepth: jumps?.continueDepth ?? 0,
  };
  parts.lowerStatement(context, statement.body);
  context.jumps = jumps;
  builder.placeLabel(end);
}

function createCaseLabel(context: FunctionContext, item: SwitchLabel): Label {
  const label = context.builder.createLabel();
  context.switchLabels.set(item, label);
  return label;
}

function sortCases(cases: readonly SwitchCase[]): SwitchCase[] {
  return [...cases].sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
}

function emitChain(
  context: FunctionContext,
  type: CType,
  value: number,
  cases: readonly SwitchCase[],
): void {
  for (const item of cases) {
    withTemporaries(context, () => {
      emitCase(context, type, value, item);
    });
  }
}

function emitCase(
  context: FunctionContext,
  type: CType,
  value: number,
  { low, high, label }: SwitchCase,
): void {
  const { builder } = context;
  if (low === high) {
    emitCompareAndJump(context, '==', type, value, { kind: 'constant', value: low }, label);
    return;
  }
  const skip = builder.createLabel();
  emitCompareAndJump(context, '<', type, value, { kind: 'constant', value: low }, skip);
  emitCompareAndJump(context, '<=', type, value, { kind: 'constant', value: high }, label);
  builder.placeLabel(skip);
}

/** Jumps to the case of the value, or to `otherwise`; the cases are sorted by value. */
function emitSearch(
  context: FunctionContext,
  type: CType,
  value: number,
  cases: readonly SwitchCase[],
  otherwise: Label,
): void {
  const { builder } = context;
  const middle = cases.length >> 1;
  const pivot = cases[middle];
  if (cases.length <= 3 || pivot === undefined) {
    emitChain(context, type, value, cases);
    builder.jump(otherwise);
    return;
  }
  const upper = builder.createLabel();
  withTemporaries(context, () => {
    const bound = context.frame.allocate(isWide(type) ? 2 : 1);
    emitConstant(builder, type, pivot.low, bound);
    emitCompareAndJump(context, '>=', type, value, { kind: 'slot', slot: bound }, upper);
  });
  emitSearch(context, type, value, cases.slice(0, middle), otherwise);
  builder.placeLabel(upper);
  emitSearch(context, type, value, cases.slice(middle), otherwise);
}
