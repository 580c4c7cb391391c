/**
 * Compiles only what differs from an earlier compilation, whose objects are given.
 *
 * Units that did not change are taken from there, the others go through all stages, and everything is
 * linked. The result is the program that compiling everything gives. It comes only where there is
 * nothing to complain of: whatever has to be said is left to a compilation of the whole.
 */
import type { Steps } from '../base/steps.ts';
import type { Program } from '../bytecode/program.ts';
import { buildProgram } from './buildProgram.ts';
import type { CompileInput } from './compileInput.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { HeaderCache } from './headerCache.ts';
import type { ParsedUnit, StoredUnit } from './lowerUnits.ts';
import type { StoredObjects } from './objectFormat.ts';
import { NeededParser } from './parseNeeded.ts';
import { preprocess } from './preprocessor.ts';
import { tablesOf } from './programTables.ts';
import { ObjectReader } from './readObjects.ts';
import { findUnchanged } from './unchangedUnits.ts';

/** The program; `undefined` when nothing is unchanged and when everything has to be compiled. */
export function* compileChanged(
  input: CompileInput,
  objects: StoredObjects,
): Steps<Program | undefined> {
  const unchanged = findUnchanged(objects, input.units, input.resolveInclude);
  yield;
  if (unchanged.units.size === 0) return undefined;
  const reader = new ObjectReader(objects, unchanged);
  const trial = new DiagnosticSink();
  const parser = new NeededParser(input.language, trial, unchanged.read);
  const options = { ...input, headers: new HeaderCache() };
  const units: (ParsedUnit | StoredUnit)[] = [];
  for (const [index, file] of input.units.entries()) {
    const stored = unchanged.units.get(file);
    if (stored !== undefined) {
      units.push(reader.unit(stored, index));
      continue;
    }
    const preprocessed = preprocess(file, options, trial);
    yield;
    const unit = yield* parser.parse(file, preprocessed, index);
    if (trial.reportCount > 0) return undefined;
    units.push({ kind: 'parsed', unit, tables: tablesOf(unit, preprocessed) });
  }
  const program = yield* buildProgram(units, trial);
  return trial.reportCount > 0 ? undefined : program;
}
