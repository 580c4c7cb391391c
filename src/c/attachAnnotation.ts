/**
 * Annotations in the tree: their expressions are typed in the scope they stand in, and each goes to
 * where its form's placement says. One that has no place is an error, because it would promise
 * something that nobody checks.
 */
import { didYouMean } from '../base/closestName.ts';
import { sizeOf, typeName } from '../bytecode/ctype.ts';
import type {
  AnnotationOperand,
  AnnotationStatement,
  Expression,
  ParsedAnnotation,
} from './ast.ts';
import { toScalar } from './conversion.ts';
import type { Span } from '../base/span.ts';
import type { FlagsMark } from './translationUnit.ts';
import { makeError } from './expressionNode.ts';
import type { ParseContext } from './parseContext.ts';
import { racyPlaceOf } from './racyPlace.ts';
import { findSideEffect } from './sideEffect.ts';
import type { Token } from './token.ts';
import { TokenCursor } from './tokenCursor.ts';

/** The annotations between two statements, by what is to be done with them. */
export interface StatementAnnotations {
  /** Act where they stand. */
  readonly here: readonly AnnotationStatement[];
  /** Belong to the statement that follows. */
  readonly attached: readonly ParsedAnnotation[];
}

const NO_ANNOTATIONS: StatementAnnotations = { here: [], attached: [] };

/** Parses an operand's own tokens as one expression that only looks: a value of one word, or a place. */
function parseOperand(
  context: ParseContext,
  tokens: readonly Token[],
  what: string,
  isPlace = false,
): Expression {
  const outer = context.cursor;
  const fallback = tokens[0]?.span ?? outer.token.span;
  context.cursor = new TokenCursor(tokens, fallback);
  context.isAnnotation = true;
  const parsed = context.grammar.parseExpression(context);
  if (context.token.kind !== 'end') context.failSyntax('the end of the expression');
  const expression = isPlace ? parsed : toScalar(context, parsed, what);
  context.isAnnotation = false;
  context.cursor = outer;
  if (expression.kind === 'error') return expression;
  const effect = findSideEffect(expression);
  if (effect !== undefined) {
    context.report('annotation-side-effect', effect.span, effect.what);
    return makeError(expression.span);
  }
  if (!isPlace && sizeOf(expression.type) === 8) {
    context.report('annotation-wide', expression.span, typeName(expression.type));
    return makeError(expression.span);
  }
  return expression;
}

function parseOperands(
  context: ParseContext,
  annotation: NonNullable<Token['annotation']>,
): readonly AnnotationOperand[] {
  return annotation.operands.map((operand) => {
    const what = `\`${operand.role}\` of \`${annotation.form.name}\``;
    switch (operand.kind) {
      case 'word':
        return operand;
      case 'expression': {
        const isPlace = annotation.form.action === 'racy';
        const expression = parseOperand(context, operand.tokens, what, isPlace);
        return { kind: 'expression', role: operand.role, expression };
      }
      case 'owner': {
        const { role, code, tokens } = operand;
        const value = tokens === undefined ? undefined : parseOperand(context, tokens, what);
        return { kind: 'owner', role, code, value };
      }
    }
  });
}

function typeAnnotation(context: ParseContext, token: Token): ParsedAnnotation | undefined {
  const { annotation, span } = token;
  if (annotation === undefined) return undefined;
  const { form, roles } = annotation;
  return { form, span, roles, operands: parseOperands(context, annotation) };
}

/** A form of placement `anywhere`: `flags` is about a name, others stay with the unit. */
function declare(context: ParseContext, token: Token, recordTag: string | undefined): void {
  const { annotation, span } = token;
  if (annotation === undefined) return;
  const name = annotation.roles['name'];
  const prefix = annotation.roles['prefix'];
  const isFlags = annotation.form.name === 'flags';
  if (isFlags && name !== undefined && prefix !== undefined) {
    const owner = recordTag === undefined ? context.function?.symbol : undefined;
    context.parts.flags.push({ name, prefix, recordTag, function: owner, span });
    return;
  }
  const typed = recordTag === undefined ? typeAnnotation(context, token) : undefined;
  const { form } = annotation;
  const roles =
    recordTag === undefined ? annotation.roles : { ...annotation.roles, record: recordTag };
  context.parts.declarations.push(typed ?? { form, span, roles, operands: [] });
}

/** Takes the annotations before the current token of a function's body. */
export function takeStatementAnnotations(context: ParseContext): StatementAnnotations {
  const tokens = context.cursor.takeAnnotations();
  if (tokens.length === 0) return NO_ANNOTATIONS;
  const here: AnnotationStatement[] = [];
  const attached: ParsedAnnotation[] = [];
  for (const token of tokens) {
    const placement = token.annotation?.form.placement;
    const name = token.annotation?.form.name ?? '';
    if (placement === 'anywhere') declare(context, token, undefined);
    else if (placement === 'function') {
      context.report('annotation-needs-function', token.span, name);
    } else if (placement === 'field') {
      context.report('annotation-needs-field', token.span, name);
    } else {
      const annotation = typeAnnotation(context, token);
      if (annotation === undefined) continue;
      checkRacyPlace(context, annotation);
      if (placement === 'here') here.push({ kind: 'annotation', annotation, span: token.span });
      else attached.push(annotation);
    }
  }
  return { here, attached };
}

