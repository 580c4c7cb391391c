/**
 * `__attribute__((…))`: `packed`, `aligned`, `noreturn`, `no_sanitize_address` and those that ask for
 * warnings or silence them are honored, those that would change what the program means are refused,
 * all others (`section`, `always_inline`, …) only advise the optimizer or the linker and are ignored.
 *
 * Source: gcc manual, "Attribute Syntax".
 */
import type { FormatPosition } from './ast.ts';
import { integerConstant } from './expressionNode.ts';
import type { ParseContext } from './parseContext.ts';

/** What the attributes of one declaration say; collected by the parsers that pass them. */
export interface Attributes {
  isPacked: boolean;
  /** In bytes; 0 when not given. */
  align: number;
  isNoReturn: boolean;
  warnsUnused: boolean;
  isUnchecked: boolean;
  /** `unused` or `used`: no complaint when nobody mentions it. */
  isMaybeUnused: boolean;
  format: FormatPosition | undefined;
}

/** Alignment that a bare `aligned` asks for on i386, in bytes. */
const LARGEST_ALIGNMENT = 16;
const ALIGNMENT_LIMIT = 4096;

const REFUSED: ReadonlySet<string> = new Set([
  'vector_size',
  'mode',
  'cleanup',
  'alias',
  'ifunc',
  'transparent_union',
  'constructor',
  'destructor',
  'scalar_storage_order',
  'regparm',
  'fastcall',
]);

/** No attribute given yet. */
export function createAttributes(): Attributes {
  return {
    isPacked: false,
    align: 0,
    isNoReturn: false,
    warnsUnused: false,
    isUnchecked: false,
    isMaybeUnused: false,
    format: undefined,
  };
}

/** Whether the current token begins attributes. */
export function isAttributeStart(context: ParseContext): boolean {
  const { text, kind } = context.cursor.token;
  if (kind !== 'identifier') return false;
  return text === '__attribute__' || text === '__attribute' || text === '_Alignas';
}

/** { `__attribute__` `((` [ attribute { `,` attribute } ] `))` } */
export function parseAttributes(context: ParseContext, into: Attributes): void {
  const { cursor } = context;
  while (isAttributeStart(context) && !cursor.isPanicking) {
    if (cursor.advance().text === '_Alignas') {
      parseAlignment(context, into);
      continue;
    }
    parseAttributeList(context, into);
  }
}

/** `((` [ attribute { `,` attribute } ] `))` */
function parseAttributeList(context: ParseContext, into: Attributes): void {
  const { cursor } = context;
  context.expect('(');
  context.expect('(');
  while (!cursor.isPanicking && !cursor.at(')')) {
    if (!cursor.accept(',')) parseAttribute(context, into);
  }
  context.expect(')');
  context.expect(')');
}

/** name [ `(` … `)` ] */
function parseAttribute(context: ParseContext, into: Attributes): void {
  const { cursor } = context;
  const { token } = cursor;
  if (token.kind !== 'identifier') {
    context.failSyntax('an attribute');
    return;
  }
  const place = context.place;
  cursor.advance();
  const name = token.text.replace(/^__(.*)__$/, '$1');
  if (REFUSED.has(name)) context.report('attribute-unsupported', place, name);
  switch (name) {
    case 'packed':
      into.isPacked = true;
      break;
    case 'noreturn':
      into.isNoReturn = true;
      break;
    case 'no_sanitize_address':
      into.isUnchecked = true;
      break;
    case 'warn_unused_result':
      into.warnsUnused = true;
      break;
    case 'unused':
    case 'used':
      into.isMaybeUnused = true;
      break;
    case 'format':
      if (cursor.at('(')) parseFormat(context, into);
      return;
    case 'aligned':
      if (cursor.at('(')) parseAlignment(context, into);
      else into.align = Math.max(into.align, LARGEST_ALIGNMENT);
      return;
  }
  if (cursor.at('(')) skipBrackets(context);
}

/** `(` constant-expression `)` */
function parseAlignment(context: ParseContext, into: Attributes): void {
  context.expect('(');
  if (!context.enter()) return;
  const operand = context.grammar.parseAssignment(context);
  context.leave();
  context.expect(')');
  if (operand.kind === 'error') return;
  const value = Number(integerConstant(operand) ?? -1n);
  const isPower = value > 0 && value <= ALIGNMENT_LIMIT && (value & (value - 1)) === 0;
  if (isPower) into.align = Math.max(into.align, value);
  else context.report('bad-alignment', operand.span, ALIGNMENT_LIMIT);
}

/** `(` `printf` `,` constant-expression `,` constant-expression `)` */
function parseFormat(context: ParseContext, into: Attributes): void {
  const { cursor } = context;
  const isPrintf = /^(?:__)?printf(?:__)?$/.test(cursor.peek(1).text);
  const [text, first] = [cursor.peek(3).text, cursor.peek(5).text].map(Number);
  if (isPrintf && text !== undefined && first !== undefined && text > 0 && first >= 0) {
    into.format = { text, first };
  }
  skipBrackets(context);
}

function skipBrackets(context: ParseContext): void {
  const { cursor } = context;
  const close = cursor.matchingBracket(cursor.position);
  if (close < 0) context.failSyntax('`)` after the arguments of the attribute');
  else cursor.moveTo(close + 1);
}
