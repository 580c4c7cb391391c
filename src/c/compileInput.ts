/**
 * What the compiler is given. Texts are read by whoever calls it.
 */
import type { SourceFile } from '../base/span.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import type { StoredObjects } from './objectFormat.ts';
import type { ResolveInclude } from './preprocessor.ts';

/** What is compiled together. */
export interface CompileInput {
  /** The `.c` files; headers come through `resolveInclude`, the same object for the same file. */
  readonly units: readonly SourceFile[];
  readonly resolveInclude: ResolveInclude;
  /** The paths that `resolveInclude` would find from a file, for suggestions. */
  readonly listIncludes?: (from: SourceFile) => Iterable<string>;
  /** The annotations that the C may use. */
  readonly language: AnnotationLanguage;
  /** Macros defined from outside: name to body. */
  readonly defines?: Readonly<Record<string, string>>;
  /**
   * What an earlier compilation by this compiler, with the same language, stored: what did not change is
   * taken from there. It makes no difference but in time.
   */
  readonly objects?: StoredObjects | undefined;
}
