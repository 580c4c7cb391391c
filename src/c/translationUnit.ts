/**
 * What the parser hands on for one `.c` file: its tree and everything it declares. Units are linked by
 * name when they are lowered.
 */
import type { SourceFile, Span } from '../base/span.ts';
import type { EnumType, RecordLayout } from '../bytecode/ctype.ts';
import type {
  FunctionDefinition,
  FunctionSymbol,
  ParsedAnnotation,
  Symbol,
  VariableSymbol,
} from './ast.ts';

/** From `//@ flags`: names the variable or field, and the struct or function it stands in. */
export interface FlagsMark {
  readonly name: string;
  readonly recordTag: string | undefined;
  readonly function: FunctionSymbol | undefined;
  readonly prefix: string;
  readonly span: Span;
}

/** What one `.c` file with its headers contains. */
export interface TranslationUnit {
  readonly file: SourceFile;
  /** Its index among the units of the program. */
  readonly unit: number;
  /** Definitions in the order of the text. */
  readonly functions: readonly FunctionDefinition[];
  /** Everything with static storage or linkage: file scope, `extern` inside functions, local statics. */
  readonly variables: readonly VariableSymbol[];
  /** File scope at the end of the unit. */
  readonly symbols: ReadonlyMap<string, Symbol>;
  /** Complete structs and unions with a tag, from any scope; of several the first. */
  readonly records: ReadonlyMap<string, RecordLayout>;
  /** The same for enumerations. */
  readonly enums: ReadonlyMap<string, EnumType>;
  readonly flags: readonly FlagsMark[];
  /** Annotations of placement `anywhere` other than `flags`, and those outside functions. */
  readonly declarations: readonly ParsedAnnotation[];
}
