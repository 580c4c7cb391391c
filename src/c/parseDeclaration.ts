/**
 * Declarations: specifiers, then declarators with initializers; also type names, `typeof`,
 * `_Static_assert` and compound literals, which need the same parts.
 *
 * Function bodies are not parsed here: the caller says what to do with one.
 * Source: C99 6.7.
 */
import type { Span } from '../base/span.ts';
import { typeName, type CType, type FunctionType } from '../bytecode/ctype.ts';
import type {
  DeclarationStatement,
  Expression,
  FunctionSymbol,
  Initializer,
  VariableSymbol,
} from './ast.ts';
import {
  createVariable,
  declareFunction,
  declareTypedef,
  declareVariable,
} from './declareSymbol.ts';
import { integerConstant, makeError } from './expressionNode.ts';
import { parseInitializer } from './initializer.ts';
import { parseAttributes } from './parseAttribute.ts';
import { isAsm, type ParseContext } from './parseContext.ts';
import { parseDeclarator, type Declarator } from './parseDeclarator.ts';
import { parseOldParameters } from './parseOldParameters.ts';
import { parseString } from './parsePrimary.ts';
import { parseSpecifiers, type Specifiers } from './parseSpecifier.ts';
import type { Token } from './token.ts';
import { isAtMargin, isIndented, joinSpans, tokenPlace } from './tokenCursor.ts';
import { isTypeStart } from './typeStart.ts';
import { ERROR_TYPE, isComplete, isErrorType } from './typeRelation.ts';

/** Called at the `{` of a function's body; has to take all of it. */
export type BodyParser = (
  context: ParseContext,
  symbol: FunctionSymbol,
  type: FunctionType,
  declarator: Declarator,
  start: Span,
) => void;

/** specifiers [ init-declarator { `,` init-declarator } ] `;`, or a function definition */
export function parseDeclaration(
  context: ParseContext,
  parseBody: BodyParser | undefined,
): readonly DeclarationStatement[] {
  const { cursor } = context;
  const statements: DeclarationStatement[] = [];
  while (cursor.accept('__extension__'));
  if (cursor.at('_Static_assert')) {
    parseStaticAssert(context);
    return statements;
  }
  const from = cursor.position;
  const isMargin = isAtMargin(cursor.token);
  const specifiers = parseSpecifiers(context);
  if (cursor.at(';')) {
    if (!specifiers.declaresTag) context.report('declares-nothing', specifiers.start);
    cursor.advance();
    return statements;
  }
  let isFirst = true;
  do {
    const start = isFirst ? specifiers.start : context.place;
    let declarator = parseDeclarator(context, specifiers.type, 'named');
    parseDeclaratorEnd(context, declarator);
    if (declarator.oldNames !== undefined) declarator = parseOldParameters(context, declarator);
    const { name, type } = declarator;
    if (cursor.isPanicking || name === undefined) break;
    if (type.kind === 'function' && specifiers.storage !== 'typedef') {
      const symbol = declareFunctionNamed(context, specifiers, declarator, type, name);
      if (isFirst && cursor.at('{')) {
        if (parseBody === undefined) refuseNested(context, name, isMargin ? from : undefined);
        else parseBody(context, symbol, type, declarator, specifiers.start);
        return statements;
      }
      if (isFirst && parseBody !== undefined && isIndented(cursor.token)) {
        context.failSyntax('`;` or `{`');
      }
    } else {
      const statement = declareObject(context, specifiers, declarator, name, start);
      if (statement !== undefined) statements.push(statement);
    }
    isFirst = false;
  } while (cursor.accept(','));
  context.expectSemicolon();
  return statements;
}

/** { attribute | `asm` `(` … `)` } behind a declarator */
function parseDeclaratorEnd(context: ParseContext, declarator: Declarator): void {
  const { cursor } = context;
  parseAttributes(context, declarator.attributes);
  if (!isAsm(cursor.token.text) || cursor.isPanicking) return;
  context.report('asm-unsupported', context.place);
  cursor.advance();
  const close = cursor.matchingBracket(cursor.position);
  if (cursor.at('(') && close >= 0) cursor.moveTo(close + 1);
  parseAttributes(context, declarator.attributes);
}

/** A definition at the margin means that a `}` is missing before it; `from` is its first token. */
function refuseNested(context: ParseContext, name: Token, from: number | undefined): void {
  const { cursor } = context;
  const outer = context.function?.symbol;
  const notes =
    outer === undefined
      ? []
      : [{ message: `is a \`}\` of \`${outer.name}\` missing?`, span: outer.span }];
  context.reportWithNotes('nested-function', tokenPlace(name), notes, name.text);
  const close = cursor.matchingBracket(cursor.position);
  if (from !== undefined) cursor.leaveBlocks(from);
  else if (close < 0) context.failSyntax('`;`');
  else cursor.moveTo(close + 1);
}

function declareFunctionNamed(
  context: ParseContext,
  specifiers: Specifiers,
  declarator: Declarator,
  type: FunctionType,
  name: Token,
): FunctionSymbol {
  const { storage, isInline } = specifiers;
  const attributes = {
    ...declarator.attributes,
    isNoReturn: specifiers.attributes.isNoReturn || declarator.attributes.isNoReturn,
    warnsUnused: specifiers.attributes.warnsUnused || declarator.attributes.warnsUnused,
    isUnchecked: specifiers.attributes.isUnchecked || declarator.attributes.isUnchecked,
    isMaybeUnused: specifiers.attributes.isMaybeUnused || declarator.attributes.isMaybeUnused,
    format: declarator.attributes.format ?? specifiers.attributes.format,
  };
  return declareFunction(context, name, type, storage, isInline, attributes);
}

