/**
 * Parses the tokens of a user program (AT&T syntax) into statements.
 * A statement with an error is reported and skipped; the rest is parsed.
 * Source: the manual of GNU as, sections Syntax, Expressions and i386-Dependent.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile, Span } from '../base/span.ts';
import { lexAsm, type AsmToken } from './asmLexer.ts';
import { asmMessages } from './asmMessages.ts';
import type { BinaryOperator, Expression, MemoryOperand, Operand, Statement } from './asmSyntax.ts';
import { REGISTERS, type Register } from './register.ts';

const PREFIXES = new Set(['rep', 'repe', 'repz', 'repne', 'repnz']);

const DIRECTIVES = [
  '.text',
  '.globl',
  '.global',
  '.type',
  '.size',
  '.equ',
  '.set',
  '.byte',
  '.word',
  '.short',
  '.long',
  '.int',
  '.ascii',
  '.asciz',
  '.string',
  '.align',
  '.balign',
  '.skip',
  '.space',
  '.zero',
] as const;

const SECTIONS = new Set(['.data', '.bss', '.section', '.rodata', '.comm', '.lcomm']);

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
const FAILED = Symbol('failed');
type Parsed<T> = T | typeof FAILED;

/** Parses a whole file. Errors: added to `diagnostics`; the statements without errors are returned. */
export function parseAsm(file: SourceFile, diagnostics: Diagnostic[]): Statement[] {
  return new AsmParser(lexAsm(file, diagnostics), diagnostics).parseFile();
}

class AsmParser {
  private readonly tokens: readonly AsmToken[];
  private readonly diagnostics: Diagnostic[];
  private readonly statements: Statement[] = [];
  private at = 0;

  constructor(tokens: readonly AsmToken[], diagnostics: Diagnostic[]) {
    this.tokens = tokens;
    this.diagnostics = diagnostics;
  }

  // file = { { label } [ statement ] separator }
  parseFile(): Statement[] {
    while (this.token().kind !== 'end') {
      const start = this.at;
      if (this.parseLine() === FAILED) this.skipLine(start);
    }
    return this.statements;
  }

  // label = ( NAME | NUMBER ) ":" ;  statement = directive | assignment | instruction
  private parseLine(): Parsed<undefined> {
    while (this.peekText(1) === ':') {
      const token = this.next();
      this.next();
      if (token.kind === 'name')
        this.statements.push({ kind: 'label', name: token.text, span: token.span });
      else if (token.kind === 'number') {
        this.statements.push({ kind: 'numericLabel', number: token.value, span: token.span });
      } else return this.fail(asmMessages.expected(token.span, 'the name of a label before `:`'));
    }
    const token = this.token();
    if (token.kind === 'separator') {
      this.next();
      return undefined;
    }
    if (token.kind !== 'name')
      return this.fail(asmMessages.expected(token.span, 'an instruction, a directive or a label'));
    let statement: Parsed<Statement | undefined>;
    if (this.peekText(1) === '=') statement = this.parseAssignment();
    else if (token.text.startsWith('.')) statement = this.parseDirective();
    else statement = this.parseInstruction();
    if (statement === FAILED) return FAILED;
    if (this.token().kind !== 'separator') {
      return this.fail(asmMessages.expected(this.token().span, 'the end of the statement'));
    }
    this.next();
    if (statement !== undefined) this.statements.push(statement);
    return undefined;
  }

  // assignment = NAME "=" expression
  private parseAssignment(): Parsed<Statement> {
    const name = this.next();
    this.next();
    const value = this.parseExpression(1);
    if (value === FAILED) return FAILED;
    return { kind: 'equ', name: name.text, nameSpan: name.span, value, span: this.spanFrom(name) };
  }

