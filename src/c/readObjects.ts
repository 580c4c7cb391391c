/**
 * Stored objects to units that linking takes like those that were compiled just now.
 *
 * A reader serves one program: what it makes is completed by linking and belongs to that program.
 */
import { BugError } from '../base/errors.ts';
import type { EnumType, FunctionType } from '../bytecode/ctype.ts';
import type { EnumConstant } from '../bytecode/program.ts';
import type { ExternalSymbols } from './externalSymbols.ts';
import type { StoredUnit } from './lowerUnits.ts';
import {
  createDataObject,
  createFunctionObject,
  type CodeRelocation,
  type DataObject,
  type FunctionObject,
  type LinkTarget,
} from './objectCode.ts';
import {
  NONE,
  RELOCATIONS,
  TARGET_KINDS,
  type Ref,
  type StoredData,
  type StoredObjects,
  type StoredUnitData,
  type Target,
} from './objectFormat.ts';
import { CodeReader } from './readCode.ts';
import { entryOf, TypeReader } from './readTypes.ts';
import type { UnchangedUnits } from './unchangedUnits.ts';
import type { ExternalSymbol, MacroText, Named, UnitObject, UnitTables } from './unitObject.ts';

/** Makes the units of stored objects, for one program. */
export class ObjectReader {
  readonly #stored: StoredObjects;
  readonly #types: TypeReader;
  readonly #codes: CodeReader;
  readonly #macros: (MacroText | undefined)[] = [];
  readonly #symbols: (ExternalSymbol | undefined)[] = [];
  readonly #constants: (Named<EnumConstant> | undefined)[] = [];

  constructor(stored: StoredObjects, { files, units }: UnchangedUnits) {
    this.#stored = stored;
    this.#types = new TypeReader(stored, files, units.values());
    this.#codes = new CodeReader(stored, this.#types);
  }

