/**
 * Expressions: recursive descent for what nests, precedence climbing for binary operators. Each
 * function parses one production of C99 6.5 with the GNU additions and returns a typed node.
 *
 * The tree may not become too deep for those who walk it: brackets and prefixes count as nesting,
 * and what grows to the left in a loop is measured by `depth`, the height of the last node made.
 */
import type { Span } from '../base/span.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import type { ArithmeticOperator, CompareExpression, Expression } from './ast.ts';
import { makeAssign, makeCompoundAssign, makeIncrement } from './assignmentOperator.ts';
import { makeArithmetic, makeComparison, makeLogical } from './binaryOperator.ts';
import { makeCall } from './callExpression.ts';
import { makeError, makeInteger } from './expressionNode.ts';
import { SIZE } from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { alignmentOf } from './parseBuiltin.ts';
import { parsePrimary } from './parsePrimary.ts';
import { isTypeStart } from './typeStart.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import {
  checkComplete,
  makeAddress,
  makeComma,
  makeConditional,
  makeDereference,
  makeExplicitCast,
  makeMember,
  makePointerMember,
  makeSubscript,
  makeUnary,
} from './unaryOperator.ts';
import { warnPrecedence } from './warnings/precedence.ts';

const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['|', 3],
  ['^', 4],
  ['&', 5],
  ['==', 6],
  ['!=', 6],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['<<', 8],
  ['>>', 8],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
  ['%', 10],
]);
const COMPARISON_PRECEDENCES: ReadonlySet<number> = new Set([6, 7]);

const ASSIGNMENTS: ReadonlyMap<string, ArithmeticOperator | '='> = new Map([
  ['=', '='],
  ['+=', '+'],
  ['-=', '-'],
  ['*=', '*'],
  ['/=', '/'],
  ['%=', '%'],
  ['&=', '&'],
  ['|=', '|'],
  ['^=', '^'],
  ['<<=', '<<'],
  ['>>=', '>>'],
]);

/** expression: assignment-expression { `,` assignment-expression } */
export function parseExpression(context: ParseContext): Expression {
  const first = context.cursor.token;
  let left = parseAssignment(context);
  while (context.cursor.accept(',')) {
    const depth = context.expressionDepth;
    const right = parseAssignment(context);
    context.growExpression(depth);
    left = makeComma(left, right, context.spanFromToken(first));
  }
  return left;
}

/** assignment-expression: conditional-expression [ assignment-operator assignment-expression ] */
export function parseAssignment(context: ParseContext): Expression {
  const first = context.cursor.token;
  const target = parseConditional(context);
  const operator = ASSIGNMENTS.get(context.cursor.token.text);
  if (operator === undefined || context.cursor.isPanicking) return target;
  context.cursor.advance();
  const depth = context.expressionDepth;
  if (!context.enter()) return makeError(tokenPlace(first));
  const value = parseAssignment(context);
  context.leave();
  context.growExpression(depth);
  const span = context.spanFromToken(first);
  if (operator === '=') return makeAssign(context, target, value, span);
  return makeCompoundAssign(context, operator, target, value, span);
}

/** conditional-expression: binary-expression [ `?` [ expression ] `:` conditional-expression ] */
export function parseConditional(context: ParseContext): Expression {
  const first = context.cursor.token;
  const condition = parseBinary(context, 1);
  if (!context.cursor.accept('?')) return condition;
  if (!context.enter()) return makeError(tokenPlace(first));
  let depth = context.expressionDepth;
  const yes = context.cursor.at(':') ? undefined : parseExpression(context);
  depth = Math.max(depth, context.expressionDepth);
  context.expect(':');
  const no = parseConditional(context);
  context.leave();
  context.growExpression(depth);
  return makeConditional(context, condition, yes, no, context.spanFromToken(first));
}

/** binary-expression: cast-expression { binary-operator cast-expression }, by precedence */
function parseBinary(context: ParseContext, least: number): Expression {
  const first = context.cursor.token;
  let left = parseCast(context);
  for (;;) {
    const operator = context.cursor.token;
    const precedence = PRECEDENCE.get(operator.text);
    if (precedence === undefined || precedence < least || context.cursor.isPanicking) return left;
    context.cursor.advance();
    const depth = context.expressionDepth;
    const right = parseBinary(context, precedence + 1);
    context.growExpression(depth);
    left = combine(context, operator.text, precedence, left, right, context.spanFromToken(first));
  }
}

function combine(
  context: ParseContext,
  operator: string,
  precedence: number,
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  warnPrecedence(context, operator, left, right, span);
  if (operator === '&&' || operator === '||') {
    return makeLogical(context, operator, left, right, span);
  }
  if (COMPARISON_PRECEDENCES.has(precedence)) {
    const comparison = operator as CompareExpression['operator'];
    return makeComparison(context, comparison, left, right, span);
  }
  return makeArithmetic(context, operator as ArithmeticOperator, left, right, span);
}

/** cast-expression: `(` type-name `)` cast-expression | unary-expression */
function parseCast(context: ParseContext): Expression {
  if (!context.cursor.at('(') || !isTypeStart(context, context.cursor.peek(1))) {
    return parseUnary(context);
  }
  const first = context.cursor.token;
  context.cursor.advance();
  const type = context.grammar.parseTypeName(context);
  context.expect(')');
  if (context.cursor.at('{')) {
    const literal = context.grammar.parseCompoundLiteral(context, type, tokenPlace(first));
    return parsePostfixTail(context, literal, first);
  }
  if (!context.enter()) return makeError(tokenPlace(first));
  const operand = parseCast(context);
  context.leave();
  return makeExplicitCast(context, type, operand, context.spanFromToken(first));
}

