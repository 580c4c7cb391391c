/**
 * A value laid out as its bytes lie in memory: one row for each scalar, with what it is called, and rows for the gaps
 * that the compiler left.
 *
 * Structs inside structs are taken apart, arrays of scalars stay in rows of up to 16 bytes. The members of a union
 * share their bytes: each has its row, at the same address. At most `MOST_ROWS` rows.
 */
import { asAddress, type Address } from '../base/brand.ts';
import { isScalar, sizeOf, type CType, type RecordLayout } from '../bytecode/ctype.ts';
import type { Program } from '../bytecode/program.ts';
import { flagsPrefixOfField } from './flagNames.ts';
import type { TypedValue } from './typedValue.ts';

/** A stretch of memory with its name. */
export interface FieldRow {
  readonly address: Address;
  /** In bytes, at least 1. */
  readonly bytes: number;
  /** `mmap_sem.count`, `name[0..15]`; empty for a gap. */
  readonly path: string;
  /** What can be written as a value; `undefined` for a gap. */
  readonly item: TypedValue | undefined;
}

/** Longer values are cut off. */
export const MOST_ROWS = 400;

const BYTES_PER_ROW = 16;

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

class Layout {
  readonly rows: FieldRow[] = [];
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  get isFull(): boolean {
    return this.rows.length >= MOST_ROWS;
  }

  add(path: string, item: TypedValue & { readonly address: Address }): void {
    const { type, address } = item;
    const bytes = sizeOf(type) ?? 0;
    if (this.isFull || bytes === 0) return;
    if (type.kind === 'record') this.addRecord(path, type.layout, address);
    else if (type.kind === 'array') this.addArray(path, type.element, bytes, address);
    else this.rows.push({ address, bytes, path, item });
  }

  private gap(from: number, to: number): void {
    if (to > from && !this.isFull) {
      this.rows.push({ address: asAddress(from), bytes: to - from, path: '', item: undefined });
    }
  }

  private addRecord(path: string, layout: RecordLayout, base: Address): void {
    let end: number = base;
    for (const field of layout.fields ?? []) {
      const address = asAddress(base + field.offset);
      this.gap(end, address);
      const flagsPrefix =
        field.name === undefined
          ? undefined
          : flagsPrefixOfField(this.program, field.name, layout.tag);
      this.add(field.name === undefined ? path : joined(path, field.name), {
        type: field.type,
        address,
        bits: field.bits,
        flagsPrefix,
      });
      end = Math.max(end, address + (sizeOf(field.type) ?? 0));
    }
    this.gap(end, base + layout.size);
  }

  private addArray(path: string, element: CType, bytes: number, base: Address): void {
    const size = sizeOf(element) ?? 0;
    if (size === 0) return;
    if (!isScalar(element)) {
      for (let index = 0; index * size < bytes && !this.isFull; index += 1) {
        this.add(`${path}[${String(index)}]`, {
          type: element,
          address: asAddress(base + index * size),
        });
      }
      return;
    }
    const perRow = Math.max(1, Math.trunc(BYTES_PER_ROW / size));
    const count = bytes / size;
    for (let index = 0; index < count && !this.isFull; index += perRow) {
      const last = Math.min(index + perRow, count) - 1;
      const length = last - index + 1;
      const address = asAddress(base + index * size);
      const part = last === index ? String(index) : `${String(index)}..${String(last)}`;
      this.rows.push({
        address,
        bytes: length * size,
        path: `${path}[${part}]`,
        item: { type: { kind: 'array', element, length }, address },
      });
    }
  }
}

/** The rows of a value that lies in memory; `path` is what the whole is called, empty for nothing. */
export function fieldRows(
  program: Program,
  path: string,
  item: TypedValue & { readonly address: Address },
): readonly FieldRow[] {
  const layout = new Layout(program);
  layout.add(path, item);
  return layout.rows;
}
