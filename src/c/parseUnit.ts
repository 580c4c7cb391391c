/**
 * A whole unit: the preprocessor's tokens to a typed tree, with all complaints in the sink.
 *
 * Never throws for bad C: what cannot be parsed is reported and skipped, nesting is bounded, and
 * every round of a loop takes a token.
 */
import { closestName } from '../base/closestName.ts';
import type { SourceFile, Span } from '../base/span.ts';
import { finishSteps, type Steps } from '../base/steps.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import { typeName, type CType, type FunctionType } from '../bytecode/ctype.ts';
import type { TranslationUnit } from './translationUnit.ts';
import type { FunctionSymbol, ParsedAnnotation, Symbol, VariableSymbol } from './ast.ts';
import {
  checkFlags,
  headerAnnotations,
  refuseFunctionAnnotations,
  refuseRemaining,
  takeFunctionAnnotations,
} from './attachAnnotation.ts';
import { createVariable } from './declareSymbol.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { GRAMMAR } from './grammar.ts';
import type { HeaderBodies } from './headerBodies.ts';
import type { NotedDeclaration } from './headerDeclarations.ts';
import { CHAR } from './integerType.ts';
import {
  isAsm,
  isKeyword,
  ParseContext,
  type FunctionState,
  type NamedMacro,
} from './parseContext.ts';
import { parseDeclaration } from './parseDeclaration.ts';
import type { Declarator, Parameter } from './parseDeclarator.ts';
import { parsePragma } from './parsePragma.ts';
import { parseBlock } from './parseStatement.ts';
import { ScopeTable } from './scopeTable.ts';
import { WRONG_USE, type Token } from './token.ts';
import { isIndented, tokenPlace, TokenCursor } from './tokenCursor.ts';
import { isComplete, isErrorType } from './typeRelation.ts';
import { isDeclarationStart } from './typeStart.ts';
import { warnFunction } from './warnings/warnFunction.ts';
import { warnUnusedNames } from './warnings/unusedNames.ts';

/** What the parser has to know of the unit beside its tokens. */
export interface UnitOptions {
  readonly file: SourceFile;
  /** Its index among the units of the program. */
  readonly unit: number;
  readonly language: AnnotationLanguage;
  /** Those of the preprocessor, which an unknown name may have been meant to be. */
  readonly macros?: ReadonlyMap<string, NamedMacro>;
  /** Of the compilation; without it every body is parsed. */
  readonly headerBodies?: HeaderBodies;
  /** Gets the declarations at file scope, in their order. */
  readonly noted?: NotedDeclaration[];
}

/** A body that is parsed only if the function turns out to be used. */
interface DeferredBody {
  readonly symbol: FunctionSymbol;
  /** Of the `{` and the `}` behind the body, as indices of tokens. */
  readonly open: number;
  readonly close: number;
  readonly parse: () => void;
}

interface UnitState {
  readonly context: ParseContext;
  readonly options: UnitOptions;
  deferred: DeferredBody[];
  /** Function definitions so far, those passed over included. */
  definitionCount: number;
}

/** Parses a unit; the tree is complete unless the sink has errors. */
export function parseUnit(
  tokens: readonly Token[],
  options: UnitOptions,
  sink: DiagnosticSink,
): TranslationUnit {
  return finishSteps(parseUnitInSteps(tokens, options, sink));
}

/** The same with a declaration at file scope in each step. */
export function* parseUnitInSteps(
  tokens: readonly Token[],
  options: UnitOptions,
  sink: DiagnosticSink,
): Steps<TranslationUnit> {
  const { file, unit, language } = options;
  const cursor = new TokenCursor(tokens, { file, start: 0, end: 0 });
  const scopes = new ScopeTable();
  // A list of arguments walks up the parameters, as in the i386 ABI.
  const type: CType = { kind: 'pointer', target: CHAR };
  const nowhere = { file, start: 0, end: 0 };
  scopes.declare({ kind: 'typedef', name: '__builtin_va_list', type, span: nowhere });
  const context = new ParseContext(cursor, scopes, sink, language, GRAMMAR, unit);
  if (options.macros !== undefined) context.macros = options.macros;
  const state: UnitState = { context, options, deferred: [], definitionCount: 0 };
  const note = options.noted === undefined ? undefined : declarationNoter(context, options.noted);
  while (cursor.token.kind !== 'end') {
    const before = cursor.position;
    parseExternal(state);
    const hasFailed = cursor.isPanicking && !cursor.isLeaving;
    cursor.stopLeaving();
    cursor.recover();
    if (hasFailed) cursor.skipIndented();
    if (cursor.position === before) cursor.advance();
    note?.(before);
    yield;
  }
  parseDeferred(state);
  refuseFunctionAnnotations(context, takeFunctionAnnotations(context));
  if (!cursor.hasPanicked) {
    refuseRemaining(context);
    checkFileFlags(context);
  }
  completeTentative(context);
  if (!sink.hasErrors) warnUnusedNames(context, file);
  return { file, unit, symbols: scopes.fileSymbols, ...context.parts };
}

