/**
 * Parses the tokens of a user program (AT&T syntax) into statements.
 * A statement with an error is reported and skipped; the rest is parsed.
 * Source: the manual of GNU as, sections Syntax, Expressions and i386-Dependent.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from '../base/span.ts';
import { AsmCursor, FAILED, type Parsed } from './asmCursor.ts';
import { parseDirective } from './asmDirectives.ts';
import { lexAsm, type AsmToken } from './asmLexer.ts';
import { ASM_TEXT_LIMIT, asmMessages, isFull } from './asmMessages.ts';
import type { Expression, MemoryOperand, Operand, Statement } from './asmSyntax.ts';
import { PREFIX_BYTES } from './mnemonic.ts';
import { refusedRegisterReason, REGISTERS, SEGMENTS, type Register } from './register.ts';

/** Parses a whole file. Errors: added to `diagnostics`; the statements without errors are returned. */
export function parseAsm(file: SourceFile, diagnostics: Diagnostic[]): Statement[] {
  if (file.text.length > ASM_TEXT_LIMIT) {
    diagnostics.push(asmMessages.textTooLong({ file, start: 0, end: 0 }));
    return [];
  }
  return new AsmParser(lexAsm(file, diagnostics), diagnostics).parseFile();
}

class AsmParser extends AsmCursor {
  private readonly statements: Statement[] = [];

  // file = { { label } [ statement ] separator }
  parseFile(): Statement[] {
    while (this.token().kind !== 'end' && !isFull(this.diagnostics)) {
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
    else if (token.text.startsWith('.')) statement = parseDirective(this);
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
    const value = this.parseExpression();
    if (value === FAILED) return FAILED;
    return { kind: 'equ', name: name.text, nameSpan: name.span, value, span: this.spanFrom(name) };
  }

  // instruction = { PREFIX } MNEMONIC [ operand { "," operand } ]
  private parseInstruction(): Parsed<Statement> {
    const first = this.next();
    let mnemonic = first;
    const prefixes = [];
    while (PREFIX_BYTES.has(mnemonic.text.toLowerCase())) {
      prefixes.push({ name: mnemonic.text.toLowerCase(), span: mnemonic.span });
      while (this.token().kind === 'separator' && this.token().text === ';') this.next();
      const prefix = mnemonic;
      mnemonic = this.next();
      if (mnemonic.kind !== 'name') {
        return this.fail(
          asmMessages.expected(mnemonic.span, `an instruction after \`${prefix.text}\``),
        );
      }
    }
    const operands: Operand[] = [];
    if (!this.isAtEnd()) {
      do {
        const operand = this.parseOperand();
        if (operand === FAILED) return FAILED;
        operands.push(operand);
      } while (this.accept(','));
    }
    return {
      kind: 'instruction',
      prefixes,
      mnemonic: mnemonic.text.toLowerCase(),
      mnemonicSpan: mnemonic.span,
      operands,
      span: this.spanFrom(first),
    };
  }

  // operand = REGISTER | "$" expression | "*" operand | memory
  private parseOperand(): Parsed<Operand> {
    const first = this.token();
    if (first.kind === 'register' && this.peekText(1) !== ':') {
      const register = this.parseRegister();
      return register === FAILED ? FAILED : { kind: 'register', register, span: first.span };
    }
    if (this.accept('$')) {
      const value = this.parseExpression();
      return value === FAILED ? FAILED : { kind: 'immediate', value, span: this.spanFrom(first) };
    }
    if (this.accept('*')) {
      if (this.peekText(0) === '*') {
        return this.fail(asmMessages.expected(this.token().span, 'a register or an address'));
      }
      const target = this.parseOperand();
      return target === FAILED ? FAILED : { kind: 'indirect', target, span: this.spanFrom(first) };
    }
    return this.parseMemory(first);
  }

  // memory = [ SEGMENT ":" ] ( expression | [ expression ] "(" base-and-index ")" )
  private parseMemory(first: AsmToken): Parsed<MemoryOperand> {
    let segment: string | undefined;
    if (first.kind === 'register') {
      const name = first.text.toLowerCase();
      if (!SEGMENTS.has(name)) return this.fail(asmMessages.expected(first.span, 'a segment'));
      segment = name;
      this.next();
      this.next();
    }
    let displacement: Expression | undefined;
    const startsAddress =
      this.token().text === '(' && (this.peek(1).kind === 'register' || this.peekText(1) === ',');
    if (!startsAddress) {
      const parsed = this.parseExpression();
      if (parsed === FAILED) return FAILED;
      displacement = parsed;
    }
    const registers = this.accept('(') ? this.parseBaseAndIndex(first) : NO_REGISTERS;
    if (registers === FAILED) return FAILED;
    return { kind: 'memory', segment, displacement, ...registers, span: this.spanFrom(first) };
  }

  // base-and-index = [ REGISTER ] [ "," REGISTER [ "," SCALE ] ] ")"
  private parseBaseAndIndex(first: AsmToken): Parsed<AddressRegisters> {
    let base: Register | undefined;
    let index: Register | undefined;
    let scale: 1 | 2 | 4 | 8 = 1;
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
        const { value, span } = this.next();
        if (value !== 1 && value !== 2 && value !== 4 && value !== 8) {
          return this.fail(asmMessages.badScale(span));
        }
        scale = value;
      }
    }
    if (this.expect(')') === FAILED) return FAILED;
    for (const register of [base, index]) {
      if (register !== undefined && register.width !== 4) {
        return this.fail(asmMessages.badAddressRegister(this.spanFrom(first), register.name));
      }
    }
    return { base, index, scale };
  }

  private parseRegister(): Parsed<Register> {
    const token = this.next();
    if (token.kind !== 'register') return this.fail(asmMessages.expected(token.span, 'a register'));
    const name = token.text.toLowerCase();
    const register = REGISTERS.get(name);
    if (register !== undefined) return register;
    const reason = refusedRegisterReason(name);
    return this.fail(
      reason === undefined
        ? asmMessages.unknownRegister(token.span, token.text, REGISTERS.keys())
        : asmMessages.refusedRegister(token.span, token.text, reason),
    );
  }
}

type AddressRegisters = Pick<MemoryOperand, 'base' | 'index' | 'scale'>;

const NO_REGISTERS: AddressRegisters = { base: undefined, index: undefined, scale: 1 };
