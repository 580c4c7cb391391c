/**
 * The form in which the objects of a compilation are kept: plain data that JSON can write.
 *
 * Everything that several units share (files, places, types, the code of inline functions) stands once
 * in a list; a `Ref` is an index into one of them, `NONE` where there is nothing. Long lists of numbers
 * are flat. Source texts are not kept, only their hashes: places count in the texts of whoever reads.
 * There is no version in it: only the compiler that wrote objects may read them, which is up to those
 * who keep them.
 */

/** An index into the list that the field names. */
export type Ref = number;
/** Nothing. */
export const NONE = -1;
/** In a file's place: the text of the predefined macros. */
export const BUILT_IN = -2;

/** `spans`: file, start, end, then the spans `inMacro` and `argumentOf`. */
export const SPAN_FIELDS = 5;

/** 0, or: 1 for `const` plus 2 for `volatile`, the alias, the alignment (0 for none). */
export type StoredQualifiers = 0 | readonly [flags: number, alias: string | null, align: number];

/** A `CType`; its parts are types further up or, for structs, anywhere. */
export type StoredType =
  | readonly ['void', StoredQualifiers]
  | readonly [
      'integer',
      StoredQualifiers,
      name: string,
      size: number,
      isSigned: 0 | 1,
      bits: number,
    ]
  | readonly ['pointer', StoredQualifiers, target: Ref]
  | readonly ['array', StoredQualifiers, element: Ref, length: number]
  | readonly ['record', StoredQualifiers, layout: Ref]
  | readonly ['enum', StoredQualifiers, tag: string | null, layout: Ref]
  | readonly [
      'function',
      StoredQualifiers,
      returns: Ref,
      /** 1 for variadic plus 2 for a prototype. */
      flags: number,
      parameters: readonly (readonly [name: string | null, type: Ref])[],
    ];

/** A `Field`. */
export type StoredField = readonly [
  name: string | null,
  type: Ref,
  offset: number,
  bits: 0 | readonly [start: number, width: number],
  /** 1 for visible plus 2 for guarded. */
  flags: number,
  span: Ref,
];

/** A `RecordLayout`; without fields it is incomplete. */
export type StoredLayout = readonly [
  keyword: 'struct' | 'union',
  tag: string | null,
  fields: readonly StoredField[] | null,
  size: number,
  align: number,
  span: Ref,
];

/** An `EnumLayout`. */
export type StoredEnum = readonly [
  constants: readonly (readonly [name: string, value: string])[],
  integer: Ref,
];

/** A `MacroText`. */
export type StoredMacro = readonly [
  name: string,
  parameters: readonly string[] | null,
  isVariadic: 0 | 1,
  body: string,
  span: Ref,
];

/** A name with external linkage, as `ExternalSymbol`. */
export type StoredSymbol = readonly [
  kind: 'function' | 'variable',
  name: string,
  type: Ref,
  span: Ref,
  isInline: 0 | 1,
];

/** A `FrameVariable`. */
export type StoredVariable = readonly [
  name: string,
  type: Ref,
  span: Ref,
  offset: number,
  /** 0 for none. */
  align: number,
  isParameter: 0 | 1,
  declaredAt: number,
];

/** A `FrameScope`. */
export type StoredScope = readonly [
  start: number,
  end: number,
  parent: number,
  variables: readonly StoredVariable[],
];

/** A `DeclaredAnnotation`. */
export type StoredAnnotation = readonly [
  form: string,
  action: string,
  span: Ref,
  roles: Readonly<Record<string, string>>,
];

/** A `GuardedObject`. */
export type StoredGuarded = readonly [
  offset: number,
  align: number,
  bytes: number,
  /** 1 for undefined plus 2 for counted plus 4 for temporary. */
  flags: number,
  padding: readonly number[] | null,
];

