/**
 * Arithmetic on values in slots: the instruction for an operator, with the forms that take a constant.
 *
 * Operands are read before the target is written, so the target may be one of them.
 */
import { BugError } from '../base/errors.ts';
import type { CType } from '../bytecode/ctype.ts';
import type { InstructionName } from '../bytecode/instruction.ts';
import type { ArithmeticOperator, CompareExpression } from './ast.ts';
import type { CodeBuilder, Label } from './codeBuilder.ts';
import type { FunctionContext } from './functionContext.ts';
import { emitConstant, emitWrap, shapeOf, slotWords } from './scalar.ts';

/** A value in a slot (or pair), or a constant in the range of its type. */
export type Operand =
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'constant'; readonly value: bigint };

/** A slot with the operand's value; a constant gets a temporary. */
export function operandSlot(context: FunctionContext, type: CType, operand: Operand): number {
  if (operand.kind === 'slot') return operand.slot;
  const slot = context.frame.allocate(slotWords(type));
  emitConstant(context.builder, type, operand.value, slot);
  return slot;
}

/** The instruction of an operator for a size and signedness. */
function arithmeticName(operator: ArithmeticOperator, isSigned: boolean): InstructionName {
  switch (operator) {
    case '+':
      return 'add';
    case '-':
      return 'sub';
    case '*':
      return 'mul';
    case '/':
      return isSigned ? 'divs' : 'divu';
    case '%':
      return isSigned ? 'rems' : 'remu';
    case '&':
      return 'and';
    case '|':
      return 'or';
    case '^':
      return 'xor';
    case '<<':
      return 'shl';
    case '>>':
      return isSigned ? 'shrs' : 'shru';
  }
}

/** Operators whose result may have more bits than the operands. */
const CAN_OVERFLOW: ReadonlySet<ArithmeticOperator> = new Set(['+', '-', '*', '/', '<<']);

function word(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** `left OP constant` in one instruction, where there is one. */
function emitImmediate(
  builder: CodeBuilder,
  operator: ArithmeticOperator,
  isSigned: boolean,
  left: number,
  constant: bigint,
  target: number,
): boolean {
  switch (operator) {
    case '+':
      builder.emit('addi', target, left, word(constant));
      return true;
    case '-':
      builder.emit('addi', target, left, word(-constant));
      return true;
    case '*':
      builder.emit('muli', target, left, word(constant));
      return true;
    case '&':
      builder.emit('andi', target, left, word(constant));
      return true;
    case '|':
      builder.emit('ori', target, left, word(constant));
      return true;
    case '^':
      builder.emit('xori', target, left, word(constant));
      return true;
    case '<<':
      builder.emit('shli', target, left, Number(constant & 31n));
      return true;
    case '>>':
      builder.emit(isSigned ? 'shrsi' : 'shrui', target, left, Number(constant & 31n));
      return true;
    case '/':
    case '%':
      return false;
  }
}

/**
 * Emits `target = left OP right` in `type`. The right operand has the same type, but for a shift its
 * own (`rightType`), of which the low word counts.
 */
export function emitArithmetic(
  context: FunctionContext,
  operator: ArithmeticOperator,
  type: CType,
  left: number,
  right: Operand,
  rightType: CType,
  target: number,
): void {
  const { builder } = context;
  const { size, isSigned } = shapeOf(type);
  if (size === 8) {
    const name = `${arithmeticName(operator, isSigned)}64` as InstructionName;
    builder.emit(name, target, left, operandSlot(context, rightType, right));
    if (CAN_OVERFLOW.has(operator)) emitWrap(builder, type, target);
    return;
  }
  if (right.kind === 'constant') {
    if (emitImmediate(builder, operator, isSigned, left, right.value, target)) return;
  }
  builder.emit(
    arithmeticName(operator, isSigned),
    target,
    left,
    operandSlot(context, rightType, right),
  );
}

/** A comparison as C writes it. */
export type CompareOperator = CompareExpression['operator'];

/** The operator that is true when the given one is false. */
export function negateComparison(operator: CompareOperator): CompareOperator {
  switch (operator) {
    case '==':
      return '!=';
    case '!=':
      return '==';
    case '<':
      return '>=';
    case '>=':
      return '<';
    case '>':
      return '<=';
    case '<=':
      return '>';
  }
}

/** The same comparison with the operands exchanged. */
export function mirrorComparison(operator: CompareOperator): CompareOperator {
  switch (operator) {
    case '<':
      return '>';
    case '>':
      return '<';
    case '<=':
      return '>=';
    case '>=':
      return '<=';
    case '==':
    case '!=':
      return operator;
  }
}

type OrderedOperator = '==' | '!=' | '<' | '<=';

/** Brings a comparison to one of the operators that have an instruction. */
function orderOperands(
  operator: CompareOperator,
  left: number,
  right: number,
): { readonly operator: OrderedOperator; readonly left: number; readonly right: number } {
  if (operator === '>') return { operator: '<', left: right, right: left };
  if (operator === '>=') return { operator: '<=', left: right, right: left };
  return { operator, left, right };
}

function comparisonName(operator: OrderedOperator, isSigned: boolean): string {
  switch (operator) {
    case '==':
      return 'eq';
    case '!=':
      return 'ne';
    case '<':
      return isSigned ? 'lts' : 'ltu';
    case '<=':
      return isSigned ? 'les' : 'leu';
  }
}

/** Emits `target = left OP right` as 0 or 1; both operands are of `type`. */
export function emitComparison(
  context: FunctionContext,
  operator: CompareOperator,
  type: CType,
  left: number,
  right: Operand,
  target: number,
): void {
  const { builder } = context;
  const { size, isSigned } = shapeOf(type);
  if (size !== 8 && right.kind === 'constant' && (operator === '==' || operator === '!=')) {
    builder.emit(operator === '==' ? 'eqi' : 'nei', target, left, word(right.value));
    return;
  }
  const ordered = orderOperands(operator, left, operandSlot(context, type, right));
  const name = comparisonName(ordered.operator, isSigned) + (size === 8 ? '64' : '');
  builder.emit(name as InstructionName, target, ordered.left, ordered.right);
}

const JUMP_NAMES = {
  eq: 'jumpEq',
  ne: 'jumpNe',
  lts: 'jumpLts',
  ltu: 'jumpLtu',
  les: 'jumpLes',
  leu: 'jumpLeu',
} as const;

/** Emits a jump to the label if `left OP right`, both of `type`. */
export function emitCompareAndJump(
  context: FunctionContext,
  operator: CompareOperator,
  type: CType,
  left: number,
  right: Operand,
  label: Label,
): void {
  const { builder, frame } = context;
  const { size, isSigned } = shapeOf(type);
  if (size === 8) {
    const truth = frame.allocate(1);
    emitComparison(context, operator, type, left, right, truth);
    builder.jumpIf('jumpIfNot', truth, label);
    return;
  }
  if (right.kind === 'constant') {
    if (right.value === 0n && (operator === '==' || operator === '!=')) {
      builder.jumpIf(operator === '==' ? 'jumpIfZero' : 'jumpIfNot', left, label);
      return;
    }
    if (operator === '==') {
      builder.compareAndJump('jumpEqi', left, word(right.value), label);
      return;
    }
  }
  const ordered = orderOperands(operator, left, operandSlot(context, type, right));
  const name = comparisonName(ordered.operator, isSigned);
  if (!(name in JUMP_NAMES)) throw new BugError(`no jump for ${name}`);
  const jump = JUMP_NAMES[name as keyof typeof JUMP_NAMES];
  builder.compareAndJump(jump, ordered.left, ordered.right, label);
}
