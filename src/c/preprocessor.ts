/**
 * The preprocessor: a unit's file and what it includes become one list of tokens for the parser.
 *
 * In goes the text of a unit; out come its tokens with all macros expanded, the macros at its end
 * and the files that were read. Annotation comments are split here, because their expressions see
 * the macros of their place. Includes, expansion and nesting have bounds; after a bound was hit the
 * rest of the unit is left out, and the complaint says so.
 */
import type { SourceFile, Span } from '../base/span.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import { parseAnnotation } from './annotationForm.ts';
import { ConditionalStack } from './conditionalStack.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { repairTokens } from './invalidToken.ts';
import { lexFile, FILE_CHARACTER_LIMIT, type LexedFile } from './lexedFile.ts';
import { isSameMacro, readMacro, spellTokens, type Macro } from './macro.ts';
import { MacroExpander, type TokenInput } from './macroExpander.ts';
import { predefinedMacros, readDefinitions } from './predefinedMacros.ts';
import { createEndToken, createToken, isPunctuator, type Token } from './token.ts';

/** Files within files. */
const INCLUDE_DEPTH_LIMIT = 100;
/** What an included file costs beside its tokens, so that empty files are bounded too. */
const INCLUDE_COST = 50;

/** Finds an included file: `"path"` is `quote`, `<path>` is `angle`. */
export type ResolveInclude = (
  path: string,
  form: 'angle' | 'quote',
  from: SourceFile,
) => SourceFile | undefined;

/** What surrounds the units of a compilation. */
export interface PreprocessOptions {
  readonly resolveInclude: ResolveInclude;
  readonly language: AnnotationLanguage;
  /** Macros defined from outside: name to body. */
  readonly defines?: Readonly<Record<string, string>>;
}

/** A unit as the parser gets it. */
export interface PreprocessedUnit {
  /** The last token is `end`. */
  readonly tokens: readonly Token[];
  /** The macros at the end of the unit, the predefined ones included. */
  readonly macros: ReadonlyMap<string, Macro>;
  /** The unit's file, then the headers in the order in which they were first read. */
  readonly files: readonly SourceFile[];
}

/** Preprocesses one unit. Errors: reported to the sink. Cost: linear in the text that is read. */
export function preprocess(
  unit: SourceFile,
  options: PreprocessOptions,
  sink: DiagnosticSink,
): PreprocessedUnit {
  return new Preprocessor(options, sink).run(unit);
}

/** Lexes and expands an expression that is not part of a file, such as one typed in a debugger. */
export function expandText(
  file: SourceFile,
  macros: ReadonlyMap<string, Macro>,
  sink: DiagnosticSink,
): Token[] {
  const { tokens } = lexFile(file);
  const span = { file, start: 0, end: file.text.length };
  const expanded = new MacroExpander(macros, sink).expandList(tokens.slice(0, -1), span);
  repairTokens(expanded, 0, sink);
  return [...expanded, createEndToken(span)];
}

/** Walks the tokens of one file; an argument list cannot go on over a directive. */
class FileCursor implements TokenInput {
  readonly lexed: LexedFile;
  readonly file: SourceFile;
  at = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.lexed = lexFile(file);
  }

  peek(): Token {
    const token = this.current();
    const isDirective = token.atLineStart && isPunctuator(token, '#');
    return isDirective ? createEndToken(token.span) : token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  /** The token here, a directive's `#` included. */
  current(): Token {
    return this.lexed.tokens[this.at] ?? createEndToken({ file: this.file, start: 0, end: 0 });
  }

  /** Takes the rest of a directive's line, annotations left out. */
  takeLine(): Token[] {
    const line: Token[] = [];
    for (;;) {
      const token = this.current();
      if (token.atLineStart || token.kind === 'end') return line;
      if (token.kind !== 'annotation') line.push(token);
      this.at += 1;
    }
  }
}

class Preprocessor {
  readonly #options: PreprocessOptions;
  readonly #sink: DiagnosticSink;
  readonly #macros = new Map<string, Macro>();
  readonly #expander: MacroExpander;
  readonly #tokens: Token[] = [];
  readonly #files = new Set<SourceFile>();
  readonly #once = new Set<SourceFile>();
  #depth = 0;

