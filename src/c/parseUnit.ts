/**
 * A whole unit: the preprocessor's tokens to a typed tree, with all complaints in the sink.
 *
 * Never throws for bad C: what cannot be parsed is reported and skipped, nesting is bounded, and
 * every round of a loop takes a token.
 */
import type { SourceFile, Span } from '../base/span.ts';
import { finishSteps, type Steps } from '../base/steps.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import { typeName, type CType } from '../bytecode/ctype.ts';
import type { TranslationUnit } from './translationUnit.ts';
import type { FunctionSymbol, Symbol, VariableSymbol } from './ast.ts';
import {
  checkFlags,
  refuseFunctionAnnotations,
  refuseRemaining,
  takeFunctionAnnotations,
} from './attachAnnotation.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { GRAMMAR } from './grammar.ts';
import type { HeaderBodies } from './headerBodies.ts';
import type { NotedDeclaration, ParsedRun } from './headerLearning.ts';
import type { HeaderDeclaration, KnownSegment, UnitNames, UnitRun } from './headerNames.ts';
import { CHAR } from './integerType.ts';
import { isAsm, isKeyword, ParseContext, type NamedMacro } from './parseContext.ts';
import { parseDeclaration } from './parseDeclaration.ts';
import type { Declarator } from './parseDeclarator.ts';
import { defineFunction } from './parseFunctionDefinition.ts';
import { parsePragma } from './parsePragma.ts';
import { ScopeTable } from './scopeTable.ts';
import { WRONG_USE, type Token } from './token.ts';
import { isIndented, tokenPlace, TokenCursor } from './tokenCursor.ts';
import { isComplete, isErrorType } from './typeRelation.ts';
import { isDeclarationStart } from './typeStart.ts';
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
  /** The names of the known segments among its runs. */
  readonly headerNames?: UnitNames;
  /** Gets the runs of tokens with their declarations. */
  readonly parsed?: ParsedRun[];
}

/** A body that is parsed only if the function turns out to be used. */
interface DeferredBody {
  readonly symbol: FunctionSymbol;
  /** Where the function is named. */
  readonly name: Span;
  /** Grows with the place in the unit. */
  readonly order: number;
  readonly parse: () => void;
  /** Takes its annotations, when it is not parsed. */
  readonly skip: () => void;
}

/** Orders are places in the unit: a multiple of this for each run, and the index of a token. */
const RUN_ORDER = 2 ** 24;

/** Tokens that are parsed one behind the other. */
interface Stretch {
  readonly cursor: TokenCursor;
  readonly order: number;
  /** How many variables the unit had before. */
  readonly variableCount: number;
}

interface UnitState {
  readonly context: ParseContext;
  readonly options: UnitOptions;
  /** Of all tokens so far, with the order of the first one. */
  readonly stretches: Stretch[];
  /** Variables of known segments, by their order. */
  readonly taken: { readonly order: number; readonly symbol: VariableSymbol }[];
  deferred: DeferredBody[];
  /** Function definitions so far, those passed over included. */
  definitionCount: number;
  /** Whether the function that was last defined was used before its body. */
  wasUsed: boolean;
  /** Whether deferred bodies are being parsed. */
  isLate: boolean;
}

/** Parses a unit; the tree is complete unless the sink has errors. */
export function parseUnit(
  tokens: readonly Token[],
  options: UnitOptions,
  sink: DiagnosticSink,
): TranslationUnit {
  return finishSteps(parseUnitInSteps([{ kind: 'tokens', tokens }], options, sink));
}

/** The same for a unit in runs of whole declarations, with one of them in each step. */
export function* parseUnitInSteps(
  runs: readonly UnitRun[],
  options: UnitOptions,
  sink: DiagnosticSink,
): Steps<TranslationUnit> {
  const { file, unit } = options;
  const state = startUnit(options, sink);
  const { context, stretches } = state;
  for (const [order, run] of runs.entries()) {
    if (run.kind === 'tokens') yield* parseRun(state, run, order);
    else openSegment(state, run.segment);
  }
  parseDeferred(state);
  for (const { cursor } of stretches) {
    context.cursor = cursor;
    refuseFunctionAnnotations(context, takeFunctionAnnotations(context));
    if (!cursor.hasPanicked) refuseRemaining(context);
  }
  if (!stretches.some(({ cursor }) => cursor.hasPanicked)) checkFileFlags(context);
  insertTaken(state);
  completeTentative(context);
  if (!sink.hasErrors) warnUnusedNames(context, file);
  return { file, unit, symbols: context.scopes.fileSymbols, ...context.parts };
}

