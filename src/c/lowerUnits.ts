/**
 * All units to objects: lowers every external definition and whatever static functions and variables
 * they lead to. Static functions that nobody uses are left out, and so stay small programs small.
 *
 * Each unit is lowered on its own, in the order of the units, and its objects do not depend on what
 * other units contain. Units that were lowered before are only joined.
 */
import type { SourceFile, Span } from '../base/span.ts';
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
import {
  collectExternals,
  createVariableObject,
  defineExternals,
  usedExternals,
  type ExternalSymbols,
  type ParsedDefinition,
  type UnitExternals,
} from './externalSymbols.ts';
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
import type { ObjectFlags, UnitObject, UnitTables } from './unitObject.ts';

/** Objects of a whole program, not placed yet. */
export interface LoweredProgram {
  /** In the order of the program. */
  readonly units: readonly UnitObject[];
  /** Indexed by the operand of `costBegin`. */
  readonly costNames: readonly string[];
}

/** A unit that has to be lowered. */
export interface ParsedUnit {
  readonly kind: 'parsed';
  readonly unit: TranslationUnit;
  readonly tables: UnitTables;
}

/** A unit that was lowered before. */
export interface StoredUnit extends UnitExternals {
  readonly kind: 'stored';
  /**
   * Ties the unit to the others. `costNumber` gives the number of a name in `//@ cost`. Errors:
   * `undefined` when a name that it needs is defined nowhere.
   */
  load(externals: ExternalSymbols, costNumber: (name: string) => number): UnitObject | undefined;
}

/** What lowering of all units shares. */
class ProgramLowering {
  readonly sink: DiagnosticSink;
  readonly externals: ExternalSymbols;
  /** Sizes of all variables so far. */
  dataBytes = 0;
  readonly costNames: string[] = [];
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

  costNumber(name: string): number {
    const { costNames } = this;
    const known = costNames.indexOf(name);
    return known >= 0 ? known : costNames.push(name) - 1;
  }
}

/** One unit's objects; static ones and string literals are made when they are first used. */
class UnitLowering implements UnitServices {
  readonly sink: DiagnosticSink;
  private readonly program: ProgramLowering;
  private readonly unit: TranslationUnit;
  private readonly data: DataObject[] = [];
  private readonly functionOf = new Map<FunctionSymbol, FunctionObject>();
  private readonly costNames = new Set<string>();
  private readonly objects = new Map<VariableSymbol | FunctionSymbol, LinkTarget>();
  private readonly strings = new Map<string, DataObject>();
  /** Work to be done: bodies of functions and initializers of variables. It grows while it is worked on. */
  readonly queue: (() => void)[] = [];

  constructor(program: ProgramLowering, unit: TranslationUnit) {
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
      : createFunctionObject(symbol.name, this.unit.unit, false, symbol.type);
  }

  private createStaticVariable(symbol: VariableSymbol): DataObject {
    const owner = symbol.owner && this.functionOf.get(symbol.owner);
    const object = createVariableObject(symbol, owner);
    this.addVariable(symbol, object);
    return object;
  }

  private createStaticFunction(
    symbol: FunctionSymbol,
    definition: FunctionDefinition,
  ): FunctionObject {
    const object = createFunctionObject(symbol.name, this.unit.unit, true, definition.type);
    this.addFunction(symbol, definition, object);
    return object;
  }

  /** Adds the definitions of the unit that stand in the program; of a name only the first does. */
  start(definitions: readonly ParsedDefinition[]): void {
    for (const definition of definitions) {
      const { object } = definition;
      if (this.program.externals.get(definition.symbol.name)?.object !== object) continue;
      if ('definition' in definition) {
        this.addFunction(definition.symbol, definition.definition, definition.object);
      } else {
        this.addVariable(definition.symbol, definition.object);
      }
    }
  }

