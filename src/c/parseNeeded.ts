/**
 * Parses the units of a compilation, and of the headers of each only what it needs.
 *
 * A unit is tried with what earlier units made of its headers. If there is anything to complain of,
 * the trial is forgotten and the whole unit is parsed, so that messages, their notes and suggestions
 * are those of the whole.
 */
import type { SourceFile } from '../base/span.ts';
import type { Steps } from '../base/steps.ts';
import type { AnnotationLanguage } from '../bytecode/annotation.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { HeaderBodies } from './headerBodies.ts';
import { learnSegments, type ParsedRun } from './headerLearning.ts';
import { HeaderNames, UnitNames, type UnitRun } from './headerNames.ts';
import { parseUnitInSteps, type UnitOptions } from './parseUnit.ts';
import type { PreprocessedUnit } from './preprocessor.ts';
import type { TranslationUnit } from './translationUnit.ts';

/** Parses units in their order; what it learns of headers is kept for the next. */
export class NeededParser {
  readonly #language: AnnotationLanguage;
  readonly #sink: DiagnosticSink;
  readonly #bodies: HeaderBodies;
  readonly #headers = new HeaderNames();

  /** `knownHeaders` are those that an earlier compilation has parsed as a whole and as they are now. */
  constructor(
    language: AnnotationLanguage,
    sink: DiagnosticSink,
    knownHeaders: ReadonlySet<SourceFile> = new Set(),
  ) {
    this.#language = language;
    this.#sink = sink;
    this.#bodies = new HeaderBodies(knownHeaders);
  }

  /**
   * Parses a unit; the result is what parsing all of its tokens gives, but for unused names. `index` is
   * its index among the units of the program, which only grows.
   */
  *parse(file: SourceFile, unit: PreprocessedUnit, index: number): Steps<TranslationUnit> {
    const options = this.#optionsFor(file, unit, index);
    const hasHeaders = unit.pieces.some(({ chunk }) => chunk !== undefined);
    if (hasHeaders && !this.#headers.isBroken) {
      const parsed = yield* this.#try(unit, options);
      if (parsed !== undefined) return parsed;
    }
    const runs: readonly UnitRun[] = [{ kind: 'tokens', tokens: unit.tokens }];
    return yield* parseUnitInSteps(runs, options, this.#sink);
  }

  /** Parses what other units have not parsed; `undefined` when there is anything to complain of. */
  *#try({ pieces }: PreprocessedUnit, options: UnitOptions): Steps<TranslationUnit | undefined> {
    const { file, unit } = options;
    const headers = this.#headers;
    const trial = new DiagnosticSink();
    const parsed: ParsedRun[] = [];
    const headerNames = new UnitNames(headers, file, unit);
    this.#bodies.mark();
    const runs = headers.startUnit(pieces, unit);
    const result = yield* parseUnitInSteps(runs, { ...options, headerNames, parsed }, trial);
    let isSound = trial.reportCount === 0 && !headerNames.isBroken;
    if (isSound && !learnSegments(headers, parsed, headerNames.completed, unit)) {
      headers.isBroken = true;
      isSound = false;
    }
    if (!isSound) {
      headerNames.undo();
      this.#bodies.undo();
    }
    headers.endUnit();
    return isSound ? result : undefined;
  }

  #optionsFor(file: SourceFile, { macros }: PreprocessedUnit, unit: number): UnitOptions {
    return { file, unit, language: this.#language, macros, headerBodies: this.#bodies };
  }
}
