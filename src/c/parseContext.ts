/**
 * What the parts of the parser share: tokens, names, the function at hand, where complaints go.
 *
 * The grammar of C is one circle (an expression may contain a type name, which may contain an
 * expression, and so on). The parts of the parser are files that do not import each other in a
 * circle; where one needs a part above it, it calls it through `grammar`.
 */
import type { DiagnosticNote } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import type { CType, EnumType, RecordLayout } from '../bytecode/ctype.ts';
import type { FlagsMark } from './translationUnit.ts';
import type {
  Expression,
  FunctionDefinition,
  FunctionSymbol,
  ParsedAnnotation,
  SwitchLabel,
  VariableSymbol,
} from './ast.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import type { MessageArguments, MessageCode } from './messages.ts';
import type { ScopeTable } from './scopeTable.ts';
import type { LabelSymbol } from './symbol.ts';
import type { Token } from './token.ts';
import { joinSpans, tokenPlace, type TokenCursor } from './tokenCursor.ts';

/** How deep brackets, blocks, declarators and the like may nest in all. */
const NESTING_LIMIT = 200;
/** How high the tree of one expression may become. */
const EXPRESSION_LIMIT = 500;

/** A switch whose body is being parsed. */
export interface SwitchState {
  readonly type: CType;
  readonly labels: SwitchLabel[];
}

/** A label of the function at hand. */
export interface LabelState {
  readonly symbol: LabelSymbol;
  isDefined: boolean;
  isUsed: boolean;
}

/** The function whose body is being parsed. */
export interface FunctionState {
  readonly symbol: FunctionSymbol;
  readonly parameters: readonly VariableSymbol[];
  /** Automatic variables, compound literals and temporaries for record values so far. */
  readonly locals: VariableSymbol[];
  readonly labels: Map<string, LabelState>;
  /** Of all variables declared in it, parameters included. */
  readonly names: Set<string>;
  /** Unknown names that were reported, each once. */
  readonly unknownNames: Set<string>;
  /** Innermost last. */
  readonly switches: SwitchState[];
  /** How many statements around could be left by `break`, and repeated by `continue`. */
  breakDepth: number;
  continueDepth: number;
}

/** Variables that are declared directly in the innermost block. */
export type BlockVariables = VariableSymbol[];

/** The parts of the grammar that are called from parts below them. */
export interface Grammar {
  parseExpression(context: ParseContext): Expression;
  parseAssignment(context: ParseContext): Expression;
  parseConditional(context: ParseContext): Expression;
  /** A type in brackets or as an operand: `struct page *`. */
  parseTypeName(context: ParseContext): CType;
  /** The brackets behind `typeof`. */
  parseTypeofOperand(context: ParseContext): CType;
  /** The specifiers of a parameter. */
  parseSpecifierType(context: ParseContext): CType;
  /** `_Static_assert` up to its `;`. */
  parseStaticAssert(context: ParseContext): void;
  /** The braces of a compound literal of the type; `start` is the bracket before the type. */
  parseCompoundLiteral(context: ParseContext, type: CType, start: Span): Expression;
  /** From the `{` of `({ … })` on, up to the `)`; `start` is the bracket before. */
  parseStatementExpression(context: ParseContext, start: Span): Expression;
}

/** What a suggestion needs to know of a macro. */
export interface NamedMacro {
  readonly name: string;
  /** `undefined` for one without arguments. */
  readonly parameters: readonly string[] | undefined;
  readonly span: Span;
}

/** What a unit collects while it is parsed. */
export interface UnitParts {
  readonly functions: FunctionDefinition[];
  readonly variables: VariableSymbol[];
  readonly records: Map<string, RecordLayout>;
  readonly enums: Map<string, EnumType>;
  readonly flags: FlagsMark[];
  readonly declarations: ParsedAnnotation[];
}

export class ParseContext {
  /** Swapped while the operand of an annotation is parsed. */
  cursor: TokenCursor;
  readonly scopes: ScopeTable;
  readonly sink: DiagnosticSink;
  readonly language: AnnotationLanguage;
  readonly grammar: Grammar;
  readonly unit: number;
  readonly parts: UnitParts = {
    functions: [],
    variables: [],
    records: new Map(),
    enums: new Map(),
    flags: [],
    declarations: [],
  };
  /** Of the preprocessor, for suggestions. */
  macros: ReadonlyMap<string, NamedMacro> = new Map<string, NamedMacro>();
  function: FunctionState | undefined;
  blockVariables: BlockVariables = [];
  /** True inside the parameters of a function declarator. */
  isPrototype = false;
  /** True inside an annotation, where ghost queries may be called. */
  isAnnotation = false;
  /** The expression that was last found in brackets, for the warning about `if (a = b)`. */
  lastBracketed: Expression | undefined;
  /** From `#pragma pack`: the limit at the end, in bytes, 0 for none; earlier ones below. */
  readonly packLimits: number[] = [0];
  /** The height of the expression tree that was parsed last. */
  expressionDepth = 0;
  #depth = 0;
  /** Items of initializers so far, so that ranges cannot flood the memory. */
  initializerItems = 0;

