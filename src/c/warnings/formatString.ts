/**
 * Warnings about a format and its arguments, for functions that are declared with
 * `__attribute__((format(printf, …)))`, such as `printk`.
 *
 * Only formats that are string literals are read. An `int` and a `long` have one size here, but C does
 * not promise that, so they are told apart.
 * Source: C99 7.19.6.1; the kernel's own `%p` extensions begin with `%p` and are not looked into.
 */
import { representationOf, typeName, type CType } from '../../bytecode/ctype.ts';
import type { CallExpression, Expression, StringExpression } from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';
import { isIntegerLike } from '../typeRelation.ts';

const CONVERSION = /%(?:%|([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?(hh|ll|[hljztLqZ])?(.?))/gs;

/** What an integer conversion takes, by its length modifier. */
const INTEGERS: Readonly<Record<string, readonly string[]>> = {
  '': ['int', 'unsigned int'],
  hh: ['int', 'unsigned int'],
  h: ['int', 'unsigned int'],
  l: ['long', 'unsigned long'],
  ll: ['long long', 'unsigned long long'],
  L: ['long long', 'unsigned long long'],
  q: ['long long', 'unsigned long long'],
  j: ['long long', 'unsigned long long'],
  z: ['int', 'unsigned int'],
  Z: ['int', 'unsigned int'],
  t: ['int', 'unsigned int'],
};

function withoutDecay(node: Expression): Expression {
  if (node.kind === 'cast' && node.operand.kind === 'decay') return withoutDecay(node.operand);
  return node.kind === 'decay' ? node.operand : node;
}

/** The literals that the argument may be: one, or those of both branches of `?:`. */
function literalsOf(node: Expression): readonly StringExpression[] {
  if (node.kind === 'conditional') return [node.whenTrue, node.whenFalse].flatMap(literalsOf);
  const inner = withoutDecay(node);
  return inner.kind === 'string' ? [inner] : [];
}

function isCharacterPointer(type: CType): boolean {
  if (type.kind !== 'pointer') return false;
  const { target } = type;
  return target.kind === 'integer' && target.size === 1;
}

/** What the conversion takes; `undefined` when the argument fits. */
function mismatch(length: string, letter: string, type: CType): string | undefined {
  switch (letter) {
    case 's':
      return isCharacterPointer(type) ? undefined : 'a `char *`';
    case 'p':
      return type.kind === 'pointer' ? undefined : 'a pointer';
    case 'n':
      return type.kind === 'pointer' ? undefined : 'an `int *`';
    default: {
      const names = INTEGERS[length] ?? INTEGERS[''] ?? [];
      const name = isIntegerLike(type) ? representationOf(type).name : '';
      const expected = `\`${names[letter === 'd' || letter === 'i' || letter === 'c' ? 0 : 1] ?? ''}\``;
      const article = /^`(?:int|unsigned int)/.test(expected) ? 'an' : 'a';
      return names.includes(name) ? undefined : `${article} ${expected}`;
    }
  }
}

/** The place of a conversion in a literal without escapes before it; the whole literal otherwise. */
function conversionSpan(literal: StringExpression, at: number, length: number): Expression['span'] {
  const { file, start, end } = literal.span;
  const written = file.text.slice(start, end);
  const isPlain = literal.span.inMacro === undefined && /^"[^"\\]*/.test(written);
  const prefix = /^"[^"\\]*/.exec(written)?.[0] ?? '';
  if (!isPlain || prefix.length < 1 + at + length) return literal.span;
  return { file, start: start + 1 + at, end: start + 1 + at + length };
}

class FormatCheck {
  readonly #context: ParseContext;
  readonly #literal: StringExpression;
  readonly #rest: readonly Expression[];
  #next = 0;

  constructor(context: ParseContext, literal: StringExpression, rest: readonly Expression[]) {
    this.#context = context;
    this.#literal = literal;
    this.#rest = rest;
  }

  run(): void {
    const text = Array.from(this.#literal.bytes.subarray(0, -1), (byte) =>
      String.fromCharCode(byte),
    ).join('');
    for (const match of text.matchAll(CONVERSION)) {
      const [whole, , width, precision, length = '', letter = ''] = match;
      if (whole === '%%') continue;
      const span = conversionSpan(this.#literal, match.index, whole.length);
      if (!/^[diouxXcspn]$/.test(letter)) {
        this.#context.report('format-unknown', span, whole);
        return;
      }
      if (width === '*' && !this.#take('*', '', 'd', span)) return;
      if (precision === '*' && !this.#take('*', '', 'd', span)) return;
      if (!this.#take(whole, length, letter, span)) return;
    }
    const extra = this.#rest[this.#next];
    if (extra !== undefined) this.#context.report('format-extra', extra.span);
  }

  /** Compares the next argument; false when there is none. */
  #take(shown: string, length: string, letter: string, span: Expression['span']): boolean {
    const argument = this.#rest[this.#next];
    this.#next += 1;
    if (argument === undefined) {
      this.#context.report('format-missing', span, shown);
      return false;
    }
    const expected = mismatch(length, letter, argument.type);
    if (expected !== undefined) {
      const type = typeName(argument.type);
      this.#context.report('format-argument', argument.span, shown, expected, type);
    }
    return true;
  }
}

/** Checks the arguments of a call against its format. */
export function warnFormat(context: ParseContext, node: CallExpression): void {
  if (node.callee.kind !== 'function') return;
  const { format } = node.callee.symbol;
  const text = format === undefined ? undefined : node.arguments[format.text - 1];
  if (format === undefined || text === undefined) return;
  const rest = format.first === 0 ? undefined : node.arguments.slice(format.first - 1);
  if (rest === undefined) return;
  for (const literal of literalsOf(text)) new FormatCheck(context, literal, rest).run();
}
