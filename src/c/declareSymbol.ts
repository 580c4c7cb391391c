/**
 * Declares names: makes the symbol, or merges with the earlier declaration of the same thing and
 * complains when the two contradict each other.
 *
 * Source: C99 6.2.2 and 6.7. A function that is only `inline` counts as `static`: every unit that
 * includes its header has its own.
 */
import type { Span } from '../base/span.ts';
import { typeName, type CType, type FunctionType, type IntegerType } from '../bytecode/ctype.ts';
import type { Attributes } from './parseAttribute.ts';
import type { ParseContext } from './parseContext.ts';
import type { FunctionSymbol, Symbol, VariableSymbol } from './ast.ts';
import type { EnumConstantSymbol, Linkage } from './symbol.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { compositeType, isCompatible, isErrorType, unqualified } from './typeRelation.ts';

type StorageWord = 'typedef' | 'extern' | 'static' | 'auto' | 'register' | undefined;

function previousNote(other: Symbol): { readonly message: string; readonly span: Span } {
  return { message: 'the previous declaration is here', span: other.span };
}

function reportConflict(context: ParseContext, span: Span, name: string, other: Symbol): void {
  context.reportWithNotes('redefined', span, [previousNote(other)], name);
}

/** Whether the types agree with those of an earlier declaration; complains when not. */
function checkTypes(
  context: ParseContext,
  span: Span,
  type: CType,
  other: FunctionSymbol | VariableSymbol,
): boolean {
  const isSame =
    isCompatible(type, other.type) &&
    (type.isConst ?? false) === (other.type.isConst ?? false) &&
    (type.isVolatile ?? false) === (other.type.isVolatile ?? false);
  if (isSame || isErrorType(type) || isErrorType(other.type)) return true;
  const names = [other.name, typeName(type), typeName(other.type)] as const;
  context.reportWithNotes('conflicting-types', span, [previousNote(other)], ...names);
  return false;
}

/** Declares a constant of an enumeration; `undefined` where the name means something else already. */
export function declareEnumConstant(
  context: ParseContext,
  name: Token,
  type: IntegerType,
  value: bigint,
): EnumConstantSymbol | undefined {
  const span = tokenPlace(name);
  const other = context.scopes.findHere(name.text);
  if (other !== undefined) {
    reportConflict(context, span, name.text, other);
    return undefined;
  }
  const symbol: EnumConstantSymbol = { kind: 'enumConstant', name: name.text, type, value, span };
  context.scopes.declare(symbol);
  return symbol;
}

/** Declares a typedef name; the same type may be named twice. */
export function declareTypedef(context: ParseContext, name: Token, type: CType): void {
  const span = tokenPlace(name);
  const other = context.scopes.findHere(name.text);
  if (other !== undefined) {
    const isSame = other.kind === 'typedef' && isCompatible(other.type, type);
    if (!isSame) {
      reportConflict(context, span, name.text, other);
      return;
    }
  }
  const named: CType = { ...type, alias: name.text };
  context.scopes.declare({ kind: 'typedef', name: name.text, type: named, span });
}

/** The linkage that a declaration without an earlier one has. */
function firstLinkage(storage: StorageWord, isInline: boolean): Linkage {
  if (storage === 'static') return 'internal';
  return isInline && storage !== 'extern' ? 'internal' : 'external';
}

function checkLinkage(
  context: ParseContext,
  span: Span,
  storage: StorageWord,
  other: FunctionSymbol | VariableSymbol,
): void {
  if (storage !== 'static' || other.linkage === 'internal') return;
  context.reportWithNotes('static-after-extern', span, [previousNote(other)], other.name);
}

