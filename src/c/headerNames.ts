/**
 * What the units of a compilation made of headers, by name, so that later units need not parse it
 * again.
 *
 * The first unit that includes a segment of a header parses it; the segment then keeps what each of
 * its declarations declared. A later unit that includes the same segments takes a symbol from there
 * when it first asks for the name: types, tags and constants are the same objects in all units,
 * functions and variables copies, since units use and define them on their own. What a segment does
 * beside declaring names (it defines something, or a second segment declares the name too) is parsed
 * in every unit.
 *
 * A struct is one object for all units, but incomplete in a unit until the segment with its body is
 * reached there: `startUnit` takes the members away and `open` gives them back. Whoever has to
 * complain of a unit parses all of it without this (see `parseNeeded.ts`).
 */
import type { SourceFile } from '../base/span.ts';
import type { RecordLayout } from '../bytecode/ctype.ts';
import type { FunctionSymbol, Symbol, VariableSymbol } from './ast.ts';
import type { HeaderChunk } from './headerCache.ts';
import type { LateNames } from './scopeTable.ts';
import type { TagSymbol } from './symbol.ts';
import type { Token } from './token.ts';

/** A declaration of a segment. */
export interface HeaderDeclaration {
  readonly segment: KnownSegment;
  /** Tokens of the segment, annotations before it included; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Whether it defines a function; one that is not inline makes it active. */
  readonly definesFunction: boolean;
  /** Whether a struct, union or enumeration gets its body in it. */
  readonly hasBody: boolean;
  /** Whether it is parsed in every unit; see `activate`. */
  isActive: boolean;
}

/** From now on the declaration is parsed in every unit. */
export function activate(declaration: HeaderDeclaration): void {
  if (declaration.isActive) return;
  declaration.isActive = true;
  const { segment } = declaration;
  segment.actives = [...segment.actives, declaration].sort((a, b) => a.start - b.start);
}

/** A segment whose declarations are known. */
export interface KnownSegment {
  readonly chunk: HeaderChunk;
  /** Those that are parsed in every unit, in their order. */
  actives: readonly HeaderDeclaration[];
  readonly records: CompleteRecord[];
  /** What has to come before it: these segments, and something that mentions each of these tags. */
  readonly segments: Set<KnownSegment>;
  readonly tags: Set<string>;
  /** The last unit it was met in, its order among the runs there, and whether it was reached. */
  unit: number;
  order: number;
  isOpen: boolean;
}

/** A struct or union with the body that a segment gives it. */
export type CompleteRecord = { readonly layout: RecordLayout } & Pick<
  RecordLayout,
  'fields' | 'size' | 'align' | 'span'
>;

/** Who declares an ordinary name first, and as what. */
export interface NameEntry {
  readonly declaration: HeaderDeclaration;
  /** As it was behind the declaration. */
  readonly symbol: Symbol;
}

/** A tag: who gives it its body and who mentions it, all by one symbol. */
export interface TagEntry {
  readonly symbol: TagSymbol;
  definer: KnownSegment | undefined;
  readonly mentions: KnownSegment[];
}

/** Tokens of a unit that are parsed, or a segment that is known. */
export type UnitRun =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[]; readonly chunk?: HeaderChunk }
  | { readonly kind: 'segment'; readonly segment: KnownSegment };

/** The segments of one compilation. */
export class HeaderNames {
  readonly segments = new Map<HeaderChunk, KnownSegment>();
  readonly names = new Map<string, NameEntry>();
  readonly tags = new Map<string, TagEntry>();
  readonly records: CompleteRecord[] = [];
  /** Set when units can share nothing any more. */
  isBroken = false;

  /** Which of its pieces a unit parses; from here on to `endUnit` structs have to be reached. */
  startUnit(
    pieces: readonly {
      readonly tokens: readonly Token[];
      readonly chunk: HeaderChunk | undefined;
    }[],
    unit: number,
  ): readonly UnitRun[] {
    for (const { layout } of this.records) forget(layout);
    const runs: UnitRun[] = [];
    for (const { tokens, chunk } of pieces) {
      const segment = chunk === undefined ? undefined : this.segments.get(chunk);
      if (segment === undefined || segment.unit === unit || !this.#hasBasis(segment, unit)) {
        runs.push({ kind: 'tokens', tokens, ...(chunk && { chunk }) });
        continue;
      }
      segment.unit = unit;
      segment.order = runs.length;
      segment.isOpen = false;
      runs.push({ kind: 'segment', segment });
    }
    return runs;
  }

  /** All structs are complete again. */
  endUnit(): void {
    for (const record of this.records) complete(record);
  }

