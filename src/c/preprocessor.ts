/**
 * The preprocessor: a unit's file and what it includes become one list of tokens for the parser.
 *
 * In goes the text of a unit; out come its tokens with all macros expanded, the macros at its end
 * and the files that were read. Annotation comments are split here, because their expressions see
 * the macros of their place. Includes, expansion and nesting have bounds; after a bound was hit the
 * rest of the unit is left out, and the complaint says so.
 */
import { closestName, didYouMean } from '../base/closestName.ts';
import { positionOf, type SourceFile, type Span } from '../base/span.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import { parseAnnotation } from './annotationForm.ts';
import { ConditionalStack } from './conditionalStack.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { FileCursor } from './fileCursor.ts';
import {
  isReusable,
  openSegment,
  type HeaderCache,
  type HeaderChunk,
  type HeaderRecord,
  type OpenSegment,
  type UnitCounts,
} from './headerCache.ts';
import { repairTokens } from './invalidToken.ts';
import { includeTarget } from './includeTarget.ts';
import { lexFile, FILE_CHARACTER_LIMIT } from './lexedFile.ts';
import { isSameMacro, readMacro, spellTokens, type Macro } from './macro.ts';
import { MacroExpander } from './macroExpander.ts';
import { MacroTable, toMacroList } from './macroTable.ts';
import { predefinedMacros, readDefinitions } from './predefinedMacros.ts';
import { createEndToken, createToken, withAnnotation, type Token } from './token.ts';

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
  /** The paths that `resolveInclude` would find from a file, for suggestions. */
  readonly listIncludes?: (from: SourceFile) => Iterable<string>;
  readonly language: AnnotationLanguage;
  /** Macros defined from outside: name to body. */
  readonly defines?: Readonly<Record<string, string>>;
  /** Of the compilation; without it every header is read anew. */
  readonly headers?: HeaderCache;
}

/** A run of a unit's tokens. */
export interface UnitPiece {
  /** Not empty. */
  readonly tokens: readonly Token[];
  /** Set when they are a segment of a header, which other units can meet too. */
  readonly chunk: HeaderChunk | undefined;
}

/** A unit as the parser gets it. */
export interface PreprocessedUnit {
  /** Its tokens in pieces; the last token is `end`. */
  readonly pieces: readonly UnitPiece[];
  /** The same in one list, made when somebody asks. */
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

class Preprocessor {
  readonly #options: PreprocessOptions;
  readonly #sink: DiagnosticSink;
  readonly #macros = new MacroTable();
  readonly #expander: MacroExpander;
  /** What has been read since the last piece. */
  #tokens: Token[] = [];
  readonly #pieces: UnitPiece[] = [];
  /** The segment of the header at hand, when it is read for the first time. */
  #segment: OpenSegment | undefined;
  readonly #files = new Set<SourceFile>();
  readonly #once = new Set<SourceFile>();
  #depth = 0;

  constructor(options: PreprocessOptions, sink: DiagnosticSink) {
    this.#options = options;
    this.#sink = sink;
    this.#expander = new MacroExpander(this.#macros, sink);
    for (const macro of predefinedMacros()) this.#macros.set(macro);
    const lines = Object.entries(options.defines ?? {}).map(([name, body]) => `${name} ${body}\n`);
    const file = { path: '<command line>', text: lines.join('') };
    for (const macro of readDefinitions(file, sink)) this.#macros.set(macro);
  }

