/**
 * Statements and blocks. Each function parses one production of C99 6.8 with the GNU additions
 * (`case` ranges, statement expressions) and returns typed nodes.
 *
 * After a syntax error a block goes on with its next statement.
 */
import type { Span } from '../base/span.ts';
import type { BlockStatement, Expression, ParsedAnnotation, Statement } from './ast.ts';
import { refuseAttached, takeStatementAnnotations } from './attachAnnotation.ts';
import { convertForAssignment, toScalar } from './conversion.ts';
import { asValue, decay, makeError } from './expressionNode.ts';
import { parseAttributes, createAttributes, isAttributeStart } from './parseAttribute.ts';
import { repairStatementWord } from './misspelledKeyword.ts';
import { parseAsm } from './parseAsm.ts';
import { isKeyword, type ParseContext } from './parseContext.ts';
import { parsePragma } from './parsePragma.ts';
import { parseDeclaration } from './parseDeclaration.ts';
import {
  declareLabel,
  endLocalLabels,
  isLabel,
  parseLocalLabels,
  parseSwitch,
  useLabel,
  wrapLabels,
} from './parseLabel.ts';
import { canFollowFunction, isDeclarationStart } from './typeStart.ts';
import { unqualified, VOID } from './typeRelation.ts';

/** `{` { declaration | statement } `}`; the scope is the caller's when `ownsScope` is false. */
export function parseBlock(context: ParseContext, ownsScope = true): BlockStatement {
  const { cursor } = context;
  const start = context.place;
  const open = cursor.position;
  const outerVariables = context.blockVariables;
  const outerOpen = cursor.blockOpen;
  const variables = (context.blockVariables = []);
  const statements: Statement[] = [];
  if (context.enter()) {
    if (ownsScope) context.scopes.enter();
    cursor.blockOpen = open;
    cursor.advance();
    const hidden = parseLocalLabels(context);
    while (!isBlockEnd(context, ownsScope) && cursor.token.kind !== 'end') {
      const before = cursor.position;
      parseItem(context, statements);
      if (cursor.isLeaving) break;
      cursor.recover();
      if (cursor.position === before) cursor.advance();
    }
    endLocalLabels(context, hidden);
    if (ownsScope) context.scopes.leave();
    const { here, attached } = takeStatementAnnotations(context);
    statements.push(...here);
    refuseAttached(context, attached);
  }
  context.leave();
  const endSpan = context.place;
  cursor.blockOpen = outerOpen;
  closeBlock(context, start);
  context.blockVariables = outerVariables;
  return { kind: 'block', statements, variables, endSpan, span: context.spanFrom(start) };
}

/** Whether the `}` of the block is reached; one that cannot be a function's is passed over. */
function isBlockEnd(context: ParseContext, isInner: boolean): boolean {
  const { cursor } = context;
  while (cursor.at('}')) {
    if (isInner || canFollowFunction(context, cursor.peek(1))) return true;
    context.report('stray-brace', context.place);
    cursor.advance();
    cursor.accept('else');
  }
  return false;
}

function closeBlock(context: ParseContext, start: Span): void {
  const { cursor } = context;
  if (cursor.accept('}') || cursor.isPanicking) return;
  const notes = [{ message: 'to match this `{`', span: start }];
  context.reportWithNotes('expected', context.place, notes, '`}`', 'the end of the file');
  cursor.isPanicking = true;
}

/** { annotation } ( declaration | statement ) */
function parseItem(context: ParseContext, into: Statement[]): void {
  const { here, attached } = takeStatementAnnotations(context);
  into.push(...here);
  if (context.cursor.at('}')) {
    refuseAttached(context, attached);
    return;
  }
  if (repairStatementWord(context) || (!isDeclarationStart(context) && !isUnknownType(context))) {
    into.push(attach(parseStatement(context), attached));
    return;
  }
  const [first, ...rest] = parseDeclaration(context, undefined);
  if (first === undefined) refuseAttached(context, attached);
  else into.push(attach(first, attached), ...rest);
}