function startUnit(options: UnitOptions, sink: DiagnosticSink): UnitState {
  const { file, unit, language, headerNames } = options;
  const scopes = new ScopeTable(undefined, headerNames);
  // A list of arguments walks up the parameters, as in the i386 ABI.
  const type: CType = { kind: 'pointer', target: CHAR };
  const nowhere = { file, start: 0, end: 0 };
  scopes.declare({ kind: 'typedef', name: '__builtin_va_list', type, span: nowhere });
  const cursor = new TokenCursor([], nowhere);
  const context = new ParseContext(cursor, scopes, sink, language, GRAMMAR, unit);
  if (options.macros !== undefined) context.macros = options.macros;
  const state: UnitState = {
    context,
    options,
    stretches: [],
    taken: [],
    deferred: [],
    definitionCount: 0,
    wasUsed: false,
    isLate: false,
  };
  if (headerNames !== undefined) {
    headerNames.user = {
      takeVariable: (symbol, declaration) => {
        state.taken.push({ order: orderOf(declaration), symbol });
      },
      takeInline: (symbol, declaration) => {
        deferInline(state, symbol, declaration);
      },
    };
  }
  return state;
}

function orderOf({ segment, start }: HeaderDeclaration): number {
  return segment.order * RUN_ORDER + start;
}

/** Puts the variables of known segments where they would be if all tokens had been parsed. */
function insertTaken({ context, stretches, taken }: UnitState): void {
  const { variables } = context.parts;
  taken.sort((a, b) => b.order - a.order);
  for (const { order, symbol } of taken) {
    const next = stretches.find((stretch) => stretch.order > order);
    variables.splice(next?.variableCount ?? variables.length, 0, symbol);
  }
}

/** Goes on with other tokens. */
function startStretch(state: UnitState, tokens: readonly Token[], order: number): TokenCursor {
  const { context, options, stretches } = state;
  const cursor = new TokenCursor(tokens, { file: options.file, start: 0, end: 0 });
  context.cursor = cursor;
  stretches.push({ cursor, order, variableCount: context.parts.variables.length });
  return cursor;
}

function* parseRun(
  state: UnitState,
  { tokens, chunk }: UnitRun & { readonly kind: 'tokens' },
  order: number,
): Steps<void> {
  const { context, options } = state;
  const cursor = startStretch(state, tokens, order * RUN_ORDER);
  const declarations: NotedDeclaration[] = [];
  // What `#pragma pack` changes is not the header's own.
  const own = isPacking(context) ? undefined : chunk;
  options.parsed?.push({ tokens, chunk: own, order, declarations });
  const note = options.parsed && declarationNoter(state, declarations, own !== undefined);
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
}

function isPacking({ packLimits }: ParseContext): boolean {
  return packLimits.at(-1) !== 0;
}

/** Makes the names of a known segment visible, and parses what each unit parses on its own. */
function openSegment(state: UnitState, segment: KnownSegment): void {
  const { context, options } = state;
  if (isPacking(context)) options.headerNames?.giveUp();
  options.headerNames?.open(segment);
  for (const declaration of segment.actives) {
    const cursor = startStretch(state, tokensOf(declaration), orderOf(declaration));
    while (cursor.token.kind !== 'end' && !cursor.isPanicking) parseExternal(state);
  }
}

function tokensOf({ segment, start, end }: HeaderDeclaration): readonly Token[] {
  return segment.chunk.tokens.slice(start, end);
}