/** unary-expression: postfix-expression | prefix-operator cast-expression | sizeof … */
function parseUnary(context: ParseContext): Expression {
  const prefix = PREFIXES.get(context.cursor.token.text);
  if (prefix !== undefined) return prefix(context);
  const first = context.cursor.token;
  return parsePostfixTail(context, parsePrimary(context), first);
}

const PREFIXES: ReadonlyMap<string, (context: ParseContext) => Expression> = new Map([
  ...(['++', '--', '&', '*', '+', '-', '~', '!', '__extension__'] as const).map(
    (operator) => [operator, (context: ParseContext) => parsePrefix(context, operator)] as const,
  ),
  ...['sizeof', '__alignof__', '__alignof', '_Alignof'].map(
    (operator) => [operator, (context: ParseContext) => parseSizeof(context, operator)] as const,
  ),
  ['&&', refuseLabelAddress],
]);

/** `&&` name */
function refuseLabelAddress(context: ParseContext): Expression {
  context.report('label-address', context.place);
  context.cursor.advance();
  context.cursor.advance();
  return makeError(context.place);
}

type PrefixOperator = '++' | '--' | '&' | '*' | '+' | '-' | '~' | '!' | '__extension__';

function parsePrefix(context: ParseContext, operator: PrefixOperator): Expression {
  const first = context.cursor.token;
  if (context.cursor.isPanicking || !context.enter()) return makeError(tokenPlace(first));
  context.cursor.advance();
  const operand = parseCast(context);
  context.leave();
  const span = context.spanFromToken(first);
  switch (operator) {
    case '++':
    case '--':
      return makeIncrement(context, operator, operand, true, span);
    case '&':
      return makeAddress(context, operand, span);
    case '*':
      return makeDereference(context, operand, span);
    case '__extension__':
      return operand;
    default:
      return makeUnary(context, operator, operand, span);
  }
}

/** `sizeof` ( unary-expression | `(` type-name `)` ), and the same with `__alignof__` */
function parseSizeof(context: ParseContext, operator: string): Expression {
  const first = context.cursor.token;
  if (context.cursor.isPanicking || !context.enter()) return makeError(tokenPlace(first));
  context.cursor.advance();
  const operand = parseSizeofOperand(context);
  context.leave();
  const { type } = operand;
  const span = context.spanFromToken(first);
  if (operand.kind === 'error') return makeError(span);
  if (operand.kind === 'member' && operand.field.bits !== undefined) {
    context.report('sizeof-bit-field', span);
    return makeError(span);
  }
  if (!checkComplete(context, type, span)) return makeError(span);
  const size = sizeOf(type) ?? 1;
  const value = operator === 'sizeof' ? size : alignmentOf(operator, operand);
  return makeInteger(BigInt(value), SIZE, span);
}

function parseSizeofOperand(context: ParseContext): Expression {
  const first = context.cursor.token;
  if (!context.cursor.at('(') || !isTypeStart(context, context.cursor.peek(1))) {
    return parseUnary(context);
  }
  context.cursor.advance();
  const type = context.grammar.parseTypeName(context);
  context.expect(')');
  if (context.cursor.at('{')) {
    const literal = context.grammar.parseCompoundLiteral(context, type, tokenPlace(first));
    return parsePostfixTail(context, literal, first);
  }
  if (context.cursor.isPanicking) return makeError(tokenPlace(first));
  return { ...makeInteger(0n, SIZE, tokenPlace(first)), type };
}

/** postfix-expression: primary-expression { `[…]` | `(…)` | `.` name | `->` name | `++` | `--` } */
function parsePostfixTail(context: ParseContext, primary: Expression, first: Token): Expression {
  const { cursor } = context;
  let left = primary;
  while (!cursor.isPanicking) {
    const depth = context.expressionDepth;
    switch (cursor.token.text) {
      case '[': {
        cursor.advance();
        if (!context.enter()) return makeError(tokenPlace(first));
        const index = parseExpression(context);
        context.leave();
        context.expect(']');
        left = makeSubscript(context, left, index, context.spanFromToken(first));
        break;
      }
      case '(':
        left = parseCall(context, left, first);
        break;
      case '.':
      case '->':
        left = parseMember(context, left, cursor.advance(), first);
        break;
      case '++':
      case '--': {
        const operator = cursor.advance().text === '++' ? '++' : '--';
        left = makeIncrement(context, operator, left, false, context.spanFromToken(first));
        break;
      }
      default:
        return left;
    }
    context.growExpression(depth);
  }
  return left;
}

/** `(` [ assignment-expression { `,` assignment-expression } ] `)` */
function parseCall(context: ParseContext, callee: Expression, first: Token): Expression {
  const { cursor } = context;
  cursor.advance();
  if (!context.enter()) return makeError(tokenPlace(first));
  const operands: Expression[] = [];
  let depth = 0;
  if (!cursor.at(')')) {
    do {
      operands.push(parseAssignment(context));
      depth = Math.max(depth, context.expressionDepth);
    } while (cursor.accept(','));
  }
  context.leave();
  context.expressionDepth = depth;
  context.expect(')');
  if (cursor.isPanicking) return makeError(tokenPlace(first));
  return makeCall(context, callee, operands, context.spanFromToken(first));
}

function parseMember(
  context: ParseContext,
  record: Expression,
  operator: Token,
  first: Token,
): Expression {
  const name = context.expectIdentifier('a member name');
  if (name === undefined) return makeError(tokenPlace(first));
  const nameSpan = tokenPlace(name);
  const span = context.spanFromToken(first);
  if (operator.text === '.') return makeMember(context, record, name, nameSpan, span);
  return makePointerMember(context, record, name, nameSpan, span);
}
