/**
 * Names with external linkage: one object for all units. Finds duplicate definitions and declarations
 * that contradict the definition of another unit.
 */
import { alignOf, typeName } from '../bytecode/ctype.ts';
import type { TranslationUnit } from './translationUnit.ts';
import type { FunctionDefinition, FunctionSymbol, VariableSymbol } from './ast.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import {
  createDataObject,
  createFunctionObject,
  type DataObject,
  type FunctionObject,
} from './objectCode.ts';
import { initializedSize } from './staticInitializer.ts';
import type { ExternalDefinition, ExternalSymbol } from './unitObject.ts';
import { UnitTypeComparison } from './unitTypes.ts';

/** A definition with external linkage that has to be lowered. */
export type ParsedDefinition =
  | {
      readonly symbol: FunctionSymbol;
      readonly object: FunctionObject;
      readonly definition: FunctionDefinition;
    }
  | { readonly symbol: VariableSymbol; readonly object: DataObject };

/** External definitions by name, in the order of units and texts. */
export type ExternalSymbols = ReadonlyMap<string, ExternalDefinition>;

/** What a unit tells others of its names with external linkage. */
export interface UnitExternals {
  readonly definitions: readonly ExternalDefinition[];
  /** Those that it uses. */
  readonly declared: readonly ExternalSymbol[];
}

/** A data object for a variable, with what the debugger wants to know. */
export function createVariableObject(
  symbol: VariableSymbol,
  owner: FunctionObject | undefined,
): DataObject {
  const align = Math.max(alignOf(symbol.type), symbol.align, 1);
  const size = initializedSize(symbol.type, symbol.initializer);
  const object = createDataObject(symbol.name, symbol.unit, size, align);
  if (symbol.name !== '') {
    const isStatic = symbol.linkage !== 'external';
    object.debug = { type: symbol.type, span: symbol.span, isStatic, owner };
  }
  return object;
}

/** Makes objects for the external definitions of a parsed unit, in the order of its text. */
export function defineExternals(unit: TranslationUnit): readonly ParsedDefinition[] {
  const definitions: ParsedDefinition[] = [];
  for (const definition of unit.functions) {
    const { symbol } = definition;
    if (symbol.linkage !== 'external') continue;
    const object = createFunctionObject(symbol.name, unit.unit, false, definition.type);
    definitions.push({ symbol, object, definition });
  }
  for (const symbol of unit.variables) {
    if (symbol.linkage !== 'external' || symbol.definition === 'none') continue;
    definitions.push({ symbol, object: createVariableObject(symbol, undefined) });
  }
  return definitions;
}

/** The names with external linkage that a parsed unit uses. */
export function usedExternals({ symbols }: TranslationUnit): readonly ExternalSymbol[] {
  const used: ExternalSymbol[] = [];
  for (const symbol of symbols.values()) {
    if (symbol.kind !== 'function' && symbol.kind !== 'variable') continue;
    if (symbol.linkage === 'external' && symbol.isUsed) used.push(symbol);
  }
  return used;
}

/** Collects the external definitions of all units and checks that the units agree. */
export function collectExternals(
  units: readonly UnitExternals[],
  sink: DiagnosticSink,
): ExternalSymbols {
  const externals = new Map<string, ExternalDefinition>();
  for (const { definitions } of units) {
    for (const definition of definitions) {
      const { symbol } = definition;
      const known = externals.get(symbol.name);
      if (known === undefined) {
        externals.set(symbol.name, definition);
        continue;
      }
      if (symbol.isInline === true && known.symbol.isInline === true) continue;
      const notes = [{ message: 'the other definition is here', span: known.symbol.span }];
      sink.reportWithNotes('duplicate-definition', symbol.span, notes, symbol.name);
    }
  }
  checkDeclarations(units, externals, sink);
  return externals;
}

function checkDeclarations(
  units: readonly UnitExternals[],
  externals: ExternalSymbols,
  sink: DiagnosticSink,
): void {
  const types = new UnitTypeComparison();
  for (const { declared } of units) {
    for (const symbol of declared) {
      const known = externals.get(symbol.name);
      if (known === undefined || known.symbol === symbol) continue;
      if (types.isCompatible(symbol.type, known.symbol.type)) continue;
      const message = `it is defined as \`${typeName(known.symbol.type)}\` here`;
      const notes = [{ message, span: known.symbol.span }];
      const { name, span, type } = symbol;
      sink.reportWithNotes('conflicting-units', span, notes, name, typeName(type));
    }
  }
}
