/**
 * Labels: those of `goto`, and `case` and `default` of a switch.
 *
 * Labels in a row are parsed in a loop, so that a long list of cases nests nothing while parsing.
 */
import type { Span } from '../base/span.ts';
import type { LabelSymbol } from './symbol.ts';
import type { Statement, SwitchLabel } from './ast.ts';
import { toInteger } from './conversion.ts';
import { integerConstant, promote } from './expressionNode.ts';
import { INT, wrapToType } from './integerType.ts';
import {
  isKeyword,
  type FunctionState,
  type LabelState,
  type ParseContext,
} from './parseContext.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';

/** A label before a statement. */
export type ParsedLabel =
  | { readonly kind: 'case'; readonly label: SwitchLabel; readonly span: Span }
  | { readonly kind: 'labeled'; readonly label: LabelSymbol; readonly span: Span };

/** More labels before one statement are refused: the tree would become too deep. */
const LABEL_LIMIT = 1000;

/** Whether the current token is a label of `goto`. */
export function isLabel(context: ParseContext): boolean {
  const { cursor } = context;
  const { token } = cursor;
  return token.kind === 'identifier' && cursor.peek(1).text === ':' && !isKeyword(token.text);
}

/** { `case` constant [ `...` constant ] `:` | `default` `:` | name `:` } */
export function declareLabel(context: ParseContext): readonly ParsedLabel[] {
  const { cursor } = context;
  const labels: ParsedLabel[] = [];
  while (!cursor.isPanicking) {
    const start = context.place;
    if (cursor.at('case') || cursor.at('default')) {
      const label = parseCase(context, start);
      if (label !== undefined) labels.push({ kind: 'case', label, span: label.span });
    } else if (isLabel(context)) {
      const label = defineLabel(context, cursor.advance());
      cursor.advance();
      if (label !== undefined) labels.push({ kind: 'labeled', label, span: start });
    } else break;
    if (labels.length > LABEL_LIMIT) context.giveUp();
  }
  return labels;
}

/** The statement with its labels around it. */
export function wrapLabels(labels: readonly ParsedLabel[], statement: Statement): Statement {
  let result = statement;
  for (let index = labels.length - 1; index >= 0; index -= 1) {
    const item = labels[index];
    if (item === undefined) continue;
    const { span } = item;
    if (item.kind === 'case') {
      result = { kind: 'case', label: item.label, statement: result, span };
    } else {
      result = { kind: 'labeled', label: item.label, statement: result, span };
    }
  }
  return result;
}

function parseCase(context: ParseContext, start: Span): SwitchLabel | undefined {
  const { cursor } = context;
  const isDefault = cursor.advance().text === 'default';
  const state = context.function?.switches.at(-1);
  const low = isDefault ? undefined : parseCaseValue(context);
  const high = !isDefault && cursor.accept('...') ? parseCaseValue(context) : low;
  context.expect(':');
  const span = context.spanFrom(start);
  if (state === undefined) {
    context.report('case-outside', span, isDefault ? 'default' : 'case');
    return undefined;
  }
  if (isDefault) {
    const other = state.labels.find((label) => label.range === undefined);
    if (other !== undefined) {
      const notes = [{ message: 'the other one is here', span: other.span }];
      context.reportWithNotes('duplicate-case', span, notes, '`default`');
      return undefined;
    }
    const label: SwitchLabel = { range: undefined, span };
    state.labels.push(label);
    return label;
  }
  if (low === undefined || high === undefined) return undefined;
  const range = { low: wrapToType(low, state.type), high: wrapToType(high, state.type) };
  if (range.high < range.low) {
    context.report('empty-case', span);
    return undefined;
  }
  const label: SwitchLabel = { range, span };
  state.labels.push(label);
  return label;
}

function parseCaseValue(context: ParseContext): bigint | undefined {
  if (!context.enter()) return undefined;
  const expression = context.grammar.parseConditional(context);
  context.leave();
  if (expression.kind === 'error') return undefined;
  const value = integerConstant(expression);
  if (value === undefined) {
    context.report('not-constant', expression.span, 'the value of a `case`');
  }
  return value;
}