  run(unit: SourceFile): PreprocessedUnit {
    this.#readFile(unit);
    const end = { file: unit, start: unit.text.length, end: unit.text.length };
    this.#tokens.push(createEndToken(end));
    this.#endPiece();
    const pieces = this.#pieces;
    return {
      pieces,
      get tokens() {
        return pieces.flatMap(({ tokens }) => tokens);
      },
      macros: this.#macros.all,
      files: [...this.#files],
    };
  }

  /** Makes a piece of the tokens at hand. */
  #endPiece(): void {
    if (this.#tokens.length === 0) return;
    this.#pieces.push({ tokens: this.#tokens, chunk: undefined });
    this.#tokens = [];
  }

  #readFile(file: SourceFile): void {
    this.#files.add(file);
    if (file.text.length > FILE_CHARACTER_LIMIT) {
      this.#sink.report('file-too-large', { file, start: 0, end: 1 }, FILE_CHARACTER_LIMIT);
      return;
    }
    const cursor = new FileCursor(file);
    const conditionals = new ConditionalStack(this.#macros, this.#expander, this.#sink);
    cursor.readDirective = () => {
      // Inside arguments: what the segment gives depends on more than its own lines.
      if (this.#segment !== undefined) this.#segment.isSpoiled = true;
      this.#readDirective(cursor, conditionals);
      if (!conditionals.isReading) cursor.skipToDirective();
    };
    const { headers } = this.#options;
    const known = headers?.find(file);
    if (known === undefined) {
      const record = this.#depth === 0 ? undefined : headers?.start(file);
      this.#readText(cursor, conditionals, record);
    } else {
      if (!known.isRecording) this.#readAgain(known, cursor, conditionals);
      this.#readText(cursor, conditionals, undefined);
    }
    conditionals.close();
  }

  /** Reads from the cursor to the end of the file; with a record its segments are kept. */
  #readText(
    cursor: FileCursor,
    conditionals: ConditionalStack,
    record: HeaderRecord | undefined,
  ): void {
    if (record !== undefined) this.#startSegment();
    while (!this.#expander.isExhausted) {
      this.#readPlain(cursor);
      const token = cursor.current();
      if (token.kind === 'end') break;
      if (token.kind === 'punctuator') {
        const include = this.#readDirective(cursor, conditionals);
        if (include !== undefined) this.#include(include, cursor, conditionals, record);
        if (!conditionals.isReading) cursor.skipToDirective();
      } else if (token.kind === 'identifier') {
        const start = this.#tokens.length;
        this.#expander.expandNext(cursor, this.#tokens);
        repairTokens(this.#tokens, start, this.#sink);
      } else if (token.kind === 'annotation') {
        cursor.at += 1;
        this.#readAnnotation(token);
      } else {
        cursor.at += 1;
        this.#tokens.push(token);
        repairTokens(this.#tokens, this.#tokens.length - 1, this.#sink);
      }
    }
    if (record !== undefined) {
      this.#keepSegment(record, cursor, conditionals, undefined);
      record.isRecording = false;
    }
  }

  /** Takes the tokens up to one that is more than itself: a directive, a macro, an annotation, the end. */
  #readPlain(cursor: FileCursor): void {
    const { tokens } = cursor.lexed;
    const target = this.#tokens;
    const macros = this.#macros;
    for (; ; cursor.at += 1) {
      const token = tokens[cursor.at];
      if (token === undefined) return;
      const { kind, text } = token;
      if (kind === 'identifier') {
        if (macros.get(text) !== undefined) return;
      } else if (kind === 'punctuator') {
        if (token.atLineStart && text === '#') return;
      } else if (kind === 'annotation' || kind === 'invalid' || kind === 'end') return;
      target.push(token);
    }
  }

  /** Uses the known segments of a header, up to one that would not be the same here. */
  #readAgain(record: HeaderRecord, cursor: FileCursor, conditionals: ConditionalStack): void {
    for (const { reads, writes, chunk, cost, groups, end, include } of record.segments) {
      if (!this.#expander.canSpend(cost) || !this.#macros.agreesWith(reads)) return;
      this.#macros.apply(writes);
      if (chunk !== undefined) {
        this.#endPiece();
        this.#pieces.push({ tokens: chunk.tokens, chunk });
      }
      this.#expander.spend(cost, { file: cursor.file, start: 0, end: 0 });
      cursor.at = end;
      conditionals.restore(groups);
      if (include !== undefined) this.#enter(include.file, include.span);
    }
  }

  get #counts(): UnitCounts {
    const { produced, counter } = this.#expander;
    return { reports: this.#sink.reportCount, cost: produced, counter };
  }

  #startSegment(): void {
    this.#endPiece();
    this.#segment = openSegment(this.#counts);
    this.#macros.trace = this.#segment.trace;
  }

  /** Ends the segment at hand, and keeps it if nothing before it was lost; whether it was kept. */
  #keepSegment(
    record: HeaderRecord,
    cursor: FileCursor,
    conditionals: ConditionalStack,
    include: Include | undefined,
  ): boolean {
    const segment = this.#segment;
    this.#segment = undefined;
    this.#macros.trace = undefined;
    if (segment === undefined || this.#expander.isExhausted) return false;
    const counts = this.#counts;
    if (!isReusable(segment, counts)) return false;
    const tokens = this.#tokens;
    const chunk = tokens.length === 0 ? undefined : { tokens };
    if (chunk !== undefined) {
      this.#pieces.push({ tokens, chunk });
      this.#tokens = [];
    }
    record.segments.push({
      reads: toMacroList(segment.trace.reads),
      writes: toMacroList(segment.trace.writes),
      chunk,
      cost: counts.cost - segment.counts.cost,
      groups: conditionals.save(),
      end: cursor.at,
      include,
    });
    return true;
  }

  #readAnnotation(token: Token): void {
    const expand = (tokens: readonly Token[], at: Span) => this.#expander.expandList(tokens, at);
    const annotation = parseAnnotation(token, this.#options.language, expand, this.#sink);
    this.#tokens.push(withAnnotation(token, annotation));
  }

  /** directive = "#" [name rest-of-line]; the result is what it includes */
  #readDirective(cursor: FileCursor, conditionals: ConditionalStack): Include | undefined {
    const hash = cursor.current();
    cursor.at += 1;
    const line = cursor.takeLine();
    const name = line[0];
    if (name === undefined) return undefined;
    if (name.kind === 'number') {
      if (conditionals.isReading) this.#shiftLines(line, hash.span, cursor);
      return undefined;
    }
    const rest = line.slice(1);
    if (conditionals.read(name, rest) || !conditionals.isReading) return undefined;
    switch (name.text) {
      case 'define':
        this.#define(rest, name.span);
        return undefined;
      case 'undef':
        this.#undefine(rest, name.span);
        return undefined;
      case 'include':
        return this.#readInclude(rest, name.span, cursor.file);
      case 'error':
      case 'warning': {
        const span = { ...hash.span, end: line.at(-1)?.span.end ?? hash.span.end };
        const text = spellTokens(rest);
        this.#sink.report(name.text === 'error' ? 'user-error' : 'user-warning', span, text);
        return undefined;
      }
      case 'pragma':
        if (this.#segment !== undefined) this.#segment.isSpoiled = true;
        if (rest[0]?.text === 'once') this.#once.add(cursor.file);
        if (rest[0]?.text === 'pack') this.#passPragma(rest, name.span);
        return undefined;
      case 'line':
        this.#shiftLines(this.#expander.expandList(rest, name.span), name.span, cursor);
        return undefined;
      case 'ident':
        return undefined;
      default:
        this.#sink.report('unknown-directive', name.span, name.text, directiveHint(name.text));
        return undefined;
    }
  }

  /**
   * line = number [string …]: `__LINE__` and `__FILE__` follow it; places of messages and of the
   * debugger stay those of the text.
   */
  #shiftLines(rest: readonly Token[], at: Span, cursor: FileCursor): void {
    const [number, name] = rest;
    const hasName = name === undefined || name.kind === 'string';
    if (!/^[0-9]{1,10}$/.test(number?.text ?? '') || !hasName) {
      this.#sink.report('line-form', number?.span ?? at);
      return;
    }
    if (this.#segment !== undefined) this.#segment.isSpoiled = true;
    const { line1 } = positionOf(cursor.file, at.start);
    this.#expander.lineShift = {
      lines: Number(number?.text) - line1 - 1,
      name: name?.text.slice(1, -1) ?? this.#expander.lineShift.name,
    };
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
    this.#macros.set(macro);
  }

