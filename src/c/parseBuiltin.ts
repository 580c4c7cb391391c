/**
 * The compiler's own functions that kernel code and the C library's headers call: those of variadic
 * functions, `offsetof`, hints, and questions about types.
 *
 * Each parser starts behind the name. Source: gcc manual, "Other Built-in Functions".
 */
import type { Span } from '../base/span.ts';
import { alignOf, sizeOf, typeName, type CType } from '../bytecode/ctype.ts';
import type { Expression, VaListExpression } from './ast.ts';
import { makeExplicitCast, checkComplete, findMember } from './unaryOperator.ts';
import { decay, makeError, makeInteger, makeTruth } from './expressionNode.ts';
import { INT, LONG, SIZE } from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { isWide } from './scalar.ts';
import { isCompatible, isComplete, unqualified, VOID } from './typeRelation.ts';
import { BIT_BUILTINS } from './parseBitBuiltin.ts';
import { tokenPlace } from './tokenCursor.ts';

type Builtin = (context: ParseContext, start: Span) => Expression;

/** The parser for a builtin's name, if it is one. */
export function findBuiltin(name: string): Builtin | undefined {
  if (!name.startsWith('__') || !/^__(?:builtin|sync|atomic)_/.test(name)) return undefined;
  return BUILTINS.get(name) ?? refuseBuiltin;
}

/** A builtin that nobody here knows; its arguments are passed over. */
function refuseBuiltin(context: ParseContext, start: Span): Expression {
  const { cursor } = context;
  context.report('unsupported', start, `\`${cursor.previous.text}\``);
  const close = cursor.at('(') ? cursor.matchingBracket(cursor.position) : -1;
  if (close >= 0) cursor.moveTo(close + 1);
  return makeError(context.spanFrom(start));
}

const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['__builtin_expect', parseExpect],
  ['__builtin_constant_p', parseConstantP],
  ['__builtin_types_compatible_p', parseTypesCompatible],
  ['__builtin_choose_expr', parseChoose],
  ['__builtin_offsetof', parseOffsetof],
  ['__builtin_unreachable', parseUnreachable],
  ['__builtin_prefetch', parsePrefetch],
  ['__builtin_va_start', parseVaStart],
  ['__builtin_va_end', parseVaEnd],
  ['__builtin_va_copy', parseVaCopy],
  ['__builtin_va_arg', parseVaArg],
  ['__builtin_trap', parseUnreachable],
  ['__builtin_object_size', parseObjectSize],
  ...BIT_BUILTINS,
]);

/** `(` assignment-expression { `,` assignment-expression } `)` with so many operands */
function parseOperands(context: ParseContext, count: number): readonly Expression[] {
  const operands: Expression[] = [];
  context.expect('(');
  if (!context.enter()) return operands;
  for (let index = 0; index < count; index += 1) {
    if (index > 0) context.expect(',');
    operands.push(context.grammar.parseAssignment(context));
  }
  context.leave();
  context.expect(')');
  return operands;
}

/** `__builtin_expect(value, expected)` is `(long)value`. */
function parseExpect(context: ParseContext, start: Span): Expression {
  const [value] = parseOperands(context, 2);
  const span = context.spanFrom(start);
  if (value === undefined) return makeError(span);
  return makeExplicitCast(context, LONG, value, span);
}

function parseConstantP(context: ParseContext, start: Span): Expression {
  const [operand] = parseOperands(context, 1);
  const span = context.spanFrom(start);
  const value = operand === undefined ? undefined : decay(operand);
  if (value === undefined || value.kind === 'error') return makeError(span);
  const isString = value.kind === 'decay' && value.operand.kind === 'string';
  return makeTruth(value.kind === 'integer' || isString, span);
}

/** `(` type-name `,` type-name `)` */
function parseTypesCompatible(context: ParseContext, start: Span): Expression {
  context.expect('(');
  const left = context.grammar.parseTypeName(context);
  context.expect(',');
  const right = context.grammar.parseTypeName(context);
  context.expect(')');
  const isSame = isCompatible(unqualified(left), unqualified(right));
  return makeTruth(isSame, context.spanFrom(start));
}

function parseChoose(context: ParseContext, start: Span): Expression {
  const [condition, yes, no] = parseOperands(context, 3);
  const span = context.spanFrom(start);
  if (condition === undefined || yes === undefined || no === undefined) return makeError(span);
  if (condition.kind === 'error') return condition;
  if (condition.kind !== 'integer') {
    context.report('not-constant', condition.span, 'the condition of `__builtin_choose_expr`');
    return makeError(span);
  }
  return condition.value !== 0n ? yes : no;
}

/** `(` type-name `,` member { `.` member | `[` expression `]` } `)` */
function parseOffsetof(context: ParseContext, start: Span): Expression {
  const { cursor } = context;
  context.expect('(');
  let type = context.grammar.parseTypeName(context);
  context.expect(',');
  let offset = 0;
  let isFirst = true;
  while (!cursor.isPanicking) {
    if (!isFirst && cursor.accept('[')) {
      const index = context.grammar.parseExpression(context);
      context.expect(']');
      const step = elementStep(context, type, index);
      if (step === undefined) return closeOffsetof(context, start);
      offset += step.offset;
      type = step.type;
    } else if (isFirst || cursor.accept('.')) {
      const name = context.expectIdentifier('a member name');
      if (name === undefined) break;
      const field = findMember(context, type, name, tokenPlace(name));
      if (field === undefined) return closeOffsetof(context, start);
      if (field.bits !== undefined)
        context.report('address-of-bit-field', tokenPlace(name), name.text);
      offset += field.offset;
      type = field.type;
    } else {
      break;
    }
    isFirst = false;
  }
  context.expect(')');
  return makeInteger(BigInt(offset), SIZE, context.spanFrom(start));
}