  /** Whether everything that the segment builds on comes before it in the unit. */
  #hasBasis({ segments, tags }: KnownSegment, unit: number): boolean {
    for (const segment of segments) {
      if (segment.unit !== unit) return false;
    }
    for (const tag of tags) {
      if (!this.isTagIn(tag, unit)) return false;
    }
    return true;
  }

  /** Whether a known segment of the unit mentions the tag. */
  isTagIn(tag: string, unit: number): boolean {
    const entry = this.tags.get(tag);
    if (entry === undefined) return false;
    return entry.definer?.unit === unit || entry.mentions.some((segment) => segment.unit === unit);
  }
}

function forget(layout: RecordLayout): void {
  layout.fields = undefined;
  layout.size = 0;
  layout.align = 1;
  layout.span = undefined;
}

function complete({ layout, fields, size, align, span }: CompleteRecord): void {
  layout.fields = fields;
  layout.size = size;
  layout.align = align;
  layout.span = span;
}

/** What a unit wants to know of names that it takes from segments. */
export interface NameUser {
  takeVariable(symbol: VariableSymbol, declaration: HeaderDeclaration): void;
  /** An inline function, whose body is parsed when it turns out to be used. */
  takeInline(symbol: FunctionSymbol, declaration: HeaderDeclaration): void;
}

/** The names of the known segments that one unit includes. */
export class UnitNames implements LateNames {
  readonly #headers: HeaderNames;
  readonly #file: SourceFile;
  readonly #unit: number;
  readonly #completed = new Set<RecordLayout>();
  #isBroken = false;
  user: NameUser | undefined;

  constructor(headers: HeaderNames, file: SourceFile, unit: number) {
    this.#headers = headers;
    this.#file = file;
    this.#unit = unit;
  }

  /** Whether the unit does something that cannot be told apart here: it has to be parsed as a whole. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Structs that earlier units have mentioned and this one has completed. */
  get completed(): ReadonlySet<RecordLayout> {
    return this.#completed;
  }

  /** The unit has to be parsed as a whole. */
  giveUp(): void {
    this.#isBroken = true;
  }

  /** Makes those structs incomplete again. */
  undo(): void {
    for (const layout of this.#completed) forget(layout);
  }

  /** From here on the names of the segment are visible. */
  open(segment: KnownSegment): void {
    segment.isOpen = true;
    for (const record of segment.records) complete(record);
  }

  #isVisible(segment: KnownSegment | undefined): boolean {
    return segment?.unit === this.#unit && segment.isOpen;
  }

  bring(name: string): Symbol | undefined {
    const entry = this.#headers.names.get(name);
    if (entry === undefined) return undefined;
    const { declaration, symbol } = entry;
    if (declaration.isActive || !this.#isVisible(declaration.segment)) return undefined;
    switch (symbol.kind) {
      case 'typedef':
      case 'enumConstant':
        return symbol;
      case 'variable': {
        const own = { ...symbol, unit: this.#unit };
        this.user?.takeVariable(own, declaration);
        return own;
      }
      case 'function': {
        const own = { ...symbol, unit: this.#unit };
        if (declaration.definesFunction) this.user?.takeInline(own, declaration);
        return own;
      }
    }
  }

  bringTag(name: string): TagSymbol | undefined {
    const entry = this.#headers.tags.get(name);
    if (entry === undefined) return undefined;
    const isKnown =
      this.#isVisible(entry.definer) || entry.mentions.some((segment) => this.#isVisible(segment));
    return isKnown ? entry.symbol : undefined;
  }

  /** A name that a segment further on declares too: they would have to be compared. */
  noteOwn(name: string): void {
    const entry = this.#headers.names.get(name);
    if (entry === undefined || entry.declaration.isActive) return;
    const { segment } = entry.declaration;
    if (segment.unit === this.#unit && !segment.isOpen) this.#isBroken = true;
  }

  /** A struct that headers only mention is the same object for all units. */
  adoptTag(tag: TagSymbol, hasBody: boolean): TagSymbol {
    const entry = this.#headers.tags.get(tag.name);
    if (entry === undefined) return tag;
    const { symbol, definer } = entry;
    const isSame = symbol.keyword === tag.keyword && symbol.keyword !== 'enum';
    const isFree = !hasBody || (definer === undefined && tag.span.file !== this.#file);
    if (isSame && isFree) return { ...tag, type: symbol.type };
    if (this.#headers.isTagIn(tag.name, this.#unit)) this.#isBroken = true;
    return tag;
  }

  noteBody(tag: TagSymbol): void {
    const entry = this.#headers.tags.get(tag.name);
    if (entry === undefined || entry.symbol.type.kind !== 'record') return;
    const { type } = tag;
    if (type.kind !== 'record' || type.layout !== entry.symbol.type.layout) return;
    this.#completed.add(type.layout);
    const { file } = type.layout.span ?? tag.span;
    // Other units would not see this body.
    if (entry.definer !== undefined || file === this.#file) this.#isBroken = true;
  }
}