/** Two labels of one switch may not share a value. */
function checkOverlap(context: ParseContext, labels: readonly SwitchLabel[]): void {
  const ranges = labels.flatMap(({ range, span }) =>
    range === undefined ? [] : [{ range, span }],
  );
  ranges.sort((a, b) => (a.range.low < b.range.low ? -1 : a.range.low > b.range.low ? 1 : 0));
  let previous = ranges[0];
  for (const current of ranges.slice(1)) {
    if (previous !== undefined && current.range.low <= previous.range.high) {
      const notes = [{ message: 'the other one is here', span: previous.span }];
      const text = `\`${current.range.low.toString()}\``;
      context.reportWithNotes('duplicate-case', current.span, notes, text);
    }
    if (previous === undefined || current.range.high > previous.range.high) previous = current;
  }
}

/** `switch` `(` expression `)` statement */
export function parseSwitch(
  context: ParseContext,
  start: Span,
  parseBody: (context: ParseContext, isLoop: boolean) => Statement,
): Statement {
  const { cursor } = context;
  cursor.advance();
  const open = cursor.position;
  context.expect('(');
  const operand = context.grammar.parseExpression(context);
  context.expect(')');
  cursor.recoverBehind(open);
  const value = promote(toInteger(context, operand, 'the value of a `switch`'));
  const type = value.kind === 'error' ? INT : value.type;
  const labels: SwitchLabel[] = [];
  context.function?.switches.push({ type, labels });
  const body = parseBody(context, false);
  context.function?.switches.pop();
  checkOverlap(context, labels);
  return { kind: 'switch', value, labels, body, span: context.spanFrom(start) };
}

/** Labels of an outer block that names of a local one hide; `endLocalLabels` puts them back. */
export type HiddenLabels = readonly (readonly [string, LabelState | undefined])[];

/** { `__label__` name { `,` name } `;` } at the start of a block: labels that only it knows (GNU) */
export function parseLocalLabels(context: ParseContext): HiddenLabels {
  const hidden: [string, LabelState | undefined][] = [];
  const { cursor } = context;
  const labels = context.function?.labels;
  while (cursor.accept('__label__') && labels !== undefined) {
    do {
      const name = context.expectIdentifier('a label');
      if (name === undefined) break;
      hidden.push([name.text, labels.get(name.text)]);
      labels.delete(name.text);
    } while (cursor.accept(','));
    context.expectSemicolon();
  }
  return hidden;
}

/** The names are those of the outer block again; the local labels stay under names of no program. */
export function endLocalLabels(context: ParseContext, hidden: HiddenLabels): void {
  const labels = context.function?.labels;
  if (labels === undefined) return;
  for (const [name, outer] of hidden.toReversed()) {
    const local = labels.get(name);
    if (local !== undefined) labels.set(`${name}#${String(labels.size)}`, local);
    if (outer === undefined) labels.delete(name);
    else labels.set(name, outer);
  }
}

function findLabel(state: FunctionState, name: Token): { symbol: LabelSymbol; isNew: boolean } {
  const known = state.labels.get(name.text);
  if (known !== undefined) return { symbol: known.symbol, isNew: false };
  const symbol: LabelSymbol = { kind: 'label', name: name.text, span: tokenPlace(name) };
  state.labels.set(name.text, { symbol, isDefined: false, isUsed: false });
  return { symbol, isNew: true };
}

function defineLabel(context: ParseContext, name: Token): LabelSymbol | undefined {
  const state = context.function;
  if (state === undefined) return undefined;
  const { symbol } = findLabel(state, name);
  const known = state.labels.get(name.text);
  if (known === undefined) return undefined;
  const span = tokenPlace(name);
  if (known.isDefined) {
    const notes = [{ message: 'the other one is here', span: symbol.span }];
    context.reportWithNotes('redefined', span, notes, name.text);
    return undefined;
  }
  known.isDefined = true;
  symbol.span = span;
  return symbol;
}

/** The label that a `goto` names; it may come later. */
export function useLabel(context: ParseContext, name: Token): LabelSymbol | undefined {
  const state = context.function;
  if (state === undefined) return undefined;
  const { symbol } = findLabel(state, name);
  const known = state.labels.get(name.text);
  if (known !== undefined) known.isUsed = true;
  return symbol;
}