/** Two names in a row: a declaration whose type nobody knows. */
function isUnknownType(context: ParseContext): boolean {
  const { cursor } = context;
  const { token } = cursor;
  if (token.kind !== 'identifier' || isKeyword(token.text)) return false;
  if (context.scopes.find(token.text) !== undefined) return false;
  const next = cursor.peek(1);
  if (next.kind === 'identifier') return true;
  const isPointer = next.text === '*' && cursor.peek(2).kind === 'identifier';
  return isPointer && /^[=;,]$/.test(cursor.peek(3).text);
}

function attach(statement: Statement, annotations: readonly ParsedAnnotation[]): Statement {
  return annotations.length === 0 ? statement : { ...statement, annotations };
}

/** { annotation } statement, as the body of another one */
function parseBody(context: ParseContext): Statement {
  const start = context.place;
  const { here, attached } = takeStatementAnnotations(context);
  if (!repairStatementWord(context) && isDeclarationStart(context)) {
    context.report('declaration-as-body', start);
    parseDeclaration(context, undefined);
    return { kind: 'empty', span: context.spanFrom(start) };
  }
  const statement = attach(parseStatement(context), attached);
  if (here.length === 0) return statement;
  const { span } = statement;
  return { kind: 'block', statements: [...here, statement], variables: [], endSpan: span, span };
}

/** `(` expression `)` of a controlling expression */
function parseCondition(context: ParseContext): Expression {
  const { cursor } = context;
  const open = cursor.position;
  context.expect('(');
  const operand = context.grammar.parseExpression(context);
  warnAssignment(context, operand);
  context.expect(')');
  cursor.recoverBehind(open);
  return toScalar(context, operand, 'a condition');
}

/** `if (a = b)` is hardly ever meant; brackets of its own say that it is. */
function warnAssignment(context: ParseContext, operand: Expression): void {
  if (operand.kind !== 'assign' || context.lastBracketed === operand) return;
  context.report('assignment-in-condition', operand.span);
}

type StatementParser = (context: ParseContext, start: Span) => Statement;

const STATEMENTS: ReadonlyMap<string, StatementParser> = new Map<string, StatementParser>([
  ['{', (context) => parseBlock(context)],
  [';', parseEmpty],
  ['if', parseIf],
  ['while', parseWhile],
  ['do', parseDoWhile],
  ['for', parseFor],
  ['switch', (context, start) => parseSwitch(context, start, parseLoopBody)],
  ['case', parseLabeled],
  ['default', parseLabeled],
  ['goto', parseGoto],
  ['break', parseBreak],
  ['continue', parseContinue],
  ['return', parseReturn],
  ['_Pragma', parsePragmaStatement],
  ['asm', parseAsm],
  ['__asm', parseAsm],
  ['__asm__', parseAsm],
]);

/** statement */
export function parseStatement(context: ParseContext): Statement {
  const start = context.place;
  if (context.cursor.isPanicking || !context.enter()) return { kind: 'empty', span: start };
  const parse = STATEMENTS.get(context.cursor.token.text);
  let statement: Statement;
  if (parse !== undefined) statement = parse(context, start);
  else if (isLabel(context)) statement = parseLabeled(context, start);
  else statement = parseExpressionStatement(context, start);
  context.leave();
  return statement;
}

function parseEmpty(context: ParseContext, start: Span): Statement {
  context.cursor.advance();
  return { kind: 'empty', span: start };
}

/** `if` `(` expression `)` statement [ `else` statement ] */
function parseIf(context: ParseContext, start: Span): Statement {
  const { cursor } = context;
  cursor.advance();
  const condition = parseCondition(context);
  warnEmptyBody(context, 'if');
  const whenTrue = parseBody(context);
  cursor.recover();
  const whenFalse = cursor.accept('else') ? parseBody(context) : undefined;
  return { kind: 'if', condition, whenTrue, whenFalse, span: context.spanFrom(start) };
}

