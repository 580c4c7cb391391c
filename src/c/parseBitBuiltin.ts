/**
 * gcc's builtins that count and reorder bits, and those that stand for functions of the C library.
 *
 * The bits of one word are intrinsics of the machine; what takes 64 bits is put together from its two
 * words, with the operand in a nameless variable. `__builtin_memcpy` and its like call the function
 * of that name, as gcc does where it does not know better.
 * Source: gcc manual, "Other Built-in Functions".
 */
import type { IntrinsicName } from '../bytecode/intrinsic.ts';
import type { Span } from '../base/span.ts';
import type { CType, FunctionType } from '../bytecode/ctype.ts';
import type { Expression, FunctionSymbol } from './ast.ts';
import { makeAssign } from './assignmentOperator.ts';
import { makeArithmetic } from './binaryOperator.ts';
import { createVariable } from './declareSymbol.ts';
import { convertForAssignment } from './conversion.ts';
import { convert, makeError, makeInteger } from './expressionNode.ts';
import * as integerTypes from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { makeComma, makeConditional, makeUnary } from './unaryOperator.ts';
import { pointerTo, VOID, VOID_POINTER } from './typeRelation.ts';

const { CHAR, INT, LONG, SIZE, UNSIGNED_INT, UNSIGNED_LONG_LONG, UNSIGNED_SHORT } = integerTypes;

type Builtin = (context: ParseContext, start: Span) => Expression;
/** Makes the result from the operand, which may be used more than once. */
type Maker = (context: ParseContext, operand: Expression) => Expression;

function createFunction(context: ParseContext, name: string, type: FunctionType): FunctionSymbol {
  return {
    kind: 'function',
    name,
    type,
    linkage: 'external',
    span: context.place,
    unit: context.unit,
    isInline: false,
    isNoReturn: false,
    warnsUnused: false,
    isUnchecked: false,
    definition: undefined,
    isUsed: true,
  };
}

function functionType(returns: CType, parameters: readonly CType[], isVariadic = false) {
  const list = parameters.map((type) => ({ name: undefined, type }));
  return { kind: 'function', returns, parameters: list, isVariadic, hasPrototype: true } as const;
}

/** A call of an intrinsic on one word; a constant operand gives a constant. */
function callIntrinsic(
  context: ParseContext,
  name: IntrinsicName,
  returns: CType,
  operand: Expression,
): Expression {
  const { span } = operand;
  const word = convert(operand, UNSIGNED_INT);
  if (word.kind === 'integer') return makeInteger(foldBits(name, word.value), returns, span);
  const type = functionType(returns, [UNSIGNED_INT]);
  const symbol = createFunction(context, name, type);
  const callee: Expression = { kind: 'function', symbol, type, span, isLvalue: false };
  const rest = { type: returns, span, isLvalue: false };
  return { kind: 'call', callee, calleeType: type, arguments: [word], ...rest };
}

/** What the machine gives for a constant word. */
function foldBits(name: IntrinsicName, word: bigint): bigint {
  const digits = word.toString(2).padStart(32, '0');
  if (name === 'fl_popcount') return BigInt(digits.replaceAll('0', '').length);
  if (name === 'fl_clz') return BigInt(word === 0n ? 32 : digits.indexOf('1'));
  if (name === 'fl_ctz') return BigInt(word === 0n ? 32 : 31 - digits.lastIndexOf('1'));
  const bytes = /(..)(..)(..)(..)/.exec(word.toString(16).padStart(8, '0')) ?? [];
  return BigInt(`0x${bytes.slice(1).reverse().join('')}`);
}

const ones: Maker = (context, operand) => callIntrinsic(context, 'fl_popcount', INT, operand);
const leading: Maker = (context, operand) => callIntrinsic(context, 'fl_clz', INT, operand);
const trailing: Maker = (context, operand) => callIntrinsic(context, 'fl_ctz', INT, operand);
const swapped: Maker = (context, operand) =>
  callIntrinsic(context, 'fl_bswap', UNSIGNED_INT, operand);

function number(value: number, like: Expression): Expression {
  return makeInteger(BigInt(value), INT, like.span);
}

function arithmetic(
  context: ParseContext,
  operator: '+' | '-' | '&' | '|' | '<<' | '>>',
  left: Expression,
  right: Expression,
): Expression {
  return makeArithmetic(context, operator, left, right, left.span);
}

function choose(context: ParseContext, condition: Expression, yes: Expression, no: Expression) {
  return makeConditional(context, condition, yes, no, condition.span);
}

function highWord(context: ParseContext, operand: Expression): Expression {
  return convert(arithmetic(context, '>>', operand, number(32, operand)), UNSIGNED_INT);
}

function lowWord(operand: Expression): Expression {
  return convert(operand, UNSIGNED_INT);
}

const ones64: Maker = (context, operand) =>
  arithmetic(
    context,
    '+',
    ones(context, highWord(context, operand)),
    ones(context, lowWord(operand)),
  );

/** The answer of the word that decides: the first one if it is not 0, else 32 more than the other's. */
function decide(
  context: ParseContext,
  count: Maker,
  first: Expression,
  second: Expression,
): Expression {
  const beyond = arithmetic(context, '+', count(context, second), number(32, second));
  return choose(context, first, count(context, first), beyond);
}

const leading64: Maker = (context, operand) =>
  decide(context, leading, highWord(context, operand), lowWord(operand));
const trailing64: Maker = (context, operand) =>
  decide(context, trailing, lowWord(operand), highWord(context, operand));

