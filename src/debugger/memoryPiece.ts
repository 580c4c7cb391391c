/**
 * The memory that an expression is about, as named rows: what a pointer points to, the whole of a struct or array, the
 * struct around a member, the locals around a local.
 *
 * Each piece comes with an expression that names the same place at any later stop, whatever is in scope there.
 */
import { asAddress, hex, type Address } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { sizeOf, typeName, type CType } from '../bytecode/ctype.ts';
import { describeObject } from '../kernel/taskWords.ts';
import { kernelView, listedTasks, taskName, type DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { fieldRows, type FieldRow } from './fieldRows.ts';
import { listScopes } from './scopes.ts';
import { stackRows, type StackRow } from './stackRows.ts';
import { valueContextOf } from './taskWords.ts';
import { readScalar, type TypedValue } from './typedValue.ts';

/** A named piece of memory. */
export interface MemoryPiece {
  /** What it is: `struct page at 0xc0123400, 32 bytes (data.bin:0)`. */
  readonly title: string;
  readonly rows: readonly FieldRow[];
  /** The bytes that were asked for, where the piece is more than those. */
  readonly mark: { readonly address: Address; readonly bytes: number } | undefined;
  /** The call whose locals these are; values are read as that call sees them. */
  readonly row: StackRow | undefined;
  /** Names the place at any stop; `undefined` for a type without a name. */
  readonly pinned: string | undefined;
}

interface Placed extends TypedValue {
  readonly address: Address;
}

const MEMBER = /^(.+?)\s*(?:->|\.)\s*[A-Za-z_]\w*\s*$/s;

/** A value that lies in memory, or nothing. */
function placed(item: TypedValue | undefined): Placed | undefined {
  const { address } = item ?? {};
  return item === undefined || address === undefined ? undefined : { ...item, address };
}

/** What a pointer points to, where that has a size. */
function pointed(target: DebugTarget, row: StackRow | undefined, item: TypedValue) {
  if (item.type.kind !== 'pointer' || item.lacksValue === true) return undefined;
  const context = valueContextOf(target, row);
  if (context.isMissing?.(item) === true) return undefined;
  const value = readScalar(context.memory, item);
  const type = item.type.target;
  if (value === undefined || value === 0n || (sizeOf(type) ?? 0) === 0) return undefined;
  const address = asAddress(Number(value));
  return context.memory.readByte(address) === undefined ? undefined : { type, address };
}

/** `*(struct page *)0xc0123400`. */
function pin(type: CType, address: Address): string | undefined {
  const name = typeName({ kind: 'pointer', target: type });
  return name.includes('{') ? undefined : `*(${name})${hex(address, 8)}`;
}

function wholePiece(target: DebugTarget, row: StackRow | undefined, item: Placed): MemoryPiece {
  const { type, address } = item;
  const bytes = sizeOf(type) ?? 0;
  const tag = type.kind === 'record' ? type.layout.tag : undefined;
  const what = tag === undefined ? undefined : describeObject(kernelView(target), tag, address);
  const size = `${String(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const isOne = type.kind !== 'record' && type.kind !== 'array';
  const global = target.program.globals.find(
    ({ storage }) => storage.kind === 'static' && storage.address === address,
  );
  return {
    title: `${typeName(type)} at ${hex(address, 8)}, ${size}${what === undefined ? '' : ` (${what})`}`,
    rows: fieldRows(
      target.program,
      isOne || global !== undefined ? (global?.name ?? typeName(type)) : '',
      item,
    ),
    mark: undefined,
    row,
    pinned: pin(type, address),
  };
}

/** The locals of the call of which one lies at an address. */
function localsAround(target: DebugTarget, item: Placed): MemoryPiece | undefined {
  const bytes = sizeOf(item.type) ?? 1;
  for (const { id } of listedTasks(target)) {
    for (const row of stackRows(target, id)) {
      if (row.kind !== 'kernel') continue;
      const [locals] = listScopes(target, row);
      if (locals?.kind !== 'locals') continue;
      const all = locals.members
        .flatMap(({ name, item: value }) => {
          const place = placed(value);
          return place === undefined ? [] : [{ name, place }];
        })
        .sort((one, other) => one.place.address - other.place.address);
      const isHere = all.some(
        ({ place }) =>
          item.address >= place.address && item.address < place.address + (sizeOf(place.type) ?? 0),
      );
      if (!isHere) continue;
      return {
        title: `Locals of ${row.name}, ${taskName(target, id)}`,
        rows: all.flatMap(({ name, place }) => fieldRows(target.program, name, place)),
        mark: { address: item.address, bytes },
        row,
        pinned: pin(item.type, item.address),
      };
    }
  }
  return undefined;
}

/** The struct around a member that an expression names. */
function structAround(
  target: DebugTarget,
  row: StackRow | undefined,
  expression: string,
  item: Placed,
): MemoryPiece | undefined {
  const parent = MEMBER.exec(expression)?.[1];
  if (parent === undefined) return undefined;
  const value = evaluateAt(target, row, parent);
  const whole = placed(value.type.kind === 'pointer' ? pointed(target, row, value) : value);
  if (whole?.type.kind !== 'record') return undefined;
  const mark = { address: item.address, bytes: sizeOf(item.type) ?? 1 };
  return { ...wholePiece(target, row, whole), mark };
}

/**
 * The memory around what an expression names.
 * Errors: `UserError` when the expression is bad or has no place in memory.
 */
export function memoryPiece(
  target: DebugTarget,
  row: StackRow | undefined,
  expression: string,
): MemoryPiece {
  const value = evaluateAt(target, row, expression);
  const object = pointed(target, row, value);
  if (object !== undefined) return wholePiece(target, row, object);
  const item = placed(value);
  if (item === undefined) {
    throw new UserError(
      'no-place',
      `"${expression}" has no place in memory.`,
      'Name a variable or a member.',
    );
  }
  if (item.type.kind === 'record' || item.type.kind === 'array') {
    return wholePiece(target, row, item);
  }
  return (
    structAround(target, row, expression, item) ??
    localsAround(target, item) ??
    wholePiece(target, row, item)
  );
}
