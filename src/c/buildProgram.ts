/**
 * The stages of compiling that see all units: lowering, linking, tables. Units may come from the parser
 * or be stored ones.
 */
import { asAddress } from '../base/brand.ts';
import type { Steps } from '../base/steps.ts';
import type { Program } from '../bytecode/program.ts';
import { completeRecords } from './completeRecords.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { linkProgram } from './link.ts';
import { lowerUnits, type ParsedUnit, type StoredUnit } from './lowerUnits.ts';
import { hashProgram } from './programHash.ts';
import { collectTables } from './programTables.ts';

/** Builds a program; `undefined` after errors, and when a stored unit does not fit to the others. */
export function* buildProgram(
  units: readonly (ParsedUnit | StoredUnit)[],
  sink: DiagnosticSink,
): Steps<Program | undefined> {
  const lowered = yield* lowerUnits(units, sink);
  if (lowered === undefined || sink.hasErrors) return undefined;
  const { dataEnd, ...linked } = linkProgram(lowered.units, sink);
  yield;
  const tables = collectTables(lowered.units.map((unit) => unit.tables));
  const program: Program = {
    ...linked,
    dataEnd: asAddress(dataEnd),
    ...tables,
    costNames: lowered.costNames,
    hash: hashProgram(linked.code, linked.data, dataEnd, tables.records),
  };
  completeRecords(program);
  return program;
}