  /** One of the unchanged units, by its index here and in the program. */
  unit(index: number, unit: number): StoredUnit {
    const data = entryOf(this.#stored.units, index);
    const objects = this.#createObjects(data, unit);
    const definitions = data.definitions.map(([symbol, target]) => {
      const object = ownTarget(objects, target);
      if (object === undefined) throw new BugError('a stored definition without an object');
      return { symbol: this.#symbol(symbol), object };
    });
    const declared = data.declared.map((symbol) => this.#symbol(symbol));
    return {
      kind: 'stored',
      definitions,
      declared,
      load: (externals, costNumber) => {
        for (const ref of data.costs) costNumber(entryOf(this.#stored.costNames, ref));
        const targets = findTargets(data, objects, externals);
        if (targets === undefined) return undefined;
        this.#fillFunctions(data, objects, targets, costNumber);
        fillData(data, objects, targets);
        return this.#finish(data, unit, objects, { definitions, declared });
      },
    };
  }

  #createObjects(data: StoredUnitData, unit: number): OwnObjects {
    const functions = data.functions.map(([name, isStatic, type]) =>
      createFunctionObject(name, unit, isStatic === 1, this.#functionType(type)),
    );
    return {
      functions,
      data: data.data.map((stored) => this.#createData(stored, unit, functions)),
    };
  }

  #functionType(ref: Ref): FunctionType {
    const type = this.#types.type(ref);
    if (type.kind !== 'function') throw new BugError('a stored function without its type');
    return type;
  }

  #createData(stored: StoredData, unit: number, functions: readonly FunctionObject[]): DataObject {
    const [name, size, align, bytes, , debug] = stored;
    const object = createDataObject(name, unit, size, align);
    if (bytes !== null) object.bytes = Uint8Array.from(bytes);
    if (debug === null) return object;
    const [type, span, isStatic, owner] = debug;
    object.debug = {
      type: this.#types.type(type),
      span: this.#types.span(span),
      isStatic: isStatic === 1,
      owner: owner === NONE ? undefined : entryOf(functions, owner),
    };
    return object;
  }

  #fillFunctions(
    { functions }: StoredUnitData,
    objects: OwnObjects,
    targets: Targets,
    costNumber: (name: string) => number,
  ): void {
    for (const [index, [, , , code, refersTo]] of functions.entries()) {
      const shared = this.#codes.code(code, costNumber);
      const list = entryOf(this.#stored.codes, code).relocations;
      const relocations = refersTo.map((target, order): CodeRelocation => {
        const kind = entryOf(RELOCATIONS, entryOf(list, 2 * order));
        const word = entryOf(list, 2 * order + 1);
        return { kind, word, target: target === NONE ? undefined : targets(target) };
      });
      entryOf(objects.functions, index).code = { ...shared, relocations };
    }
  }

  #finish(
    data: StoredUnitData,
    unit: number,
    objects: OwnObjects,
    externals: Pick<UnitObject, 'definitions' | 'declared'>,
  ): UnitObject {
    return {
      unit,
      ...objects,
      ...externals,
      costNames: data.costs.map((ref) => entryOf(this.#stored.costNames, ref)),
      flags: data.flags.map(([ref, owner]) => {
        const [name, recordTag, prefix] = entryOf(this.#stored.flags, ref);
        return {
          name,
          recordTag: recordTag ?? undefined,
          owner: owner === NONE ? undefined : entryOf(objects.functions, owner),
          prefix,
        };
      }),
      declarations: data.declarations.map((ref) => this.#codes.annotation(ref)),
      tables: this.#tables(data),
    };
  }

  #tables(data: StoredUnitData): UnitTables {
    const types = this.#types;
    return {
      macros: data.macros.map((ref) => this.#macro(ref)),
      files: data.files.map((ref) => types.file(ref)),
      records: data.records.map(([tag, ref]) => [tag, types.layout(ref)]),
      enums: data.enums.map(([tag, ref]) => [tag, this.#enumType(ref)]),
      typedefs: data.typedefs.map(([name, ref]) => [name, types.type(ref)]),
      enumConstants: data.constants.map((ref) => this.#constant(ref)),
    };
  }

  #enumType(ref: Ref): EnumType {
    const type = this.#types.type(ref);
    if (type.kind !== 'enum') throw new BugError('a stored enumeration without its type');
    return type;
  }

  #macro(ref: Ref): MacroText {
    const known = this.#macros[ref];
    if (known !== undefined) return known;
    const [name, parameters, isVariadic, bodyText, span] = entryOf(this.#stored.macros, ref);
    const macro = {
      name,
      parameters: parameters ?? undefined,
      isVariadic: isVariadic === 1,
      bodyText,
      span: this.#types.span(span),
    };
    this.#macros[ref] = macro;
    return macro;
  }

  #symbol(ref: Ref): ExternalSymbol {
    const known = this.#symbols[ref];
    if (known !== undefined) return known;
    const [kind, name, type, span, isInline] = entryOf(this.#stored.symbols, ref);
    const symbol = {
      kind,
      name,
      type: this.#types.type(type),
      span: this.#types.span(span),
      isInline: isInline === 1,
    };
    this.#symbols[ref] = symbol;
    return symbol;
  }

  #constant(ref: Ref): Named<EnumConstant> {
    const known = this.#constants[ref];
    if (known !== undefined) return known;
    const [name, typeRef, value] = entryOf(this.#stored.constants, ref);
    const type = this.#types.type(typeRef);
    if (type.kind !== 'integer' && type.kind !== 'enum') {
      throw new BugError('a stored constant without its type');
    }
    const constant: Named<EnumConstant> = [name, { type, value: BigInt(value) }];
    this.#constants[ref] = constant;
    return constant;
  }
}

interface OwnObjects {
  readonly functions: readonly FunctionObject[];
  readonly data: readonly DataObject[];
}

/** What a number in the unit stands for. */
type Targets = (target: Target) => LinkTarget;

/** `undefined` for a name of another unit. */
function ownTarget({ functions, data }: OwnObjects, target: Target): LinkTarget | undefined {
  const index = Math.floor(target / TARGET_KINDS);
  const kind = target % TARGET_KINDS;
  if (kind === 0) return entryOf(functions, index);
  return kind === 1 ? entryOf(data, index) : undefined;
}

/** `undefined` when a name is defined nowhere. */
function findTargets(
  { externals: names }: StoredUnitData,
  objects: OwnObjects,
  externals: ExternalSymbols,
): Targets | undefined {
  const found: LinkTarget[] = [];
  for (const name of names) {
    const external = externals.get(name);
    if (external === undefined) return undefined;
    found.push(external.object);
  }
  return (target) =>
    ownTarget(objects, target) ?? entryOf(found, Math.floor(target / TARGET_KINDS));
}

function fillData({ data }: StoredUnitData, objects: OwnObjects, targets: Targets): void {
  for (const [index, [, , , , relocations]] of data.entries()) {
    const object = entryOf(objects.data, index);
    for (let at = 0; at < relocations.length; at += 2) {
      const target = targets(entryOf(relocations, at + 1));
      object.relocations.push({ offset: entryOf(relocations, at), target });
    }
  }
}
