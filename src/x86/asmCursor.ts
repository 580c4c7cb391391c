/**
 * A position in the tokens of a user program, and the parsing of expressions, which operands and
 * directives share.
 * Source: the manual of GNU as, section Expressions.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { AsmToken } from './asmLexer.ts';
import { ASM_EXPRESSION_LIMIT, asmMessages } from './asmMessages.ts';
import type { BinaryOperator, Expression } from './asmSyntax.ts';

/** The binary operators of GNU as, which bind tighter the higher the number. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['|', 2],
  ['&', 2],
  ['^', 2],
  ['*', 3],
  ['/', 3],
  ['%', 3],
  ['<<', 3],
  ['>>', 3],
]);

/** Ends the parsing of one statement after its error was reported. */
export const FAILED = Symbol('failed');
export type Parsed<T> = T | typeof FAILED;

export class AsmCursor {
  private readonly tokens: readonly AsmToken[];
  protected readonly diagnostics: Diagnostic[];
  protected at = 0;
  /** Operators and brackets of the expression that is being parsed. */
  private operators = 0;

  constructor(tokens: readonly AsmToken[], diagnostics: Diagnostic[]) {
    this.tokens = tokens;
    this.diagnostics = diagnostics;
  }

  /** Parses an expression, which has a limited size: others recurse over it. */
  parseExpression(): Parsed<Expression> {
    this.operators = 0;
    return this.parseBinary(1);
  }

  // expression = unary { OPERATOR unary }, by precedence
  private parseBinary(lowest: number): Parsed<Expression> {
    const first = this.token();
    let left = this.parseUnary();
    if (left === FAILED) return FAILED;
    for (;;) {
      const operator = this.token();
      const precedence = operator.kind === 'punctuator' ? PRECEDENCE.get(operator.text) : undefined;
      if (precedence === undefined || precedence < lowest) return left;
      if (this.countOperator() === FAILED) return FAILED;
      this.next();
      const right = this.parseBinary(precedence + 1);
      if (right === FAILED) return FAILED;
      left = {
        kind: 'binary',
        operator: operator.text as BinaryOperator,
        left,
        right,
        span: this.spanFrom(first),
      };
    }
  }

  // unary = NUMBER | NAME | LOCAL-LABEL | "." | ( "-" | "~" | "+" ) unary | "(" expression ")"
  private parseUnary(): Parsed<Expression> {
    const token = this.next();
    const { span } = token;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value, span };
      case 'name':
        return token.text === '.'
          ? { kind: 'here', span }
          : { kind: 'symbol', name: token.text, span };
      case 'localLabel':
        return {
          kind: 'localLabel',
          number: token.value,
          isForward: token.text.endsWith('f'),
          span,
        };
      case 'punctuator': {
        if (this.countOperator() === FAILED) return FAILED;
        if (token.text === '(') {
          const inner = this.parseBinary(1);
          if (inner === FAILED || this.expect(')') === FAILED) return FAILED;
          return inner;
        }
        if (token.text !== '-' && token.text !== '~' && token.text !== '+') break;
        const operand = this.parseUnary();
        if (operand === FAILED) return FAILED;
        if (token.text === '+') return operand;
        return { kind: 'unary', operator: token.text, operand, span: this.spanFrom(token) };
      }
      default:
        break;
    }
    return this.fail(asmMessages.expected(span, 'an operand'));
  }

  private countOperator(): Parsed<undefined> {
    this.operators += 1;
    return this.operators <= ASM_EXPRESSION_LIMIT
      ? undefined
      : this.fail(asmMessages.expressionTooLong(this.token().span));
  }

  token(): AsmToken {
    return this.peek(0);
  }

  peek(distance: number): AsmToken {
    const last = this.tokens.length - 1;
    return this.tokens[Math.min(this.at + distance, last)] as AsmToken;
  }

  peekText(distance: number): string {
    const token = this.peek(distance);
    return token.kind === 'punctuator' ? token.text : '';
  }

  isAtEnd(): boolean {
    return this.token().kind === 'separator' || this.token().kind === 'end';
  }

  next(): AsmToken {
    const token = this.token();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  accept(text: string): boolean {
    const isThere = this.token().kind === 'punctuator' && this.token().text === text;
    if (isThere) this.next();
    return isThere;
  }

  expect(text: string): Parsed<undefined> {
    return this.accept(text)
      ? undefined
      : this.fail(asmMessages.expected(this.token().span, `\`${text}\``));
  }

  fail(diagnostic: Diagnostic): typeof FAILED {
    this.diagnostics.push(diagnostic);
    return FAILED;
  }

  /** Goes behind the end of the statement that failed, unless its error already took the end. */
  skipLine(start: number): void {
    if (this.at > start && this.peek(-1).kind === 'separator') return;
    while (!this.isAtEnd()) this.next();
    this.next();
  }

  /** From a token to the end of the last one that was taken. */
  spanFrom(first: AsmToken): Span {
    const last = this.at > 0 ? this.peek(-1) : first;
    return {
      file: first.span.file,
      start: first.span.start,
      end: Math.max(first.span.end, last.span.end),
    };
  }
}
