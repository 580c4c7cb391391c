/**
 * Which function bodies of headers were parsed before in this compilation.
 *
 * Most inline functions of a header are used by few of the units that include it. The first unit
 * parses all of them, so nothing wrong in a header goes unreported; later units parse only those
 * that they use.
 */
import type { SourceFile, Span } from '../base/span.ts';

/** Shared by the units of one compilation. */
export class HeaderBodies {
  /** Headers that an earlier compilation has parsed as they are now. */
  readonly #known: ReadonlySet<SourceFile>;
  readonly #seen = new Map<SourceFile, Set<number>>();
  /** What was noted since the last mark. */
  #recent: Span[] = [];

  constructor(known: ReadonlySet<SourceFile>) {
    this.#known = known;
  }

  /** Notes that the function with this name is parsed; true if it was before. */
  note(name: Span): boolean {
    if (this.#known.has(name.file)) return true;
    const known = this.#seen.get(name.file);
    if (known === undefined) this.#seen.set(name.file, new Set([name.start]));
    else if (known.has(name.start)) return true;
    else known.add(name.start);
    this.#recent.push(name);
    return false;
  }

  /** From here on `undo` forgets. */
  mark(): void {
    this.#recent = [];
  }

  /** Forgets what was noted since the mark. */
  undo(): void {
    for (const { file, start } of this.#recent) this.#seen.get(file)?.delete(start);
    this.#recent = [];
  }
}
