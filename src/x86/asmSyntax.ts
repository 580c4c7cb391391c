/**
 * The syntax tree of a user program in AT&T syntax: a list of statements with their places.
 * Made by `asmParser.ts`; encoded by `encoder.ts`; laid out by `assemble.ts`.
 */
import type { Span } from '../base/span.ts';
import type { Register } from './register.ts';

/** Operators before an expression. */
export type UnaryOperator = '-' | '~';
/** Operators between expressions. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^';

/** A number that may depend on where labels end up. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'symbol'; readonly name: string; readonly span: Span }
  /** `1f` and `1b`: the next or previous `1:`. */
  | {
      readonly kind: 'localLabel';
      readonly number: number;
      readonly isForward: boolean;
      readonly span: Span;
    }
  /** `.`: the address of the statement. */
  | { readonly kind: 'here'; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    };

/** What an instruction works on. */
export type Operand =
  | { readonly kind: 'register'; readonly register: Register; readonly span: Span }
  | { readonly kind: 'immediate'; readonly value: Expression; readonly span: Span }
  | MemoryOperand
  /** `*%eax` or `*table(,%eax,4)`: the target of an indirect jump or call. */
  | { readonly kind: 'indirect'; readonly target: Operand; readonly span: Span };

/** `displacement(base, index, scale)`; a bare name is a memory operand too, or a jump's target. */
export interface MemoryOperand {
  readonly kind: 'memory';
  /** `ds` of `%ds:(%esi)`; `undefined` when it is not written. */
  readonly segment: string | undefined;
  readonly displacement: Expression | undefined;
  readonly base: Register | undefined;
  readonly index: Register | undefined;
  readonly scale: 1 | 2 | 4 | 8;
  readonly span: Span;
}

/** One instruction as it is written. */
export interface InstructionStatement {
  readonly kind: 'instruction';
  /** `lock`, `rep`, `repe`, `repne` and their other names. */
  readonly prefixes: readonly { readonly name: string; readonly span: Span }[];
  readonly mnemonic: string;
  readonly mnemonicSpan: Span;
  readonly operands: readonly Operand[];
  /** From the prefix or mnemonic to the last operand, without the comment. */
  readonly span: Span;
}

/** Parts of a program; the first two are read-only, the others can be written. */
export type SectionName = '.text' | '.rodata' | '.data' | '.bss';

/** A label, an instruction or a directive. */
export type Statement =
  | { readonly kind: 'label'; readonly name: string; readonly span: Span }
  | { readonly kind: 'numericLabel'; readonly number: number; readonly span: Span }
  | InstructionStatement
  /** `.equ NAME, VALUE`. */
  | {
      readonly kind: 'equ';
      readonly name: string;
      readonly nameSpan: Span;
      readonly value: Expression;
      readonly span: Span;
    }
  /** `.byte`, `.word`, `.long`. */
  | {
      readonly kind: 'values';
      readonly width: 1 | 2 | 4;
      readonly values: readonly Expression[];
      readonly span: Span;
    }
  /** `.ascii`, `.asciz`. */
  | { readonly kind: 'bytes'; readonly bytes: readonly number[]; readonly span: Span }
  /** `.align`; filled with instructions that do nothing (zeros in data), or with the given byte. */
  | {
      readonly kind: 'align';
      readonly amount: Expression;
      /** `.p2align`: the amount is the exponent of 2. */
      readonly isExponent: boolean;
      readonly fill: Expression | undefined;
      /** When more bytes than this were needed, none are inserted. */
      readonly most: Expression | undefined;
      readonly span: Span;
    }
  /** `.skip` and `.fill`: the same value again and again, one byte wide unless told. */
  | {
      readonly kind: 'fill';
      readonly count: Expression;
      readonly width: Expression | undefined;
      readonly value: Expression | undefined;
      readonly span: Span;
    }
  /** `.text`, `.data`, `.section .rodata`. */
  | { readonly kind: 'section'; readonly name: SectionName; readonly span: Span };
