/**
 * The typed tree: what the parser hands to lowering. Parsing, scoping and type checking are one pass,
 * so every node is complete when it is made.
 *
 * Invariants of a unit that parsed without errors:
 * - every expression carries its C type; a conversion that C makes silently is a `cast` node with
 *   `isImplicit`, an array or function that becomes a pointer is a `decay` node;
 * - an expression with `isLvalue` in the place of a value is read there (there is no node for it);
 *   `isLvalue` is also true for a bit-field, whose address cannot be taken;
 * - operands have the types that the node documents, so lowering never converts on its own;
 * - sizes, offsets, enumeration constants, `sizeof`, `offsetof` and types are resolved: an `integer`;
 * - an `error` node occurs only when an error was reported.
 * A span of code that came from a macro is the place of the outermost use.
 */
import type { Span } from '../base/span.ts';
import type { AnnotationForm, GhostQuery } from '../bytecode/annotation.ts';
import type { CType, Field, FunctionType } from '../bytecode/ctype.ts';
import type { EnumConstantSymbol, LabelSymbol, Linkage, TypedefSymbol } from './symbol.ts';

interface ExpressionBase {
  readonly type: CType;
  readonly span: Span;
  readonly isLvalue: boolean;
}

/** A constant of integer, enumeration or pointer type; `value` is in the range of the type. */
export interface IntegerExpression extends ExpressionBase {
  readonly kind: 'integer';
  readonly value: bigint;
  /** The enumeration constant that was written. */
  readonly constant?: EnumConstantSymbol;
  /** The comparison or sum of constants that was written. */
  readonly folded?: string;
}

/** A string literal: an array with static storage, the terminating zero included. */
export interface StringExpression extends ExpressionBase {
  readonly kind: 'string';
  /** The elements as bytes; two bytes are never equal by accident: each literal is an own object. */
  readonly bytes: Uint8Array;
}

/** A mention of a variable or parameter. */
export interface VariableExpression extends ExpressionBase {
  readonly kind: 'variable';
  readonly symbol: VariableSymbol;
}

/** A function's name; stands only under `decay` or `addressOf` and as the callee of a call. */
export interface FunctionExpression extends ExpressionBase {
  readonly kind: 'function';
  readonly symbol: FunctionSymbol;
}

/** An array or function as a pointer to its first element or to it. */
export interface DecayExpression extends ExpressionBase {
  readonly kind: 'decay';
  readonly operand: Expression;
}

/** A conversion between scalars, or of anything to `void`; to `_Bool` it compares with zero. */
export interface CastExpression extends ExpressionBase {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly isImplicit: boolean;
}

/** `-` and `~` on a promoted integer; `!` on any scalar, giving `int`. */
export interface UnaryExpression extends ExpressionBase {
  readonly kind: 'unary';
  readonly operator: '-' | '~' | '!';
  readonly operand: Expression;
}

/** `&operand`; the operand is an lvalue that is not a bit-field, or a `function`. */
export interface AddressOfExpression extends ExpressionBase {
  readonly kind: 'addressOf';
  readonly operand: Expression;
}

/** `*operand`; an lvalue, or of function type. */
export interface DereferenceExpression extends ExpressionBase {
  readonly kind: 'dereference';
  readonly operand: Expression;
}

/**
 * `++x`, `x++`, `--x`, `x--`. The value is read, converted to `computationType`, changed by `step`
 * (bytes for a pointer), converted back and stored.
 */
export interface IncrementExpression extends ExpressionBase {
  readonly kind: 'increment';
  readonly target: Expression;
  /** Negative for `--`. */
  readonly step: number;
  readonly isPrefix: boolean;
  readonly computationType: CType;
}