/** `if (a);` on one line is hardly ever meant. */
function warnEmptyBody(context: ParseContext, keyword: string): void {
  const { token } = context.cursor;
  const isSuspicious = token.text === ';' && !token.spaceBefore && !token.atLineStart;
  if (isSuspicious && token.expandedAt === undefined) {
    context.report('empty-body', context.place, keyword);
  }
}

/** The statement that a loop repeats. */
function parseLoopBody(context: ParseContext, isLoop: boolean): Statement {
  const state = context.function;
  if (state === undefined) return parseBody(context);
  state.breakDepth += 1;
  if (isLoop) state.continueDepth += 1;
  const body = parseBody(context);
  state.breakDepth -= 1;
  if (isLoop) state.continueDepth -= 1;
  return body;
}

/** `while` `(` expression `)` statement */
function parseWhile(context: ParseContext, start: Span): Statement {
  context.cursor.advance();
  const condition = parseCondition(context);
  const body = parseLoopBody(context, true);
  return { kind: 'while', condition, body, span: context.spanFrom(start) };
}

/** `do` statement `while` `(` expression `)` `;` */
function parseDoWhile(context: ParseContext, start: Span): Statement {
  context.cursor.advance();
  const body = parseLoopBody(context, true);
  context.cursor.recover();
  context.expect('while');
  const condition = parseCondition(context);
  context.expectSemicolon();
  return { kind: 'doWhile', body, condition, span: context.spanFrom(start) };
}

/** `for` `(` ( declaration | [ expression ] `;` ) [ expression ] `;` [ expression ] `)` statement */
function parseFor(context: ParseContext, start: Span): Statement {
  const { cursor } = context;
  cursor.advance();
  context.scopes.enter();
  const outerVariables = context.blockVariables;
  const variables = (context.blockVariables = []);
  const open = cursor.position;
  context.expect('(');
  const initial = parseForStart(context);
  let condition: Expression | undefined;
  if (!cursor.at(';') && !cursor.isPanicking) {
    const operand = context.grammar.parseExpression(context);
    warnAssignment(context, operand);
    condition = toScalar(context, operand, 'a condition');
  }
  context.expect(';');
  const isShort = cursor.at(')') || cursor.isPanicking;
  const step = isShort ? undefined : context.grammar.parseExpression(context);
  context.expect(')');
  cursor.recoverBehind(open);
  const body = parseLoopBody(context, true);
  context.blockVariables = outerVariables;
  context.scopes.leave();
  const span = context.spanFrom(start);
  return { kind: 'for', initial, variables, condition, step, body, span };
}

function parseForStart(context: ParseContext): readonly Statement[] {
  const { cursor } = context;
  if (cursor.isPanicking || cursor.accept(';')) return [];
  if (isDeclarationStart(context)) return parseDeclaration(context, undefined);
  const expression = context.grammar.parseExpression(context);
  context.expect(';');
  return [{ kind: 'expression', expression, span: expression.span }];
}

/** { `case` … `:` | `default` `:` | name `:` } statement */
function parseLabeled(context: ParseContext, start: Span): Statement {
  const labels = declareLabel(context);
  if (isAttributeStart(context)) parseAttributes(context, createAttributes());
  if (context.cursor.at('}')) {
    return wrapLabels(labels, { kind: 'empty', span: start });
  }
  if (isDeclarationStart(context)) {
    context.report('declaration-after-label', context.place);
    parseDeclaration(context, undefined);
    return wrapLabels(labels, { kind: 'empty', span: start });
  }
  return wrapLabels(labels, parseBody(context));
}