  constructor(options: PreprocessOptions, sink: DiagnosticSink) {
    this.#options = options;
    this.#sink = sink;
    this.#expander = new MacroExpander(this.#macros, sink);
    for (const macro of predefinedMacros()) this.#macros.set(macro.name, macro);
    const lines = Object.entries(options.defines ?? {}).map(([name, body]) => `${name} ${body}\n`);
    const file = { path: '<command line>', text: lines.join('') };
    for (const macro of readDefinitions(file, sink)) this.#macros.set(macro.name, macro);
  }

  run(unit: SourceFile): PreprocessedUnit {
    this.#readFile(unit);
    const end = { file: unit, start: unit.text.length, end: unit.text.length };
    this.#tokens.push(createEndToken(end));
    return { tokens: this.#tokens, macros: this.#macros, files: [...this.#files] };
  }

  #readFile(file: SourceFile): void {
    this.#files.add(file);
    if (file.text.length > FILE_CHARACTER_LIMIT) {
      this.#sink.report('file-too-large', { file, start: 0, end: 1 }, FILE_CHARACTER_LIMIT);
      return;
    }
    const cursor = new FileCursor(file);
    const conditionals = new ConditionalStack(this.#macros, this.#expander, this.#sink);
    for (;;) {
      const token = cursor.current();
      if (token.kind === 'end' || this.#expander.isExhausted) break;
      if (token.atLineStart && isPunctuator(token, '#')) {
        this.#readDirective(cursor, conditionals);
        if (!conditionals.isReading) skipToDirective(cursor);
      } else if (token.kind === 'identifier' && this.#macros.has(token.text)) {
        const start = this.#tokens.length;
        this.#expander.expandNext(cursor, this.#tokens);
        repairTokens(this.#tokens, start, this.#sink);
      } else if (token.kind === 'annotation') {
        cursor.at += 1;
        this.#readAnnotation(token);
      } else {
        cursor.at += 1;
        this.#tokens.push(token);
        if (token.kind === 'invalid')
          repairTokens(this.#tokens, this.#tokens.length - 1, this.#sink);
      }
    }
    conditionals.close();
  }

  #readAnnotation(token: Token): void {
    const expand = (tokens: readonly Token[], at: Span) => this.#expander.expandList(tokens, at);
    const annotation = parseAnnotation(token, this.#options.language, expand, this.#sink);
    this.#tokens.push({ ...token, annotation });
  }

  /** directive = "#" [name rest-of-line] */
  #readDirective(cursor: FileCursor, conditionals: ConditionalStack): void {
    const hash = cursor.current();
    cursor.at += 1;
    const line = cursor.takeLine();
    const [name] = line;
    if (name === undefined || name.kind === 'number') return;
    const rest = line.slice(1);
    if (conditionals.read(name, rest) || !conditionals.isReading) return;
    switch (name.text) {
      case 'define':
        this.#define(rest, name.span);
        return;
      case 'undef':
        this.#undefine(rest, name.span);
        return;
      case 'include':
        this.#include(rest, name.span, cursor.file);
        return;
      case 'error':
      case 'warning': {
        const span = { ...hash.span, end: line.at(-1)?.span.end ?? hash.span.end };
        const text = spellTokens(rest);
        this.#sink.report(name.text === 'error' ? 'user-error' : 'user-warning', span, text);
        return;
      }
      case 'pragma':
        if (rest[0]?.text === 'once') this.#once.add(cursor.file);
        if (rest[0]?.text === 'pack') this.#passPragma(rest, name.span);
        return;
      case 'line':
      case 'ident':
        return;
      default:
        this.#sink.report('unknown-directive', name.span, name.text);
    }
  }

  /** Hands a pragma to the parser in the form `_Pragma("…")`. */
  #passPragma(rest: readonly Token[], at: Span): void {
    this.#tokens.push(
      createToken('identifier', '_Pragma', at, true, false),
      createToken('punctuator', '(', at, false, false),
      createToken('string', `"${spellTokens(rest)}"`, at, false, false),
      createToken('punctuator', ')', at, false, false),
    );
  }

  #define(rest: readonly Token[], at: Span): void {
    const macro = readMacro(rest, at, this.#sink);
    if (macro === undefined) return;
    const earlier = this.#macros.get(macro.name);
    if (earlier !== undefined && !isSameMacro(earlier, macro)) {
      const isOurs = earlier.span.file.path.startsWith('<');
      const note = { message: 'the earlier definition is here', span: earlier.span };
      const notes = isOurs ? [] : [note];
      this.#sink.reportWithNotes('macro-redefined', macro.span, notes, macro.name);
    }
    this.#macros.set(macro.name, macro);
  }

  #undefine(rest: readonly Token[], at: Span): void {
    const [name, extra] = rest;
    if (name?.kind !== 'identifier')
      this.#sink.report('macro-name-missing', name?.span ?? at, 'undef');
    else this.#macros.delete(name.text);
    if (extra !== undefined) this.#sink.report('directive-extra-tokens', extra.span, 'undef');
  }

