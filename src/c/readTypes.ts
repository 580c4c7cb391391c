/**
 * Places and types of stored objects, made when they are first asked for. Each is one object for all
 * units; the source files are those of whoever reads.
 */
import { BugError } from '../base/errors.ts';
import type { SourceFile, Span } from '../base/span.ts';
import type { CType, EnumLayout, Field, IntegerType, RecordLayout } from '../bytecode/ctype.ts';
import {
  BUILT_IN,
  NONE,
  SPAN_FIELDS,
  type Ref,
  type StoredField,
  type StoredObjects,
  type StoredQualifiers,
  type StoredType,
} from './objectFormat.ts';
import { BUILT_IN_FILE } from './predefinedMacros.ts';

/** An entry of a list that stored objects refer to. */
export function entryOf<T>(list: readonly T[], ref: Ref): T {
  const entry = list[ref];
  if (entry === undefined) throw new BugError(`stored objects have no entry ${String(ref)}`);
  return entry;
}

/** Makes places and types of stored objects, for one program. */
export class TypeReader {
  readonly #stored: StoredObjects;
  readonly #files: readonly (SourceFile | undefined)[];
  readonly #spans: (Span | undefined)[] = [];
  readonly #types: (CType | undefined)[] = [];
  readonly #layouts: (RecordLayout | undefined)[] = [];
  readonly #enums: (EnumLayout | undefined)[] = [];
  /** Layouts of which no unit that is read has seen the body: it may be another one now. */
  readonly #hidden: Set<Ref>;

  /**
   * `files` in the order of `stored.files`; those that nobody will ask for may be missing. `units` are the
   * stored units that will be read.
   */
  constructor(
    stored: StoredObjects,
    files: readonly (SourceFile | undefined)[],
    units: Iterable<number>,
  ) {
    this.#stored = stored;
    this.#files = files;
    this.#hidden = new Set(stored.partial);
    for (const index of units) {
      for (const ref of entryOf(stored.units, index).complete) this.#hidden.delete(ref);
    }
  }

  file(ref: Ref): SourceFile {
    return ref === BUILT_IN ? BUILT_IN_FILE : entryOf(this.#files as readonly SourceFile[], ref);
  }

  span(ref: Ref): Span {
    const known = this.#spans[ref];
    if (known !== undefined) return known;
    const { spans } = this.#stored;
    const at = ref * SPAN_FIELDS;
    const file = this.file(entryOf(spans, at));
    const start = entryOf(spans, at + 1);
    const end = entryOf(spans, at + 2);
    const inMacro = entryOf(spans, at + 3);
    const argumentOf = entryOf(spans, at + 4);
    const span: Span =
      inMacro === NONE && argumentOf === NONE
        ? { file, start, end }
        : {
            file,
            start,
            end,
            ...(inMacro === NONE ? {} : { inMacro: this.span(inMacro) }),
            ...(argumentOf === NONE ? {} : { argumentOf: this.span(argumentOf) }),
          };
    this.#spans[ref] = span;
    return span;
  }

  spanOrNone(ref: Ref): Span | undefined {
    return ref === NONE ? undefined : this.span(ref);
  }

  type(ref: Ref): CType {
    const known = this.#types[ref];
    if (known !== undefined) return known;
    const type = this.#createType(entryOf(this.#stored.types, ref));
    this.#types[ref] = type;
    return type;
  }

  #createType(stored: StoredType): CType {
    const qualifiers = readQualifiers(stored[1]);
    switch (stored[0]) {
      case 'void':
        return { kind: 'void', ...qualifiers };
      case 'integer': {
        const [kind, , name, size, isSigned, bits] = stored;
        const type = { kind, name, size: size as IntegerType['size'], isSigned: isSigned === 1 };
        return { ...type, ...(bits === 0 ? {} : { bits }), ...qualifiers };
      }
      case 'pointer':
        return { kind: 'pointer', target: this.type(stored[2]), ...qualifiers };
      case 'array': {
        const [kind, , element, length] = stored;
        const count = length === NONE ? undefined : length;
        return { kind, element: this.type(element), length: count, ...qualifiers };
      }
      case 'record':
        return { kind: 'record', layout: this.layout(stored[2]), ...qualifiers };
      case 'enum': {
        const [kind, , tag, layout] = stored;
        return { kind, tag: tag ?? undefined, layout: this.#enumLayout(layout), ...qualifiers };
      }
      case 'function': {
        const [kind, , returns, flags, parameters] = stored;
        return {
          kind,
          returns: this.type(returns),
          parameters: parameters.map(([name, type]) => {
            return { name: name ?? undefined, type: this.type(type) };
          }),
          isVariadic: (flags & 1) !== 0,
          hasPrototype: (flags & 2) !== 0,
          ...qualifiers,
        };
      }
    }
  }

  #enumLayout(ref: Ref): EnumLayout {
    const known = this.#enums[ref];
    if (known !== undefined) return known;
    const [constants, integer] = entryOf(this.#stored.enums, ref);
    const type = integer === NONE ? undefined : this.type(integer);
    const layout: EnumLayout = {
      constants: constants.map(([name, value]) => ({ name, value: BigInt(value) })),
      integer: type?.kind === 'integer' ? type : undefined,
    };
    this.#enums[ref] = layout;
    return layout;
  }

  layout(ref: Ref): RecordLayout {
    const known = this.#layouts[ref];
    if (known !== undefined) return known;
    const [keyword, tag, ...body] = entryOf(this.#stored.layouts, ref);
    const [fields, size, align, span] = this.#hidden.has(ref) ? INCOMPLETE : body;
    const layout: RecordLayout = {
      keyword,
      tag: tag ?? undefined,
      fields: undefined,
      size,
      align,
      span: this.spanOrNone(span),
    };
    // A struct may point to itself.
    this.#layouts[ref] = layout;
    layout.fields = fields?.map((field) => this.#field(field));
    return layout;
  }

  #field([name, type, offset, bits, flags, span]: StoredField): Field {
    return {
      name: name ?? undefined,
      type: this.type(type),
      offset,
      ...(bits === 0 ? {} : { bits: { start: bits[0], width: bits[1] } }),
      ...((flags & 1) === 0 ? {} : { isVisible: true as const }),
      ...((flags & 2) === 0 ? {} : { isGuarded: true as const }),
      span: this.spanOrNone(span),
    };
  }
}

/** A struct or union without its body. */
const INCOMPLETE = [null, 0, 1, NONE] as const;

type Qualifiers = Pick<CType, 'isConst' | 'isVolatile' | 'alias' | 'align'>;

const PLAIN: Qualifiers = {};

function readQualifiers(stored: StoredQualifiers): Qualifiers {
  if (stored === 0) return PLAIN;
  const [flags, alias, align] = stored;
  return {
    ...((flags & 1) === 0 ? {} : { isConst: true }),
    ...((flags & 2) === 0 ? {} : { isVolatile: true }),
    ...(alias === null ? {} : { alias }),
    ...(align === 0 ? {} : { align }),
  };
}
