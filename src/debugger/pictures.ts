/**
 * What the panel draws of a value: the task, the lock or the page that a variable is, points to, or lies in.
 *
 * Everything is found by its address in the machine as it stands. A value may have no picture: a null
 * pointer, a page that caches no file, a number in a register, a struct that the panel does not draw.
 */
import { asAddress, type Address, type TaskId } from '../base/brand.ts';
import { readUnsigned, type MemoryReader } from '../bytecode/memoryReader.ts';
import { MM_STRUCT, PAGE, RW_SEMAPHORE, TASK_STRUCT } from '../kernel/kernelStructs.ts';
import { listAddressSpaces, pageLabel } from '../kernel/taskWaits.ts';
import { kernelView, listedTasks, type DebugTarget } from './debugTarget.ts';
import { readScalar, type TypedValue } from './typedValue.ts';

/** A part of the panel, by the name that stands there. */
export type Picture =
  | { readonly kind: 'task'; readonly name: string; readonly task: TaskId }
  | { readonly kind: 'lock' | 'page'; readonly name: string };

/** Structs of which pointers are drawn, by their tags. */
export const DRAWN: ReadonlySet<string> = new Set([TASK_STRUCT, MM_STRUCT, RW_SEMAPHORE, PAGE]);
/** Structs whose plain members belong to the picture of the whole. */
export const DRAWN_WHOLE: ReadonlySet<string> = new Set([TASK_STRUCT, RW_SEMAPHORE, PAGE]);

/** Whether a struct with this tag is a lock that one can be inside of. */
export function isLock(tag: string | undefined): boolean {
  return tag === RW_SEMAPHORE;
}

/** The address of the object that a value is about: what a pointer points to, else where it lies. */
function objectAddress(memory: MemoryReader, item: TypedValue): Address | undefined {
  const isPointer = item.type.kind === 'pointer' && item.type.target.kind === 'record';
  if (!isPointer) return item.address;
  const value = item.lacksValue === true ? undefined : readScalar(memory, item);
  return value === undefined ? undefined : asAddress(Number(value));
}

function isInside(address: number, start: number, bytes: number): boolean {
  return address >= start && address < start + bytes;
}

function pageAt(target: DebugTarget, address: Address): Picture | undefined {
  const { machine, readers } = target;
  const { layout } = readers;
  const first = readUnsigned(machine, layout.global('mem_map'), 4) ?? 0;
  const count = readUnsigned(machine, layout.global('max_mapnr'), 4) ?? 0;
  const size = layout.sizeOf(PAGE);
  if (first === 0 || !isInside(address, first, count * size)) return undefined;
  const start = asAddress(address - ((address - first) % size));
  const page = readers.readPage(machine, start);
  // The low bit marks anonymous memory.
  if (page.mapping === 0 || (page.mapping & 1) === 1) return undefined;
  return { kind: 'page', name: pageLabel(kernelView(target), page) };
}

/** The struct that a value is or points to, by its tag. */
export function recordTag({ type }: TypedValue): string | undefined {
  const record = type.kind === 'pointer' ? type.target : type;
  return record.kind === 'record' ? record.layout.tag : undefined;
}

/** What the panel draws at an address; an address space is drawn as its lock. */
function pictureAt(
  target: DebugTarget,
  address: Address,
  tag: string | undefined,
): Picture | undefined {
  const { machine, readers } = target;
  const { layout } = readers;
  const task = listedTasks(target).find(({ id }) =>
    isInside(address, machine.task(id).cookie, layout.sizeOf(TASK_STRUCT)),
  );
  if (task !== undefined) return { kind: 'task', name: task.name, task: task.id };
  const space = listAddressSpaces(kernelView(target)).find(({ mm }) =>
    tag === MM_STRUCT
      ? address === mm.address
      : isInside(address, mm.mmapSem, layout.sizeOf(RW_SEMAPHORE)),
  );
  if (space !== undefined) return { kind: 'lock', name: space.name };
  return pageAt(target, address);
}

/** The part of the panel that a value is about; `undefined` where there is none. */
export function pictureOf(
  target: DebugTarget,
  memory: MemoryReader,
  item: TypedValue,
): Picture | undefined {
  const address = objectAddress(memory, item);
  return address === undefined ? undefined : pictureAt(target, address, recordTag(item));
}
