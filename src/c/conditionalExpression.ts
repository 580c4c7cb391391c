/**
 * The value of an `#if` expression: integer arithmetic in 64 bits, signed or unsigned (C99 6.10.1).
 *
 * Goes in: the tokens after macro expansion, `defined` already answered. Names that are left are 0.
 */
import type { Span } from '../base/span.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { decodeCharacter, decodeNumber } from './literal.ts';
import { createEndToken, type Token } from './token.ts';

interface Value {
  readonly bits: bigint;
  readonly isUnsigned: boolean;
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};
/** Parentheses and operators within one another. */
const NESTING_LIMIT = 200;
const ZERO: Value = { bits: 0n, isUnsigned: false };

function wrap(bits: bigint, isUnsigned: boolean): Value {
  return { bits: isUnsigned ? BigInt.asUintN(64, bits) : BigInt.asIntN(64, bits), isUnsigned };
}

function truth(isTrue: boolean): Value {
  return { bits: isTrue ? 1n : 0n, isUnsigned: false };
}

/** The value of the expression; `undefined` after a complaint. `at` is the place of an empty one. */
export function evaluateConditional(
  tokens: readonly Token[],
  at: Span,
  sink: DiagnosticSink,
): bigint | undefined {
  return new ConditionalParser(tokens, at, sink).evaluate();
}

class ConditionalParser {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  readonly #sink: DiagnosticSink;
  #at = 0;
  #nesting = 0;
  #hasFailed = false;
  /** Above 0 inside an operand that is not evaluated, where a division by zero is harmless. */
  #unevaluated = 0;

  constructor(tokens: readonly Token[], at: Span, sink: DiagnosticSink) {
    this.#tokens = tokens;
    this.#end = createEndToken(at);
    this.#sink = sink;
  }

  evaluate(): bigint | undefined {
    const value = this.#conditional();
    if (this.#peek().kind !== 'end') this.#fail('expected an operator');
    return this.#hasFailed ? undefined : value.bits;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  #accept(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'punctuator' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #fail(what: string): void {
    if (!this.#hasFailed) this.#sink.report('conditional-expression', this.#peek().span, what);
    this.#hasFailed = true;
    this.#at = this.#tokens.length;
  }

  /** conditional = binary ["?" conditional ":" conditional] */
  #conditional(): Value {
    const condition = this.#binary(1);
    if (!this.#accept('?')) return condition;
    const isTrue = condition.bits !== 0n;
    const yes = this.#guarded(!isTrue, () => this.#conditional());
    if (!this.#accept(':')) this.#fail('expected `:`');
    const no = this.#guarded(isTrue, () => this.#conditional());
    return wrap((isTrue ? yes : no).bits, yes.isUnsigned || no.isUnsigned);
  }

  /** Reads an operand that is not evaluated when `isDead`. */
  #guarded(isDead: boolean, read: () => Value): Value {
    this.#nesting += 1;
    this.#unevaluated += isDead ? 1 : 0;
    if (this.#nesting > NESTING_LIMIT) this.#fail('too deeply nested');
    const value = this.#hasFailed ? ZERO : read();
    this.#unevaluated -= isDead ? 1 : 0;
    this.#nesting -= 1;
    return value;
  }

  /** binary = unary (operator binary)*, by precedence */
  #binary(least: number): Value {
    let left = this.#unary();
    for (;;) {
      const token = this.#peek();
      const precedence = token.kind === 'punctuator' ? PRECEDENCE[token.text] : undefined;
      if (precedence === undefined || precedence < least) return left;
      this.#at += 1;
      const isDead =
        (token.text === '&&' && left.bits === 0n) || (token.text === '||' && left.bits !== 0n);
      const right = this.#guarded(isDead, () => this.#binary(precedence + 1));
      left = this.#apply(token, left, right);
    }
  }

  #apply(operator: Token, left: Value, right: Value): Value {
    const isUnsigned = left.isUnsigned || right.isUnsigned;
    const a = wrap(left.bits, isUnsigned).bits;
    const b = wrap(right.bits, isUnsigned).bits;
    switch (operator.text) {
      case '||':
        return truth(a !== 0n || b !== 0n);
      case '&&':
        return truth(a !== 0n && b !== 0n);
      case '==':
        return truth(a === b);
      case '!=':
        return truth(a !== b);
      case '<':
        return truth(a < b);
      case '>':
        return truth(a > b);
      case '<=':
        return truth(a <= b);
      case '>=':
        return truth(a >= b);
      case '<<':
        return wrap(left.bits << (right.bits & 63n), left.isUnsigned);
      case '>>':
        return wrap(left.bits >> (right.bits & 63n), left.isUnsigned);
      case '/':
      case '%':
        if (b === 0n) {
          if (this.#unevaluated === 0 && !this.#hasFailed) {
            this.#sink.report('conditional-division', operator.span);
            this.#hasFailed = true;
          }
          return wrap(0n, isUnsigned);
        }
        return wrap(operator.text === '/' ? a / b : a % b, isUnsigned);
      default:
        return wrap(combine(operator.text, a, b), isUnsigned);
    }
  }

  /** unary = ("+" | "-" | "~" | "!") unary | "(" conditional ")" | number | character | name */
  #unary(): Value {
    const token = this.#peek();
    if (token.kind === 'number') {
      this.#at += 1;
      const { value } = decodeNumber(token, this.#sink);
      const isUnsigned = /u/i.test(token.text) || value >> 63n !== 0n;
      return wrap(value, isUnsigned);
    }
    if (token.kind === 'char') {
      this.#at += 1;
      return wrap(BigInt(decodeCharacter(token, this.#sink)), false);
    }
    if (token.kind === 'identifier') {
      this.#at += 1;
      return ZERO;
    }
    if (this.#accept('(')) {
      const value = this.#guarded(false, () => this.#conditional());
      if (!this.#accept(')')) this.#fail('expected `)`');
      return value;
    }
    if (this.#accept('+')) return this.#guarded(false, () => this.#unary());
    if (this.#accept('-')) {
      const value = this.#guarded(false, () => this.#unary());
      return wrap(-value.bits, value.isUnsigned);
    }
    if (this.#accept('~')) {
      const value = this.#guarded(false, () => this.#unary());
      return wrap(~value.bits, value.isUnsigned);
    }
    if (this.#accept('!')) return truth(this.#guarded(false, () => this.#unary()).bits === 0n);
    this.#fail(token.kind === 'end' ? 'expected a value' : `\`${token.text}\` is not a value`);
    return ZERO;
  }
}

function combine(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    default:
      return a * b;
  }
}