/** `goto` name `;` */
function parseGoto(context: ParseContext, start: Span): Statement {
  context.cursor.advance();
  if (context.cursor.at('*')) {
    context.report('label-address', context.place);
    context.cursor.panic();
    return { kind: 'empty', span: start };
  }
  const name = context.expectIdentifier('a label');
  const label = name === undefined ? undefined : useLabel(context, name);
  context.expectSemicolon();
  const span = context.spanFrom(start);
  return label === undefined ? { kind: 'empty', span } : { kind: 'goto', label, span };
}

/** `break` `;` */
function parseBreak(context: ParseContext, start: Span): Statement {
  context.cursor.advance();
  if (context.function?.breakDepth === 0) context.report('break-outside', start);
  context.expectSemicolon();
  return { kind: 'break', span: context.spanFrom(start) };
}

/** `continue` `;` */
function parseContinue(context: ParseContext, start: Span): Statement {
  context.cursor.advance();
  if (context.function?.continueDepth === 0) context.report('continue-outside', start);
  context.expectSemicolon();
  return { kind: 'continue', span: context.spanFrom(start) };
}

/** `return` [ expression ] `;` */
function parseReturn(context: ParseContext, start: Span): Statement {
  const { cursor } = context;
  cursor.advance();
  const operand = cursor.at(';') ? undefined : context.grammar.parseExpression(context);
  context.expectSemicolon();
  const span = context.spanFrom(start);
  const symbol = context.function?.symbol;
  const value = symbol === undefined ? undefined : returnValue(context, operand, symbol.name, span);
  return { kind: 'return', value, span };
}

function returnValue(
  context: ParseContext,
  operand: Expression | undefined,
  name: string,
  span: Span,
): Expression | undefined {
  const returns = context.function?.symbol.type.returns ?? VOID;
  if (operand === undefined) {
    if (returns.kind !== 'void') context.report('return-without-value', span, name);
    return undefined;
  }
  if (returns.kind !== 'void') {
    return convertForAssignment(context, operand, returns, `the result of \`${name}\``);
  }
  const value = decay(operand);
  if (value.kind !== 'error' && value.type.kind !== 'void') {
    context.report('return-with-value', operand.span, name);
  }
  return value;
}

function parsePragmaStatement(context: ParseContext, start: Span): Statement {
  parsePragma(context);
  return { kind: 'empty', span: start };
}

/** expression `;` */
function parseExpressionStatement(context: ParseContext, start: Span): Statement {
  const expression = context.grammar.parseExpression(context);
  context.expectSemicolon();
  return { kind: 'expression', expression, span: context.spanFrom(start) };
}

/** `({` … `})`: the value is that of the last statement, if it is an expression */
export function parseStatementExpression(context: ParseContext, start: Span): Expression {
  if (context.function === undefined) {
    context.report('statement-expression-outside', start);
    context.cursor.panic();
    return makeError(start);
  }
  const block = parseBlock(context);
  context.expect(')');
  context.expressionDepth = 1;
  const span = context.spanFrom(start);
  const { label, last } = resultOf(block.statements.at(-1));
  if (last?.kind !== 'expression' || last.expression.type.kind === 'void') {
    const node = { kind: 'statementExpression', body: block, result: undefined } as const;
    return { ...node, type: VOID, span, isLvalue: false };
  }
  const result = asValue(decay(last.expression));
  if (result.kind === 'error') return makeError(span);
  const before = block.statements.slice(0, -1);
  const body = { ...block, statements: label === undefined ? before : [...before, label] };
  const type = unqualified(result.type);
  return { kind: 'statementExpression', body, result, type, span, isLvalue: false };
}

/** The statement that gives the value; a label before it stays behind, on an empty statement. */
function resultOf(statement: Statement | undefined): {
  readonly label?: Statement;
  readonly last: Statement | undefined;
} {
  if (statement?.kind !== 'labeled' || statement.statement.kind !== 'expression') {
    return { last: statement };
  }
  const { statement: last, span } = statement;
  return { label: { ...statement, statement: { kind: 'empty', span } }, last };
}
