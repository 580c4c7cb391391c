/**
 * The `#if` groups that are open in one file, and whether the text at the cursor is read.
 *
 * Groups never reach over the end of a file. Expressions in groups that are left out anyway are not
 * looked at, as C demands.
 */
import type { Span } from '../base/span.ts';
import { evaluateConditional } from './conditionalExpression.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import type { MacroExpander } from './macroExpander.ts';
import type { MacroNames } from './macroTable.ts';
import { createToken, isPunctuator, type Token } from './token.ts';

interface Group {
  /** The name in the directive that opened it. */
  readonly opened: Token;
  /** The text around the group is read. */
  readonly isReachable: boolean;
  /** The text here is read. */
  isReading: boolean;
  /** A part of it has been read, so that no other will be. */
  isDecided: boolean;
  hasElse: boolean;
}

/** The groups of one file as they were at some point. */
export type ConditionalGroups = readonly Readonly<Group>[];

export class ConditionalStack {
  readonly #macros: MacroNames;
  readonly #expander: MacroExpander;
  readonly #sink: DiagnosticSink;
  #groups: Group[] = [];

  constructor(macros: MacroNames, expander: MacroExpander, sink: DiagnosticSink) {
    this.#macros = macros;
    this.#expander = expander;
    this.#sink = sink;
  }

  /** Whether the text at this point belongs to the program. */
  get isReading(): boolean {
    return this.#groups.at(-1)?.isReading ?? true;
  }

  /** The groups that are open here. */
  save(): ConditionalGroups {
    return this.#groups.map((group) => ({ ...group }));
  }

  /** Goes on with groups that were open at some point. */
  restore(groups: ConditionalGroups): void {
    this.#groups = groups.map((group) => ({ ...group }));
  }

  /** Reads a directive if it is one of conditions; whether it was. */
  read(name: Token, rest: readonly Token[]): boolean {
    switch (name.text) {
      case 'if':
        this.#open(name, () => this.#evaluate(rest, name.span));
        return true;
      case 'ifdef':
        this.#open(name, () => this.#isDefined(name, rest));
        return true;
      case 'ifndef':
        this.#open(name, () => !this.#isDefined(name, rest));
        return true;
      case 'elif':
      case 'else':
        this.#alternative(name, rest);
        return true;
      case 'endif': {
        const group = this.#groups.pop();
        if (group === undefined) this.#sink.report('conditional-without-if', name.span, 'endif');
        else if (group.isReachable) this.#checkEnd(name, rest[0]);
        return true;
      }
      default:
        return false;
    }
  }

  /** At the end of the file: complains about groups that are still open. */
  close(): void {
    for (const { opened } of this.#groups) {
      this.#sink.report('conditional-open', opened.span, opened.text);
    }
  }

  #open(name: Token, condition: () => boolean): void {
    const isReachable = this.isReading;
    const isReading = isReachable && condition();
    this.#groups.push({
      opened: name,
      isReachable,
      isReading,
      isDecided: isReading,
      hasElse: false,
    });
  }

  #alternative(name: Token, rest: readonly Token[]): void {
    const group = this.#groups.at(-1);
    if (group === undefined) {
      this.#sink.report('conditional-without-if', name.span, name.text);
      return;
    }
    if (group.hasElse) this.#sink.report('conditional-after-else', name.span, name.text);
    const isElse = name.text === 'else';
    group.hasElse ||= isElse;
    const isOpen = group.isReachable && !group.isDecided;
    group.isReading = isOpen && (isElse || this.#evaluate(rest, name.span));
    group.isDecided ||= group.isReading;
    if (isElse && group.isReachable) this.#checkEnd(name, rest[0]);
  }

  #checkEnd(name: Token, extra: Token | undefined): void {
    if (extra !== undefined) this.#sink.report('directive-extra-tokens', extra.span, name.text);
  }

  #isDefined(name: Token, rest: readonly Token[]): boolean {
    const [macro, extra] = rest;
    if (macro?.kind !== 'identifier') {
      this.#sink.report('macro-name-missing', macro?.span ?? name.span, name.text);
      return false;
    }
    this.#checkEnd(name, extra);
    return this.#macros.has(macro.text);
  }

  #evaluate(tokens: readonly Token[], at: Span): boolean {
    const answered = this.#answerDefined(tokens);
    const expanded = this.#expander.expandList(answered, at);
    return (evaluateConditional(expanded, at, this.#sink) ?? 0n) !== 0n;
  }

  /** Replaces `defined NAME` and `defined(NAME)` by 1 or 0. */
  #answerDefined(tokens: readonly Token[]): Token[] {
    const result: Token[] = [];
    for (let at = 0; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token === undefined) break;
      if (token.text !== 'defined' || token.kind !== 'identifier') {
        result.push(token);
        continue;
      }
      const open = tokens[at + 1];
      const hasParentheses = open !== undefined && isPunctuator(open, '(');
      const name = tokens[at + (hasParentheses ? 2 : 1)];
      const isClosed = !hasParentheses || tokens[at + 3]?.text === ')';
      if (name?.kind !== 'identifier' || !isClosed) {
        this.#sink.report('conditional-expression', token.span, '`defined` needs a macro name');
      }
      const answer = this.#macros.has(name?.text ?? '') ? '1' : '0';
      result.push(createToken('number', answer, token.span, false, token.spaceBefore));
      at += hasParentheses ? 3 : 1;
    }
    return result;
  }
}
