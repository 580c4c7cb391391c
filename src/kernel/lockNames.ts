/**
 * Names of the locks in a trace, and where in the kernel they were asked for.
 *
 * An address alone says little to a reader: `mmap_sem` of a process is known from its `mm_struct`, the lock of a page
 * from the page's place in `mem_map`, others from global variables. As in `/proc/lock_stat`, the place of a
 * lock operation is the caller of the lock's own functions.
 */
import { asAddress, hex, type Address, type Pc, type TaskId } from '../base/brand.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import type { Machine } from '../machine/machine.ts';
import type { KernelReaders } from './kernelReaders.ts';

/** A lock by name. */
export interface LockName {
  /** `mmap_sem`, `page data.bin:20`. */
  readonly name: string;
  /** What it is one of: `mmap_sem`, `PG_locked`. */
  readonly className: string;
  readonly isPageLock: boolean;
}

/** A lock that is known before the run. */
export interface KnownLock {
  readonly address: Address;
  readonly name: string;
}

/** The files and functions of which locks are made. */
const PRIMITIVE_FILES: ReadonlySet<string> = new Set([
  'arch/x86/include/asm/rwsem.h',
  'include/linux/rwsem.h',
  'include/linux/wait.h',
  'kernel/rwsem.c',
  'kernel/sched.c',
  'kernel/wait.c',
  'lib/rwsem.c',
]);
const PRIMITIVE_FUNCTIONS: ReadonlySet<string> = new Set([
  '__lock_page',
  '__lock_page_killable',
  '__lock_page_or_retry',
  '__set_page_locked',
  'lock_page',
  'lock_page_killable',
  'lock_page_or_retry',
  'sync_page',
  'trylock_page',
  'wait_on_page_bit',
  'wait_on_page_locked',
]);

/** The locks that are known before the run, by address. */
export function nameKnownLocks(locks: readonly KnownLock[]): ReadonlyMap<Address, LockName> {
  return new Map(
    locks.map(({ address, name }) => [address, { name, className: name, isPageLock: false }]),
  );
}

/** The lock at an address, named by what it is at this moment. */
export function nameLock(
  machine: Machine,
  readers: KernelReaders,
  known: ReadonlyMap<Address, LockName>,
  address: Address,
): LockName {
  const found = known.get(address);
  if (found !== undefined) return found;
  const page = pageOfLock(machine, readers, address);
  if (page !== undefined) {
    return { name: `page ${page}`, className: 'PG_locked', isPageLock: true };
  }
  const name = globalAt(machine, address) ?? `lock ${hex(address, 8)}`;
  return { name, className: name, isPageLock: false };
}

/** `FILE:INDEX` of the page whose flags are at the address, or the number of its frame. */
function pageOfLock(
  machine: Machine,
  readers: KernelReaders,
  address: Address,
): string | undefined {
  const { layout } = readers;
  const first = readUnsigned(machine, layout.global('mem_map'), 4) ?? 0;
  const pages = readUnsigned(machine, layout.global('max_mapnr'), 4) ?? 0;
  const place = address - layout.field('page', 'flags').offset - first;
  const frame = place / layout.sizeOf('page');
  if (!Number.isInteger(frame) || frame < 0 || frame >= pages) return undefined;
  const { mapping, index } = readers.readPage(machine, asAddress(first + place));
  // The lowest bit marks what is no file.
  if (mapping === 0 || (mapping & 1) === 1) return `frame ${String(frame)}`;
  return `${readers.readInodeOfMapping(machine, mapping).name}:${String(index)}`;
}

function globalAt({ program }: Machine, address: Address): string | undefined {
  return program.globals.find(
    ({ storage }) => storage.kind === 'static' && storage.address === address,
  )?.name;
}

/** Where a task is outside of the lock's own functions: the pc behind the call of one; `undefined` in none. */
export function lockPlace(machine: Machine, task: TaskId): Pc | undefined {
  const { functions } = machine.program;
  const frame = machine.frames(task).find(({ functionIndex }) => {
    const info = functions[functionIndex];
    return (
      info !== undefined &&
      !PRIMITIVE_FUNCTIONS.has(info.name) &&
      ![...PRIMITIVE_FILES].some((file) => info.span.file.path.endsWith(file))
    );
  });
  return frame?.pc;
}