  #undefine(rest: readonly Token[], at: Span): void {
    const [name, extra] = rest;
    if (name?.kind !== 'identifier')
      this.#sink.report('macro-name-missing', name?.span ?? at, 'undef');
    else this.#macros.delete(name.text);
    if (extra !== undefined) this.#sink.report('directive-extra-tokens', extra.span, 'undef');
  }

  /** include = string | "<" … ">" | tokens that expand to one of these */
  #readInclude(rest: readonly Token[], at: Span, from: SourceFile): Include | undefined {
    const isLiteral = rest[0]?.kind === 'string' || rest[0]?.text === '<';
    const tokens = isLiteral ? rest : this.#expander.expandList(rest, at);
    const target = includeTarget(tokens, isLiteral);
    const span = spanOf(rest, at);
    if (target === undefined) {
      this.#sink.report('include-form', span);
      return undefined;
    }
    if (target.extra !== undefined) {
      this.#sink.report('directive-extra-tokens', target.extra.span, 'include');
    }
    const file = this.#options.resolveInclude(target.path, target.form, from);
    if (file === undefined) {
      const hint = didYouMean(target.path, this.#options.listIncludes?.(from) ?? []);
      this.#sink.report('include-not-found', span, target.path, hint);
      return undefined;
    }
    return { file, span };
  }

  /** Reads an included file; it ends a segment, and behind it begins the next one. */
  #include(
    include: Include,
    cursor: FileCursor,
    conditionals: ConditionalStack,
    record: HeaderRecord | undefined,
  ): void {
    const isKept = record !== undefined && this.#keepSegment(record, cursor, conditionals, include);
    this.#enter(include.file, include.span);
    if (isKept) this.#startSegment();
  }

  #enter(file: SourceFile, span: Span): void {
    if (this.#isAlreadyThere(file)) return;
    this.#expander.spend(INCLUDE_COST, span);
    if (this.#depth >= INCLUDE_DEPTH_LIMIT) {
      this.#sink.report('include-too-deep', span, INCLUDE_DEPTH_LIMIT);
      this.#expander.giveUp();
      return;
    }
    const { lineShift } = this.#expander;
    this.#depth += 1;
    this.#expander.includeLevel = this.#depth;
    this.#expander.lineShift = { lines: 0, name: undefined };
    this.#readFile(file);
    this.#depth -= 1;
    this.#expander.includeLevel = this.#depth;
    this.#expander.lineShift = lineShift;
  }

  #isAlreadyThere(file: SourceFile): boolean {
    if (this.#once.has(file)) return true;
    if (!this.#files.has(file)) return false;
    const { guard } = lexFile(file);
    return guard !== undefined && this.#macros.has(guard);
  }
}

const DIRECTIVES =
  'define undef include if ifdef ifndef elif else endif error warning pragma line'.split(' ');

function directiveHint(name: string): string {
  const near = closestName(name, DIRECTIVES);
  return near === undefined ? '' : `; did you mean \`#${near}\`?`;
}

interface Include {
  readonly file: SourceFile;
  /** Of what names it in the directive. */
  readonly span: Span;
}

function spanOf(tokens: readonly Token[], at: Span): Span {
  const [first] = tokens;
  return first === undefined
    ? at
    : { ...first.span, end: tokens.at(-1)?.span.end ?? first.span.end };
}
