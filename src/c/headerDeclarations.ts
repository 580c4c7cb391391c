/**
 * The declarations of headers, by name, so that a unit parses only those that it needs.
 *
 * The first unit that includes a segment of a header parses all of it; `add` notes where each of its
 * declarations stands, which names it declares and which it mentions. `select` then gives later units
 * the segment without the declarations that nothing of the unit leads to. What is left out is
 * harmless: it only declares, it was parsed without complaint, and the declarations before it that it
 * builds on are there again. A name that two segments declare is always kept, so that they are
 * compared.
 *
 * Any mention of a name counts, so more is kept than is used. Whoever has to complain of a unit parses
 * it as a whole (see `parseNeeded.ts`): what was left out could belong to the message.
 */
import { BorderFinder } from './borderFinder.ts';
import type { HeaderChunk } from './headerCache.ts';
import { isKeyword } from './parseContext.ts';
import type { UnitPiece } from './preprocessor.ts';
import { appendTokens, type Token } from './token.ts';

/** What the parser notes of one declaration at file scope. */
export interface NotedDeclaration {
  /** Tokens of the unit, annotations not counted; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Ordinary names that it declares. */
  readonly names: readonly string[];
  /** Tags that it mentions first. */
  readonly tags: readonly string[];
  /** Whether it does more than declare: defines something, or was complained of. */
  readonly isActive: boolean;
}

/** A declaration of a segment. */
interface HeaderDeclaration {
  readonly segment: KnownSegment;
  /** Tokens of the segment, annotations before it included; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly uses: readonly string[];
  /** The last unit that needed it. */
  neededBy: number;
}

/** A segment whose declarations are known. */
interface KnownSegment {
  readonly declarations: HeaderDeclaration[];
  /** Those that are never left out. */
  readonly actives: Set<HeaderDeclaration>;
  /** What has to come before it: these segments, and something that mentions each of these tags. */
  readonly segments: Set<KnownSegment>;
  readonly tags: Set<string>;
  /** The last unit it was met in, its order among the segments there, and whether it was reduced. */
  unit: number;
  order: number;
  isReduced: boolean;
}

/** Who declares a name: as an ordinary one or as a tag with a body, and who only mentions the tag. */
interface NameEntry {
  readonly definers: HeaderDeclaration[];
  readonly mentions: HeaderDeclaration[];
  /** The last unit that asked. */
  askedBy: number;
}

/** Tokens of a unit that come from a segment; `end` exclusive. */
interface SegmentRange {
  readonly start: number;
  readonly end: number;
  readonly chunk: HeaderChunk;
}

/** Some or all tokens of a unit. */
export interface SelectedTokens {
  readonly tokens: readonly Token[];
  readonly ranges: readonly SegmentRange[];
}

/** All tokens of a unit. */
export function selectAll(tokens: readonly Token[], pieces: readonly UnitPiece[]): SelectedTokens {
  const ranges = pieces.map(({ start, chunk }) => {
    return { start, end: start + chunk.tokens.length, chunk };
  });
  return { tokens, ranges };
}

/** The declarations of one compilation. Units are given in their order, by their numbers. */
export class HeaderDeclarations {
  readonly #segments = new Map<HeaderChunk, KnownSegment>();
  readonly #names = new Map<string, NameEntry>();

  /**
   * The tokens that a unit needs; `undefined` when it needs all of them.
   * Cost: linear in its own tokens and in what it needs of headers.
   */
  select(all: SelectedTokens, unit: number): SelectedTokens | undefined {
    if (!this.#findReducible(all, unit)) return undefined;
    const pending: string[] = [];
    let at = 0;
    for (const { start, end, chunk } of all.ranges) {
      const segment = this.#segments.get(chunk);
      if (segment?.isReduced !== true) continue;
      collectNames(all.tokens, at, start, pending);
      at = end;
      for (const declaration of segment.actives) need(declaration, unit, pending);
    }
    collectNames(all.tokens, at, all.tokens.length, pending);
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      const entry = this.#names.get(name);
      if (entry === undefined || entry.askedBy === unit) continue;
      entry.askedBy = unit;
      for (const declaration of entry.definers) need(declaration, unit, pending);
      for (const declaration of entry.mentions) need(declaration, unit, pending);
    }
    return this.#copyNeeded(all, unit);
  }