/** Notes the declaration that has just been parsed; it began at the token with the given index. */
function declarationNoter(
  context: ParseContext,
  noted: NotedDeclaration[],
): (start: number) => void {
  const { cursor, scopes, sink, parts } = context;
  let { reportCount } = sink;
  let functionCount = 0;
  scopes.takeDeclared();
  return (start) => {
    const { names, tags } = scopes.takeDeclared();
    const isActive =
      sink.reportCount !== reportCount ||
      parts.functions.slice(functionCount).some(({ symbol }) => !isHeaderInline(symbol)) ||
      names.some((name) => isDefinedVariable(scopes.findAtFile(name))) ||
      (names.length === 0 && tags.length === 0);
    noted.push({ start, end: cursor.position, names, tags, isActive });
    ({ reportCount } = sink);
    functionCount = parts.functions.length;
  };
}

function isHeaderInline({ isInline, linkage }: FunctionSymbol): boolean {
  return isInline && linkage === 'internal';
}

function isDefinedVariable(symbol: Symbol | undefined): boolean {
  return symbol?.kind === 'variable' && symbol.definition !== 'none';
}

function checkFileFlags(context: ParseContext): void {
  const names = new Set<string>();
  for (const symbol of context.scopes.fileSymbols.values()) {
    if (symbol.kind === 'variable') names.add(symbol.name);
  }
  checkFlags(context, names, (mark) => mark.function === undefined && mark.recordTag === undefined);
}

/** `;` | `asm` … `;` | declaration | function-definition */
function parseExternal(state: UnitState): void {
  const { context } = state;
  const { cursor } = context;
  const annotations = takeFunctionAnnotations(context);
  const definitionCount = state.definitionCount;
  const start = context.place;
  if (cursor.accept(';')) return;
  if (cursor.at('}')) {
    context.report('stray-brace', start);
    cursor.advance();
  } else if (isAsm(cursor.token.text)) {
    context.report('asm-unsupported', start);
    cursor.advance();
    cursor.panic();
  } else if (cursor.token.text === WRONG_USE) {
    cursor.panic();
  } else if (cursor.at('_Pragma')) {
    parsePragma(context);
  } else if (cursor.token.kind !== 'identifier' || isStrayStatement(context)) {
    context.failSyntax('a declaration');
  } else {
    const from = cursor.position;
    parseDeclaration(context, (inner, symbol, type, declarator, place) => {
      state.definitionCount += 1;
      const parse = () => {
        const header = { declarator, start: place, from, annotations };
        defineFunction(inner, symbol, type, header);
      };
      if (!deferBody(state, symbol, declarator, parse)) parse();
    });
  }
  if (state.definitionCount === definitionCount) refuseFunctionAnnotations(context, annotations);
}

/** An indented line that is no declaration: a `}` too many, or one `{` too few, stands before it. */
function isStrayStatement(context: ParseContext): boolean {
  const { token } = context;
  if (!isIndented(token) || isDeclarationStart(context)) return false;
  return isKeyword(token.text) || context.scopes.find(token.text) !== undefined;
}

/** Passes over the body of an inline function that another unit has parsed; false if it is new. */
function deferBody(
  state: UnitState,
  symbol: FunctionSymbol,
  declarator: Declarator,
  parse: () => void,
): boolean {
  const { context, options } = state;
  const { cursor } = context;
  if (!symbol.isInline || symbol.linkage !== 'internal' || declarator.name === undefined)
    return false;
  const name = tokenPlace(declarator.name);
  if (name.file === options.file || options.headerBodies?.note(name) !== true) return false;
  const open = cursor.position;
  const close = cursor.matchingBracket(open);
  if (close < 0) return false;
  state.deferred.push({ symbol, open, close, parse });
  cursor.moveTo(close + 1);
  return true;
}

/** Parses the bodies that were passed over and are used, by each other too. */
function parseDeferred(state: UnitState): void {
  const { cursor } = state.context;
  const end = cursor.position;
  for (;;) {
    const used = state.deferred.filter(({ symbol }) => symbol.isUsed);
    if (used.length === 0) break;
    state.deferred = state.deferred.filter(({ symbol }) => !symbol.isUsed);
    for (const { open, parse } of used) {
      cursor.moveTo(open);
      parse();
    }
  }
  for (const { open, close } of state.deferred) cursor.takeAnnotationsBetween(open, close);
  cursor.moveTo(end);
}

