/**
 * The names that an expression of the debugger may use at a place of a program, rebuilt from debug
 * information as the symbols that the parser works with.
 *
 * Inner names hide outer ones: locals by scope and declaration, then statics of the function and of
 * its unit, then globals; a static of another unit is found when nothing else has the name.
 */
import type { Pc } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import type { CType, FunctionType } from '../bytecode/ctype.ts';
import { findIntrinsic } from '../bytecode/intrinsic.ts';
import {
  findFunction,
  functionAt,
  type FunctionInfo,
  type GlobalInfo,
  type Program,
  type Variable,
} from '../bytecode/program.ts';
import { INT } from './integerType.ts';
import type { NameSource } from './scopeTable.ts';
import type { FunctionSymbol, Symbol, VariableSymbol } from './ast.ts';
import type { TagSymbol } from './symbol.ts';

const NO_SPAN: Span = { file: { path: '', text: '' }, start: 0, end: 0 };

/** A struct, union or enumeration by its tag. */
function findTagIn(
  { records, enums }: Pick<Program, 'records' | 'enums'>,
  name: string,
): TagSymbol | undefined {
  const layout = records.get(name);
  if (layout !== undefined) {
    const span = layout.span ?? NO_SPAN;
    return { name, keyword: layout.keyword, type: { kind: 'record', layout }, span };
  }
  const type = enums?.get(name);
  return type && { name, keyword: 'enum', type, span: NO_SPAN };
}

/** Names at a place; remembers what each symbol stands for. */
export class ProgramNames implements NameSource {
  private readonly program: Program;
  private readonly owner: FunctionInfo | undefined;
  private readonly locals = new Map<string, Variable>();
  private readonly symbols = new Map<string, Symbol | undefined>();
  private readonly variables = new Map<VariableSymbol, Variable>();
  private readonly functions = new Map<FunctionSymbol, FunctionInfo>();

  /** Locals are visible only with a frame to read them from. */
  constructor(program: Program, pc: Pc | undefined, hasFrame: boolean) {
    this.program = program;
    this.owner = pc === undefined ? undefined : functionAt(program, pc);
    if (this.owner === undefined || pc === undefined || !hasFrame) return;
    for (const scope of this.owner.scopes) {
      if (pc < scope.start || pc >= scope.end) continue;
      for (const variable of scope.variables) {
        if (variable.declaredAt <= pc) this.locals.set(variable.name, variable);
      }
    }
  }

  find(name: string): Symbol | undefined {
    if (this.symbols.has(name)) return this.symbols.get(name);
    const symbol = this.create(name);
    this.symbols.set(name, symbol);
    return symbol;
  }

  findTag(name: string): TagSymbol | undefined {
    return findTagIn(this.program, name);
  }

  *names(): Iterable<string> {
    const { program } = this;
    yield* this.locals.keys();
    for (const variable of program.globals) yield variable.name;
    for (const info of program.functions) yield info.name;
    yield* program.enumConstants.keys();
    yield* program.typedefs.keys();
  }

  /** What a variable of the parsed expression is. */
  variableOf(symbol: VariableSymbol): Variable | undefined {
    return this.variables.get(symbol);
  }

  functionOf(symbol: FunctionSymbol): FunctionInfo | undefined {
    return this.functions.get(symbol);
  }

  private create(name: string): Symbol | undefined {
    const { program } = this;
    const variable = this.locals.get(name) ?? this.findGlobal(name);
    if (variable !== undefined) return this.variableSymbol(variable);
    const info = this.findFunctionInfo(name);
    if (info !== undefined) return this.functionSymbol(info);
    if (findIntrinsic(name) !== undefined) return intrinsicSymbol(name);
    const constant = program.enumConstants.get(name);
    if (constant !== undefined) {
      return { kind: 'enumConstant', name, ...constant, span: NO_SPAN };
    }
    const type = program.typedefs.get(name);
    return type === undefined ? undefined : { kind: 'typedef', name, type, span: NO_SPAN };
  }

  private findGlobal(name: string): GlobalInfo | undefined {
    const named = this.program.globals.filter((variable) => variable.name === name);
    const { owner } = this;
    return (
      named.find(({ functionIndex }) => owner !== undefined && functionIndex === owner.index) ??
      named.find(({ functionIndex, isStatic, unit }) => {
        return functionIndex === undefined && isStatic && unit === owner?.unit;
      }) ??
      named.find(({ isStatic }) => !isStatic) ??
      named[0]
    );
  }

  private findFunctionInfo(name: string): FunctionInfo | undefined {
    const { owner, program } = this;
    return (
      program.functions.find((info) => info.name === name && info.unit === owner?.unit) ??
      findFunction(program, name)
    );
  }

  private variableSymbol(variable: Variable): VariableSymbol {
    const isFrame = variable.storage.kind === 'frame';
    const symbol: VariableSymbol = {
      kind: 'variable',
      name: variable.name,
      type: variable.type,
      linkage: isFrame ? 'none' : 'internal',
      storage: isFrame ? 'automatic' : 'static',
      isParameter: variable.isParameter,
      span: variable.span,
      unit: 0,
      owner: undefined,
      definition: 'full',
      initializer: undefined,
      align: 0,
      isAddressTaken: false,
      isUsed: true,
    };
    this.variables.set(symbol, variable);
    return symbol;
  }

  private functionSymbol(info: FunctionInfo): FunctionSymbol {
    const symbol: FunctionSymbol = {
      kind: 'function',
      name: info.name,
      type: info.type,
      linkage: info.isStatic ? 'internal' : 'external',
      span: info.nameSpan,
      unit: info.unit,
      isInline: false,
      isNoReturn: false,
      warnsUnused: false,
      isUnchecked: false,
      definition: undefined,
      isUsed: true,
    };
    this.functions.set(symbol, info);
    return symbol;
  }
}

/** An intrinsic, so that a call of one is refused as a call. */
function intrinsicSymbol(name: string): FunctionSymbol {
  const type: FunctionType = {
    kind: 'function',
    returns: INT,
    parameters: [],
    isVariadic: false,
    hasPrototype: false,
  };
  return {
    kind: 'function',
    name,
    type,
    linkage: 'external',
    span: NO_SPAN,
    unit: 0,
    isInline: false,
    isNoReturn: false,
    warnsUnused: false,
    isUnchecked: false,
    definition: undefined,
    isUsed: true,
  };
}

/** Names of a program's constants and types only, for the values of macros. */
export function createConstantNames(
  tables: Pick<Program, 'records' | 'enums' | 'typedefs' | 'enumConstants'>,
): NameSource {
  function typedefSymbol(name: string, type: CType | undefined): Symbol | undefined {
    return type === undefined ? undefined : { kind: 'typedef', name, type, span: NO_SPAN };
  }
  return {
    find(name) {
      const constant = tables.enumConstants.get(name);
      if (constant === undefined) return typedefSymbol(name, tables.typedefs.get(name));
      return { kind: 'enumConstant', name, ...constant, span: NO_SPAN };
    },
    findTag: (name) => findTagIn(tables, name),
    names: () => [],
  };
}
