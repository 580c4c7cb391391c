/**
 * The tables of a program that come from whole units rather than from code: macros, structs,
 * typedefs and enumeration constants, for the debugger and for readers of kernel structs.
 */
import type { SourceFile, Span } from '../base/span.ts';
import type { CType, EnumType, RecordLayout } from '../bytecode/ctype.ts';
import type { EnumConstant, FunctionMacroInfo, MacroInfo, Program } from '../bytecode/program.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { macrosFor } from './evaluateMacros.ts';
import { createConstantNames } from './evaluateNames.ts';
import { integerConstant } from './expressionNode.ts';
import { parseLoneExpression } from './parseLone.ts';
import { expandText, type PreprocessedUnit } from './preprocessor.ts';
import type { TranslationUnit } from './translationUnit.ts';
import type { MacroText, Named, UnitTables } from './unitObject.ts';

export type ProgramTables = Pick<
  Program,
  'macros' | 'functionMacros' | 'records' | 'enums' | 'typedefs' | 'enumConstants' | 'files'
>;

/** What one unit adds to the tables. */
export function tablesOf(
  unit: TranslationUnit,
  { macros, files }: Pick<PreprocessedUnit, 'macros' | 'files'>,
): UnitTables {
  const typedefs: Named<CType>[] = [];
  const enumConstants: Named<EnumConstant>[] = [];
  for (const symbol of unit.symbols.values()) {
    if (symbol.kind === 'typedef') typedefs.push([symbol.name, symbol.type]);
    else if (symbol.kind === 'enumConstant') {
      const { name, type, value } = symbol;
      enumConstants.push([name, { type, value }]);
    }
  }
  const records = [...unit.records];
  const enums = [...unit.enums];
  return { macros: [...macros.values()], files, records, enums, typedefs, enumConstants };
}

/** A macro whose value is computed when somebody asks, since most are never asked. */
class ObjectMacro implements MacroInfo {
  readonly name: string;
  readonly body: string;
  readonly span: Span;
  readonly #tables: ProgramTables;
  #value: bigint | undefined;
  #isKnown = false;

  constructor(macro: MacroText, tables: ProgramTables) {
    this.name = macro.name;
    this.body = macro.bodyText;
    this.span = macro.span;
    this.#tables = tables;
  }

  get value(): bigint | undefined {
    if (!this.#isKnown) {
      this.#isKnown = true;
      this.#value = valueOf(this.body, this.#tables);
    }
    return this.#value;
  }
}

/** The value of a macro's body when it is an integer constant expression. */
function valueOf(body: string, tables: ProgramTables): bigint | undefined {
  if (body === '') return undefined;
  const file: SourceFile = { path: '<macro>', text: body };
  const sink = new DiagnosticSink();
  const tokens = expandText(file, macrosFor(tables, file), sink);
  if (sink.hasErrors) return undefined;
  const expression = parseLoneExpression(tokens, createConstantNames(tables), sink);
  return expression === undefined || sink.errorCount > 0 ? undefined : integerConstant(expression);
}

/** Collects the tables of all units. Of several types with one name the first counts. */
export function collectTables(units: readonly UnitTables[]): ProgramTables {
  const macros = new Map<string, MacroInfo>();
  const functionMacros = new Map<string, FunctionMacroInfo>();
  const records = new Map<string, RecordLayout>();
  const enums = new Map<string, EnumType>();
  const typedefs = new Map<string, CType>();
  const enumConstants = new Map<string, EnumConstant>();
  const files = new Set<SourceFile>();
  const latest = new Map<string, MacroText>();
  const tables = { macros, functionMacros, records, enums, typedefs, enumConstants, files: [] };
  for (const unit of units) {
    unit.macros.forEach(addMacro);
    for (const file of unit.files) files.add(file);
    addNew(records, unit.records);
    addNew(enums, unit.enums);
    addNew(typedefs, unit.typedefs);
    addNew(enumConstants, unit.enumConstants);
  }
  return { ...tables, files: [...files] };

  function addMacro(macro: MacroText): void {
    const { name, span, parameters } = macro;
    // Most macros come from headers, which many units read.
    if (latest.get(name) === macro) return;
    latest.set(name, macro);
    const known = macros.get(name) ?? functionMacros.get(name);
    if (known !== undefined && isSamePlace(known.span, span)) return;
    if (parameters === undefined) macros.set(name, new ObjectMacro(macro, tables));
    else functionMacros.set(name, { name, definition: defineText(macro), span });
  }
}

function addNew<T>(table: Map<string, T>, entries: readonly Named<T>[]): void {
  for (const [name, value] of entries) {
    if (!table.has(name)) table.set(name, value);
  }
}

function isSamePlace(one: Span, other: Span): boolean {
  return one.start === other.start && one.file === other.file;
}

/** What follows `#define`: name, parameters, body. */
function defineText({ name, parameters, isVariadic, bodyText }: MacroText): string {
  const list = (parameters ?? []).map((parameter, index, all) => {
    if (!isVariadic || index < all.length - 1) return parameter;
    return parameter === '__VA_ARGS__' ? '...' : `${parameter}...`;
  });
  return `${name}(${list.join(', ')}) ${bodyText}`;
}
