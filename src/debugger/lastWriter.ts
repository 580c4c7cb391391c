/**
 * Who wrote a value last, found by looking back from where the run stands and leaving it there.
 *
 * A local that only its own function writes: the last instruction that wrote it in this very call, whether
 * or not the value differed. Anything else in memory: the last instruction, disk transfer or what-if that changed
 * its bytes; writing what was there already does not count, and the words say so. The search ends where its
 * budget ends and then tells how far back it has looked.
 */
import type { Address } from '../base/brand.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import type { DebugTarget } from './debugTarget.ts';
import { identifyFrame } from './frameChain.ts';
import type { LastWriter, SearchedPart } from './lastWriterWords.ts';
import type { LookBack } from './lookBack.ts';
import { readerOf, searchMemory, type MemoryPlace } from './memoryWriter.ts';
import type { RunControl } from './runControl.ts';
import { TaskMemory } from './scopes.ts';
import { findSlot, searchSlot } from './slotWriter.ts';
import type { StackRow } from './stackRows.ts';
import type { TypedValue } from './typedValue.ts';

/** A search for the last writer of a value. */
export interface WriterSearch {
  /** Identifies what is looked for, for as long as the run stands there. */
  readonly key: string;
  readonly searched: SearchedPart;
  start(): LookBack<LastWriter>;
}

type KernelRow = Extract<StackRow, { kind: 'kernel' }>;

/** The call whose frame an address lies in, among those of a row's task. */
function callOf(
  { machine, program }: DebugTarget,
  row: KernelRow,
  address: Address,
): MemoryPlace['call'] {
  const { task } = row;
  const frame = machine.frames(task).find(({ fp, functionIndex }) => {
    const info = program.functions[functionIndex];
    return info !== undefined && address >= fp - info.frameSize && address < fp;
  });
  return frame && { task, frame: identifyFrame(machine, frame) };
}

/**
 * A search for the last writer of a value, as `evaluateAt` gives it for a row; `undefined` for one that has no
 * place in memory. Cost of the search: of a local, a quick run through what its task did since; of memory,
 * every instruction since is looked at.
 */
export function findLastWriter(
  debug: RunControl,
  row: StackRow | undefined,
  item: TypedValue,
): WriterSearch | undefined {
  const { target } = debug;
  const { machine } = target;
  const { address, type } = item;
  const bytes = sizeOf(type) ?? 0;
  if (address === undefined || bytes === 0) return undefined;
  const searched: SearchedPart = { sinceNs: undefined };
  const slot = row?.kind === 'kernel' ? findSlot(target, row, address, bytes) : undefined;
  const bits = item.bits === undefined ? '' : `:${String(item.bits.start)}`;
  const key = [row?.task ?? '', address, bytes, bits, slot === undefined ? '' : 'slot'].join(' ');
  if (slot !== undefined) {
    return {
      key,
      searched,
      start: () => debug.lookBack((past) => searchSlot(past, target, slot, searched)),
    };
  }
  const memory = row === undefined ? machine : new TaskMemory(machine, row.task);
  const place: MemoryPlace = {
    address,
    bytes,
    read: readerOf(machine, memory, item, address),
    call: row?.kind === 'kernel' ? callOf(target, row, address) : undefined,
  };
  return {
    key,
    searched,
    start: () => debug.lookBack((past) => searchMemory(past, target, place, searched)),
  };
}
