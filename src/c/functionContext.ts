/**
 * What the lowering of one function shares: its builder and frame, where its variables live, and the
 * mutually recursive parts of lowering (an expression may contain statements and the reverse), which
 * call each other through this object so that their files need not import each other in a circle.
 */
import type { Span } from '../base/span.ts';
import { BugError } from '../base/errors.ts';
import type { FunctionType } from '../bytecode/ctype.ts';
import type { FramePosition } from '../bytecode/program.ts';
import type {
  BlockStatement,
  Expression,
  FunctionSymbol,
  Initializer,
  ParsedAnnotation,
  Statement,
  StringExpression,
  VariableSymbol,
} from './ast.ts';
import type { CodeBuilder, Label } from './codeBuilder.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import type { FrameLayout } from './frameLayout.ts';
import type { FunctionChecks } from './functionChecks.ts';
import type {
  AnchorMark,
  AnnotationMark,
  DataObject,
  FrameScope,
  LinkTarget,
} from './objectCode.ts';
import type { Place } from './place.ts';
import type { RacyMark } from './racyPlace.ts';
import type { LabelSymbol } from './symbol.ts';

/** What lowering of a function asks of its unit and of the whole program. */
export interface UnitServices {
  /** The object behind a name with static storage or a function; an undefined one is reported. */
  objectOf(symbol: VariableSymbol | FunctionSymbol, use: Span): LinkTarget;
  /** The pooled object of a string literal. */
  stringObject(literal: StringExpression): DataObject;
  /** The number of a name in `//@ cost`. */
  costNumber(name: string): number;
  /** Where complaints go. */
  readonly sink: DiagnosticSink;
}

/** Where `break` and `continue` go, and how many cost regions are open there. */
export interface JumpContext {
  readonly breakLabel: Label;
  readonly breakDepth: number;
  readonly continueLabel: Label | undefined;
  readonly continueDepth: number;
}

/** The parts of lowering that call each other. */
export interface LoweringParts {
  /** Lowers an expression for its side effects. */
  lowerEffect(context: FunctionContext, expression: Expression): void;
  /** A slot that holds the value of a scalar; may be the variable's own. */
  lowerValue(context: FunctionContext, expression: Expression): number;
  /** Puts the value of a scalar into a slot, which is written last. */
  lowerInto(context: FunctionContext, expression: Expression, slot: number): void;
  /** Jumps to the label if the truth of the expression is `when`; else falls through. */
  lowerBranch(context: FunctionContext, expression: Expression, label: Label, when: boolean): void;
  /** The place of an lvalue, or of a record value (in a temporary if it has no own place). */
  lowerPlace(context: FunctionContext, expression: Expression): Place;
  /** Puts a record value into a place, which is written last. */
  lowerRecordInto(context: FunctionContext, expression: Expression, place: Place): void;
  /** Lowers a call; the result goes to `slot` or, for a record, to `place`. */
  lowerCall(
    context: FunctionContext,
    call: Expression & { readonly kind: 'call' },
    slot: number | undefined,
    place: Place | undefined,
  ): void;
  /** Fills an automatic object. */
  lowerInitializer(context: FunctionContext, initializer: Initializer, place: Place): void;
  lowerStatement(context: FunctionContext, statement: Statement): void;
  /** A block; `atEnd` runs inside its scope, after its statements. */
  lowerBlock(context: FunctionContext, block: BlockStatement, atEnd?: () => void): void;
}

export interface FunctionContext {
  readonly builder: CodeBuilder;
  readonly frame: FrameLayout;
  readonly unit: UnitServices;
  readonly parts: LoweringParts;
  readonly type: FunctionType;
  readonly symbol: FunctionSymbol;
  /** Byte offsets of automatic variables and parameters from the frame pointer. */
  readonly offsets: Map<VariableSymbol, number>;
  readonly labels: Map<LabelSymbol, Label>;
  /** How many cost regions are open at each label. */
  readonly labelDepths: Map<LabelSymbol, number>;
  /** Byte offset of the argument behind the last named one. */
  extraArguments: number;
  readonly scopes: FrameScope[];
  scopeIndex: number;
  jumps: JumpContext | undefined;
  switchLabels: Map<object, Label>;
  /** Open cost regions, that of the function included. */
  costDepth: number;
  /** Which locals are guarded or have to be checked; see `lowerChecks.ts`. */
  readonly checks: FunctionChecks;
  /** The `racy` annotations of the present statement. */
  racyMarks: readonly RacyMark[];
  /** Whether code of an annotation is lowered: nobody sees its accesses. */
  isInAnnotation: boolean;
  readonly annotations: AnnotationMark[];
  readonly anchors: AnchorMark[];
}

/**
 * Runs lowering of a piece and gives back the temporaries that it took. Where it is done for nearly
 * every node, `frame.mark()` and `frame.release()` stand instead: a new process is slow at closures.
 */
export function withTemporaries<T>(context: FunctionContext, lower: () => T): T {
  const mark = context.frame.mark();
  const result = lower();
  context.frame.release(mark);
  return result;
}

/** Where an automatic variable lies in the frame, for the debugger. */
export function positionOfVariable(
  context: FunctionContext,
  symbol: VariableSymbol,
): FramePosition {
  const align = context.checks.aligned.get(symbol)?.align;
  return { offset: offsetOf(context, symbol), ...(align === undefined ? {} : { align }) };
}

/** The byte offset of an automatic variable, which its block has reserved. */
export function offsetOf(context: FunctionContext, symbol: VariableSymbol): number {
  const offset = context.offsets.get(symbol);
  if (offset === undefined) throw new BugError(`no place in the frame for \`${symbol.name}\``);
  return offset;
}

/** Records an annotation; the result is its number in the function. */
export function addAnnotation(
  context: FunctionContext,
  annotation: ParsedAnnotation,
  pc: number | undefined,
): number {
  const { form, span, roles } = annotation;
  context.annotations.push({ form: form.name, action: form.action, span, roles, pc });
  return context.annotations.length - 1;
}
