/**
 * Parses the units of a compilation, and of the headers of each only what it needs.
 *
 * A unit is tried without the declarations of headers that nothing in it leads to. If there is
 * anything to complain of, the trial is forgotten and the whole unit is parsed, so that messages,
 * their notes and suggestions are those of the whole.
 */
import type { SourceFile } from '../base/span.ts';
import type { Steps } from '../base/steps.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { HeaderBodies } from './headerBodies.ts';
import {
  HeaderDeclarations,
  selectAll,
  type NotedDeclaration,
  type SelectedTokens,
} from './headerDeclarations.ts';
import { parseUnitInSteps } from './parseUnit.ts';
import type { PreprocessedUnit } from './preprocessor.ts';
import type { TranslationUnit } from './translationUnit.ts';

/** Parses units in their order; what it learns of headers is kept for the next. */
export class NeededParser {
  readonly #language: AnnotationLanguage;
  readonly #sink: DiagnosticSink;
  readonly #bodies = new HeaderBodies();
  readonly #declarations = new HeaderDeclarations();
  #unit = -1;

  constructor(language: AnnotationLanguage, sink: DiagnosticSink) {
    this.#language = language;
    this.#sink = sink;
  }

  /** Parses the next unit; the result is what parsing all of its tokens gives, but for unused names. */
  *parse(file: SourceFile, unit: PreprocessedUnit): Steps<TranslationUnit> {
    this.#unit += 1;
    const all = selectAll(unit.tokens, unit.pieces);
    const needed = this.#declarations.select(all, this.#unit);
    if (needed !== undefined) {
      const trial = new DiagnosticSink();
      this.#bodies.mark();
      const parsed = yield* this.#parse(file, unit, needed, trial);
      if (trial.reportCount === 0) return parsed;
      this.#bodies.undo();
    }
    return yield* this.#parse(file, unit, all, this.#sink);
  }

  *#parse(
    file: SourceFile,
    { macros }: PreprocessedUnit,
    selected: SelectedTokens,
    sink: DiagnosticSink,
  ): Steps<TranslationUnit> {
    const noted: NotedDeclaration[] = [];
    const { errorCount } = sink;
    const number = this.#unit;
    const options = {
      file,
      unit: number,
      language: this.#language,
      macros,
      headerBodies: this.#bodies,
      noted,
    };
    const parsed = yield* parseUnitInSteps(selected.tokens, options, sink);
    if (sink.errorCount === errorCount) this.#declarations.add(selected, noted, number);
    return parsed;
  }
}
