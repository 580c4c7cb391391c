/**
 * Conversions that C makes silently where a value of another type is wanted, with the complaints
 * about those that are wrong (error) or probably a mistake (warning).
 *
 * Source: C99 6.3.2.3, 6.5.4 and 6.5.16.1.
 */
import type { DiagnosticNote } from '../base/diagnostic.ts';
import { isScalar, typeName, type CType, type PointerType } from '../bytecode/ctype.ts';
import type { Expression, IntegerExpression } from './ast.ts';
import { convert, decay, isNullPointerConstant, makeError } from './expressionNode.ts';
import { fitsType, wrapToType } from './integerType.ts';
import type { ParseContext } from './parseContext.ts';
import { isCompatible, isIntegerLike, unqualified } from './typeRelation.ts';

/** Integers of one size but different sign: the kernel mixes pointers to them freely. */
function differsInSignOnly(left: CType, right: CType): boolean {
  return (
    left.kind === 'integer' &&
    right.kind === 'integer' &&
    left.size === right.size &&
    left.name.replace(/^(un)?signed /, '') === right.name.replace(/^(un)?signed /, '')
  );
}

/** Whether one pointer may stand for the other without a complaint, qualifiers aside. */
export function isCompatiblePointer(left: PointerType, right: PointerType): boolean {
  const leftTarget = unqualified(left.target);
  const rightTarget = unqualified(right.target);
  if (leftTarget.kind === 'void' || rightTarget.kind === 'void') return true;
  return isCompatible(leftTarget, rightTarget) || differsInSignOnly(leftTarget, rightTarget);
}

/** The qualifiers of the innermost element: those of an array are its elements'. */
function elementOf(type: CType): CType {
  let at = type;
  while (at.kind === 'array') at = at.element;
  return at;
}

/** Says where a value is converted; texts that have to be put together are made when they are needed. */
type Wording = string | (() => string);

function wordingOf(what: Wording): string {
  return typeof what === 'string' ? what : what();
}

function checkPointers(
  context: ParseContext,
  value: Expression,
  from: PointerType,
  target: PointerType,
  what: Wording,
  notes: readonly DiagnosticNote[],
): void {
  if (!isCompatiblePointer(target, from)) {
    const names = [typeName(value.type), typeName(target)] as const;
    context.reportWithNotes('incompatible-pointer', value.span, notes, ...names, wordingOf(what));
    return;
  }
  const source = elementOf(from.target);
  const wanted = elementOf(target.target);
  if (source.isConst === true && wanted.isConst !== true) {
    const type = typeName(source);
    context.reportWithNotes(
      'discarded-qualifier',
      value.span,
      notes,
      'const',
      type,
      wordingOf(what),
    );
  } else if (source.isVolatile === true && wanted.isVolatile !== true) {
    const type = typeName(source);
    context.reportWithNotes(
      'discarded-qualifier',
      value.span,
      notes,
      'volatile',
      type,
      wordingOf(what),
    );
  }
}

/** A constant of which a narrower object keeps only some bits. */
function checkConstant(
  context: ParseContext,
  { value, span }: IntegerExpression,
  target: CType,
): void {
  const isTest = target.kind === 'integer' && target.name === '_Bool';
  if (isTest || span.inMacro !== undefined || fitsType(value, target)) return;
  const kept = wrapToType(value, target).toString();
  context.report('constant-truncated', span, value.toString(), typeName(target), kept);
}

function fail(
  context: ParseContext,
  value: Expression,
  target: CType,
  what: Wording,
  notes: readonly DiagnosticNote[],
): Expression {
  const names = [typeName(value.type), typeName(target)] as const;
  context.reportWithNotes('bad-conversion', value.span, notes, ...names, wordingOf(what));
  return makeError(value.span);
}

/**
 * The operand as a value of the target's type, as in an assignment to it; `what` says where, such as
 * "assignment" or "argument 2 of `down_read`", and `notes` go with a complaint.
 */
export function convertForAssignment(
  context: ParseContext,
  operand: Expression,
  target: CType,
  what: Wording,
  notes: readonly DiagnosticNote[] = [],
): Expression {
  const value = decay(operand);
  if (value.kind === 'error') return value;
  const from = value.type;
  if (isIntegerLike(target)) {
    if (isIntegerLike(from)) {
      if (value.kind === 'integer') checkConstant(context, value, target);
      return convert(value, target);
    }
    if (from.kind !== 'pointer') return fail(context, value, target, what, notes);
    const isTest = target.kind === 'integer' && target.name === '_Bool';
    if (!isTest) {
      const names = [typeName(from), typeName(target)] as const;
      context.reportWithNotes('pointer-to-integer', value.span, notes, ...names, wordingOf(what));
    }
    return convert(value, target);
  }
  if (target.kind === 'pointer') {
    if (isNullPointerConstant(value)) return convert(value, target);
    if (from.kind === 'pointer') {
      checkPointers(context, value, from, target, what, notes);
      return convert(value, target);
    }
    if (!isIntegerLike(from)) return fail(context, value, target, what, notes);
    const names = [typeName(from), typeName(target)] as const;
    context.reportWithNotes('integer-to-pointer', value.span, notes, ...names, wordingOf(what));
    return convert(value, target);
  }
  if (target.kind === 'record' && isCompatible(target, from)) return value;
  return fail(context, value, target, what, notes);
}

/** The operand as something that is tested against zero. */
export function toScalar(context: ParseContext, operand: Expression, what: string): Expression {
  const value = decay(operand);
  if (value.kind === 'error' || isScalar(value.type)) return value;
  context.report('not-a-scalar', value.span, what, typeName(value.type));
  return makeError(value.span);
}

/** The operand as an integer, not yet promoted. */
export function toInteger(context: ParseContext, operand: Expression, what: string): Expression {
  const value = decay(operand);
  if (value.kind === 'error' || isIntegerLike(value.type)) return value;
  context.report('not-an-integer', value.span, what, typeName(value.type));
  return makeError(value.span);
}