function checkRacyPlace(context: ParseContext, annotation: ParsedAnnotation): void {
  const { form, operands, span } = annotation;
  if (form.action !== 'racy' || racyPlaceOf(annotation) !== undefined) return;
  const [operand] = operands;
  const isWrong = operand?.kind === 'expression' && operand.expression.kind === 'error';
  if (!isWrong) context.report('racy-place', span);
}

/** Complains about annotations that should name a statement, but none follows. */
export function refuseAttached(
  context: ParseContext,
  annotations: readonly ParsedAnnotation[],
): void {
  for (const annotation of annotations) {
    context.report('annotation-needs-statement', annotation.span, annotation.form.name);
  }
}

/** Takes the annotations before the current token at file scope: those of a function that follows. */
export function takeFunctionAnnotations(context: ParseContext): readonly ParsedAnnotation[] {
  const attached: ParsedAnnotation[] = [];
  for (const token of context.cursor.takeAnnotations()) {
    const placement = token.annotation?.form.placement;
    if (placement === 'anywhere') declare(context, token, undefined);
    else if (placement === 'field' || placement === 'fieldOrStatement') {
      context.report('annotation-needs-field', token.span, token.annotation?.form.name ?? '');
    } else if (placement === 'statement' || placement === 'here') {
      context.report('annotation-needs-statement', token.span, token.annotation?.form.name ?? '');
    } else {
      const annotation = typeAnnotation(context, token);
      if (annotation !== undefined) attached.push(annotation);
    }
  }
  return attached;
}

/** Complains about annotations at file scope that no function definition follows. */
export function refuseFunctionAnnotations(
  context: ParseContext,
  annotations: readonly ParsedAnnotation[],
): void {
  for (const annotation of annotations) {
    context.report('annotation-needs-function', annotation.span, annotation.form.name);
  }
}

/** A member that an annotation in its struct names. */
export interface FieldMark {
  readonly name: string;
  /** Accesses need a lock; otherwise they are visible operations. */
  readonly isGuard: boolean;
  readonly span: Span;
}

/**
 * Takes the annotations before the current token of a record's body; the result names the members whose
 * accesses are visible operations or need a lock.
 */
export function recordMemberAnnotations(
  context: ParseContext,
  tag: string | undefined,
): readonly FieldMark[] {
  const marks: FieldMark[] = [];
  for (const token of context.cursor.takeAnnotations()) {
    const { annotation, span } = token;
    const placement = annotation?.form.placement;
    if (annotation === undefined) continue;
    if (placement === 'field' || placement === 'fieldOrStatement') {
      declare(context, token, tag ?? '');
      const isGuard = annotation.form.action === 'guard';
      marks.push({ name: fieldName(annotation), isGuard, span });
    } else if (placement === 'anywhere') declare(context, token, tag ?? '');
    else context.report('annotation-needs-statement', span, annotation.form.name);
  }
  return marks;
}

/** The member that an annotation of a struct is about: its name, or its first operand, a single word. */
function fieldName({ roles, operands }: NonNullable<Token['annotation']>): string {
  const [operand] = operands;
  const tokens = operand?.kind === 'expression' ? operand.tokens : [];
  const words = tokens.filter(({ kind }) => kind !== 'end').map(({ text }) => text);
  return roles['name'] ?? words.join(' ');
}

/** Those between the tokens of a function's header: they may only be about its parameters. */
export function headerAnnotations(context: ParseContext, from: number, to: number): void {
  for (const token of context.cursor.takeAnnotationsBetween(from, to)) {
    refuseOrDeclare(context, token);
  }
}

/** Complains about `flags` of a place (a struct, a function or the file) that has no such name. */
export function checkFlags(
  context: ParseContext,
  names: ReadonlySet<string>,
  isOfPlace: (mark: FlagsMark) => boolean,
): void {
  for (const mark of context.parts.flags) {
    if (!isOfPlace(mark) || names.has(mark.name)) continue;
    context.report('flags-unknown', mark.span, mark.name, didYouMean(mark.name, names));
  }
}

/** At the end of a unit: those that stand where no annotation can stand. */
export function refuseRemaining(context: ParseContext): void {
  for (const token of context.cursor.remainingAnnotations()) refuseOrDeclare(context, token);
}

function refuseOrDeclare(context: ParseContext, token: Token): void {
  const form = token.annotation?.form;
  if (form === undefined) return;
  if (form.placement === 'anywhere') declare(context, token, undefined);
  else context.sink.report('annotation-nowhere', token.span, form.name);
}