/** The code of a function without what its relocations refer to, which differs from unit to unit. */
export interface StoredCode {
  readonly words: readonly number[];
  /** Word and number in `costNames`, for each operand that is one. */
  readonly costs: readonly number[];
  /** Kind (`RELOCATIONS`) and word of each. */
  readonly relocations: readonly number[];
  readonly frame: number;
  readonly name: Ref;
  readonly span: Ref;
  readonly plumbing: 0 | 1;
  readonly scopes: readonly StoredScope[];
  /** pc, span, whether it is the entry. */
  readonly statements: readonly number[];
  /** pc, span. */
  readonly calls: readonly number[];
  /** pc, span, span of the pointer. */
  readonly expressions: readonly number[];
  readonly guards: readonly (readonly [pc: number, tag: string, field: string, offset: number])[];
  readonly annotations: readonly (readonly [annotation: Ref, pc: number])[];
  readonly anchors: readonly (readonly [
    name: string,
    title: string | null,
    span: Ref,
    pc: number,
  ])[];
  readonly guarded: readonly StoredGuarded[];
}

/** The kinds of `CodeRelocation` by number. */
export const RELOCATIONS = ['address', 'function', 'annotation'] as const;

/**
 * What code or data of a unit refers to: three times an index, plus 0 for one of its functions, 1 for
 * its data, 2 for a name in its `externals`.
 */
export type Target = number;
export const TARGET_KINDS = 3;

/** A `FunctionObject`. */
export type StoredFunction = readonly [
  name: string,
  isStatic: 0 | 1,
  type: Ref,
  code: Ref,
  /** One for each relocation; `NONE` for those without. */
  targets: readonly Target[],
];

/** A `DataObject`. */
export type StoredData = readonly [
  name: string,
  size: number,
  align: number,
  bytes: readonly number[] | null,
  /** Offset and target of each. */
  relocations: readonly number[],
  debug: readonly [type: Ref, span: Ref, isStatic: 0 | 1, owner: number] | null,
];

/** One unit. */
export interface StoredUnitData {
  /** Its own file first. */
  readonly files: readonly Ref[];
  readonly functions: readonly StoredFunction[];
  readonly data: readonly StoredData[];
  readonly externals: readonly string[];
  readonly costs: readonly Ref[];
  readonly definitions: readonly (readonly [symbol: Ref, target: Target])[];
  readonly declared: readonly Ref[];
  /** The function is one of the unit's. */
  readonly flags: readonly (readonly [flags: Ref, owner: number])[];
  readonly declarations: readonly Ref[];
  readonly macros: readonly Ref[];
  readonly records: readonly (readonly [tag: string, layout: Ref])[];
  readonly enums: readonly (readonly [tag: string, type: Ref])[];
  readonly typedefs: readonly (readonly [name: string, type: Ref])[];
  readonly constants: readonly Ref[];
  /** Those of the partial layouts of which it sees the body. */
  readonly complete: readonly Ref[];
}

/** The objects of a compilation. */
export interface StoredObjects {
  /** The name in the tree and the hash of the text. */
  readonly files: readonly (readonly [name: string, hash: string])[];
  /** What each `#include` named and found. */
  readonly includes: readonly (readonly [
    from: Ref,
    path: string,
    form: 'angle' | 'quote',
    to: Ref,
  ])[];
  readonly spans: readonly number[];
  readonly types: readonly StoredType[];
  readonly layouts: readonly StoredLayout[];
  /** Layouts of which some units do not see the body. */
  readonly partial: readonly Ref[];
  readonly enums: readonly StoredEnum[];
  readonly macros: readonly StoredMacro[];
  readonly symbols: readonly StoredSymbol[];
  readonly annotations: readonly StoredAnnotation[];
  readonly flags: readonly (readonly [name: string, recordTag: string | null, prefix: string])[];
  readonly constants: readonly (readonly [name: string, type: Ref, value: string])[];
  readonly costNames: readonly string[];
  readonly codes: readonly StoredCode[];
  readonly units: readonly StoredUnitData[];
}
