/**
 * All units to objects: lowers every external definition and whatever static functions and variables
 * they lead to. Static functions that nobody uses are left out, and so stay small programs small.
 */
import type { Span } from '../base/span.ts';
import type { Steps } from '../base/steps.ts';
import { alignOf } from '../bytecode/ctype.ts';
import type { TranslationUnit } from './translationUnit.ts';
import type {
  FunctionDefinition,
  FunctionSymbol,
  StringExpression,
  VariableSymbol,
} from './ast.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { collectExternals, createVariableObject, type ExternalSymbols } from './externalSymbols.ts';
import type { UnitServices } from './functionContext.ts';
import { lowerFunction } from './lowerFunction.ts';
import {
  DATA_LIMIT_BYTES,
  createDataObject,
  createFunctionObject,
  type DataObject,
  type FunctionObject,
  type LinkTarget,
} from './objectCode.ts';
import { fillStaticObject } from './staticInitializer.ts';

/** Objects of a whole program, not placed yet. */
export interface LoweredProgram {
  /** In the order of units and of definitions in them. */
  readonly functions: readonly FunctionObject[];
  readonly data: readonly DataObject[];
  /** The object of each function that was lowered. */
  readonly functionOf: ReadonlyMap<FunctionSymbol, FunctionObject>;
  readonly costNames: readonly string[];
}

/** What lowering of all units shares. */
class ProgramLowering {
  readonly sink: DiagnosticSink;
  readonly externals: ExternalSymbols;
  readonly data: DataObject[] = [];
  /** Sizes of all variables so far. */
  dataBytes = 0;
  readonly functionOf = new Map<FunctionSymbol, FunctionObject>();
  readonly costNames: string[] = [];
  /** Work to be done: bodies of functions and initializers of variables. */
  readonly queue: (() => void)[] = [];
  private readonly undefinedNames = new Set<string>();

  constructor(externals: ExternalSymbols, sink: DiagnosticSink) {
    this.externals = externals;
    this.sink = sink;
  }

  reportUndefined(symbol: VariableSymbol | FunctionSymbol, use: Span): void {
    if (this.undefinedNames.has(symbol.name)) return;
    this.undefinedNames.add(symbol.name);
    const notes = [{ message: 'it is declared here', span: symbol.span }];
    this.sink.reportWithNotes('undefined-reference', use, notes, symbol.kind, symbol.name);
  }
}

/** One unit's static objects and string literals, made when they are first used. */
class UnitLowering implements UnitServices {
  readonly sink: DiagnosticSink;
  private readonly program: ProgramLowering;
  private readonly unit: number;
  private readonly objects = new Map<VariableSymbol | FunctionSymbol, LinkTarget>();
  private readonly strings = new Map<string, DataObject>();

  constructor(program: ProgramLowering, unit: number) {
    this.sink = program.sink;
    this.program = program;
    this.unit = unit;
  }

  objectOf(symbol: VariableSymbol | FunctionSymbol, use: Span): LinkTarget {
    const known = this.objects.get(symbol);
    if (known !== undefined) return known;
    const object = this.findObject(symbol, use);
    this.objects.set(symbol, object);
    return object;
  }

  private findObject(symbol: VariableSymbol | FunctionSymbol, use: Span): LinkTarget {
    if (symbol.linkage === 'external') {
      const external = this.program.externals.get(symbol.name);
      if (external !== undefined) return external.object;
    } else if (symbol.kind === 'variable') {
      return this.createStaticVariable(symbol);
    } else if (symbol.definition !== undefined) {
      return this.createStaticFunction(symbol, symbol.definition);
    }
    this.program.reportUndefined(symbol, use);
    return symbol.kind === 'variable'
      ? createVariableObject(symbol, undefined)
      : createFunctionObject(symbol.name, this.unit, false, symbol.type);
  }

  private createStaticVariable(symbol: VariableSymbol): DataObject {
    const owner = symbol.owner && this.program.functionOf.get(symbol.owner);
    const object = createVariableObject(symbol, owner);
    this.addVariable(symbol, object);
    return object;
  }

  private createStaticFunction(
    symbol: FunctionSymbol,
    definition: FunctionDefinition,
  ): FunctionObject {
    const object = createFunctionObject(symbol.name, this.unit, true, definition.type);
    this.addFunction(symbol, definition, object);
    return object;
  }

  /** Queues the body of a function. */
  addFunction(
    symbol: FunctionSymbol,
    definition: FunctionDefinition,
    object: FunctionObject,
  ): void {
    this.program.functionOf.set(symbol, object);
    this.program.queue.push(() => {
      object.code = lowerFunction(definition, this);
    });
  }

  /** Adds a variable to the program and queues its initializer. */
  addVariable(symbol: VariableSymbol, object: DataObject): void {
    this.program.data.push(object);
    this.program.dataBytes += object.size;
    const { initializer } = symbol;
    // Linking refuses a program with too much data; its bytes are not made first.
    if (initializer === undefined || this.program.dataBytes > DATA_LIMIT_BYTES) return;
    this.program.queue.push(() => {
      fillStaticObject(object, initializer, (base) =>
        base.kind === 'string' ? this.stringObject(base) : this.objectOf(base, initializer.span),
      );
    });
  }

  stringObject({ bytes, type }: StringExpression): DataObject {
    const align = alignOf(type);
    const key = `${String(align)}:${bytes.join()}`;
    const known = this.strings.get(key);
    if (known !== undefined) return known;
    const object = createDataObject('', this.unit, bytes.length, align);
    object.bytes = bytes;
    this.strings.set(key, object);
    this.program.data.push(object);
    return object;
  }

  costNumber(name: string): number {
    const { costNames } = this.program;
    const known = costNames.indexOf(name);
    return known >= 0 ? known : costNames.push(name) - 1;
  }
}

/** Lowers all units, a function or variable in each step. Errors: undefined, duplicate and contradicting names go to the sink. */
export function* lowerUnits(
  units: readonly TranslationUnit[],
  sink: DiagnosticSink,
): Steps<LoweredProgram> {
  const externals = collectExternals(units, sink);
  const program = new ProgramLowering(externals, sink);
  const lowerings = new Map(
    units.map((unit) => [unit.unit, new UnitLowering(program, unit.unit)] as const),
  );
  for (const external of externals.values()) {
    const lowering = lowerings.get(external.symbol.unit);
    if (lowering === undefined) continue;
    if ('definition' in external) {
      lowering.addFunction(external.symbol, external.definition, external.object);
    } else {
      lowering.addVariable(external.symbol, external.object);
    }
  }
  // The queue grows while it is worked on.
  for (const lower of program.queue) {
    lower();
    yield;
  }
  return {
    functions: orderFunctions(units, program.functionOf),
    data: program.data,
    functionOf: program.functionOf,
    costNames: program.costNames,
  };
}

function orderFunctions(
  units: readonly TranslationUnit[],
  functionOf: ReadonlyMap<FunctionSymbol, FunctionObject>,
): FunctionObject[] {
  const ordered: FunctionObject[] = [];
  for (const unit of units) {
    for (const { symbol } of unit.functions) {
      const object = functionOf.get(symbol);
      if (object !== undefined) ordered.push(object);
    }
  }
  return ordered;
}
