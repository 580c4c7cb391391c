/**
 * Types, places and files of a compilation as lists in which equal ones stand once.
 *
 * Units that were compiled apart have objects of their own for the same struct. It is the same when
 * keyword, tag and place of the body are; that the bodies say the same is checked at the end, and
 * where they do not (a header means something else in one unit) the compilation cannot be stored.
 * A struct that a unit only declares is taken for the one of that tag, if there is one.
 */
import type { SourceFile, Span } from '../base/span.ts';
import type { CType, EnumLayout, Field, RecordLayout } from '../bytecode/ctype.ts';
import {
  BUILT_IN,
  NONE,
  SPAN_FIELDS,
  type Ref,
  type StoredEnum,
  type StoredField,
  type StoredLayout,
  type StoredQualifiers,
  type StoredType,
} from './objectFormat.ts';
import { BUILT_IN_FILE } from './predefinedMacros.ts';
import { StoredTable } from './storedTable.ts';
import type { UnitObject } from './unitObject.ts';

/** 1 or 0. */
export function toBit(value: boolean | undefined): 0 | 1 {
  return value === true ? 1 : 0;
}

/** Collects what is met; the lists are complete when nothing more is asked. */
export class TypeWriter {
  readonly spans: number[] = [];
  readonly types = new StoredTable<StoredType>();
  readonly enums = new StoredTable<StoredEnum>();
  readonly #layouts: (StoredLayout | undefined)[] = [];
  readonly #fileNumbers: ReadonlyMap<SourceFile, number>;
  readonly #spanNumbers = new Map<string, Ref>();
  readonly #layoutNumbers = new Map<RecordLayout, Ref>();
  readonly #layoutKeys = new Map<string, Ref>();
  /** Further layouts with the place of a known one. */
  readonly #twins: (readonly [Ref, StoredLayout])[] = [];
  /** Those whose body has been met. */
  readonly #written = new Set<Ref>();
  /** By keyword and tag: the places of bodies. */
  readonly #bodies = new Map<string, Set<string>>();
  readonly #partial = new Set<Ref>();
  /** Of the unit at hand. */
  readonly #complete = new Set<Ref>();
  #isSound = true;

  /** Spans may lie in these files and in the predefined macros. `units` are all that will be written. */
  constructor(files: ReadonlyMap<SourceFile, number>, units: readonly UnitObject[]) {
    this.#fileNumbers = files;
    for (const { tables } of units) {
      for (const [, layout] of tables.records) {
        const places = this.#bodies.get(nameOf(layout)) ?? new Set();
        this.#bodies.set(nameOf(layout), places.add(this.#placeOf(layout)));
      }
    }
  }