  /** Queues the body of a function. */
  private addFunction(
    symbol: FunctionSymbol,
    definition: FunctionDefinition,
    object: FunctionObject,
  ): void {
    this.functionOf.set(symbol, object);
    this.queue.push(() => {
      object.code = lowerFunction(definition, this);
    });
  }

  /** Adds a variable to the program and queues its initializer. */
  private addVariable(symbol: VariableSymbol, object: DataObject): void {
    this.data.push(object);
    this.program.dataBytes += object.size;
    const { initializer } = symbol;
    // Linking refuses a program with too much data; its bytes are not made first.
    if (initializer === undefined || this.program.dataBytes > DATA_LIMIT_BYTES) return;
    this.queue.push(() => {
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
    const object = createDataObject('', this.unit.unit, bytes.length, align);
    object.bytes = bytes;
    this.strings.set(key, object);
    this.data.push(object);
    return object;
  }

  costNumber(name: string): number {
    this.costNames.add(name);
    return this.program.costNumber(name);
  }

  /** The unit's objects, once everything in the queue is done. */
  finish({ definitions, declared }: UnitExternals, tables: UnitTables): UnitObject {
    const { unit, declarations } = this.unit;
    return {
      unit,
      functions: this.functions(tables.files),
      data: this.data,
      costNames: [...this.costNames],
      definitions,
      declared,
      flags: this.flags(),
      declarations: declarations.map(({ form: { name, action }, span, roles }) => {
        return { form: name, action, span, roles };
      }),
      tables,
    };
  }

  /**
   * Those of headers first, file by file as they were read. The order in which they were parsed will not
   * do: it depends on what earlier units have made of the headers.
   */
  private functions(files: readonly SourceFile[]): FunctionObject[] {
    const order = new Map(files.map((file, index) => [file, index === 0 ? files.length : index]));
    const places: {
      readonly object: FunctionObject;
      readonly file: number;
      readonly start: number;
    }[] = [];
    for (const { symbol, nameSpan } of this.unit.functions) {
      const object = this.functionOf.get(symbol);
      if (object === undefined) continue;
      places.push({ object, file: order.get(nameSpan.file) ?? 0, start: nameSpan.start });
    }
    places.sort((one, other) => one.file - other.file || one.start - other.start);
    return places.map(({ object }) => object);
  }

  private flags(): ObjectFlags[] {
    const flags: ObjectFlags[] = [];
    for (const { name, recordTag, function: symbol, prefix } of this.unit.flags) {
      const owner = symbol && this.functionOf.get(symbol);
      if (symbol === undefined || owner !== undefined)
        flags.push({ name, recordTag, owner, prefix });
    }
    return flags;
  }
}

/**
 * Lowers the parsed units, a function or variable in each step, and joins the stored ones. Errors:
 * undefined, duplicate and contradicting names go to the sink; `undefined` when a stored unit does not
 * fit to the others, which has to be compiled then.
 */
export function* lowerUnits(
  units: readonly (ParsedUnit | StoredUnit)[],
  sink: DiagnosticSink,
): Steps<LoweredProgram | undefined> {
  const started = units.map((item) => {
    if (item.kind === 'stored') return { item, names: item };
    const definitions = defineExternals(item.unit);
    return { item, definitions, names: { definitions, declared: usedExternals(item.unit) } };
  });
  const externals = collectExternals(
    started.map(({ names }) => names),
    sink,
  );
  const program = new ProgramLowering(externals, sink);
  const objects: UnitObject[] = [];
  for (const { item, names, definitions = [] } of started) {
    if (item.kind === 'stored') {
      const object = item.load(externals, (name) => program.costNumber(name));
      if (object === undefined) return undefined;
      objects.push(object);
      yield;
      continue;
    }
    const lowering = new UnitLowering(program, item.unit);
    lowering.start(definitions);
    for (const lower of lowering.queue) {
      lower();
      yield;
    }
    objects.push(lowering.finish(names, item.tables));
  }
  return { units: objects, costNames: program.costNames };
}