/** What stands before the body of a function. */
interface FunctionHeader {
  readonly declarator: Declarator;
  /** Where the definition begins: a place, and the index of its first token. */
  readonly start: Span;
  readonly from: number;
  readonly annotations: readonly ParsedAnnotation[];
}

/** The body of a function; the current token is its `{`. */
function defineFunction(
  context: ParseContext,
  symbol: FunctionSymbol,
  type: FunctionType,
  header: FunctionHeader,
): void {
  const { declarator, start, annotations } = header;
  const nameSpan = declarator.name === undefined ? start : tokenPlace(declarator.name);
  if (symbol.definition !== undefined) {
    const notes = [{ message: 'the other definition is here', span: symbol.span }];
    context.reportWithNotes('redefined', nameSpan, notes, symbol.name);
  }
  symbol.span = nameSpan;
  const { returns } = type;
  if (returns.kind !== 'void' && !isComplete(returns)) {
    context.report('incomplete-result', nameSpan, symbol.name, typeName(returns));
  }
  const parameters: VariableSymbol[] = [];
  const state: FunctionState = {
    symbol,
    parameters,
    locals: [],
    labels: new Map(),
    names: new Set(),
    unknownNames: new Set(),
    switches: [],
    breakDepth: 0,
    continueDepth: 0,
  };
  context.function = state;
  headerAnnotations(context, header.from, context.cursor.position);
  context.scopes.enter();
  for (const parameter of declarator.parameters ?? []) {
    const variable = declareParameter(context, parameter);
    // Callers of the old form promote their arguments: the variable is only a part of the word.
    if (declarator.oldNames !== undefined) variable.isAddressTaken = true;
    parameters.push(variable);
  }
  const errorCount = context.sink.errorCount;
  const body = parseBlock(context, false);
  context.scopes.leave();
  checkLabels(context, state);
  checkFlags(context, state.names, (mark) => mark.function === symbol);
  context.function = undefined;
  const span = context.spanFrom(start);
  const { locals } = state;
  const definition = { symbol, type, parameters, locals, body, span, nameSpan, annotations };
  warnFunction(context, definition, context.sink.errorCount !== errorCount);
  symbol.definition ??= definition;
  context.parts.functions.push(definition);
}

function declareParameter(context: ParseContext, parameter: Parameter): VariableSymbol {
  const { name, type, span } = parameter;
  if (name === undefined) context.report('unnamed-parameter', span);
  if (!isComplete(type) && !isErrorType(type)) {
    context.report('incomplete-variable', span, name?.text ?? '', typeName(type));
  }
  const text = name?.text ?? '';
  const symbol = createVariable(context, text, type, span, 'automatic', 'none', true);
  symbol.definition = 'full';
  const other = context.scopes.findHere(text);
  if (other !== undefined) {
    const notes = [{ message: 'the other parameter is here', span: other.span }];
    context.reportWithNotes('redefined', span, notes, text);
  }
  if (name !== undefined) context.scopes.declare(symbol);
  return symbol;
}

function checkLabels(context: ParseContext, state: FunctionState): void {
  const labels = [...state.labels.values()];
  const defined = labels.filter(({ isDefined }) => isDefined).map(({ symbol }) => symbol);
  /** What undefined ones were probably meant to be. */
  const meant = new Set<string>();
  for (const { symbol, isDefined } of labels) {
    if (isDefined) continue;
    const nearest = closestName(
      symbol.name,
      defined.map(({ name }) => name),
    );
    if (nearest !== undefined) meant.add(nearest);
    const notes = defined
      .filter(({ name }) => name === nearest)
      .map(({ name, span }) => ({ message: `did you mean \`${name}\`?`, span }));
    context.reportWithNotes('undefined-label', symbol.span, notes, symbol.name);
  }
  for (const { symbol, isDefined, isUsed } of labels) {
    if (!isDefined || isUsed || meant.has(symbol.name)) continue;
    context.report('unused-label', symbol.span, symbol.name);
  }
}

/** At the end of the unit: `int a[];` becomes one element; other incomplete objects are errors. */
function completeTentative(context: ParseContext): void {
  for (const symbol of context.parts.variables) {
    const { type } = symbol;
    if (symbol.definition === 'none' || isComplete(type) || isErrorType(type)) continue;
    if (type.kind === 'array' && isComplete(type.element)) symbol.type = { ...type, length: 1 };
    else context.report('incomplete-variable', symbol.span, symbol.name, typeName(type));
  }
}
