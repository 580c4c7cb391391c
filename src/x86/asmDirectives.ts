/**
 * Parses the directives of a user program: sections, symbols, data, alignment.
 * What only debuggers, linkers and compilers care about is skipped; what a program cannot do without
 * (macros, conditions) is refused with a reason.
 * Source: the manual of GNU as, section Pseudo Ops.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { FAILED, type AsmCursor, type Parsed } from './asmCursor.ts';
import type { AsmToken } from './asmLexer.ts';
import { asmMessages } from './asmMessages.ts';
import type { Expression, SectionName, Statement } from './asmSyntax.ts';

const SECTIONS: readonly SectionName[] = ['.text', '.rodata', '.data', '.bss'];

type DirectiveParser = (cursor: AsmCursor, first: AsmToken) => Parsed<Statement | undefined>;

const parseIgnored: DirectiveParser = (cursor) => {
  while (!cursor.isAtEnd()) cursor.next();
  return undefined;
};

function sectionParser(name: SectionName): DirectiveParser {
  return (cursor, first) => ({ kind: 'section', name, span: cursor.spanFrom(first) });
}

function valuesParser(width: 1 | 2 | 4): DirectiveParser {
  return (cursor, first) => {
    const values = parseExpressions(cursor);
    if (values === FAILED) return FAILED;
    return { kind: 'values', width, values, span: cursor.spanFrom(first) };
  };
}

function stringsParser(ending: readonly number[]): DirectiveParser {
  return (cursor, first) => {
    const bytes: number[] = [];
    do {
      const string = cursor.next();
      if (string.kind !== 'string') {
        return cursor.fail(asmMessages.expected(string.span, 'a string'));
      }
      for (const byte of string.bytes) bytes.push(byte);
      bytes.push(...ending);
    } while (cursor.accept(','));
    return { kind: 'bytes', bytes, span: cursor.spanFrom(first) };
  };
}

/** `.align 16, FILL, MOST`, or `.p2align 4, FILL, MOST` with the exponent. */
function alignParser(isExponent: boolean): DirectiveParser {
  return (cursor, first) => {
    const amount = cursor.parseExpression();
    if (amount === FAILED) return FAILED;
    const more: (Expression | undefined)[] = [];
    while (more.length < 2 && cursor.accept(',')) {
      const isLeftOut = cursor.isAtEnd() || cursor.peekText(0) === ',';
      const value = isLeftOut ? undefined : cursor.parseExpression();
      if (value === FAILED) return FAILED;
      more.push(value);
    }
    const [fill, most] = more;
    return { kind: 'align', amount, isExponent, fill, most, span: cursor.spanFrom(first) };
  };
}

const parseSkip: DirectiveParser = (cursor, first) => {
  const values = parseExpressions(cursor);
  if (values === FAILED) return FAILED;
  const [count, value] = values;
  if (count === undefined) return FAILED;
  return { kind: 'fill', count, width: undefined, value, span: cursor.spanFrom(first) };
};

/** `.fill COUNT, WIDTH, VALUE`. */
const parseFill: DirectiveParser = (cursor, first) => {
  const values = parseExpressions(cursor);
  if (values === FAILED) return FAILED;
  const [count, width, value] = values;
  if (count === undefined) return FAILED;
  return { kind: 'fill', count, width, value, span: cursor.spanFrom(first) };
};

const parseEqu: DirectiveParser = (cursor, first) => {
  const name = cursor.next();
  if (name.kind !== 'name') return cursor.fail(asmMessages.expected(name.span, 'a name'));
  if (cursor.expect(',') === FAILED) return FAILED;
  const value = cursor.parseExpression();
  if (value === FAILED) return FAILED;
  const span = cursor.spanFrom(first);
  return { kind: 'equ', name: name.text, nameSpan: name.span, value, span };
};

