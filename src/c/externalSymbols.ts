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
import { UnitTypeComparison } from './unitTypes.ts';

/** The definition behind an external name. */
export type ExternalDefinition =
  | {
      readonly symbol: FunctionSymbol;
      readonly object: FunctionObject;
      readonly definition: FunctionDefinition;
    }
  | { readonly symbol: VariableSymbol; readonly object: DataObject };

/** External definitions by name, in the order of units and texts. */
export type ExternalSymbols = ReadonlyMap<string, ExternalDefinition>;

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

/** Collects the external definitions of all units and checks that the units agree. */
export function collectExternals(
  units: readonly TranslationUnit[],
  sink: DiagnosticSink,
): ExternalSymbols {
  const externals = new Map<string, ExternalDefinition>();

  function define(found: ExternalDefinition): void {
    const { symbol } = found;
    const known = externals.get(symbol.name);
    if (known === undefined) {
      externals.set(symbol.name, found);
      return;
    }
    const isInline =
      symbol.kind === 'function' &&
      symbol.isInline &&
      known.symbol.kind === 'function' &&
      known.symbol.isInline;
    if (isInline) return;
    const notes = [{ message: 'the other definition is here', span: known.symbol.span }];
    sink.reportWithNotes('duplicate-definition', symbol.span, notes, symbol.name);
  }

  for (const unit of units) {
    for (const definition of unit.functions) {
      const { symbol } = definition;
      if (symbol.linkage !== 'external') continue;
      const object = createFunctionObject(symbol.name, unit.unit, false, definition.type);
      define({ symbol, object, definition });
    }
    for (const symbol of unit.variables) {
      if (symbol.linkage !== 'external' || symbol.definition === 'none') continue;
      define({ symbol, object: createVariableObject(symbol, undefined) });
    }
  }
  checkDeclarations(units, externals, sink);
  return externals;
}

function checkDeclarations(
  units: readonly TranslationUnit[],
  externals: ExternalSymbols,
  sink: DiagnosticSink,
): void {
  const types = new UnitTypeComparison();
  for (const unit of units) {
    for (const symbol of unit.symbols.values()) {
      if (symbol.kind !== 'function' && symbol.kind !== 'variable') continue;
      if (symbol.linkage !== 'external' || !symbol.isUsed) continue;
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