function closeOffsetof(context: ParseContext, start: Span): Expression {
  while (context.cursor.accept('.')) context.cursor.advance();
  context.expect(')');
  return makeError(context.spanFrom(start));
}

function elementStep(
  context: ParseContext,
  type: CType,
  index: Expression,
): { readonly offset: number; readonly type: CType } | undefined {
  if (index.kind === 'error') return undefined;
  if (type.kind !== 'array') {
    context.report('not-subscriptable', index.span, typeName(type), typeName(index.type));
    return undefined;
  }
  if (index.kind !== 'integer') {
    context.report('not-constant', index.span, 'an index in `offsetof`');
    return undefined;
  }
  return { offset: Number(index.value) * (sizeOf(type.element) ?? 0), type: type.element };
}

/** `(pointer, type)`: what gcc says where it does not know. */
function parseObjectSize(context: ParseContext, start: Span): Expression {
  const [, which] = parseOperands(context, 2);
  const span = context.spanFrom(start);
  if (which?.kind !== 'integer') return makeError(span);
  return makeInteger(which.value < 2n ? -1n : 0n, SIZE, span);
}

/** `()`: the machine stops there. */
function parseUnreachable(context: ParseContext, start: Span): Expression {
  parseOperands(context, 0);
  return { kind: 'unreachable', type: VOID, span: context.spanFrom(start), isLvalue: false };
}

/** A hint that has no effect here; the address is evaluated. */
function parsePrefetch(context: ParseContext, start: Span): Expression {
  context.expect('(');
  if (!context.enter()) return makeError(start);
  const address = context.grammar.parseAssignment(context);
  while (context.cursor.accept(',')) context.grammar.parseAssignment(context);
  context.leave();
  context.expect(')');
  return makeExplicitCast(context, VOID, address, context.spanFrom(start));
}

/** A list of arguments: a `va_list` is a `char *`. */
function checkList(context: ParseContext, list: Expression): boolean {
  if (list.kind === 'error') return false;
  if (list.isLvalue && list.type.kind === 'pointer') return true;
  context.report('not-a-va-list', list.span, typeName(list.type));
  return false;
}

function makeListNode(
  context: ParseContext,
  kind: VaListExpression['kind'],
  list: Expression | undefined,
  start: Span,
  rest: Pick<VaListExpression, 'parameter' | 'from'> = {},
): Expression {
  const span = context.spanFrom(start);
  if (list === undefined || !checkList(context, list)) return makeError(span);
  return { kind, list, ...rest, type: VOID, span, isLvalue: false };
}

function parseVaStart(context: ParseContext, start: Span): Expression {
  const [list, last] = parseOperands(context, 2);
  const span = context.spanFrom(start);
  const state = context.function;
  const parameter = state?.parameters.at(-1);
  if (state?.symbol.type.isVariadic !== true || parameter === undefined) {
    context.report('va-start-outside', span);
    return makeError(span);
  }
  if (last?.kind !== 'variable' || last.symbol !== parameter) {
    context.report('va-start-parameter', last?.span ?? span, parameter.name);
  }
  return makeListNode(context, 'vaStart', list, start, { parameter });
}

function parseVaEnd(context: ParseContext, start: Span): Expression {
  const [list] = parseOperands(context, 1);
  return makeListNode(context, 'vaEnd', list, start);
}

function parseVaCopy(context: ParseContext, start: Span): Expression {
  const [list, from] = parseOperands(context, 2);
  if (from === undefined || !checkList(context, from)) return makeError(start);
  return makeListNode(context, 'vaCopy', list, start, { from });
}

/** `(` assignment-expression `,` type-name `)` */
function parseVaArg(context: ParseContext, start: Span): Expression {
  context.expect('(');
  if (!context.enter()) return makeError(start);
  const list = context.grammar.parseAssignment(context);
  context.leave();
  context.expect(',');
  const type = context.grammar.parseTypeName(context);
  context.expect(')');
  const span = context.spanFrom(start);
  if (!checkList(context, list) || !checkComplete(context, type, span)) return makeError(span);
  const isNarrow = type.kind === 'integer' && type.size < 4;
  if (isNarrow) context.report('va-arg-promoted', span, typeName(type), typeName(INT));
  if (!isComplete(type) || type.kind === 'array') {
    context.report('incomplete-type', span, typeName(type));
    return makeError(span);
  }
  return { kind: 'vaArg', list, type: unqualified(type), span, isLvalue: false };
}

/**
 * `__alignof__` prefers 8 for 64-bit integers outside of records; `_Alignof` says what records use. Of
 * a variable it says what its attributes ask for.
 */
export function alignmentOf(operator: string, operand: Expression): number {
  const { type } = operand;
  if (operand.kind === 'member') {
    const { record } = operand;
    const limit = record.type.kind === 'record' ? record.type.layout.align : alignOf(type);
    return Math.min(alignOf(type), limit);
  }
  const isPreferred = operator !== '_Alignof' && isWide(type);
  const natural = isPreferred ? 8 : alignOf(type);
  return operand.kind === 'variable' ? Math.max(natural, operand.symbol.align) : natural;
}
