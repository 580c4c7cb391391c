/**
 * Makes the objects of a compilation, to be stored for later ones.
 *
 * Each unit is compiled by itself, its headers as a whole, so that what is stored of it holds in any
 * company. This costs several times what compiling the program does.
 */
import { nameInTree, type SourceFile } from '../base/span.ts';
import { finishSteps } from '../base/steps.ts';
import type { CompileInput } from './compileInput.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { lowerUnits, type ParsedUnit } from './lowerUnits.ts';
import type { StoredObjects } from './objectFormat.ts';
import { NeededParser } from './parseNeeded.ts';
import { preprocess } from './preprocessor.ts';
import { tablesOf } from './programTables.ts';
import { hashOfFile } from './unchangedUnits.ts';
import { writeObjects } from './writeObjects.ts';

/** Files and what they include, as a compilation meets them. */
class IncludeRecord {
  readonly numbers = new Map<SourceFile, number>();
  readonly includes = new Map<string, StoredObjects['includes'][number]>();

  numberOf(file: SourceFile): number {
    const number = this.numbers.get(file) ?? this.numbers.size;
    this.numbers.set(file, number);
    return number;
  }

  note(from: SourceFile, path: string, form: 'angle' | 'quote', to: SourceFile): void {
    const include = [this.numberOf(from), path, form, this.numberOf(to)] as const;
    this.includes.set(include.join('\n'), include);
  }
}

/**
 * The objects of units. Errors: `undefined` when there is anything to complain of, and for what cannot be
 * stored: macros from outside, inline functions with external linkage, a header with several meanings.
 */
export function createObjects(input: CompileInput): StoredObjects | undefined {
  if (input.defines !== undefined) return undefined;
  const record = new IncludeRecord();
  const sink = new DiagnosticSink();
  const options: CompileInput = {
    ...input,
    resolveInclude(path, form, from) {
      const file = input.resolveInclude(path, form, from);
      if (file !== undefined) record.note(from, path, form, file);
      return file;
    },
  };
  const units: ParsedUnit[] = [];
  for (const [index, file] of input.units.entries()) {
    record.numberOf(file);
    const preprocessed = preprocess(file, options, sink);
    const parser = new NeededParser(input.language, sink);
    const unit = finishSteps(parser.parse(file, preprocessed, index));
    units.push({ kind: 'parsed', unit, tables: tablesOf(unit, preprocessed) });
  }
  if (sink.reportCount > 0) return undefined;
  const lowered = finishSteps(lowerUnits(units, sink));
  if (lowered === undefined || sink.reportCount > 0) return undefined;
  const files = [...record.numbers.keys()].map(
    (file) => [nameInTree(file), hashOfFile(file)] as const,
  );
  const includes = [...record.includes.values()];
  return writeObjects(lowered.units, lowered.costNames, { files, includes }, record.numbers);
}
