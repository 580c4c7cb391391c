/**
 * From lines of a text to the places where a task can stop, and back.
 *
 * A breakpoint's line moves down to the next line on which a statement starts. A line may have several
 * statements in several functions (macros write them, and a function of a header may exist once per
 * unit); of each function the first one on the line counts. Lines count from 1.
 */
import type { Pc } from '../base/brand.ts';
import { positionOf, type SourceFile, type Span } from '../base/span.ts';
import type { Program } from '../bytecode/program.ts';

/** Where a breakpoint came to stand. */
export interface ResolvedLine<Place> {
  readonly line1: number;
  readonly column1: number;
  readonly places: readonly Place[];
}

interface LineEntry<Place> {
  readonly line1: number;
  readonly column1: number;
  /** Of the entries of a line with the same owner the first counts. */
  readonly owner: number;
  readonly place: Place;
}

const entriesOf = new WeakMap<Program, Map<SourceFile, readonly LineEntry<Pc>[]>>();

function entryOf<Place>(span: Span, owner: number, place: Place): LineEntry<Place> {
  return { ...positionOf(span.file, span.start), owner, place };
}

function kernelEntries(program: Program): Map<SourceFile, readonly LineEntry<Pc>[]> {
  const known = entriesOf.get(program);
  if (known !== undefined) return known;
  const byFile = new Map<SourceFile, LineEntry<Pc>[]>();
  for (const statement of program.statements) {
    const entries = byFile.get(statement.span.file) ?? [];
    byFile.set(statement.span.file, entries);
    entries.push(entryOf(statement.span, statement.functionIndex, statement.pc));
  }
  entriesOf.set(program, byFile);
  return byFile;
}

function resolve<Place>(
  entries: readonly LineEntry<Place>[],
  line1: number,
): ResolvedLine<Place> | undefined {
  let target = Infinity;
  for (const entry of entries) {
    if (entry.line1 >= line1 && entry.line1 < target) target = entry.line1;
  }
  const byOwner = new Map<number, LineEntry<Place>>();
  for (const entry of entries) {
    if (entry.line1 === target && !byOwner.has(entry.owner)) byOwner.set(entry.owner, entry);
  }
  const found = [...byOwner.values()];
  const [first] = found;
  if (first === undefined) return undefined;
  return { line1: target, column1: first.column1, places: found.map((entry) => entry.place) };
}

const macroEntriesOf = new WeakMap<Program, Map<SourceFile, readonly LineEntry<Pc>[]>>();

/** Where statements stand in the bodies of macros; each use of a macro is an owner of its own. */
function macroEntries(program: Program): Map<SourceFile, readonly LineEntry<Pc>[]> {
  const known = macroEntriesOf.get(program);
  if (known !== undefined) return known;
  const byFile = new Map<SourceFile, LineEntry<Pc>[]>();
  const uses = new Map<string, number>();
  for (const { span, functionIndex, pc } of program.statements) {
    if (span.inMacro === undefined) continue;
    const use = `${String(functionIndex)} ${String(span.start)}`;
    const owner = uses.get(use) ?? uses.size;
    uses.set(use, owner);
    const { file } = span.inMacro;
    const entries = byFile.get(file) ?? [];
    byFile.set(file, entries);
    entries.push(entryOf(span.inMacro, owner, pc));
  }
  macroEntriesOf.set(program, byFile);
  return byFile;
}

/**
 * The statements for a breakpoint on a line of a kernel file; `undefined` when none follows. A line of
 * a macro's body stands for that line in every use of the macro.
 */
export function resolveKernelLine(
  program: Program,
  file: SourceFile,
  line1: number,
): ResolvedLine<Pc> | undefined {
  const inMacro = macroEntries(program)
    .get(file)
    ?.filter((entry) => entry.line1 === line1);
  if (inMacro !== undefined && inMacro.length > 0) return resolve(inMacro, line1);
  return resolve(kernelEntries(program).get(file) ?? [], line1);
}

/** An assembled instruction of a user program. */
export interface ProgramLine {
  readonly address: number;
  readonly span: Span;
}

/** The instructions for a breakpoint on a line of a user program. */
export function resolveProgramLine(
  lines: readonly ProgramLine[],
  file: SourceFile,
  line1: number,
): ResolvedLine<number> | undefined {
  const entries = lines
    .filter((line) => line.span.file === file)
    .map((line) => entryOf(line.span, line.address, line.address));
  const found = resolve(entries, line1);
  if (found === undefined) return undefined;
  return { ...found, places: found.places.slice(0, 1) };
}
