/**
 * C text to a program. The stages in their order:
 *
 *   lexer → preprocessor → parser (names and types in the same pass) → lowering → linking
 *
 * Each unit goes through the first three on its own; lowering and linking see all units. Bad C never
 * throws: it gives diagnostics, and no program if any of them is an error.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from '../base/span.ts';
import { finishSteps, type Steps } from '../base/steps.ts';
import type { Program } from '../bytecode/program.ts';
import { buildProgram } from './buildProgram.ts';
import { compileChanged } from './compileChanged.ts';
import type { CompileInput } from './compileInput.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { HeaderCache } from './headerCache.ts';
import type { ParsedUnit } from './lowerUnits.ts';
import { NeededParser } from './parseNeeded.ts';
import { preprocess } from './preprocessor.ts';
import { tablesOf } from './programTables.ts';

/** What came out. */
export interface CompileResult {
  /** `undefined` when there were errors. */
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles and links C units. Cost: linear in the text and in what each unit needs of headers. */
export function compile(input: CompileInput): CompileResult {
  return finishSteps(compileInSteps(input));
}

/** The same in steps of a few milliseconds. */
export function* compileInSteps(input: CompileInput): Steps<CompileResult> {
  if (input.objects !== undefined && input.defines === undefined) {
    const program = yield* compileChanged(input, input.objects);
    if (program !== undefined) return { program, diagnostics: [] };
  }
  const sink = new DiagnosticSink();
  const units: ParsedUnit[] = [];
  const { language } = input;
  const parser = new NeededParser(language, sink);
  const options = { ...input, headers: new HeaderCache() };
  for (const [index, file] of input.units.entries()) {
    const preprocessed = preprocess(file, options, sink);
    yield;
    const unit = yield* parser.parse(file, preprocessed, index);
    units.push({ kind: 'parsed', unit, tables: tablesOf(unit, preprocessed) });
  }
  if (sink.hasErrors) return { program: undefined, diagnostics: inTextOrder(sink.diagnostics) };
  const program = yield* buildProgram(units, sink);
  const isUsable = sink.errorCount === 0;
  return { program: isUsable ? program : undefined, diagnostics: inTextOrder(sink.diagnostics) };
}

/** File by file in the order in which they are first mentioned, each in the order of its text. */
function inTextOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Map<SourceFile | undefined, number>();
  for (const { span } of diagnostics) {
    if (span !== undefined && !files.has(span.file)) files.set(span.file, files.size);
  }
  const fileOf = ({ span }: Diagnostic): number => files.get(span?.file) ?? files.size;
  const startOf = ({ span }: Diagnostic): number => span?.start ?? 0;
  return diagnostics.toSorted((a, b) => fileOf(a) - fileOf(b) || startOf(a) - startOf(b));
}