/** Notes the declaration that has just been parsed; it began at the token with the given index. */
function declarationNoter(
  state: UnitState,
  noted: NotedDeclaration[],
  isHeader: boolean,
): (start: number) => void {
  const { cursor, scopes, sink, parts } = state.context;
  let { reportCount } = sink;
  let functionCount = parts.functions.length;
  let { definitionCount } = state;
  scopes.takeDeclared();
  return (start) => {
    const { names, mentions, bodies, hasBody } = scopes.takeDeclared();
    const definesFunction = state.definitionCount !== definitionCount;
    const symbols = names.flatMap((name) => scopes.findAtFile(name) ?? []);
    const isActive =
      sink.reportCount !== reportCount ||
      parts.functions.slice(functionCount).some(({ symbol }) => !isHeaderInline(symbol)) ||
      symbols.some(isDefinedVariable) ||
      (names.length === 0 && mentions.length === 0);
    noted.push({
      start,
      end: cursor.position,
      symbols: isHeader ? symbols.map((symbol) => declaredSymbol(symbol, state)) : symbols,
      mentions,
      bodies,
      hasBody,
      definesFunction,
      isActive,
    });
    ({ reportCount } = sink);
    ({ definitionCount } = state);
    functionCount = parts.functions.length;
  };
}

/** The symbol as the declaration that was just parsed gives it to any unit. */
function declaredSymbol(symbol: Symbol, { wasUsed }: UnitState): Symbol {
  switch (symbol.kind) {
    case 'typedef':
    case 'enumConstant':
      return symbol;
    case 'variable':
      return { ...symbol };
    case 'function':
      if (symbol.definition === undefined) return { ...symbol };
      return { ...symbol, definition: undefined, isUsed: wasUsed };
  }
}

function isHeaderInline({ isInline, linkage }: FunctionSymbol): boolean {
  return isInline && linkage === 'internal';
}

function isDefinedVariable(symbol: Symbol): boolean {
  return symbol.kind === 'variable' && symbol.definition !== 'none';
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
      state.wasUsed = symbol.isUsed;
      refuseSecondBody(state, symbol, declarator);
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

/** Complains of a function that has a body already, though that was passed over. */
function refuseSecondBody(state: UnitState, symbol: FunctionSymbol, { name }: Declarator): void {
  const first = state.deferred.find((deferred) => deferred.symbol === symbol);
  if (first === undefined || name === undefined) return;
  const notes = [{ message: 'the other definition is here', span: first.name }];
  state.context.reportWithNotes('redefined', tokenPlace(name), notes, symbol.name);
  state.deferred = state.deferred.filter((deferred) => deferred !== first);
  first.skip();
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
  if (state.isLate) return false;
  const name = tokenPlace(declarator.name);
  if (name.file === options.file || options.headerBodies?.note(name) !== true) return false;
  const open = cursor.position;
  const close = cursor.matchingBracket(open);
  if (close < 0) return false;
  state.deferred.push({
    symbol,
    name,
    order: (state.stretches.at(-1)?.order ?? 0) + open,
    parse: () => {
      context.cursor = cursor;
      cursor.moveTo(open);
      parse();
    },
    skip: () => cursor.takeAnnotationsBetween(open, close),
  });
  cursor.moveTo(close + 1);
  return true;
}

/** An inline function of a known segment: all of it is parsed again if it is used. */
function deferInline(
  state: UnitState,
  symbol: FunctionSymbol,
  declaration: HeaderDeclaration,
): void {
  state.deferred.push({
    symbol,
    name: symbol.span,
    order: orderOf(declaration),
    parse: () => {
      startStretch(state, tokensOf(declaration), Infinity);
      parseExternal(state);
    },
    skip: () => undefined,
  });
}

/** Parses the bodies that were passed over and are used, by each other too. */
function parseDeferred(state: UnitState): void {
  state.isLate = true;
  for (;;) {
    const used = state.deferred.filter(({ symbol }) => symbol.isUsed);
    if (used.length === 0) break;
    state.deferred = state.deferred.filter(({ symbol }) => !symbol.isUsed);
    used.sort((a, b) => a.order - b.order);
    for (const { parse } of used) parse();
  }
  for (const { skip } of state.deferred) skip();
  for (const { cursor } of state.stretches) cursor.moveToEnd();
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