  /** include = string | "<" … ">" | tokens that expand to one of these */
  #include(rest: readonly Token[], at: Span, from: SourceFile): void {
    const isLiteral = rest[0]?.kind === 'string' || rest[0]?.text === '<';
    const tokens = isLiteral ? rest : this.#expander.expandList(rest, at);
    const target = includeTarget(tokens, isLiteral);
    const span = spanOf(rest, at);
    if (target === undefined) {
      this.#sink.report('include-form', span);
      return;
    }
    if (target.extra !== undefined) {
      this.#sink.report('directive-extra-tokens', target.extra.span, 'include');
    }
    const file = this.#options.resolveInclude(target.path, target.form, from);
    if (file === undefined) {
      this.#sink.report('include-not-found', span, target.path);
      return;
    }
    if (this.#isAlreadyThere(file)) return;
    this.#expander.spend(INCLUDE_COST, span);
    if (this.#depth >= INCLUDE_DEPTH_LIMIT) {
      this.#sink.report('include-too-deep', span, INCLUDE_DEPTH_LIMIT);
      this.#expander.giveUp();
      return;
    }
    this.#depth += 1;
    this.#readFile(file);
    this.#depth -= 1;
  }

  #isAlreadyThere(file: SourceFile): boolean {
    if (this.#once.has(file)) return true;
    if (!this.#files.has(file)) return false;
    const { guard } = lexFile(file);
    return guard !== undefined && this.#macros.has(guard);
  }
}

/** Goes on to the next directive of the file, or to its end. */
function skipToDirective(cursor: FileCursor): void {
  const { directives, tokens } = cursor.lexed;
  let low = 0;
  let high = directives.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((directives[middle] ?? 0) < cursor.at) low = middle + 1;
    else high = middle;
  }
  cursor.at = directives[low] ?? tokens.length - 1;
}

function spanOf(tokens: readonly Token[], at: Span): Span {
  const [first] = tokens;
  return first === undefined
    ? at
    : { ...first.span, end: tokens.at(-1)?.span.end ?? first.span.end };
}

interface IncludeTarget {
  readonly path: string;
  readonly form: 'angle' | 'quote';
  readonly extra: Token | undefined;
}

function includeTarget(tokens: readonly Token[], isLiteral: boolean): IncludeTarget | undefined {
  const [first] = tokens;
  if (first?.kind === 'string') {
    return { path: first.text.slice(1, -1), form: 'quote', extra: tokens[1] };
  }
  const close = tokens.findIndex((token) => isPunctuator(token, '>'));
  const last = tokens[close];
  if (first === undefined || last === undefined || !isPunctuator(first, '<')) return undefined;
  const { file } = first.span;
  const path = isLiteral
    ? file.text.slice(first.span.end, last.span.start)
    : spellTokens(tokens.slice(1, close));
  return { path: path.trim(), form: 'angle', extra: tokens[close + 1] };
}