  // directive = ".equ" NAME "," expression | ".long" expression { "," expression } | ".align" NUMBER | …
  private parseDirective(): Parsed<Statement | undefined> {
    const first = this.next();
    switch (first.text) {
      case '.text':
        return undefined;
      case '.globl':
      case '.global':
      case '.type':
      case '.size':
        while (this.token().kind !== 'separator') this.next();
        return undefined;
      case '.equ':
      case '.set': {
        const name = this.next();
        if (name.kind !== 'name') return this.fail(asmMessages.expected(name.span, 'a name'));
        if (this.expect(',') === FAILED) return FAILED;
        const value = this.parseExpression(1);
        if (value === FAILED) return FAILED;
        return {
          kind: 'equ',
          name: name.text,
          nameSpan: name.span,
          value,
          span: this.spanFrom(first),
        };
      }
      case '.byte':
        return this.parseValues(first, 1);
      case '.word':
      case '.short':
        return this.parseValues(first, 2);
      case '.long':
      case '.int':
        return this.parseValues(first, 4);
      case '.ascii':
        return this.parseStrings(first, []);
      case '.asciz':
      case '.string':
        return this.parseStrings(first, [0]);
      case '.align':
      case '.balign': {
        const numbers = this.parseNumbers(first);
        if (numbers === FAILED) return FAILED;
        const [bytes = 1, fill] = numbers;
        if (![1, 2, 4, 8, 16, 32, 64].includes(bytes))
          return this.fail(asmMessages.badAlignment(first.span));
        return { kind: 'align', bytes, fill, span: this.spanFrom(first) };
      }
      case '.skip':
      case '.space':
      case '.zero': {
        const numbers = this.parseNumbers(first);
        if (numbers === FAILED) return FAILED;
        const [bytes = 0, fill = 0] = numbers;
        return { kind: 'skip', bytes, fill, span: this.spanFrom(first) };
      }
      default:
        return this.fail(
          SECTIONS.has(first.text)
            ? asmMessages.oneSection(first.span, first.text)
            : asmMessages.unknownDirective(first.span, first.text, DIRECTIVES),
        );
    }
  }

  private parseValues(first: AsmToken, width: 1 | 2 | 4): Parsed<Statement> {
    const values: Expression[] = [];
    do {
      const value = this.parseExpression(1);
      if (value === FAILED) return FAILED;
      values.push(value);
    } while (this.accept(','));
    return { kind: 'values', width, values, span: this.spanFrom(first) };
  }

  private parseStrings(first: AsmToken, ending: readonly number[]): Parsed<Statement> {
    const bytes: number[] = [];
    do {
      const string = this.next();
      if (string.kind !== 'string') return this.fail(asmMessages.expected(string.span, 'a string'));
      bytes.push(...string.bytes, ...ending);
    } while (this.accept(','));
    return { kind: 'bytes', bytes, span: this.spanFrom(first) };
  }

  private parseNumbers(first: AsmToken): Parsed<number[]> {
    const numbers: number[] = [];
    do {
      const token = this.next();
      if (token.kind !== 'number')
        return this.fail(asmMessages.expected(token.span, `a number after \`${first.text}\``));
      numbers.push(token.value);
    } while (this.accept(','));
    return numbers;
  }

  // instruction = [ PREFIX ] MNEMONIC [ operand { "," operand } ]
  private parseInstruction(): Parsed<Statement> {
    const first = this.next();
    let mnemonic = first;
    const hasPrefix = PREFIXES.has(first.text.toLowerCase());
    if (hasPrefix) {
      while (this.token().kind === 'separator' && this.token().text === ';') this.next();
      mnemonic = this.next();
      if (mnemonic.kind !== 'name') {
        return this.fail(
          asmMessages.expected(mnemonic.span, `an instruction after \`${first.text}\``),
        );
      }
    }
    const operands: Operand[] = [];
    if (this.token().kind !== 'separator') {
      do {
        const operand = this.parseOperand();
        if (operand === FAILED) return FAILED;
        operands.push(operand);
      } while (this.accept(','));
    }
    return {
      kind: 'instruction',
      prefix: hasPrefix ? { name: first.text.toLowerCase(), span: first.span } : undefined,
      mnemonic: mnemonic.text.toLowerCase(),
      mnemonicSpan: mnemonic.span,
      operands,
      span: this.spanFrom(first),
    };
  }

  // operand = REGISTER | "$" expression | "*" operand | memory
  private parseOperand(): Parsed<Operand> {
    const first = this.token();
    if (first.kind === 'register') {
      const register = this.parseRegister();
      return register === FAILED ? FAILED : { kind: 'register', register, span: first.span };
    }
    if (this.accept('$')) {
      const value = this.parseExpression(1);
      return value === FAILED ? FAILED : { kind: 'immediate', value, span: this.spanFrom(first) };
    }
    if (this.accept('*')) {
      const target = this.parseOperand();
      return target === FAILED ? FAILED : { kind: 'indirect', target, span: this.spanFrom(first) };
    }
    return this.parseMemory(first);
  }

