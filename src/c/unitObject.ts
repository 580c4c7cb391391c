/**
 * What is left of a unit once it is lowered: its object file, kept in memory.
 *
 * Linking and the tables of the program need nothing else of a unit, so it does not matter whether it
 * was compiled just now or read from stored objects. Nothing in it has an address yet. Code of this
 * unit refers to objects of others by identity.
 */
import type { SourceFile, Span } from '../base/span.ts';
import type { Annotation } from '../bytecode/annotation.ts';
import type { CType, EnumType, RecordLayout } from '../bytecode/ctype.ts';
import type { EnumConstant } from '../bytecode/program.ts';
import type { Macro } from './macro.ts';
import type { DataObject, FunctionObject, LinkTarget } from './objectCode.ts';

/** A function or variable with external linkage, as one unit declares it. */
export interface ExternalSymbol {
  readonly kind: 'function' | 'variable';
  readonly name: string;
  readonly type: CType;
  readonly span: Span;
  /** Of a function. */
  readonly isInline?: boolean;
}

/** A definition with external linkage. */
export interface ExternalDefinition {
  readonly symbol: ExternalSymbol;
  readonly object: LinkTarget;
}

/** An annotation that belongs to no function. */
export type DeclaredAnnotation = Omit<Annotation, 'functionIndex' | 'pc'>;

/** From `//@ flags`; see `FlagsHint`. */
export interface ObjectFlags {
  readonly name: string;
  readonly recordTag: string | undefined;
  /** The function that it stands in. */
  readonly owner: FunctionObject | undefined;
  readonly prefix: string;
}

/** What the tables of a program need of a macro. */
export type MacroText = Pick<Macro, 'name' | 'parameters' | 'isVariadic' | 'bodyText' | 'span'>;

/** A name with what it stands for. */
export type Named<T> = readonly [name: string, value: T];

/** What a unit adds to the tables of the program. */
export interface UnitTables {
  /** At the end of the unit, the predefined ones included. */
  readonly macros: readonly MacroText[];
  /** The unit's file, then the headers in the order in which they were first read. */
  readonly files: readonly SourceFile[];
  /** Complete structs and unions by tag. */
  readonly records: readonly Named<RecordLayout>[];
  readonly enums: readonly Named<EnumType>[];
  /** Those that the unit has parsed or used. */
  readonly typedefs: readonly Named<CType>[];
  readonly enumConstants: readonly Named<EnumConstant>[];
}

/** A lowered unit. */
export interface UnitObject {
  /** Its index among the units of the program. */
  readonly unit: number;
  /** Those of headers first, each file in the order of its text; static ones only where they are used. */
  readonly functions: readonly FunctionObject[];
  /** Its own variables and string literals. */
  readonly data: readonly DataObject[];
  /** The names in `//@ cost` that its code uses, in the order of their first use. */
  readonly costNames: readonly string[];
  readonly definitions: readonly ExternalDefinition[];
  /** What it uses of names with external linkage, its own included. */
  readonly declared: readonly ExternalSymbol[];
  readonly flags: readonly ObjectFlags[];
  readonly declarations: readonly DeclaredAnnotation[];
  readonly tables: UnitTables;
}