/** The operators of arithmetic, without `=`. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';

/** Both operands have the node's type, but the right one of a shift has its own promoted type. */
export interface BinaryExpression extends ExpressionBase {
  readonly kind: 'binary';
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Operands have one integer type, or are pointers (compared without sign); gives `int`. */
export interface CompareExpression extends ExpressionBase {
  readonly kind: 'compare';
  readonly operator: '==' | '!=' | '<' | '>' | '<=' | '>=';
  readonly left: Expression;
  readonly right: Expression;
}

/** Pointer plus (or minus) `index` (of a 32-bit type) elements of `elementSize` bytes. */
export interface PointerAddExpression extends ExpressionBase {
  readonly kind: 'pointerAdd';
  readonly pointer: Expression;
  readonly index: Expression;
  readonly elementSize: number;
  readonly isSubtraction: boolean;
}

/** The signed number of bytes from `right` to `left`, divided by `elementSize`. */
export interface PointerDifferenceExpression extends ExpressionBase {
  readonly kind: 'pointerDifference';
  readonly left: Expression;
  readonly right: Expression;
  readonly elementSize: number;
}

/** `&&` and `||` on scalars, giving `int`. */
export interface LogicalExpression extends ExpressionBase {
  readonly kind: 'logical';
  readonly operator: '&&' | '||';
  readonly left: Expression;
  readonly right: Expression;
}

/** Both branches have the node's type, which may be `void` or a record. */
export interface ConditionalExpression extends ExpressionBase {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

/** GNU `value ?: otherwise`: `value`, evaluated once and then converted to the node's type, if not 0. */
export interface OrElseExpression extends ExpressionBase {
  readonly kind: 'orElse';
  readonly value: Expression;
  readonly otherwise: Expression;
}

/** `left, right`: evaluates both, gives the right one. */
export interface CommaExpression extends ExpressionBase {
  readonly kind: 'comma';
  readonly left: Expression;
  readonly right: Expression;
}

/** `target = value`; the value has the target's type. A record is copied. */
export interface AssignExpression extends ExpressionBase {
  readonly kind: 'assign';
  readonly target: Expression;
  readonly value: Expression;
}

/**
 * `target OP= value`: the target's value is converted to `computationType`, combined with `value` (of
 * that type, for shifts of its own), and the result converted back to the target's type. For a
 * pointer the operator is `+` or `-`, `computationType` the pointer, `value` of a 32-bit type.
 */
export interface CompoundAssignExpression extends ExpressionBase {
  readonly kind: 'compoundAssign';
  readonly operator: ArithmeticOperator;
  readonly target: Expression;
  readonly value: Expression;
  readonly computationType: CType;
  /** For a pointer: what `value` is multiplied by, in bytes; 1 otherwise. */
  readonly elementSize: number;
}

/** A call; arguments are converted to the parameters' types, the extra ones promoted. */
export interface CallExpression extends ExpressionBase {
  readonly kind: 'call';
  /** A `function`, or a pointer to a function. */
  readonly callee: Expression;
  readonly calleeType: FunctionType;
  readonly arguments: readonly Expression[];
}

/**
 * A member: of the record that `record` designates (`p->x` is the member of `*p`), or of a record
 * value such as a call's result. `field.offset` counts from the start of that record, anonymous
 * members included; with `field.bits` it is a bit-field.
 */
export interface MemberExpression extends ExpressionBase {
  readonly kind: 'member';
  readonly record: Expression;
  readonly field: Field;
  /** Where `record` is put if it is a value, such as the result of a call; absent outside of functions. */
  readonly temporary?: VariableSymbol;
}

/** `(type){ … }`: initialized each time it is passed if the object is automatic; an lvalue. */
export interface CompoundLiteralExpression extends ExpressionBase {
  readonly kind: 'compoundLiteral';
  /** Its own nameless variable; for a static one `symbol.initializer` is set too. */
  readonly symbol: VariableSymbol;
  readonly initializer: Initializer;
}

/** `({ … })`: the value is that of `result`, which is evaluated last, inside the block's scope. */
export interface StatementExpression extends ExpressionBase {
  readonly kind: 'statementExpression';
  /** Without the statement that gives the value. */
  readonly body: BlockStatement;
  /** `undefined` gives `void`. */
  readonly result: Expression | undefined;
}

/** `__builtin_va_start`, `…_end` and `…_copy`; lists are lvalues of type `char *`. */
export interface VaListExpression extends ExpressionBase {
  readonly kind: 'vaStart' | 'vaEnd' | 'vaCopy';
  readonly list: Expression;
  /** For `vaStart`: the last named parameter. */
  readonly parameter?: VariableSymbol;
  /** For `vaCopy`: the list to copy. */
  readonly from?: Expression;
}

/** `__builtin_va_arg(list, type)`: reads an argument of the node's type. */
export interface VaArgExpression extends ExpressionBase {
  readonly kind: 'vaArg';
  readonly list: Expression;
}

/** `__builtin_unreachable()`. */
export interface UnreachableExpression extends ExpressionBase {
  readonly kind: 'unreachable';
}

/** `holds_read(LOCK)` and its like, in annotations only; the operand is one word. */
export interface GhostQueryExpression extends ExpressionBase {
  readonly kind: 'ghostQuery';
  readonly query: GhostQuery;
  readonly operand: Expression;
}

/** Stands where an error was reported, so that one mistake gives one message. */
export interface ErrorExpression extends ExpressionBase {
  readonly kind: 'error';
}

/** Any expression. */
export type Expression =
  | IntegerExpression
  | StringExpression
  | VariableExpression
  | FunctionExpression
  | DecayExpression
  | CastExpression
  | UnaryExpression
  | AddressOfExpression
  | DereferenceExpression
  | IncrementExpression
  | BinaryExpression
  | CompareExpression
  | PointerAddExpression
  | PointerDifferenceExpression
  | LogicalExpression
  | ConditionalExpression
  | OrElseExpression
  | CommaExpression
  | AssignExpression
  | CompoundAssignExpression
  | CallExpression
  | MemberExpression
  | CompoundLiteralExpression
  | StatementExpression
  | VaListExpression
  | VaArgExpression
  | UnreachableExpression
  | GhostQueryExpression
  | ErrorExpression;

/** The value of a constant expression: a number, or the address of something plus a byte offset. */
export type Constant =
  | { readonly kind: 'integer'; readonly value: bigint }
  | {
      readonly kind: 'address';
      readonly base: VariableSymbol | FunctionSymbol | StringExpression;
      readonly offset: number;
    };

/** One piece of an initializer, in the order of evaluation; pieces never overlap. */
export interface InitializerItem {
  /** In bytes from the start of the object; for a bit-field, of its storage unit. */
  readonly offset: number;
  /** A scalar; a record that is copied; or an array of characters whose value is a `string`. */
  readonly type: CType;
  readonly bits?: { readonly start: number; readonly width: number };
  /** Has the item's type; a `string` is cut or filled with zeros to the size of the array. */
  readonly value: Expression;
  /** For an object with static storage, except for strings as arrays. */
  readonly constant?: Constant;
}

/** A flattened initializer of an object of `type`. */
export interface Initializer {
  readonly type: CType;
  readonly items: readonly InitializerItem[];
  /** Whether bytes that no item covers have to be zero: true for every list in braces. */
  readonly isZeroFilled: boolean;
  readonly span: Span;
}

/** One operand of an annotation, in the order of the form's parts. */
export type AnnotationOperand =
  /** One word: an integer or pointer. */
  | { readonly kind: 'expression'; readonly role: string; readonly expression: Expression }
  | { readonly kind: 'word'; readonly role: string; readonly value: number }
  /** Two words; `value` is 0 when absent. */
  | {
      readonly kind: 'owner';
      readonly role: string;
      readonly code: number;
      readonly value: Expression | undefined;
    };

/** A `//@` comment, parsed by the form table; its expressions are typed in the scope it stands in. */
export interface ParsedAnnotation {
  readonly form: AnnotationForm;
  readonly span: Span;
  /** The text of each part by role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly operands: readonly AnnotationOperand[];
}

interface StatementBase {
  readonly span: Span;
  /** Those that name this statement (placement `statement`), in the order of the text. */
  readonly annotations?: readonly ParsedAnnotation[];
}

/** `{ … }`, a scope of its own. */
export interface BlockStatement extends StatementBase {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
  /** Declared directly in the block, static ones included. */
  readonly variables: readonly VariableSymbol[];
  /** The closing brace. */
  readonly endSpan: Span;
}

/** `expression;`, whose value is dropped. */
export interface ExpressionStatement extends StatementBase {
  readonly kind: 'expression';
  readonly expression: Expression;
}

/** One automatic variable coming into being; a static one has no statement. */
export interface DeclarationStatement extends StatementBase {
  readonly kind: 'declaration';
  readonly symbol: VariableSymbol;
  readonly initializer: Initializer | undefined;
}

/** `if (condition) whenTrue else whenFalse`. */
export interface IfStatement extends StatementBase {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly whenTrue: Statement;
  readonly whenFalse: Statement | undefined;
}

/** `while (condition) body`. */
export interface WhileStatement extends StatementBase {
  readonly kind: 'while';
  readonly condition: Expression;
  readonly body: Statement;
}

/** `do body while (condition);`. */
export interface DoWhileStatement extends StatementBase {
  readonly kind: 'doWhile';
  readonly body: Statement;
  readonly condition: Expression;
}

/** `initial` holds declarations or an expression statement; its variables live in the whole loop. */
export interface ForStatement extends StatementBase {
  readonly kind: 'for';
  readonly initial: readonly Statement[];
  readonly variables: readonly VariableSymbol[];
  readonly condition: Expression | undefined;
  readonly step: Expression | undefined;
  readonly body: Statement;
}

/** A `case` (range, both ends included, in the switch's type) or, without values, `default`. */
export interface SwitchLabel {
  readonly range: { readonly low: bigint; readonly high: bigint } | undefined;
  readonly span: Span;
}

/** `value` is promoted; `labels` are all of the body, each marked by a `case` statement in it. */
export interface SwitchStatement extends StatementBase {
  readonly kind: 'switch';
  readonly value: Expression;
  readonly labels: readonly SwitchLabel[];
  readonly body: Statement;
}

/** A statement behind a label of a switch. */
export interface CaseStatement extends StatementBase {
  readonly kind: 'case';
  readonly label: SwitchLabel;
  readonly statement: Statement;
}

/** A statement behind a label of `goto`. */
export interface LabeledStatement extends StatementBase {
  readonly kind: 'labeled';
  readonly label: LabelSymbol;
  readonly statement: Statement;
}

/** `goto label;`. */
export interface GotoStatement extends StatementBase {
  readonly kind: 'goto';
  readonly label: LabelSymbol;
}

/** `break;`, which leaves the innermost loop or switch. */
export interface BreakStatement extends StatementBase {
  readonly kind: 'break';
}

/** `continue;`, which goes on with the innermost loop. */
export interface ContinueStatement extends StatementBase {
  readonly kind: 'continue';
}

/** `return value;`. */
export interface ReturnStatement extends StatementBase {
  readonly kind: 'return';
  /** Has the function's return type; in a `void` function it may be a `void` expression. */
  readonly value: Expression | undefined;
}

/** `;` alone, or what is left of a statement with a mistake. */
export interface EmptyStatement extends StatementBase {
  readonly kind: 'empty';
}

/** An annotation of placement `here` that acts where it stands. */
export interface AnnotationStatement extends StatementBase {
  readonly kind: 'annotation';
  readonly annotation: ParsedAnnotation;
}

/** Any statement. */
export type Statement =
  | BlockStatement
  | ExpressionStatement
  | DeclarationStatement
  | IfStatement
  | WhileStatement
  | DoWhileStatement
  | ForStatement
  | SwitchStatement
  | CaseStatement
  | LabeledStatement
  | GotoStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement
  | EmptyStatement
  | AnnotationStatement;

/** A function with its body; `symbol.definition` points back here. */
export interface FunctionDefinition {
  readonly symbol: FunctionSymbol;
  readonly type: FunctionType;
  readonly parameters: readonly VariableSymbol[];
  /** All its automatic variables and compound literals, inner blocks included. */
  readonly locals: readonly VariableSymbol[];
  readonly body: BlockStatement;
  /** From the first specifier to the closing brace; and the name alone. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** Those of placement `function`, standing before the definition. */
  readonly annotations: readonly ParsedAnnotation[];
}

/** A variable, a parameter, or the object behind a compound literal. */
export interface VariableSymbol {
  readonly kind: 'variable';
  /** Empty for a compound literal and a temporary. */
  readonly name: string;
  /** A record value is put here, so that its members can be read. */
  isTemporary?: true;
  /** Complete at the end of the unit, unless the variable is only declared. */
  type: CType;
  linkage: Linkage;
  readonly storage: 'static' | 'automatic';
  readonly isParameter: boolean;
  /** The name in its latest declaration; in the definition once that is seen. */
  span: Span;
  /** Index of the translation unit. */
  readonly unit: number;
  /** The function it is declared in; `undefined` at file scope. */
  readonly owner: FunctionSymbol | undefined;
  /** `tentative`: `int x;` at file scope, zeros unless another declaration says more. */
  definition: 'none' | 'tentative' | 'full';
  /** Of a static variable that has one; its items are constants. */
  initializer: Initializer | undefined;
  /** Alignment in bytes asked for by an attribute on the variable; 0 when none was. */
  align: number;
  /** Whether `&` or array decay is applied to it (or a part of it) anywhere. */
  isAddressTaken: boolean;
  isUsed: boolean;
}

/** Which parameters are a format and the first of its arguments, from 1; `first` 0 is a list. */
export interface FormatPosition {
  readonly text: number;
  readonly first: number;
}

/** A function, declared or defined. */
export interface FunctionSymbol {
  readonly kind: 'function';
  readonly name: string;
  type: FunctionType;
  linkage: Linkage;
  /** The name in its first declaration; in the definition once that is seen. */
  span: Span;
  readonly unit: number;
  isInline: boolean;
  /** Declared with `__attribute__((noreturn))`. */
  isNoReturn: boolean;
  /** Declared with `__attribute__((warn_unused_result))`. */
  warnsUnused: boolean;
  /** Declared with `__attribute__((no_sanitize_address))`: it may touch memory that is guarded. */
  isUnchecked: boolean;
  /** From `__attribute__((format(printf, TEXT, FIRST)))`. */
  format?: FormatPosition;
  definition: FunctionDefinition | undefined;
  isUsed: boolean;
}

/** An ordinary identifier. */
export type Symbol = VariableSymbol | FunctionSymbol | EnumConstantSymbol | TypedefSymbol;
