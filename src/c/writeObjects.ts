/**
 * Lowered units to stored objects.
 *
 * In go units that were each compiled by itself, so that what is stored of one does not depend on the
 * others. What refers to another unit does so by name.
 */
import type { SourceFile } from '../base/span.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import type { GuardedObject } from '../bytecode/program.ts';
import type { DataObject, FunctionCode, FunctionObject, LinkTarget } from './objectCode.ts';
import {
  NONE,
  RELOCATIONS,
  TARGET_KINDS,
  type Ref,
  type StoredAnnotation,
  type StoredCode,
  type StoredData,
  type StoredFunction,
  type StoredGuarded,
  type StoredMacro,
  type StoredObjects,
  type StoredScope,
  type StoredSymbol,
  type StoredUnitData,
  type Target,
} from './objectFormat.ts';
import { StoredTable } from './storedTable.ts';
import type { DeclaredAnnotation, ExternalSymbol, MacroText, UnitObject } from './unitObject.ts';
import { toBit, TypeWriter } from './writeTypes.ts';

/** What stored objects say of files. */
export type StoredFiles = Pick<StoredObjects, 'files' | 'includes'>;

/**
 * The objects of units, of which `fileNumbers` gives the index of each file in `files`; `undefined` when
 * they cannot be stored. `costNames` are those of the whole program.
 */
export function writeObjects(
  units: readonly UnitObject[],
  costNames: readonly string[],
  files: StoredFiles,
  fileNumbers: ReadonlyMap<SourceFile, number>,
): StoredObjects | undefined {
  return new ObjectWriter(units, costNames, fileNumbers).write(files);
}

class ObjectWriter {
  readonly #types: TypeWriter;
  readonly #units: readonly UnitObject[];
  readonly #fileNumbers: ReadonlyMap<SourceFile, number>;
  readonly #costNames: readonly string[];
  readonly #macros = new StoredTable<StoredMacro>();
  readonly #symbols = new StoredTable<StoredSymbol>();
  readonly #annotations = new StoredTable<StoredAnnotation>();
  readonly #flags = new StoredTable<StoredObjects['flags'][number]>();
  readonly #constants = new StoredTable<StoredObjects['constants'][number]>();
  readonly #codes = new StoredTable<StoredCode>();
  #isSound = true;

  constructor(
    units: readonly UnitObject[],
    costNames: readonly string[],
    fileNumbers: ReadonlyMap<SourceFile, number>,
  ) {
    this.#types = new TypeWriter(fileNumbers, units);
    this.#units = units;
    this.#fileNumbers = fileNumbers;
    this.#costNames = costNames;
  }

  write(files: StoredFiles): StoredObjects | undefined {
    const types = this.#types;
    const units = this.#units.map((unit) => this.#unit(unit));
    if (!this.#isSound || !types.isSound) return undefined;
    const partial = new Set(types.partial);
    return {
      ...files,
      spans: types.spans,
      types: types.types.entries,
      layouts: types.layouts,
      partial: types.partial,
      enums: types.enums.entries,
      macros: this.#macros.entries,
      symbols: this.#symbols.entries,
      annotations: this.#annotations.entries,
      flags: this.#flags.entries,
      constants: this.#constants.entries,
      costNames: this.#costNames,
      codes: this.#codes.entries,
      units: units.map((unit) => {
        return { ...unit, complete: unit.complete.filter((ref) => partial.has(ref)) };
      }),
    };
  }

  #unit(unit: UnitObject): StoredUnitData {
    const { tables } = unit;
    const types = this.#types;
    const targets = new UnitTargets(unit);
    const definitions = unit.definitions.map(({ symbol, object }) => {
      // Of several inline definitions one stands for all, so it does not belong to its unit alone.
      if (symbol.isInline === true) this.#isSound = false;
      return [this.#symbol(symbol), targets.of(object)] as const;
    });
    return {
      files: tables.files.map((file) => this.#fileNumbers.get(file) ?? NONE),
      functions: unit.functions.map((object) => this.#function(object, targets)),
      data: unit.data.map((object) => this.#data(object, targets)),
      externals: targets.externals,
      costs: unit.costNames.map((name) => this.#costNames.indexOf(name)),
      definitions,
      declared: unit.declared.map((symbol) => this.#symbol(symbol)),
      flags: unit.flags.map(({ name, recordTag, owner, prefix }) => [
        this.#flags.add([name, recordTag ?? null, prefix]),
        owner === undefined ? NONE : unit.functions.indexOf(owner),
      ]),
      declarations: unit.declarations.map((annotation) => this.#annotation(annotation)),
      macros: tables.macros.map((macro) => this.#macro(macro)),
      records: tables.records.map(([tag, layout]) => [tag, types.layout(layout)]),
      enums: tables.enums.map(([tag, type]) => [tag, types.type(type)]),
      typedefs: tables.typedefs.map(([name, type]) => [name, types.type(type)]),
      constants: tables.enumConstants.map(([name, { type, value }]) =>
        this.#constants.add([name, types.type(type), String(value)]),
      ),
      // The last: by now all types of the unit have been met.
      complete: types.takeComplete(),
    };
  }

  #macro({ name, parameters, isVariadic, bodyText, span }: MacroText): Ref {
    return this.#macros.add([
      name,
      parameters ?? null,
      toBit(isVariadic),
      bodyText,
      this.#types.span(span),
    ]);
  }

  #symbol({ kind, name, type, span, isInline }: ExternalSymbol): Ref {
    return this.#symbols.add([
      kind,
      name,
      this.#types.type(type),
      this.#types.span(span),
      toBit(isInline),
    ]);
  }

  #annotation({ form, action, span, roles }: DeclaredAnnotation): Ref {
    return this.#annotations.add([form, action, this.#types.span(span), roles]);
  }

  #function({ name, isStatic, type, code }: FunctionObject, targets: UnitTargets): StoredFunction {
    if (code === undefined) {
      this.#isSound = false;
      return [name, toBit(isStatic), this.#types.type(type), NONE, []];
    }
    return [
      name,
      toBit(isStatic),
      this.#types.type(type),
      this.#codes.add(this.#code(code)),
      code.relocations.map(({ target }) => (target === undefined ? NONE : targets.of(target))),
    ];
  }

  #data(object: DataObject, targets: UnitTargets): StoredData {
    const { name, size, align, bytes, relocations, debug } = object;
    return [
      name,
      size,
      align,
      bytes === undefined ? null : [...bytes],
      relocations.flatMap(({ offset, target }) => [offset, targets.of(target)]),
      debug === undefined
        ? null
        : [
            this.#types.type(debug.type),
            this.#types.span(debug.span),
            toBit(debug.isStatic),
            debug.owner === undefined ? NONE : targets.of(debug.owner) / TARGET_KINDS,
          ],
    ];
  }