  constructor(
    cursor: TokenCursor,
    scopes: ScopeTable,
    sink: DiagnosticSink,
    language: AnnotationLanguage,
    grammar: Grammar,
    unit: number,
  ) {
    this.cursor = cursor;
    this.scopes = scopes;
    this.sink = sink;
    this.language = language;
    this.grammar = grammar;
    this.unit = unit;
  }

  get token(): Token {
    return this.cursor.token;
  }

  /** Where the current token stands for a reader. What may need it only later keeps the token. */
  get place(): Span {
    return tokenPlace(this.cursor.token);
  }

  /** From the place to the last token taken. */
  spanFrom(start: Span): Span {
    return joinSpans(start, tokenPlace(this.cursor.previous));
  }

  /** From a token to the last one taken. */
  spanFromToken(first: Token): Span {
    const { previous } = this.cursor;
    if (first === previous) return tokenPlace(first);
    return joinSpans(tokenPlace(first), tokenPlace(this.cursor.previous));
  }

  report<Code extends MessageCode>(
    code: Code,
    span: Span | undefined,
    ...values: MessageArguments<Code>
  ): void {
    if (!this.cursor.isPanicking) this.sink.report(code, span, ...values);
  }

  reportWithNotes<Code extends MessageCode>(
    code: Code,
    span: Span | undefined,
    notes: readonly DiagnosticNote[],
    ...values: MessageArguments<Code>
  ): void {
    if (!this.cursor.isPanicking) this.sink.reportWithNotes(code, span, notes, ...values);
  }

  /** Reports that something else should stand here, and panics. */
  failSyntax(expected: string): void {
    if (this.cursor.isPanicking) return;
    const { token } = this;
    const found = token.kind === 'end' ? 'the end of the file' : `\`${token.text}\``;
    this.report('expected', this.place, expected, found);
    this.cursor.panic();
  }

  /** Takes the token or fails. */
  expect(text: string): boolean {
    if (this.cursor.accept(text)) return true;
    this.failSyntax(`\`${text}\``);
    return false;
  }

  /** Takes the `;` behind something; one missing at the end of a line is reported and made up. */
  expectSemicolon(): void {
    const { cursor } = this;
    if (cursor.accept(';') || cursor.isPanicking) return;
    const { token, previous } = cursor;
    if (!token.atLineStart && token.text !== '}') {
      this.failSyntax('`;`');
      return;
    }
    const { file, end } = tokenPlace(previous);
    this.report('expected-semicolon', { file, start: end, end });
  }

  /** Takes an identifier that is no keyword, or fails. */
  expectIdentifier(what: string): Token | undefined {
    const { token } = this;
    if (token.kind === 'identifier' && !this.cursor.isPanicking && !isKeyword(token.text)) {
      return this.cursor.advance();
    }
    this.failSyntax(what);
    return undefined;
  }

  /** One level deeper; false (reported once, the rest of the unit is given up) beyond the limit. */
  enter(): boolean {
    this.#depth += 1;
    if (this.#depth <= NESTING_LIMIT) return true;
    this.giveUp();
    return false;
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** An operator joins the last expression and others of this height: the tree grows. */
  growExpression(otherDepth: number): void {
    this.expressionDepth = Math.max(this.expressionDepth, otherDepth) + 1;
    if (this.expressionDepth > EXPRESSION_LIMIT) this.giveUp();
  }

  /** Reports that the code is nested too deep and stops reading the unit. */
  giveUp(): void {
    if (this.cursor.isPanicking) return;
    this.report('nested-too-deep', this.place, NESTING_LIMIT);
    this.cursor.isPanicking = true;
    this.cursor.moveToEnd();
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if ' +
    'inline int long register restrict return short signed sizeof static struct switch typedef ' +
    'union unsigned void volatile while _Bool _Complex __complex__ _Imaginary _Alignof _Alignas _Static_assert ' +
    '_Noreturn _Thread_local _Generic _Atomic __inline __inline__ __const __const__ __volatile ' +
    '__volatile__ __signed__ __signed __restrict __restrict__ typeof __typeof __typeof__ ' +
    '__extension__ __attribute__ __attribute __alignof__ __alignof asm __asm __asm__ ' +
    '__auto_type __thread __label__ __real__ __imag__ _Pragma'
  ).split(' '),
);

const ASM_WORDS: ReadonlySet<string> = new Set(['asm', '__asm', '__asm__']);

/** Whether the word begins assembler. */
export function isAsm(text: string): boolean {
  return ASM_WORDS.has(text);
}

/** Whether the word is reserved, GNU's own spellings included. */
export function isKeyword(text: string): boolean {
  return KEYWORDS.has(text);
}
