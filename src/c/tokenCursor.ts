/**
 * The parser's position in the tokens of a unit, and how it gets going again after a syntax error.
 *
 * Annotations stand between the other tokens; the cursor takes them out, so that the grammar meets
 * them only where it asks. After a syntax error the cursor moves on to a place where a statement or
 * declaration can end (`;`, the `}` of the block) or begin (a keyword on a new line) and panics:
 * until the parser has recovered, it accepts nothing and reports nothing.
 */
import type { Span } from '../base/span.ts';
import { createEndToken, type Token } from './token.ts';

/** Keywords that begin a statement; on a new line one of them ends a skip. */
const STATEMENT_KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'while',
  'for',
  'do',
  'switch',
  'return',
  'goto',
  'break',
  'continue',
  'case',
  'default',
]);

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

export class TokenCursor {
  readonly #tokens: readonly Token[];
  /** Annotations by the index of the token behind them. */
  readonly #annotations: Map<number, Token[]>;
  #position = 0;
  #brackets: Int32Array | undefined;
  /** The current token. */
  token: Token;
  /** The token before it; the first token itself at the start. */
  previous: Token;
  isPanicking = false;
  /** Whether it ever did: tokens were passed over. */
  hasPanicked = false;
  /** Whether all open blocks are being left, because a `}` is missing; panics meanwhile. */
  isLeaving = false;
  /** Index of the `{` of the innermost block or record body; -1 outside of all. */
  blockOpen = -1;

  constructor(tokens: readonly Token[], fallback: Span) {
    // Most units have their first annotation late, if any.
    let index = 0;
    while (index < tokens.length && tokens[index]?.kind !== 'annotation') index += 1;
    const kept = tokens.slice(0, index);
    this.#annotations = new Map();
    for (; index < tokens.length; index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      if (token.kind !== 'annotation') kept.push(token);
      else {
        const waiting = this.#annotations.get(kept.length);
        if (waiting === undefined) this.#annotations.set(kept.length, [token]);
        else waiting.push(token);
      }
    }
    const last = kept.at(-1);
    if (last?.kind !== 'end') kept.push(createEndToken(last?.span ?? fallback));
    this.#tokens = kept;
    this.token = kept[0] ?? createEndToken(fallback);
    this.previous = this.token;
  }

  /** The index of the current token. */
  get position(): number {
    return this.#position;
  }

  /** Moves to the next token; the `end` token is never left. */
  advance(): Token {
    const { token } = this;
    if (token.kind === 'end') return token;
    this.#position += 1;
    this.previous = token;
    this.token = this.#tokens[this.#position] ?? token;
    return token;
  }

  /** The token so many places further on. */
  peek(distance: number): Token {
    return this.#tokens[this.#position + distance] ?? this.#tokens.at(-1) ?? this.token;
  }

  at(text: string): boolean {
    return this.token.text === text && !this.isPanicking;
  }

  /** Takes the current token if it reads so. */
  accept(text: string): boolean {
    if (this.token.text !== text || this.isPanicking) return false;
    this.advance();
    return true;
  }

