/**
 * Where a compiled kernel keeps what the host reads: offsets of fields, addresses of globals, values
 * of constants, all looked up by name in the program's own debug information.
 *
 * Fields may stand in any order and any struct may have more of them, so an edited kernel keeps
 * working. Everything is checked once, when the layout is made; later look-ups cannot fail.
 */
import { asAddress, type Address } from '../base/brand.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { BugError } from '../base/errors.ts';
import { findField, sizeOf, type Field } from '../bytecode/ctype.ts';
import type { Program } from '../bytecode/program.ts';
import { kernelMessages } from './kernelMessages.ts';
import {
  CONSTANTS,
  GLOBAL_VARIABLES,
  STRUCT_FIELDS,
  type ConstantName,
  type FieldOf,
  type GlobalName,
  type StructTag,
} from './kernelNames.ts';

/** A field of a struct: where it stands and how many bytes it has. */
export interface FieldPlace {
  readonly offset: number;
  readonly bytes: number;
}

export class KernelLayout {
  /** By tag and name: two look-ups cost less than one string made of both. */
  private readonly fields: ReadonlyMap<string, ReadonlyMap<string, FieldPlace>>;
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly globals: ReadonlyMap<string, Address>;
  private readonly constants: ReadonlyMap<string, number>;

  constructor(
    fields: ReadonlyMap<string, ReadonlyMap<string, FieldPlace>>,
    sizes: ReadonlyMap<string, number>,
    globals: ReadonlyMap<string, Address>,
    constants: ReadonlyMap<string, number>,
  ) {
    this.fields = fields;
    this.sizes = sizes;
    this.globals = globals;
    this.constants = constants;
  }

  /** The place of a field; in bytes from the start of the struct. */
  field<Tag extends StructTag>(tag: Tag, field: FieldOf<Tag>): FieldPlace {
    return known(known(this.fields, tag), field);
  }

  /** The size of a struct in bytes. */
  sizeOf(tag: StructTag): number {
    return known(this.sizes, tag);
  }

  /** The address of a global variable. */
  global(name: GlobalName): Address {
    return known(this.globals, name);
  }

  /** The value of a macro or enumeration constant. */
  constant(name: ConstantName): number {
    return known(this.constants, name);
  }
}

function known<T>(table: ReadonlyMap<string, T>, name: string): T {
  const value = table.get(name);
  if (value === undefined) throw new BugError(`the kernel layout does not know ${name}`);
  return value;
}

/** What looking up all names gave. */
export interface KernelLayoutResult {
  /** Absent when something is missing. */
  readonly layout: KernelLayout | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks up all names of `kernelNames.ts`. Errors: one diagnostic for each that is missing, at the struct where there is one. */
export function resolveKernelLayout(program: Program): KernelLayoutResult {
  const diagnostics: Diagnostic[] = [];
  const fields = new Map<string, Map<string, FieldPlace>>();
  const sizes = new Map<string, number>();
  for (const [tag, names] of Object.entries(STRUCT_FIELDS)) {
    const record = program.records.get(tag);
    if (record?.fields === undefined) {
      diagnostics.push(kernelMessages.missingStruct(tag, program.records.keys()));
      continue;
    }
    sizes.set(tag, record.size);
    const places = new Map<string, FieldPlace>();
    fields.set(tag, places);
    for (const name of names) {
      const field = findField(record, name);
      if (field === undefined) {
        const candidates = record.fields.flatMap((item: Field) => item.name ?? []);
        diagnostics.push(kernelMessages.missingField(record.span, tag, name, candidates));
      } else {
        places.set(name, { offset: field.offset, bytes: sizeOf(field.type) ?? 0 });
      }
    }
  }
  const globals = new Map<string, Address>();
  for (const name of GLOBAL_VARIABLES) {
    const found = program.globals.find(
      (item) => item.name === name && item.functionIndex === undefined,
    );
    if (found?.storage.kind === 'static') globals.set(name, asAddress(found.storage.address));
    else
      diagnostics.push(
        kernelMessages.missingGlobal(
          name,
          program.globals.map((item) => item.name),
        ),
      );
  }
  const constants = new Map<string, number>();
  for (const name of CONSTANTS) {
    const value = program.enumConstants.get(name)?.value ?? program.macros.get(name)?.value;
    if (value === undefined) {
      const candidates = [...program.enumConstants.keys(), ...program.macros.keys()];
      diagnostics.push(kernelMessages.missingConstant(name, candidates));
    } else constants.set(name, Number(value));
  }
  if (diagnostics.length > 0) return { layout: undefined, diagnostics };
  return { layout: new KernelLayout(fields, sizes, globals, constants), diagnostics };
}
