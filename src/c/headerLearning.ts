/**
 * Learns the declarations of header segments from the first unit that has parsed them.
 *
 * A segment is learned if it can stand for itself: it consists of whole declarations, builds on
 * nothing of the unit's own, and what has to be parsed again in each unit makes no types. Otherwise it
 * stays unknown, and every unit parses it.
 */
import type { RecordLayout } from '../bytecode/ctype.ts';
import type { Symbol } from './ast.ts';
import type { HeaderChunk } from './headerCache.ts';
import {
  activate,
  type CompleteRecord,
  type HeaderDeclaration,
  type HeaderNames,
  type KnownSegment,
} from './headerNames.ts';
import { isKeyword } from './parseContext.ts';
import type { TagSymbol } from './symbol.ts';
import type { Token } from './token.ts';

/** What the parser notes of one declaration at file scope. */
export interface NotedDeclaration {
  /** Tokens of the run, annotations not counted; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** The ordinary names that it declares, each as it is behind the declaration. */
  readonly symbols: readonly Symbol[];
  /** Tags that it mentions at file scope, and those of them that get their body. */
  readonly mentions: readonly TagSymbol[];
  readonly bodies: readonly TagSymbol[];
  readonly hasBody: boolean;
  /** Whether it defines a function; one that is not inline makes it active. */
  readonly definesFunction: boolean;
  /** Whether it does more than declare: defines something, or was complained of. */
  readonly isActive: boolean;
}

/** Tokens of a unit with the declarations that the parser found in them. */
export interface ParsedRun {
  readonly tokens: readonly Token[];
  readonly chunk: HeaderChunk | undefined;
  /** Its index among the runs of the unit. */
  readonly order: number;
  readonly declarations: readonly NotedDeclaration[];
}

/**
 * Learns the segments that are new in a unit, which had no complaints. `completed` are the known
 * structs that got their body in it; false when a segment that gave one could not be learned.
 */
export function learnSegments(
  headers: HeaderNames,
  runs: readonly ParsedRun[],
  completed: ReadonlySet<RecordLayout>,
  unit: number,
): boolean {
  const ownNames = new Set<string>();
  const open = new Set(completed);
  for (const run of runs) {
    const segment = planSegment(headers, run, ownNames, unit);
    if (segment === undefined) {
      for (const { symbols, mentions } of run.declarations) {
        for (const { name } of symbols) ownNames.add(name);
        for (const { name } of mentions) ownNames.add(name);
      }
      continue;
    }
    noteBases(headers, segment);
    headers.segments.set(segment.chunk, segment);
    addDeclarations(headers, segment, run);
    for (const { layout } of segment.records) open.delete(layout);
  }
  return open.size === 0;
}

/** The segment that a run makes; `undefined` when it cannot be learned. */
function planSegment(
  headers: HeaderNames,
  run: ParsedRun,
  ownNames: ReadonlySet<string>,
  unit: number,
): KnownSegment | undefined {
  const { chunk, tokens, order } = run;
  if (chunk === undefined || headers.segments.has(chunk)) return undefined;
  // An annotation that reaches over the border: what follows may build on it.
  if (placeEnds(run).at(-1) !== tokens.length) return undefined;
  if (ownNames.size > 0 && namesOf(tokens).some((name) => ownNames.has(name))) return undefined;
  const bodies = new Set<string>();
  const names = new Map<string, NotedDeclaration>();
  const records: CompleteRecord[] = [];
  for (const noted of run.declarations) {
    const { definesFunction, hasBody, isActive, symbols } = noted;
    for (const { name } of noted.bodies) bodies.add(name);
    if (!areTagsPlain(headers, noted, bodies)) return undefined;
    // A function that an inline one declares inside is visible only there.
    if (definesFunction && symbols.length > 1) return undefined;
    if (hasBody && isActive) return undefined;
    for (const { name } of symbols) {
      const other = names.get(name) ?? headers.names.get(name)?.declaration;
      if (other !== undefined && other !== noted && (hasBody || other.hasBody)) return undefined;
      names.set(name, noted);
    }
    for (const { type } of noted.bodies) {
      if (type.kind !== 'record') continue;
      const { layout } = type;
      const { fields, size, align, span } = layout;
      records.push({ layout, fields, size, align, span });
    }
  }
  const basis = { segments: new Set<KnownSegment>(), tags: new Set<string>() };
  return { chunk, actives: [], records, ...basis, unit, order, isOpen: true };
}