  /** Marks the segments that can be reduced in this unit; false when there are none. */
  #findReducible(all: SelectedTokens, unit: number): boolean {
    const borders = new BorderFinder(all.tokens);
    let isAny = false;
    let isOrdinary = true;
    for (const [order, { start, end, chunk }] of all.ranges.entries()) {
      const segment = this.#segments.get(chunk);
      if (segment === undefined) continue;
      // Included twice, or in the middle of something.
      if (segment.unit === unit || !borders.isBorder(start)) isOrdinary = false;
      segment.isReduced = this.#hasBasis(segment, unit);
      segment.unit = unit;
      segment.order = order;
      borders.passOver(end);
      if (segment.isReduced) isAny = true;
    }
    return isAny && isOrdinary;
  }

  /** Whether everything that the segment builds on has been met in the unit. */
  #hasBasis({ segments, tags }: KnownSegment, unit: number): boolean {
    for (const segment of segments) {
      if (segment.unit !== unit) return false;
    }
    for (const tag of tags) {
      const mentions = this.#names.get(tag)?.mentions ?? [];
      if (!mentions.some(({ segment }) => segment.unit === unit)) return false;
    }
    return true;
  }

  #copyNeeded({ tokens, ranges }: SelectedTokens, unit: number): SelectedTokens {
    const needed: Token[] = [];
    const copied: SegmentRange[] = [];
    let at = 0;
    for (const { start, end, chunk } of ranges) {
      appendTokens(tokens, at, start, needed);
      at = end;
      const from = needed.length;
      const segment = this.#segments.get(chunk);
      if (segment?.isReduced === true) {
        const { declarations } = segment;
        for (let index = 0; index < declarations.length; index += 1) {
          const declaration = declarations[index];
          if (declaration?.neededBy !== unit) continue;
          appendTokens(chunk.tokens, declaration.start, declaration.end, needed);
        }
      } else appendTokens(chunk.tokens, 0, chunk.tokens.length, needed);
      copied.push({ start: from, end: needed.length, chunk });
    }
    appendTokens(tokens, at, tokens.length, needed);
    return { tokens: needed, ranges: copied };
  }

  /** Learns the declarations of the segments that are new in a unit, which had no errors. */
  add(selected: SelectedTokens, noted: readonly NotedDeclaration[], unit: number): void {
    const { ranges } = selected;
    if (ranges.every(({ chunk }) => this.#segments.has(chunk))) return;
    const places = placeDeclarations(selected.tokens, noted);
    const ownNames = new Set<string>();
    let next = 0;
    for (const [order, { start, end, chunk }] of ranges.entries()) {
      while (next < places.length && (places[next]?.end ?? 0) <= start) {
        const place = places[next];
        if (place !== undefined) noteOwn(place.noted, ownNames);
        next += 1;
      }
      const first = next;
      while (next < places.length && (places[next]?.end ?? 0) <= end) next += 1;
      if (this.#segments.has(chunk)) continue;
      // A declaration or an annotation that reaches over a border: what follows may build on it.
      const last = places[next - 1];
      if (next === first || (places[first]?.start ?? 0) < start || last?.end !== end) return;
      const own = places.slice(first, next);
      const uses = own.map((place) =>
        usedNames(chunk.tokens, place.start - start, place.end - start),
      );
      if (uses.some((names) => names.some((name) => ownNames.has(name)))) {
        for (const { noted: declaration } of own) noteOwn(declaration, ownNames);
        continue;
      }
      const segment = createSegment(unit, order);
      for (const [index, place] of own.entries()) {
        const names = uses[index] ?? [];
        for (const name of names) this.#noteBasis(segment, name);
        const declaration: HeaderDeclaration = {
          segment,
          start: place.start - start,
          end: place.end - start,
          uses: names,
          neededBy: unit,
        };
        segment.declarations.push(declaration);
        if (place.noted.isActive) segment.actives.add(declaration);
      }
      this.#segments.set(chunk, segment);
      for (const [index, declaration] of segment.declarations.entries()) {
        this.#addNames(declaration, own[index]?.noted, definedTags(chunk.tokens, declaration));
      }
    }
  }

  /** Notes what has to be there before the segment because it mentions the name. */
  #noteBasis(segment: KnownSegment, name: string): void {
    const entry = this.#names.get(name);
    if (entry === undefined) return;
    const isBefore = (declaration: HeaderDeclaration): boolean =>
      declaration.segment.unit === segment.unit && declaration.segment.order < segment.order;
    const definers = entry.definers.filter(isBefore);
    for (const declaration of definers) segment.segments.add(declaration.segment);
    if (definers.length === 0 && entry.mentions.some(isBefore)) segment.tags.add(name);
  }

  #addNames(
    declaration: HeaderDeclaration,
    noted: NotedDeclaration | undefined,
    tags: readonly string[],
  ): void {
    for (const name of [...(noted?.names ?? []), ...tags]) {
      const { definers } = this.#entry(name);
      if (definers.at(-1) === declaration) continue;
      definers.push(declaration);
      if (definers.every(({ segment }) => segment === declaration.segment)) continue;
      for (const definer of definers) definer.segment.actives.add(definer);
    }
    for (const tag of noted?.tags ?? []) this.#entry(tag).mentions.push(declaration);
  }

  #entry(name: string): NameEntry {
    let entry = this.#names.get(name);
    if (entry === undefined) {
      entry = { definers: [], mentions: [], askedBy: -1 };
      this.#names.set(name, entry);
    }
    return entry;
  }
}