/** One more than the number of trailing zeros, or 0. */
function findFirst(count: Maker): Maker {
  return (context, operand) => {
    const found = arithmetic(context, '+', count(context, operand), number(1, operand));
    return choose(context, operand, found, number(0, operand));
  };
}

function parityOf(count: Maker): Maker {
  return (context, operand) =>
    arithmetic(context, '&', count(context, operand), number(1, operand));
}

const swapped64: Maker = (context, operand) => {
  const low = convert(swapped(context, lowWord(operand)), UNSIGNED_LONG_LONG);
  const high = convert(swapped(context, highWord(context, operand)), UNSIGNED_LONG_LONG);
  const upper = arithmetic(context, '<<', low, number(32, operand));
  return arithmetic(context, '|', upper, high);
};

const swapped16: Maker = (context, operand) => {
  const word = arithmetic(context, '>>', swapped(context, operand), number(16, operand));
  return convert(word, UNSIGNED_SHORT);
};

const absolute: Maker = (context, operand) => {
  const sign = arithmetic(context, '>>', operand, number(31, operand));
  return choose(context, sign, makeUnary(context, '-', operand, operand.span), operand);
};

/** `(` assignment-expression `)`, converted to the type that the builtin takes. */
function bitBuiltin(type: CType, make: Maker): Builtin {
  return (context, start) => {
    context.expect('(');
    if (!context.enter()) return makeError(start);
    const argument = context.grammar.parseAssignment(context);
    context.leave();
    context.expect(')');
    const operand = convertForAssignment(context, argument, type, 'the argument of the builtin');
    const span = context.spanFrom(start);
    if (operand.kind === 'error') return makeError(span);
    if (operand.kind === 'integer') return { ...make(context, operand), span };
    const symbol = createVariable(context, '', type, span, 'automatic', 'none');
    symbol.definition = 'full';
    context.blockVariables.push(symbol);
    const variable: Expression = { kind: 'variable', symbol, type, span, isLvalue: true };
    const store = makeAssign(context, variable, operand, span);
    return makeComma(store, make(context, variable), span);
  };
}

/** Calls the function that the builtin is named after; one that is not declared gets its usual type. */
function libraryBuiltin(name: string, type: FunctionType): Builtin {
  return (context, span) => {
    const declared = context.scopes.find(name);
    if (declared?.kind === 'function') {
      declared.isUsed = true;
      return { kind: 'function', symbol: declared, type: declared.type, span, isLvalue: false };
    }
    const symbol = createFunction(context, name, type);
    return { kind: 'function', symbol, type, span, isLvalue: false };
  };
}

const TEXT = pointerTo({ ...CHAR, isConst: true });
const MEMORY = pointerTo({ ...VOID, isConst: true });
const BUFFER = pointerTo(CHAR);

const LIBRARY: readonly (readonly [string, FunctionType])[] = [
  ['memcpy', functionType(VOID_POINTER, [VOID_POINTER, MEMORY, SIZE])],
  ['memmove', functionType(VOID_POINTER, [VOID_POINTER, MEMORY, SIZE])],
  ['memset', functionType(VOID_POINTER, [VOID_POINTER, INT, SIZE])],
  ['memcmp', functionType(INT, [MEMORY, MEMORY, SIZE])],
  ['strlen', functionType(SIZE, [TEXT])],
  ['strcmp', functionType(INT, [TEXT, TEXT])],
  ['strncmp', functionType(INT, [TEXT, TEXT, SIZE])],
  ['strcpy', functionType(BUFFER, [BUFFER, TEXT])],
  ['strncpy', functionType(BUFFER, [BUFFER, TEXT, SIZE])],
  ['strcat', functionType(BUFFER, [BUFFER, TEXT])],
  ['strchr', functionType(BUFFER, [TEXT, INT])],
  ['strrchr', functionType(BUFFER, [TEXT, INT])],
  ['printf', functionType(INT, [TEXT], true)],
  ['sprintf', functionType(INT, [BUFFER, TEXT], true)],
  ['puts', functionType(INT, [TEXT])],
  ['abort', functionType(VOID, [])],
];

/** The builtins of this file, by name. */
export const BIT_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ...(['', 'l'] as const).flatMap((suffix) =>
    (
      [
        ['popcount', ones],
        ['clz', leading],
        ['ctz', trailing],
        ['ffs', findFirst(trailing)],
        ['parity', parityOf(ones)],
      ] as const
    ).map(
      ([name, make]) => [`__builtin_${name}${suffix}`, bitBuiltin(UNSIGNED_INT, make)] as const,
    ),
  ),
  ['__builtin_popcountll', bitBuiltin(UNSIGNED_LONG_LONG, ones64)],
  ['__builtin_clzll', bitBuiltin(UNSIGNED_LONG_LONG, leading64)],
  ['__builtin_ctzll', bitBuiltin(UNSIGNED_LONG_LONG, trailing64)],
  ['__builtin_ffsll', bitBuiltin(UNSIGNED_LONG_LONG, findFirst(trailing64))],
  ['__builtin_parityll', bitBuiltin(UNSIGNED_LONG_LONG, parityOf(ones64))],
  ['__builtin_bswap16', bitBuiltin(UNSIGNED_SHORT, swapped16)],
  ['__builtin_bswap32', bitBuiltin(UNSIGNED_INT, swapped)],
  ['__builtin_bswap64', bitBuiltin(UNSIGNED_LONG_LONG, swapped64)],
  ['__builtin_abs', bitBuiltin(INT, absolute)],
  ['__builtin_labs', bitBuiltin(LONG, absolute)],
  ...LIBRARY.map(([name, type]) => [`__builtin_${name}`, libraryBuiltin(name, type)] as const),
];