/** Declares a function, in a block or at file scope; one object per name and unit. */
export function declareFunction(
  context: ParseContext,
  name: Token,
  type: FunctionType,
  storage: StorageWord,
  isInline: boolean,
  attributes: Attributes,
): FunctionSymbol {
  const span = tokenPlace(name);
  const here = context.scopes.findHere(name.text);
  const other = here ?? context.scopes.findAtFile(name.text);
  if (other?.kind === 'function') {
    if (checkTypes(context, span, type, other)) {
      const composite = compositeType(other.type, type);
      if (composite.kind === 'function') other.type = composite;
    }
    checkLinkage(context, span, storage, other);
    other.isInline ||= isInline;
    other.isNoReturn ||= attributes.isNoReturn;
    other.warnsUnused ||= attributes.warnsUnused;
    other.isUnchecked ||= attributes.isUnchecked;
    other.isUsed ||= attributes.isMaybeUnused && other.linkage === 'internal';
    if (attributes.format !== undefined) other.format = attributes.format;
    context.scopes.declare(other);
    return other;
  }
  if (here !== undefined) reportConflict(context, span, name.text, here);
  const linkage = firstLinkage(storage, isInline);
  const symbol: FunctionSymbol = {
    kind: 'function',
    name: name.text,
    type,
    linkage,
    span,
    unit: context.unit,
    isInline,
    isNoReturn: attributes.isNoReturn,
    warnsUnused: attributes.warnsUnused,
    isUnchecked: attributes.isUnchecked,
    definition: undefined,
    isUsed: attributes.isMaybeUnused && linkage === 'internal',
    ...(attributes.format === undefined ? {} : { format: attributes.format }),
  };
  context.scopes.declare(symbol);
  if (!context.scopes.isFileScope && other === undefined) context.scopes.declareAtFile(symbol);
  return symbol;
}

/** A variable that no earlier declaration knows. */
export function createVariable(
  context: ParseContext,
  name: string,
  type: CType,
  span: Span,
  storage: 'static' | 'automatic',
  linkage: Linkage,
  isParameter = false,
): VariableSymbol {
  context.function?.names.add(name);
  const symbol: VariableSymbol = {
    kind: 'variable',
    name,
    type,
    linkage,
    storage,
    isParameter,
    span,
    unit: context.unit,
    owner: linkage === 'none' ? context.function?.symbol : undefined,
    definition: 'none',
    initializer: undefined,
    align: 0,
    isAddressTaken: false,
    isUsed: false,
  };
  if (storage === 'automatic' && !isParameter) context.function?.locals.push(symbol);
  return symbol;
}

/** The variable of a record value whose member is read. */
export function createTemporary(context: ParseContext, type: CType, span: Span): VariableSymbol {
  const symbol = createVariable(context, '', unqualified(type), span, 'automatic', 'none');
  symbol.definition = 'full';
  symbol.isTemporary = true;
  return symbol;
}

/** Declares a variable with linkage: at file scope, or `extern` in a block. */
function declareLinked(
  context: ParseContext,
  name: Token,
  type: CType,
  storage: StorageWord,
): VariableSymbol {
  const span = tokenPlace(name);
  const here = context.scopes.findHere(name.text);
  const other = here ?? context.scopes.findAtFile(name.text);
  if (other?.kind === 'variable' && other.linkage !== 'none') {
    if (checkTypes(context, span, type, other)) other.type = compositeType(other.type, type);
    checkLinkage(context, span, storage, other);
    if (storage !== 'extern' && other.definition !== 'full') other.span = span;
    context.scopes.declare(other);
    return other;
  }
  if (here !== undefined) reportConflict(context, span, name.text, here);
  const linkage = storage === 'static' ? 'internal' : 'external';
  const symbol = createVariable(context, name.text, type, span, 'static', linkage);
  context.parts.variables.push(symbol);
  context.scopes.declare(symbol);
  if (!context.scopes.isFileScope && other === undefined) context.scopes.declareAtFile(symbol);
  return symbol;
}

/** Declares a variable of any kind in the innermost scope. */
export function declareVariable(
  context: ParseContext,
  name: Token,
  type: CType,
  storage: StorageWord,
): VariableSymbol {
  if (context.scopes.isFileScope || storage === 'extern') {
    return declareLinked(context, name, type, storage);
  }
  const span = tokenPlace(name);
  const other = context.scopes.findHere(name.text);
  if (other !== undefined) reportConflict(context, span, name.text, other);
  const isStatic = storage === 'static';
  const place = isStatic ? 'static' : 'automatic';
  const symbol = createVariable(context, name.text, type, span, place, 'none');
  symbol.definition = 'full';
  if (isStatic) context.parts.variables.push(symbol);
  context.blockVariables.push(symbol);
  context.scopes.declare(symbol);
  return symbol;
}