  /** Takes the annotations that stand right before the current token. */
  takeAnnotations(): readonly Token[] {
    if (this.#annotations.size === 0) return [];
    const found = this.#annotations.get(this.#position);
    if (found === undefined) return [];
    this.#annotations.delete(this.#position);
    return found;
  }

  /** Takes the annotations before the tokens from one index to another, both included. */
  takeAnnotationsBetween(from: number, to: number): readonly Token[] {
    const taken: Token[] = [];
    if (this.#annotations.size === 0) return taken;
    for (let index = from; index <= to; index += 1) {
      const tokens = this.#annotations.get(index);
      if (tokens === undefined) continue;
      taken.push(...tokens);
      this.#annotations.delete(index);
    }
    return taken;
  }

  /** Annotations that nobody took. */
  remainingAnnotations(): readonly Token[] {
    return [...this.#annotations.values()].flat();
  }

  /** Goes on at the token with this index. */
  moveTo(position: number): void {
    this.#position = Math.min(position, this.#tokens.length - 1);
    this.token = this.#tokens[this.#position] ?? this.token;
    this.previous = this.#tokens[Math.max(0, this.#position - 1)] ?? this.token;
  }

  /** Gives up the rest of the unit. */
  moveToEnd(): void {
    this.moveTo(this.#tokens.length - 1);
  }

  /** The index of the bracket that belongs to the one at this index; -1 when it has none. */
  matchingBracket(position: number): number {
    this.#brackets ??= matchBrackets(this.#tokens);
    return this.#brackets[position] ?? -1;
  }

  /** Starts to panic: moves on to where the parser can recover. */
  panic(): void {
    this.isPanicking = true;
    this.hasPanicked = true;
    while (this.token.kind !== 'end' && !this.#isRecoveryPoint()) {
      const close = CLOSING.has(this.token.text) ? this.matchingBracket(this.#position) : -1;
      const isBlock = this.token.text === '{';
      if (close < 0) this.advance();
      else this.moveTo(close + 1);
      if (isBlock && close >= 0 && this.token.atLineStart) return;
    }
  }

  #isRecoveryPoint(): boolean {
    const { text, kind } = this.token;
    if (text === ';') return true;
    if (text === '}') {
      const open = this.matchingBracket(this.#position);
      return open === this.blockOpen || open < 0;
    }
    if (!this.token.atLineStart || kind !== 'identifier') return false;
    return this.blockOpen >= 0 ? STATEMENT_KEYWORDS.has(text) : isAtMargin(this.token);
  }

  /** Ends a panic behind the `;` it stopped at. */
  recover(): void {
    if (!this.isPanicking || this.isLeaving || this.token.kind === 'end') return;
    this.isPanicking = false;
    this.accept(';');
  }

  /**
   * At file scope, behind a mistake: passes over indented lines, which belong to something broken,
   * and the `}` at the margin that ends it.
   */
  skipIndented(): void {
    if (!isIndented(this.token)) return;
    while (this.token.kind !== 'end') {
      const { token } = this;
      const isLabel = this.peek(1).text === ':';
      if (token.atLineStart && isAtMargin(token) && /^[\w}]/.test(token.text) && !isLabel) break;
      this.advance();
    }
    if (this.accept('}')) this.accept(';');
  }

  /** Goes back to the token with this index and leaves all blocks, as if their `}` stood there. */
  leaveBlocks(position: number): void {
    this.moveTo(position);
    this.isPanicking = true;
    this.isLeaving = true;
  }

  /** All blocks are left. */
  stopLeaving(): void {
    if (!this.isLeaving) return;
    this.isLeaving = false;
    this.isPanicking = false;
  }

  /** Ends a panic inside brackets: goes on behind the bracket that closes the one at this index. */
  recoverBehind(open: number): void {
    if (!this.isPanicking || this.isLeaving) return;
    const close = this.matchingBracket(open);
    if (close < open) return;
    this.isPanicking = false;
    this.moveTo(close + 1);
  }
}

/** Whether the token stands in the first column. */
export function isAtMargin(token: Token): boolean {
  const { file, start } = token.expandedAt ?? token.span;
  return start === 0 || file.text[start - 1] === '\n';
}

/** Whether the token is the first of an indented line. */
export function isIndented(token: Token): boolean {
  return token.atLineStart && token.kind !== 'end' && !isAtMargin(token);
}

/** Pairs brackets; a closing one ends all inner ones that were left open. */
function matchBrackets(tokens: readonly Token[]): Int32Array {
  const matches = new Int32Array(tokens.length).fill(-1);
  const open: { readonly index: number; readonly closing: string }[] = [];
  const waiting = new Map<string, number>();
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'punctuator') continue;
    const { text } = token;
    const closing = CLOSING.get(text);
    if (closing !== undefined) {
      open.push({ index, closing });
      waiting.set(closing, (waiting.get(closing) ?? 0) + 1);
    } else if ((waiting.get(text) ?? 0) > 0) {
      for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
        waiting.set(inner.closing, (waiting.get(inner.closing) ?? 1) - 1);
        if (inner.closing !== text) continue;
        matches[inner.index] = index;
        matches[index] = inner.index;
        break;
      }
    }
  }
  return matches;
}

/**
 * Where a reader looks for a token: at the use of its macro, unless it was written as an argument.
 * What a macro made has both places.
 */
export function tokenPlace(token: Token): Span {
  const { span, expandedAt } = token;
  if (expandedAt === undefined) return span;
  const { file, start, end } = expandedAt;
  const isArgument = span.file === file && span.start >= end;
  if (isArgument) return { file, start: span.start, end: span.end, argumentOf: expandedAt };
  return { file, start, end, inMacro: span };
}

/** Where the macro use begins that the span is a part of; -1 for none. */
function useOf({ start, inMacro, argumentOf }: Span): number {
  return inMacro === undefined ? (argumentOf?.start ?? -1) : start;
}

/** From the first place to the second, which are usually in one file. */
export function joinSpans(first: Span, second: Span): Span {
  const { file } = first;
  if (file !== second.file) return first;
  const isPlain = first.inMacro === undefined && first.argumentOf === undefined;
  const use = isPlain ? -1 : useOf(first);
  if (use >= 0 && use === useOf(second)) return joinInUse(first, second);
  const start = first.start < second.start ? first.start : second.start;
  const end = first.end > second.end ? first.end : second.end;
  const isFirst = use < 0 && start === first.start && end === first.end;
  return isFirst ? first : { file, start, end };
}

/** Both come from one use of a macro: what touches its body stands for the use. */
function joinInUse(first: Span, second: Span): Span {
  const { file } = first;
  if (first.inMacro === undefined && second.inMacro === undefined) {
    const start = Math.min(first.start, second.start);
    const end = Math.max(first.end, second.end);
    return { file, start, end, ...(first.argumentOf && { argumentOf: first.argumentOf }) };
  }
  const shown = first.inMacro === undefined ? second : first;
  const one = first.inMacro ?? second.inMacro;
  const other = second.inMacro ?? one;
  if (one === undefined || other === undefined) return shown;
  return { file, start: shown.start, end: shown.end, inMacro: joinSpans(one, other) };
}