  /** Layouts of which some units do not see the body. */
  get partial(): readonly Ref[] {
    return [...this.#partial];
  }

  /** The layouts of which a unit has seen the body; the next unit begins. */
  takeComplete(): readonly Ref[] {
    const complete = [...this.#complete];
    this.#complete.clear();
    return complete;
  }

  /** Structs and unions, when all units are written. */
  get layouts(): readonly StoredLayout[] {
    return this.#layouts.filter((layout) => layout !== undefined);
  }

  /** Whether everything so far can be told apart by its place; linear. */
  get isSound(): boolean {
    return (
      this.#isSound &&
      this.#twins.every(
        ([ref, layout]) => JSON.stringify(this.#layouts[ref]) === JSON.stringify(layout),
      )
    );
  }

  span(span: Span | undefined): Ref {
    if (span === undefined) return NONE;
    const { file, start, end } = span;
    let fileNumber = this.#fileNumbers.get(file);
    if (file === BUILT_IN_FILE) fileNumber = BUILT_IN;
    if (fileNumber === undefined) {
      this.#isSound = false;
      return NONE;
    }
    const fields = [fileNumber, start, end, this.span(span.inMacro), this.span(span.argumentOf)];
    const key = fields.join();
    const known = this.#spanNumbers.get(key);
    if (known !== undefined) return known;
    const ref = this.spans.length / SPAN_FIELDS;
    this.spans.push(...fields);
    this.#spanNumbers.set(key, ref);
    return ref;
  }

  type(type: CType): Ref {
    return this.types.add(this.#storedType(type));
  }

  #storedType(type: CType): StoredType {
    const qualifiers = qualifiersOf(type);
    switch (type.kind) {
      case 'void':
        return ['void', qualifiers];
      case 'integer': {
        const { name, size, isSigned, bits = 0 } = type;
        return ['integer', qualifiers, name, size, toBit(isSigned), bits];
      }
      case 'pointer':
        return ['pointer', qualifiers, this.type(type.target)];
      case 'array':
        return ['array', qualifiers, this.type(type.element), type.length ?? NONE];
      case 'record':
        return ['record', qualifiers, this.layout(type.layout)];
      case 'enum':
        return ['enum', qualifiers, type.tag ?? null, this.#enumLayout(type.layout)];
      case 'function': {
        const flags = toBit(type.isVariadic) + 2 * toBit(type.hasPrototype);
        const parameters = type.parameters.map(
          (item) => [item.name ?? null, this.type(item.type)] as const,
        );
        return ['function', qualifiers, this.type(type.returns), flags, parameters];
      }
    }
  }

  #enumLayout({ constants, integer }: EnumLayout): Ref {
    return this.enums.add([
      constants.map(({ name, value }) => [name, String(value)]),
      integer === undefined ? NONE : this.type(integer),
    ]);
  }

  layout(layout: RecordLayout): Ref {
    const known = this.#layoutNumbers.get(layout);
    if (known !== undefined) return known;
    if (layout.fields === undefined) return this.#incompleteLayout(layout);
    const ref = this.#numberOf(this.#placeOf(layout));
    this.#layoutNumbers.set(layout, ref);
    this.#complete.add(ref);
    if (this.#written.has(ref)) {
      this.#twins.push([ref, this.#storedLayout(layout)]);
    } else {
      this.#written.add(ref);
      this.#layouts[ref] = this.#storedLayout(layout);
    }
    return ref;
  }

  #incompleteLayout(layout: RecordLayout): Ref {
    const places = this.#bodies.get(nameOf(layout));
    const [place] = places?.size === 1 ? places : [];
    const ref = this.#numberOf(place ?? nameOf(layout));
    this.#layoutNumbers.set(layout, ref);
    // The body is written when the unit comes that has it.
    if (place === undefined) this.#layouts[ref] = this.#storedLayout(layout);
    else this.#partial.add(ref);
    return ref;
  }

  #numberOf(place: string): Ref {
    const ref = this.#layoutKeys.get(place) ?? this.#layouts.push(undefined) - 1;
    this.#layoutKeys.set(place, ref);
    return ref;
  }

  #placeOf(layout: RecordLayout): string {
    return `${nameOf(layout)} ${String(this.span(layout.span))}`;
  }

  #storedLayout({ keyword, tag, fields, size, align, span }: RecordLayout): StoredLayout {
    const stored = fields?.map((field) => this.#field(field)) ?? null;
    return [keyword, tag ?? null, stored, size, align, this.span(span)];
  }

  #field({ name, type, offset, bits, isVisible, isGuarded, span }: Field): StoredField {
    const flags = toBit(isVisible) + 2 * toBit(isGuarded);
    const storedBits = bits === undefined ? 0 : ([bits.start, bits.width] as const);
    return [name ?? null, this.type(type), offset, storedBits, flags, this.span(span)];
  }
}

function nameOf({ keyword, tag }: RecordLayout): string {
  return `${keyword} ${tag ?? ''}`;
}

function qualifiersOf({ isConst, isVolatile, alias, align = 0 }: CType): StoredQualifiers {
  const flags = toBit(isConst) + 2 * toBit(isVolatile);
  if (flags === 0 && alias === undefined && align === 0) return 0;
  return [flags, alias ?? null, align];
}