  // memory = expression | [ expression ] "(" [ REGISTER ] [ "," REGISTER [ "," SCALE ] ] ")"
  private parseMemory(first: AsmToken): Parsed<MemoryOperand> {
    let displacement: Expression | undefined;
    const startsAddress =
      first.text === '(' && (this.peek(1).kind === 'register' || this.peekText(1) === ',');
    if (!startsAddress) {
      const parsed = this.parseExpression(1);
      if (parsed === FAILED) return FAILED;
      displacement = parsed;
    }
    let base: Register | undefined;
    let index: Register | undefined;
    let scale: 1 | 2 | 4 | 8 = 1;
    if (this.accept('(')) {
      if (this.token().kind === 'register') {
        const register = this.parseRegister();
        if (register === FAILED) return FAILED;
        base = register;
      }
      if (this.accept(',')) {
        const indexToken = this.token();
        const register = this.parseRegister();
        if (register === FAILED) return FAILED;
        if (register.name === 'esp') return this.fail(asmMessages.badIndex(indexToken.span));
        index = register;
        if (this.accept(',')) {
          const factor = this.next();
          if (
            factor.value !== 1 &&
            factor.value !== 2 &&
            factor.value !== 4 &&
            factor.value !== 8
          ) {
            return this.fail(asmMessages.badScale(factor.span));
          }
          scale = factor.value;
        }
      }
      if (this.expect(')') === FAILED) return FAILED;
      for (const register of [base, index]) {
        if (register !== undefined && register.width !== 4) {
          return this.fail(asmMessages.badAddressRegister(this.spanFrom(first), register.name));
        }
      }
    }
    return { kind: 'memory', displacement, base, index, scale, span: this.spanFrom(first) };
  }

  private parseRegister(): Parsed<Register> {
    const token = this.next();
    if (token.kind !== 'register') return this.fail(asmMessages.expected(token.span, 'a register'));
    const register = REGISTERS.get(token.text.toLowerCase());
    if (register === undefined) {
      return this.fail(asmMessages.unknownRegister(token.span, token.text, REGISTERS.keys()));
    }
    return register;
  }

  // expression = unary { OPERATOR unary }, by precedence
  private parseExpression(lowest: number): Parsed<Expression> {
    const first = this.token();
    let left = this.parseUnary();
    if (left === FAILED) return FAILED;
    for (;;) {
      const operator = this.token();
      const precedence = operator.kind === 'punctuator' ? PRECEDENCE.get(operator.text) : undefined;
      if (precedence === undefined || precedence < lowest) return left;
      this.next();
      const right = this.parseExpression(precedence + 1);
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
        if (token.text === '(') {
          const inner = this.parseExpression(1);
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

  private token(): AsmToken {
    return this.peek(0);
  }

  private peek(distance: number): AsmToken {
    const last = this.tokens.length - 1;
    return this.tokens[Math.min(this.at + distance, last)] as AsmToken;
  }

  private peekText(distance: number): string {
    const token = this.peek(distance);
    return token.kind === 'punctuator' ? token.text : '';
  }

  private next(): AsmToken {
    const token = this.token();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  private accept(text: string): boolean {
    const isThere = this.token().kind === 'punctuator' && this.token().text === text;
    if (isThere) this.next();
    return isThere;
  }

  private expect(text: string): Parsed<undefined> {
    return this.accept(text)
      ? undefined
      : this.fail(asmMessages.expected(this.token().span, `\`${text}\``));
  }

  private fail(diagnostic: Diagnostic): typeof FAILED {
    this.diagnostics.push(diagnostic);
    return FAILED;
  }

  /** Goes behind the end of the statement that failed, unless its error already took the end. */
  private skipLine(start: number): void {
    if (this.at > start && this.peek(-1).kind === 'separator') return;
    while (this.token().kind !== 'separator' && this.token().kind !== 'end') this.next();
    this.next();
  }

  /** From a token to the end of the last one that was taken. */
  private spanFrom(first: AsmToken): Span {
    const last = this.at > 0 ? this.peek(-1) : first;
    return {
      file: first.span.file,
      start: first.span.start,
      end: Math.max(first.span.end, last.span.end),
    };
  }
}