/** `.section NAME`; flags and type behind the name are what the name stands for anyway. */
const parseSection: DirectiveParser = (cursor, first) => {
  const token = cursor.next();
  // A name may have signs in it, as `.note.GNU-stack` has.
  while (!cursor.isAtEnd() && cursor.peekText(0) !== ',') cursor.next();
  const { file, start, end } = cursor.spanFrom(token);
  const name = file.text.slice(start, end).replace(/^"|"$/g, '');
  while (!cursor.isAtEnd()) cursor.next();
  const section = SECTIONS.find((known) => name === known || name.startsWith(`${known}.`));
  if (section !== undefined)
    return { kind: 'section', name: section, span: cursor.spanFrom(first) };
  if (name === '.note.GNU-stack') return undefined;
  return cursor.fail(asmMessages.unknownSection(token.span, name, SECTIONS));
};

const MACROS = 'write the instructions out; macros and conditions are not supported';
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...'.macro .endm .rept .endr .irp .irpc .if .ifdef .ifndef .else .endif'
    .split(' ')
    .map((name) => [name, MACROS] as const),
  ...'.comm .lcomm'
    .split(' ')
    .map((name) => [name, 'write a label and `.skip` in `.bss`'] as const),
  ...'.float .single .double'
    .split(' ')
    .map((name) => [name, 'floating-point numbers are not supported'] as const),
  ...'.quad .8byte .octa'
    .split(' ')
    .map((name) => [name, 'numbers have at most 32 bits; write several `.long`'] as const),
  ['.include', 'a program is one file'],
  ['.incbin', 'a program is one file'],
  ['.org', 'use `.skip` or `.align`'],
  ['.intel_syntax', 'programs are written in AT&T syntax'],
  ['.code16', 'the machine runs 32-bit code'],
  ['.code64', 'the machine runs 32-bit code'],
]);

const DIRECTIVES: ReadonlyMap<string, DirectiveParser> = new Map([
  ...SECTIONS.filter((name) => name !== '.rodata').map(
    (name) => [name, sectionParser(name)] as const,
  ),
  ['.section', parseSection],
  ...'.globl .global .local .weak .hidden .type .size .file .ident .loc .att_syntax .code32 .arch'
    .split(' ')
    .map((name) => [name, parseIgnored] as const),
  ['.equ', parseEqu],
  ['.set', parseEqu],
  ...'.byte .1byte .dc.b'.split(' ').map((name) => [name, valuesParser(1)] as const),
  ...'.word .short .hword .value .2byte'.split(' ').map((name) => [name, valuesParser(2)] as const),
  ...'.long .int .4byte'.split(' ').map((name) => [name, valuesParser(4)] as const),
  ['.ascii', stringsParser([])],
  ['.asciz', stringsParser([0])],
  ['.string', stringsParser([0])],
  ['.align', alignParser(false)],
  ['.balign', alignParser(false)],
  ['.p2align', alignParser(true)],
  ['.skip', parseSkip],
  ['.space', parseSkip],
  ['.zero', parseSkip],
  ['.fill', parseFill],
]);

/** Parses one directive; `undefined` for one that means nothing here. */
export function parseDirective(cursor: AsmCursor): Parsed<Statement | undefined> {
  const first = cursor.next();
  const parse = DIRECTIVES.get(first.text);
  if (parse !== undefined) return parse(cursor, first);
  if (first.text.startsWith('.cfi_')) return parseIgnored(cursor, first);
  return cursor.fail(complaint(first));
}

function complaint({ span, text }: AsmToken): Diagnostic {
  const reason = REFUSED.get(text);
  return reason === undefined
    ? asmMessages.unknownDirective(span, text, DIRECTIVES.keys())
    : asmMessages.refusedDirective(span, text, reason);
}

function parseExpressions(cursor: AsmCursor): Parsed<Expression[]> {
  const values: Expression[] = [];
  do {
    const value = cursor.parseExpression();
    if (value === FAILED) return FAILED;
    values.push(value);
  } while (cursor.accept(','));
  return values;
}