function createSegment(unit: number, order: number): KnownSegment {
  return {
    declarations: [],
    actives: new Set(),
    segments: new Set(),
    tags: new Set(),
    unit,
    order,
    isReduced: false,
  };
}

function need(declaration: HeaderDeclaration, unit: number, pending: string[]): void {
  const { segment, uses, neededBy } = declaration;
  if (neededBy === unit || segment.unit !== unit || !segment.isReduced) return;
  declaration.neededBy = unit;
  for (const name of uses) pending.push(name);
}

function noteOwn({ names, tags }: NotedDeclaration, own: Set<string>): void {
  for (const name of names) own.add(name);
  for (const tag of tags) own.add(tag);
}

/** A noted declaration among all tokens of the unit, annotations before it included. */
interface PlacedDeclaration {
  readonly start: number;
  readonly end: number;
  readonly noted: NotedDeclaration;
}

function placeDeclarations(
  tokens: readonly Token[],
  noted: readonly NotedDeclaration[],
): readonly PlacedDeclaration[] {
  const placed: PlacedDeclaration[] = [];
  let at = 0;
  let counted = 0;
  let start = 0;
  for (const declaration of noted) {
    for (; counted < declaration.end; at += 1) {
      if (tokens[at]?.kind !== 'annotation') counted += 1;
    }
    placed.push({ start, end: at, noted: declaration });
    start = at;
  }
  return placed;
}

/** Appends the identifiers of a range of tokens, those in annotations included. */
function collectNames(tokens: readonly Token[], start: number, end: number, names: string[]): void {
  for (let at = start; at < end; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'identifier') names.push(token.text);
    else if (token?.annotation !== undefined) {
      for (const operand of token.annotation.operands) {
        if (operand.kind === 'word' || operand.tokens === undefined) continue;
        collectNames(operand.tokens, 0, operand.tokens.length, names);
      }
    }
  }
}

/** The identifiers of a range of tokens, each once. */
function usedNames(tokens: readonly Token[], start: number, end: number): readonly string[] {
  const names: string[] = [];
  collectNames(tokens, start, end, names);
  return [...new Set(names)].filter((name) => !isKeyword(name));
}

/** Tags that get their body here. */
function definedTags(tokens: readonly Token[], { start, end }: HeaderDeclaration): string[] {
  const tags: string[] = [];
  for (let at = start + 1; at < end; at += 1) {
    const before = tokens[at - 1];
    if (tokens[at]?.text !== '{' || before?.kind !== 'identifier') continue;
    if (!isKeyword(before.text)) tags.push(before.text);
  }
  return tags;
}
