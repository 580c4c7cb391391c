/**
 * Warnings about code whose indentation says something else than its braces: a second line below an
 * `if` without braces, a `;` that is the whole body of a loop, an `else` of the wrong `if`.
 */
import { positionOf, type Span } from '../../base/span.ts';
import type { Statement } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';

const TAB_COLUMNS = 8;

interface Place {
  readonly line: number;
  /** As an editor shows it, tabs expanded. */
  readonly column: number;
}

function placeOf({ file, start }: Span): Place {
  const { line1, column1 } = positionOf(file, start);
  const before = file.text.slice(start - column1 + 1, start);
  let column = 0;
  for (const character of before) {
    column = character === '\t' ? (Math.floor(column / TAB_COLUMNS) + 1) * TAB_COLUMNS : column + 1;
  }
  return { line: line1, column };
}

type Guard = Statement & { readonly kind: 'if' | 'while' | 'for' };

interface Guarded {
  readonly keyword: string;
  readonly guard: Span;
  readonly body: Statement;
}

function isGuard(node: Statement): node is Guard {
  return node.kind === 'if' || node.kind === 'while' || node.kind === 'for';
}

/** The last statement that an `if`, `else`, `while` or `for` guards, if it has no braces. */
function guardedBy(node: Statement): Guarded | undefined {
  if (!isGuard(node)) return undefined;
  const guard = node.span;
  let keyword: string = node.kind;
  let body: Statement = node.kind === 'if' ? node.whenTrue : node.body;
  for (let at: Statement = node; at.kind === 'if' && at.whenFalse !== undefined; at = body) {
    keyword = 'else';
    body = at.whenFalse;
  }
  return body.kind === 'block' ? undefined : { keyword, guard, body };
}

function warnSecondLine(context: ParseContext, node: Guarded, next: Statement): void {
  const { keyword, guard, body } = node;
  const spans = [guard, body.span, next.span];
  const isOneText = spans.every((span) => span.inMacro === undefined && span.file === guard.file);
  if (!isOneText || next.kind === 'labeled' || next.kind === 'case') return;
  const [outer, inner, after] = [placeOf(guard), placeOf(body.span), placeOf(next.span)];
  if (body.kind === 'empty') {
    const isLoop = keyword === 'while' || keyword === 'for';
    const isSuspicious = next.kind === 'block' || after.column > outer.column;
    if (!isLoop || !isSuspicious || after.line <= inner.line) return;
    if (positionOf(guard.file, guard.end).line1 !== outer.line) return;
    context.report('empty-body', body.span, keyword);
    return;
  }
  if (next.kind === 'empty' || inner.line === after.line) return;
  const isBelow = inner.line > outer.line && after.column === inner.column;
  if (isBelow && inner.column > outer.column) {
    const notes = [{ message: `this is what the \`${keyword}\` governs`, span: body.span }];
    context.reportWithNotes('misleading-indentation', next.span, notes, keyword);
  }
}

/** An `else` that goes to the inner of two `if`s without braces between them. */
function warnDanglingElse(context: ParseContext, node: Statement): void {
  if (node.kind !== 'if' || node.whenFalse !== undefined || node.span.inMacro !== undefined) return;
  let inner: Statement = node.whenTrue;
  while (inner.kind === 'while' || inner.kind === 'for') inner = inner.body;
  if (inner.kind !== 'if' || inner.whenFalse === undefined) return;
  const { file, start } = node.span;
  const notes = [
    { message: 'this is the inner `if`', span: { ...inner.span, end: inner.span.start + 2 } },
  ];
  context.reportWithNotes('dangling-else', { file, start, end: start + 2 }, notes);
}

/** Looks at the statements of a block, one after the other. */
export function warnIndentation(context: ParseContext, statements: readonly Statement[]): void {
  let before: Guarded | undefined;
  for (const statement of statements) {
    if (statement.kind === 'annotation') continue;
    if (before !== undefined) warnSecondLine(context, before, statement);
    warnDanglingElse(context, statement);
    before = guardedBy(statement);
  }
}
