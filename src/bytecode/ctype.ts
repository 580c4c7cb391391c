/**
 * The C types of a program, as a 32-bit x86 compiler lays them out (ILP32, little endian).
 *
 * The same objects serve semantic analysis, lowering, the debugger's variables and the typed readers
 * of kernel structs. A record (struct or union) is shared by identity through `RecordLayout`, so
 * that a type may point to itself, and an enumeration through `EnumLayout`; qualifiers and the typedef
 * name for display sit on the reference.
 * Source: System V ABI, Intel386 supplement, chapter 3 (`long long` is aligned to 4 in structs).
 */
import type { Span } from '../base/span.ts';

interface Qualified {
  readonly isConst?: boolean;
  readonly isVolatile?: boolean;
  /** The typedef name to display, such as `pgoff_t`. */
  readonly alias?: string;
  /** The alignment in bytes that an attribute on the typedef asks for. */
  readonly align?: number;
}

/** No value at all. */
export interface VoidType extends Qualified {
  readonly kind: 'void';
}

/** Any integer type; `name` is the canonical spelling, such as `unsigned long long` or `_Bool`. */
export interface IntegerType extends Qualified {
  readonly kind: 'integer';
  readonly name: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
  /** Of the own type of a bit-field wider than `int`: how many bits its values have, 33 to 63. */
  readonly bits?: number;
}

/** The address of something, or null. */
export interface PointerType extends Qualified {
  readonly kind: 'pointer';
  readonly target: CType;
}

/** Elements one after the other. */
export interface ArrayType extends Qualified {
  readonly kind: 'array';
  readonly element: CType;
  /** Number of elements; `undefined` while the type is incomplete (`int a[]`). */
  readonly length: number | undefined;
}

/** A reference to a struct or union; complete once `layout.fields` is set. */
export interface RecordType extends Qualified {
  readonly kind: 'record';
  readonly layout: RecordLayout;
}

/** A reference to an enumeration; complete once `layout.integer` is set. */
export interface EnumType extends Qualified {
  readonly kind: 'enum';
  readonly tag: string | undefined;
  readonly layout: EnumLayout;
}

/** What a function takes and gives. */
export interface FunctionType extends Qualified {
  readonly kind: 'function';
  readonly returns: CType;
  readonly parameters: readonly { readonly name: string | undefined; readonly type: CType }[];
  readonly isVariadic: boolean;
  /** False for the old form `int f()`, whose arguments are not checked. */
  readonly hasPrototype: boolean;
}

export type CType =
  VoidType | IntegerType | PointerType | ArrayType | RecordType | EnumType | FunctionType;

/** The one object behind every mention of a struct or union; filled in when its body is seen. */
export interface RecordLayout {
  readonly keyword: 'struct' | 'union';
  readonly tag: string | undefined;
  /** `undefined` while only declared. */
  fields: readonly Field[] | undefined;
  /** In bytes, padding included; 0 while incomplete. */
  size: number;
  /** In bytes; 1 while incomplete. */
  align: number;
  /** Where the body stands. */
  span: Span | undefined;
}

/** The one object behind every mention of an enumeration; filled in when its body is seen. */
export interface EnumLayout {
  /** In the order of the text; their values are in the range of `integer`. */
  constants: readonly { readonly name: string; readonly value: bigint }[];
  /** The type that holds the values, and so their size and sign; `undefined` while only declared. */
  integer: IntegerType | undefined;
}

/** A member of a record. */
export interface Field {
  /** `undefined` for an anonymous struct or union, whose members are found through it. */
  readonly name: string | undefined;
  readonly type: CType;
  /** In bytes from the start of the record; for a bit-field, of its storage unit. */
  readonly offset: number;
  /** For a bit-field: the first bit in the storage unit and the width, in bits. */
  readonly bits?: { readonly start: number; readonly width: number };
  /** Set where a scheduling point lies before every access: the field is marked racy. */
  readonly isVisible?: true;
  /** Set where every access needs a lock: `guard` is about the field. */
  readonly isGuarded?: true;
  readonly span: Span | undefined;
}