  #code(code: FunctionCode): StoredCode {
    const types = this.#types;
    const { words, costs } = this.#words(code.words);
    return {
      words,
      costs,
      relocations: code.relocations.flatMap(({ kind, word }) => [RELOCATIONS.indexOf(kind), word]),
      frame: code.frameSize,
      name: types.span(code.nameSpan),
      span: types.span(code.span),
      plumbing: toBit(code.isPlumbing),
      scopes: code.scopes.map((scope) => this.#scope(scope)),
      statements: code.statements.flatMap(({ pc, span, isEntry }) => [
        pc,
        types.span(span),
        toBit(isEntry),
      ]),
      calls: code.calls.flatMap(({ pc, span }) => [pc, types.span(span)]),
      expressions: code.expressions.flatMap(({ pc, span, pointer }) => [
        pc,
        types.span(span),
        types.span(pointer),
      ]),
      guards: code.guardedAccesses.map(({ pc, guard: { recordTag, field, offset } }) => {
        return [pc, recordTag, field, offset];
      }),
      annotations: code.annotations.map(({ pc, ...annotation }) => {
        return [this.#annotation(annotation), pc ?? NONE];
      }),
      anchors: code.anchors.map(({ name, title, span, pc }) => {
        return [name, title ?? null, types.span(span), pc];
      }),
      guarded: code.guarded.map(storeGuarded),
    };
  }

  /** Numbers of names in `//@ cost` are those of one program; they are listed and left out. */
  #words(code: Int32Array): { readonly words: number[]; readonly costs: number[] } {
    const words = [...code];
    const costs: number[] = [];
    for (let pc = 0; pc < words.length; pc += INSTRUCTION_WORDS) {
      if (((words[pc] ?? 0) & OPCODE_MASK) !== OP.costBegin) continue;
      costs.push(pc + 1, words[pc + 1] ?? 0);
      words[pc + 1] = 0;
    }
    return { words, costs };
  }

  #scope({ start, end, parent, variables }: FunctionCode['scopes'][number]): StoredScope {
    const types = this.#types;
    return [
      start,
      end,
      parent ?? NONE,
      variables.map(({ name, type, span, offset, align = 0, isParameter, declaredAt }) => [
        name,
        types.type(type),
        types.span(span),
        offset,
        align,
        toBit(isParameter),
        declaredAt,
      ]),
    ];
  }
}

function storeGuarded(object: GuardedObject): StoredGuarded {
  const { offset, align = 0, bytes, isUndefined, isCounted, isTemporary, padding = null } = object;
  const flags = toBit(isUndefined) + 2 * toBit(isCounted) + 4 * toBit(isTemporary === true);
  return [offset, align, bytes, flags, padding];
}

/** Numbers for what a unit refers to. */
class UnitTargets {
  readonly externals: string[] = [];
  readonly #numbers = new Map<LinkTarget, Target>();

  constructor({ functions, data }: UnitObject) {
    for (const [index, object] of functions.entries()) {
      this.#numbers.set(object, TARGET_KINDS * index);
    }
    for (const [index, object] of data.entries()) {
      this.#numbers.set(object, TARGET_KINDS * index + 1);
    }
  }

  of(object: LinkTarget): Target {
    const known = this.#numbers.get(object);
    if (known !== undefined) return known;
    const number = TARGET_KINDS * (this.externals.push(object.name) - 1) + 2;
    this.#numbers.set(object, number);
    return number;
  }
}
