/**
 * Macro expansion over a stream of tokens.
 *
 * A macro's substituted body is put before the rest of the input and scanned again. While that body
 * is being read the macro is *active*: its name found there is painted and never expanded any more,
 * which is what makes expansion end (the standard's rule, as GNU cpp does it). Work is bounded for
 * the whole unit, so that macros that double cannot hang anybody.
 */
import { nameInTree, positionOf, type Span } from '../base/span.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import type { Macro } from './macro.ts';
import { substitute, type MacroArguments } from './macroSubstitution.ts';
import type { MacroNames } from './macroTable.ts';
import {
  createEndToken,
  createToken,
  isPunctuator,
  paintToken,
  withExpansion,
  withSpaceBefore,
  WRONG_USE,
  type Token,
} from './token.ts';

/** Tokens that macros may produce in one unit. */
export const EXPANSION_TOKEN_LIMIT = 2_000_000;
/** Macros within macros. */
const EXPANSION_DEPTH_LIMIT = 200;

/** The input behind a macro name: more tokens, of which an argument list may take some. */
export interface TokenInput {
  /** The next token without taking it; `end` where an argument list cannot go on. */
  peek(): Token;
  take(): Token;
  /** As `peek`, but inside an argument list, which may go on behind directives. */
  peekArgument?(): Token;
}

/** What `#line` says about the lines behind it in the file that is being read. */
export interface LineShift {
  /** Added to a line's number. */
  readonly lines: number;
  /** Instead of the file's own name. */
  readonly name: string | undefined;
}

/** A list of tokens as input, `end` behind them. */
export class ListInput implements TokenInput {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;

  constructor(tokens: readonly Token[], at: Span) {
    this.#tokens = tokens;
    this.#end = createEndToken(at);
  }

  peek(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }
}

/** Tokens count as one each, and long ones, which `#` makes, for what copying them takes. */
function costOf(tokens: readonly Token[]): number {
  let cost = tokens.length;
  for (let at = 0; at < tokens.length; at += 1) {
    const length = tokens[at]?.text.length ?? 0;
    if (length > 256) cost += length >> 6;
  }
  return cost;
}

/** A substituted body that is being read. */
interface Context {
  readonly macro: Macro;
  readonly tokens: readonly Token[];
  at: number;
}

const NO_ARGUMENTS: MacroArguments = { raw: [], expanded: () => [] };

export class MacroExpander {
  readonly #macros: MacroNames;
  readonly #sink: DiagnosticSink;
  readonly #active = new Set<Macro>();
  #produced = 0;
  #isExhausted = false;
  #counter = 0;
  #depth = 0;
  /** Of the file that is being read; set by the preprocessor. */
  lineShift: LineShift = { lines: 0, name: undefined };
  /** How many files include the one that is being read; set by the preprocessor. */
  includeLevel = 0;
  /** The name of the outermost macro use that is being expanded. */
  #outermost: Span | undefined;

  constructor(macros: MacroNames, sink: DiagnosticSink) {
    this.#macros = macros;
    this.#sink = sink;
  }

  /** Tokens counted against the bound so far. */
  get produced(): number {
    return this.#produced;
  }

  /** How often `__COUNTER__` was used. */
  get counter(): number {
    return this.#counter;
  }

  /** True after a bound was hit and reported: the unit is given up. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Nothing more is expanded or read; the reason has been reported. */
  giveUp(): void {
    this.#isExhausted = true;
  }