/** The type of an enumeration that is only declared, until its body tells. */
const UNDECIDED: IntegerType = {
  kind: 'integer',
  name: 'unsigned int',
  size: 4,
  isSigned: false,
};

/** The integer type that an enumeration is represented by; any other integer represents itself. */
export function representationOf(type: IntegerType | EnumType): IntegerType {
  return type.kind === 'integer' ? type : (type.layout.integer ?? UNDECIDED);
}

/** Whether values of this scalar can be negative; pointers cannot. */
export function isSignedType(type: CType): boolean {
  return (type.kind === 'integer' || type.kind === 'enum') && representationOf(type).isSigned;
}

/** Whether the type is a number or a pointer, so that it can be tested against zero. */
export function isScalar(type: CType): boolean {
  return type.kind === 'integer' || type.kind === 'pointer' || type.kind === 'enum';
}

/** The size in bytes; incomplete types, functions and `void` give `undefined`. */
export function sizeOf(type: CType): number | undefined {
  switch (type.kind) {
    case 'integer':
      return type.size;
    case 'enum':
      return type.layout.integer?.size;
    case 'pointer':
      return 4;
    case 'array': {
      const element = sizeOf(type.element);
      return element === undefined || type.length === undefined ? undefined : element * type.length;
    }
    case 'record':
      return type.layout.fields === undefined ? undefined : type.layout.size;
    case 'void':
    case 'function':
      return undefined;
  }
}

/** The alignment in bytes inside a record; 1 where the type has none. */
export function alignOf(type: CType): number {
  if (type.align !== undefined) return type.align;
  switch (type.kind) {
    case 'integer':
      return Math.min(type.size, 4);
    case 'pointer':
    case 'enum':
      // Even an enumeration of 8 bytes.
      return 4;
    case 'array':
      return alignOf(type.element);
    case 'record':
      return type.layout.align;
    case 'void':
    case 'function':
      return 1;
  }
}

/** A field by name, looked up through anonymous members; `offset` is from the start of `layout`. */
export function findField(layout: RecordLayout, name: string): Field | undefined {
  const { fields = [] } = layout;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    if (field?.name === name) return field;
    if (field?.name === undefined && field?.type.kind === 'record') {
      const inner = findField(field.type.layout, name);
      if (inner !== undefined) return { ...inner, offset: inner.offset + field.offset };
    }
  }
  return undefined;
}

/** The type as C writes it without a name: `struct page *`, `unsigned int [4]`, `int (*)(void)`. */
export function typeName(type: CType): string {
  return declarator(type, '').trim();
}

function declarator(type: CType, inner: string): string {
  const qualifiers = `${type.isConst === true ? 'const ' : ''}${type.isVolatile === true ? 'volatile ' : ''}`;
  if (type.alias !== undefined) return `${qualifiers}${type.alias} ${inner}`;
  switch (type.kind) {
    case 'void':
      return `${qualifiers}void ${inner}`;
    case 'integer':
      return `${qualifiers}${type.name} ${inner}`;
    case 'enum':
      return `${qualifiers}enum ${type.tag ?? '{…}'} ${inner}`;
    case 'record':
      return `${qualifiers}${type.layout.keyword} ${type.layout.tag ?? '{…}'} ${inner}`;
    case 'pointer': {
      const star = `*${qualifiers.trimEnd()}${inner}`;
      const { target } = type;
      const needsParentheses =
        target.alias === undefined && (target.kind === 'array' || target.kind === 'function');
      return declarator(target, needsParentheses ? `(${star})` : star);
    }
    case 'array':
      return declarator(
        type.element,
        `${inner}[${type.length === undefined ? '' : String(type.length)}]`,
      );
    case 'function': {
      const parameters = type.parameters.map((parameter) => typeName(parameter.type));
      if (type.isVariadic) parameters.push('...');
      if (parameters.length === 0 && type.hasPrototype) parameters.push('void');
      return declarator(type.returns, `${inner}(${parameters.join(', ')})`);
    }
  }
}
