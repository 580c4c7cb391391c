/**
 * Whether declarations of one name in two units agree. Each unit has its own objects for the same
 * struct, so records are compared by what they say: tag, size and fields.
 */
import {
  sizeOf,
  type CType,
  type EnumType,
  type Field,
  type RecordLayout,
} from '../bytecode/ctype.ts';

/** Compares types of different units; remembers records that it has seen. */
export class UnitTypeComparison {
  private readonly known = new Map<RecordLayout, Map<RecordLayout, boolean>>();

  /** Whether two declared types are compatible; an incomplete type agrees with a complete one. */
  isCompatible(one: CType, other: CType): boolean {
    if (one === other) return true;
    switch (one.kind) {
      case 'void':
        return other.kind === 'void';
      case 'integer':
        if (other.kind === 'enum') return isSameSize(other, one);
        return other.kind === 'integer' && one.name === other.name;
      case 'enum':
        if (other.kind === 'integer') return isSameSize(one, other);
        return other.kind === 'enum' && one.tag === other.tag && isSameSize(one, other);
      case 'pointer':
        return other.kind === 'pointer' && this.isCompatible(one.target, other.target);
      case 'array':
        if (other.kind !== 'array') return false;
        if (one.length !== undefined && other.length !== undefined && one.length !== other.length) {
          return false;
        }
        return this.isCompatible(one.element, other.element);
      case 'record':
        return other.kind === 'record' && this.isSameRecord(one.layout, other.layout);
      case 'function':
        return other.kind === 'function' && this.isSameFunction(one, other);
    }
  }

  private isSameFunction(
    one: CType & { readonly kind: 'function' },
    other: CType & { readonly kind: 'function' },
  ): boolean {
    if (!this.isCompatible(one.returns, other.returns)) return false;
    if (!one.hasPrototype || !other.hasPrototype) return true;
    if (one.isVariadic !== other.isVariadic) return false;
    if (one.parameters.length !== other.parameters.length) return false;
    for (let index = 0; index < one.parameters.length; index += 1) {
      const parameter = one.parameters[index];
      const match = other.parameters[index];
      if (parameter === undefined || match === undefined) return false;
      if (!this.isCompatible(parameter.type, match.type)) return false;
    }
    return true;
  }

  private isSameRecord(one: RecordLayout, other: RecordLayout): boolean {
    if (one === other) return true;
    if (one.keyword !== other.keyword || one.tag !== other.tag) return false;
    if (one.fields === undefined || other.fields === undefined) return true;
    const row = this.known.get(one) ?? new Map<RecordLayout, boolean>();
    this.known.set(one, row);
    const known = row.get(other);
    if (known !== undefined) return known;
    // Assumed while the fields are compared, since a struct may point to itself.
    row.set(other, true);
    const isSame = this.isSameFields(one.fields, other.fields) && one.size === other.size;
    row.set(other, isSame);
    return isSame;
  }

  private isSameFields(one: readonly Field[], other: readonly Field[]): boolean {
    if (one.length !== other.length) return false;
    for (let index = 0; index < one.length; index += 1) {
      const field = one[index];
      const match = other[index];
      if (field === undefined || match === undefined) return false;
      if (match.name !== field.name || match.offset !== field.offset) return false;
      const { bits } = field;
      if (bits?.start !== match.bits?.start || bits?.width !== match.bits?.width) return false;
      if (field.type !== match.type && !this.isCompatible(field.type, match.type)) return false;
    }
    return true;
  }
}

/** Whether the enumeration has the size of the other type; one that is only declared may have any. */
function isSameSize(one: EnumType, other: CType): boolean {
  const [size, otherSize] = [sizeOf(one), sizeOf(other)];
  return size === undefined || otherSize === undefined || size === otherSize;
}