  /** Counts tokens against the bound of the unit. */
  spend(tokens: number, at: Span): void {
    this.#produced += tokens;
    if (this.#isExhausted || this.#produced <= EXPANSION_TOKEN_LIMIT) return;
    this.giveUp();
    this.#sink.report('unit-too-large', at, EXPANSION_TOKEN_LIMIT);
  }

  /** Whether so many tokens more stay within the bound. */
  canSpend(tokens: number): boolean {
    return !this.#isExhausted && this.#produced + tokens <= EXPANSION_TOKEN_LIMIT;
  }

  /** Expands a list that nothing follows. */
  expandList(tokens: readonly Token[], at: Span): Token[] {
    const input = new ListInput(tokens, at);
    const result: Token[] = [];
    while (input.peek().kind !== 'end') this.expandNext(input, result);
    return result;
  }

  /**
   * Takes one token, and more when it names a macro with arguments; appends what it expands to.
   * Every token from a macro says so in `expandedAt`.
   */
  expandNext(input: TokenInput, result: Token[]): void {
    const first = input.take();
    const macro = this.#macroOf(first);
    if (macro === undefined) {
      result.push(this.#painted(first));
      return;
    }
    const reader = new ContextReader(input, this.#active);
    const start = result.length;
    this.#depth += 1;
    const outer = this.#outermost;
    this.#outermost ??= first.span;
    if (this.#depth > EXPANSION_DEPTH_LIMIT) {
      this.#sink.report('macro-too-deep', first.expandedAt ?? first.span, first.text);
      this.giveUp();
    } else if (this.#enter(macro, first, reader)) {
      for (;;) {
        const token = reader.takeFromBody();
        if (token === undefined) break;
        const inner = this.#macroOf(token);
        if (inner === undefined || !this.#enter(inner, token, reader)) {
          result.push(this.#painted(token));
        }
      }
    } else {
      result.push(first);
    }
    this.#depth -= 1;
    this.#outermost = outer;
    const from = first.span;
    for (let index = start; index < result.length; index += 1) {
      const token = result[index];
      if (token === undefined || token === first) continue;
      const atLineStart = index === start && first.atLineStart;
      result[index] = withExpansion(token, from, atLineStart);
    }
  }

  #macroOf(token: Token): Macro | undefined {
    if (token.kind !== 'identifier' || token.isPainted || this.isExhausted) return undefined;
    const macro = this.#macros.get(token.text);
    return macro === undefined || this.#active.has(macro) ? undefined : macro;
  }

  #painted(token: Token): Token {
    if (token.kind !== 'identifier' || token.isPainted || this.#active.size === 0) return token;
    const macro = this.#macros.get(token.text);
    return macro !== undefined && this.#active.has(macro) ? paintToken(token) : token;
  }

  /** Puts the macro's substituted body before the input; false when it is not a use after all. */
  #enter(macro: Macro, name: Token, reader: ContextReader): boolean {
    if (macro.dynamic !== undefined) {
      reader.push(macro, [this.#dynamicToken(macro, name, this.#outermost ?? name.span)]);
      return true;
    }
    let given = NO_ARGUMENTS;
    if (macro.parameters !== undefined) {
      if (!isPunctuator(reader.peek(), '(')) return false;
      const collected = this.#collectArguments(macro, name, reader);
      if (collected === undefined) {
        reader.push(macro, wrongUse(name, reader.peek()));
        return true;
      }
      given = collected;
    }
    const tokens = substitute(macro, given, this.#sink);
    // What was before the name is now before what replaces it; `#` shows it.
    const head = tokens[0];
    if (head !== undefined && head.spaceBefore !== name.spaceBefore) {
      tokens[0] = withSpaceBefore(head, name.spaceBefore);
    }
    this.spend(costOf(tokens) + 1, name.span);
    if (!this.isExhausted) reader.push(macro, tokens);
    return true;
  }

  /**
   * arguments = "(" [argument ("," argument)*] ")"
   *
   * A line that begins with a `}` that none of them opens ends the search for the `)`, so that the
   * rest of the file is not lost.
   */
  #collectArguments(macro: Macro, name: Token, reader: ContextReader): MacroArguments | undefined {
    const parameters = macro.parameters ?? [];
    reader.take();
    const raw: Token[][] = [[]];
    let nesting = 0;
    let braces = 0;
    const misplaced: Token[] = [];
    for (;;) {
      const next = reader.peekArgument();
      if (next.kind === 'end' || (braces === 0 && next.atLineStart && isPunctuator(next, '}'))) {
        this.#sink.report('macro-arguments-open', name.span, macro.name);
        return undefined;
      }
      const token = reader.take();
      if (token.kind === 'annotation') {
        misplaced.push(token);
        continue;
      }
      const text = token.kind === 'punctuator' ? token.text : '';
      if (text === ')' && nesting === 0) break;
      if (text === '(') nesting += 1;
      else if (text === ')') nesting -= 1;
      else if (text === '{') braces += 1;
      else if (text === '}') braces -= 1;
      const takesAll = macro.isVariadic && raw.length === parameters.length;
      if (text === ',' && nesting === 0 && !takesAll) raw.push([]);
      else raw.at(-1)?.push(this.#painted(token));
    }
    for (const token of misplaced) this.#sink.report('annotation-misplaced', token.span);
    if (!this.#checkCount(macro, raw, name)) return undefined;
    const expanded: (Token[] | undefined)[] = [];
    const at = name.span;
    return {
      raw,
      expanded: (index) => (expanded[index] ??= this.expandList(raw[index] ?? [], at)),
    };
  }

  #checkCount(macro: Macro, raw: readonly (readonly Token[])[], name: Token): boolean {
    const needed = macro.parameters?.length ?? 0;
    const found = needed === 0 && raw.length === 1 && raw[0]?.length === 0 ? 0 : raw.length;
    const least = macro.isVariadic ? needed - 1 : needed;
    if (found >= least && found <= needed) return true;
    const count = `${macro.isVariadic ? 'at least ' : ''}${String(least)}`;
    const expected = `${count} argument${least === 1 ? '' : 's'}`;
    this.#sink.report('macro-arguments-count', name.span, macro.name, expected, found);
    return false;
  }

  #dynamicToken(macro: Macro, name: Token, at: Span): Token {
    const make = (kind: 'number' | 'string', text: string) =>
      createToken(kind, text, name.span, false, name.spaceBefore);
    switch (macro.dynamic) {
      case 'file':
        return make('string', quote(this.lineShift.name ?? nameInTree(at.file)));
      case 'counter':
        this.#counter += 1;
        return make('number', String(this.#counter - 1));
      case 'level':
        return make('number', String(this.includeLevel));
      case 'line':
      case undefined: {
        const { line1 } = positionOf(at.file, at.start);
        return make('number', String(line1 + this.lineShift.lines));
      }
    }
  }
}

/** What stands for a use that is wrong; the search for a missing `)` took the `;` too. */
function wrongUse(name: Token, next: Token): Token[] {
  const isOpen = next.kind === 'end' || (next.atLineStart && isPunctuator(next, '}'));
  const word = createToken('identifier', WRONG_USE, name.span, false, name.spaceBefore);
  return isOpen ? [word, createToken('punctuator', ';', name.span, false, false)] : [word];
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Reads bodies that were put before an input, then the input; closes macros as they end. */
class ContextReader {
  readonly #input: TokenInput;
  readonly #active: Set<Macro>;
  readonly #contexts: Context[] = [];

  constructor(input: TokenInput, active: Set<Macro>) {
    this.#input = input;
    this.#active = active;
  }

  push(macro: Macro, tokens: readonly Token[]): void {
    this.#contexts.push({ macro, tokens, at: 0 });
    this.#active.add(macro);
  }

  /** The next token, from the input when all bodies have been read. */
  peek(): Token {
    const context = this.#innermost();
    return context?.tokens[context.at] ?? this.#input.peek();
  }

  /** As `peek`, inside an argument list. */
  peekArgument(): Token {
    const context = this.#innermost();
    const inner = context?.tokens[context.at];
    return inner ?? this.#input.peekArgument?.() ?? this.#input.peek();
  }

  take(): Token {
    return this.takeFromBody() ?? this.#input.take();
  }

  /** The next token of a body; `undefined` when all have been read. */
  takeFromBody(): Token | undefined {
    const context = this.#innermost();
    if (context === undefined) return undefined;
    const token = context.tokens[context.at];
    context.at += 1;
    return token;
  }

  /** The body to read from; macros whose bodies have been read may be used again. */
  #innermost(): Context | undefined {
    for (;;) {
      const context = this.#contexts.at(-1);
      if (context === undefined || context.at < context.tokens.length) return context;
      this.#contexts.pop();
      this.#active.delete(context.macro);
    }
  }
}
