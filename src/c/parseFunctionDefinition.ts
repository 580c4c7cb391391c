/**
 * The definition of a function: parameters, body, labels, and the warnings about all of it.
 */
import { closestName } from '../base/closestName.ts';
import type { Span } from '../base/span.ts';
import { typeName, type FunctionType } from '../bytecode/ctype.ts';
import type { FunctionSymbol, ParsedAnnotation, VariableSymbol } from './ast.ts';
import { checkFlags, headerAnnotations } from './attachAnnotation.ts';
import { createVariable } from './declareSymbol.ts';
import type { FunctionState, ParseContext } from './parseContext.ts';
import type { Declarator, Parameter } from './parseDeclarator.ts';
import { parseBlock } from './parseStatement.ts';
import { tokenPlace } from './tokenCursor.ts';
import { isComplete, isErrorType } from './typeRelation.ts';
import { warnFunction } from './warnings/warnFunction.ts';

/** What stands before the body of a function. */
export interface FunctionHeader {
  readonly declarator: Declarator;
  /** Where the definition begins: a place, and the index of its first token. */
  readonly start: Span;
  readonly from: number;
  readonly annotations: readonly ParsedAnnotation[];
}

/** The body of a function; the current token is its `{`. */
export function defineFunction(
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
  if (state.labels.size === 0) return;
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