/** A typedef or variable, with its initializer; a statement for an automatic variable. */
function declareObject(
  context: ParseContext,
  specifiers: Specifiers,
  declarator: Declarator,
  name: Token,
  start: Span,
): DeclarationStatement | undefined {
  const { storage } = specifiers;
  const align = Math.max(specifiers.attributes.align, declarator.attributes.align);
  if (storage === 'typedef') {
    declareTypedef(context, name, align > 0 ? { ...declarator.type, align } : declarator.type);
    return undefined;
  }
  let { type } = declarator;
  if (type.kind === 'void' && !isErrorType(type)) {
    context.report('incomplete-variable', tokenPlace(name), name.text, typeName(type));
    type = ERROR_TYPE;
  }
  if (specifiers.isInline) context.report('inline-variable', tokenPlace(name), name.text);
  const symbol = declareVariable(context, name, type, storage);
  symbol.align = Math.max(symbol.align, align);
  const isQuiet = specifiers.attributes.isMaybeUnused || declarator.attributes.isMaybeUnused;
  symbol.isUsed ||= isQuiet && symbol.linkage !== 'external';
  const isStatic = symbol.storage === 'static';
  let initializer: Initializer | undefined;
  if (context.cursor.accept('=')) {
    initializer = parseInitializer(context, type, isStatic);
    if (!isErrorType(symbol.type)) symbol.type = initializer.type;
  }
  if (isStatic) defineStatic(context, symbol, storage, initializer, name);
  checkSize(context, symbol, name);
  if (isStatic) return undefined;
  return { kind: 'declaration', symbol, initializer, span: context.spanFrom(start) };
}

function defineStatic(
  context: ParseContext,
  symbol: VariableSymbol,
  storage: Specifiers['storage'],
  initializer: Initializer | undefined,
  name: Token,
): void {
  if (initializer === undefined) {
    if (storage !== 'extern' && symbol.definition === 'none') symbol.definition = 'tentative';
    return;
  }
  if (symbol.initializer !== undefined) {
    const notes = [{ message: 'the other definition is here', span: symbol.span }];
    context.reportWithNotes('redefined', tokenPlace(name), notes, symbol.name);
  }
  symbol.span = tokenPlace(name);
  symbol.definition = 'full';
  symbol.initializer = initializer;
}

/** An automatic or local static variable must be complete now, others at the end of the unit. */
function checkSize(context: ParseContext, symbol: VariableSymbol, name: Token): void {
  if (symbol.linkage !== 'none' || isComplete(symbol.type) || isErrorType(symbol.type)) return;
  context.report('incomplete-variable', tokenPlace(name), symbol.name, typeName(symbol.type));
  symbol.type = ERROR_TYPE;
}

/** `_Static_assert` `(` constant-expression [ `,` string ] `)` `;` */
export function parseStaticAssert(context: ParseContext): void {
  const { cursor } = context;
  const start = context.place;
  cursor.advance();
  context.expect('(');
  if (!context.enter()) return;
  const condition = context.grammar.parseConditional(context);
  context.leave();
  let text = '';
  if (cursor.accept(',') && cursor.token.kind === 'string') {
    const { bytes } = parseString(context);
    text = `: ${String.fromCharCode(...bytes.subarray(0, Math.min(200, bytes.length - 1)))}`;
  }
  context.expect(')');
  const span = joinSpans(start, condition.span);
  context.expectSemicolon();
  if (condition.kind === 'error') return;
  const value = integerConstant(condition);
  if (value === undefined) context.report('not-constant', span, 'the condition');
  else if (value === 0n) context.report('static-assert', span, text);
}

/** type-name: specifiers [ abstract-declarator ] */
export function parseTypeName(context: ParseContext): CType {
  const { type } = parseSpecifiers(context, false);
  return parseDeclarator(context, type, 'abstract').type;
}

/** `(` ( expression | type-name ) `)` behind `typeof`: no array or function decays */
export function parseTypeofOperand(context: ParseContext): CType {
  context.expect('(');
  if (context.cursor.isPanicking || !context.enter()) return ERROR_TYPE;
  let type: CType;
  if (isTypeStart(context, context.token)) type = parseTypeName(context);
  else {
    const operand = context.grammar.parseExpression(context);
    type = operand.type;
    const isBitField = operand.kind === 'member' && operand.field.bits !== undefined;
    if (isBitField) context.report('sizeof-bit-field', operand.span);
  }
  context.leave();
  context.expect(')');
  return type;
}

/** The braces of a compound literal. */
export function parseCompoundLiteral(context: ParseContext, type: CType, start: Span): Expression {
  const isStatic = context.function === undefined;
  const parsed = parseInitializer(context, type, isStatic);
  const span = context.spanFrom(start);
  if (isErrorType(type)) return makeError(span);
  if (!isComplete(parsed.type)) {
    context.report('incomplete-type', span, typeName(parsed.type));
    return makeError(span);
  }
  const initializer = { ...parsed, span };
  const storage = isStatic ? 'static' : 'automatic';
  const symbol = createVariable(context, '', parsed.type, span, storage, 'none');
  symbol.definition = 'full';
  if (isStatic) {
    symbol.initializer = initializer;
    context.parts.variables.push(symbol);
  }
  return { kind: 'compoundLiteral', symbol, initializer, type: parsed.type, span, isLvalue: true };
}