/** Whether each tag is known by one symbol and has one body; an enumeration needs it at once. */
function areTagsPlain(
  { tags }: HeaderNames,
  noted: NotedDeclaration,
  bodies: ReadonlySet<string>,
): boolean {
  for (const { name, keyword, type } of noted.mentions) {
    const known = tags.get(name);
    if (keyword === 'enum' && known === undefined && !bodies.has(name)) return false;
    if (known === undefined) continue;
    if (known.symbol.keyword !== keyword) return false;
    if (type.kind !== 'record' || known.symbol.type.kind !== 'record') continue;
    if (type.layout !== known.symbol.type.layout) return false;
  }
  return noted.bodies.every(({ name }) => tags.get(name)?.definer === undefined);
}

/** Notes what has to be there before the segment because it mentions a name. */
function noteBases(headers: HeaderNames, segment: KnownSegment): void {
  const isBefore = (other: KnownSegment | undefined): other is KnownSegment =>
    other?.unit === segment.unit && other.order < segment.order;
  for (const name of namesOf(segment.chunk.tokens)) {
    const declarer = headers.names.get(name)?.declaration.segment;
    if (isBefore(declarer)) segment.segments.add(declarer);
    const tag = headers.tags.get(name);
    if (tag === undefined) continue;
    if (isBefore(tag.definer)) segment.segments.add(tag.definer);
    else if (tag.mentions.some(isBefore)) segment.tags.add(name);
  }
}

function addDeclarations(headers: HeaderNames, segment: KnownSegment, run: ParsedRun): void {
  let start = 0;
  for (const [index, end] of placeEnds(run).entries()) {
    const noted = run.declarations[index];
    if (noted === undefined) break;
    const { definesFunction, hasBody } = noted;
    const declaration = { segment, start, end, definesFunction, hasBody, isActive: false };
    if (noted.isActive) activate(declaration);
    addNames(headers, declaration, noted);
    start = end;
  }
  headers.records.push(...segment.records);
}

function addNames(
  { names, tags }: HeaderNames,
  declaration: HeaderDeclaration,
  { symbols, mentions, bodies }: NotedDeclaration,
): void {
  const { segment } = declaration;
  for (const symbol of symbols) {
    const known = names.get(symbol.name);
    if (known === undefined) names.set(symbol.name, { declaration, symbol });
    else if (known.declaration !== declaration) {
      // Declared twice: to be compared in every unit.
      activate(known.declaration);
      activate(declaration);
    }
  }
  for (const symbol of mentions) {
    const entry = tags.get(symbol.name) ?? { symbol, definer: undefined, mentions: [] };
    tags.set(symbol.name, entry);
    if (entry.mentions.at(-1) !== segment) entry.mentions.push(segment);
    if (bodies.includes(symbol)) entry.definer = segment;
  }
}

/** Where each declaration ends among all tokens of the run, annotations before it included. */
function placeEnds({ tokens, declarations }: ParsedRun): readonly number[] {
  const ends: number[] = [];
  let at = 0;
  let counted = 0;
  for (const { end } of declarations) {
    for (; counted < end; at += 1) {
      if (tokens[at]?.kind !== 'annotation') counted += 1;
    }
    ends.push(at);
  }
  return ends;
}

/** The names in a list of tokens, each once, those in annotations included. */
function namesOf(tokens: readonly Token[]): readonly string[] {
  const names = new Set<string>();
  collectNames(tokens, names);
  return [...names];
}

function collectNames(tokens: readonly Token[], names: Set<string>): void {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) return;
    const { kind, text, annotation } = token;
    if (kind === 'identifier') {
      if (!isKeyword(text)) names.add(text);
    } else if (annotation !== undefined) {
      for (const operand of annotation.operands) {
        if (operand.kind !== 'word' && operand.tokens !== undefined) {
          collectNames(operand.tokens, names);
        }
      }
    }
  }
}
