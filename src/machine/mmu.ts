/**
 * The memory management unit: user addresses through two levels of page tables in RAM.
 *
 * Only user accesses are translated, and only below the direct map. Entries have the i386 format: bit 0
 * present, 1 writable, 2 user, 5 accessed, 6 dirty; no large pages, no PAE. The walk sets accessed in
 * both entries and dirty in the last one. A failed access gives CR2 and an error code: bit 0 the page
 * was present, bit 1 it was a write, bit 2 it came from user mode. There is no TLB: every access walks.
 * Source: Intel SDM volume 3, sections 4.3 (32-bit paging), 4.6, 4.7 and 4.8.
 */
import { hex } from '../base/brand.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import { TASK } from './imageLayout.ts';
import { type MachineState, taskAt, unsigned } from './machineState.ts';
import { DIRTY } from './memory.ts';
import type { UserBus } from './userCpu.ts';

const PRESENT = 1;
const WRITABLE = 2;
const USER = 4;
const ACCESSED = 0x20;
const ENTRY_DIRTY = 0x40;
const FRAME_MASK = 0xfffff000;

const ERROR_PRESENT = 1;
const ERROR_WRITE = 2;
const ERROR_USER = 4;

/** What a task's page tables say of an address, changing nothing: an image offset, or -1. */
export function peekUser(state: MachineState, task: number, address: number): number {
  const { memory } = state;
  const directory = state.word(taskAt(task) + TASK.pageDirectory);
  const atDirectory = memory.locatePhysical(
    ((directory & FRAME_MASK) >>> 0) + (address >>> 22) * 4,
    4,
  );
  if (address >>> 0 >= DIRECT_MAP_BASE || atDirectory < 0) return -1;
  const upper = memory.wordAt(atDirectory);
  if ((upper & PRESENT) === 0) return -1;
  const atTable = memory.locatePhysical(
    ((upper & FRAME_MASK) >>> 0) + ((address >>> 12) & 0x3ff) * 4,
    4,
  );
  if (atTable < 0) return -1;
  const lower = memory.wordAt(atTable);
  if ((lower & PRESENT) === 0) return -1;
  return memory.locatePhysical(((lower & FRAME_MASK) >>> 0) + (address & 0xfff), 1);
}

/** The bus on which the executor of user instructions reaches the memory of the running task. */
export class Mmu implements UserBus {
  faulted = false;
  /** Of the access that failed. */
  faultAddress = 0;
  errorCode = 0;
  private readonly state: MachineState;

  constructor(state: MachineState) {
    this.state = state;
  }

  read(address: number, bytes: 1 | 2 | 4, willWrite: boolean): number {
    const { memory } = this.state;
    const offset = this.translate(address, willWrite);
    if (offset < 0) return 0;
    if ((address & 0xfff) + bytes <= 0x1000) {
      if (bytes === 4) return memory.wordAt(offset) >>> 0;
      const low = memory.bytes[offset] as number;
      return bytes === 1 ? low : low | ((memory.bytes[offset + 1] as number) << 8);
    }
    const second = this.translate(nextPage(address), willWrite);
    if (second < 0) return 0;
    let value = 0;
    for (let index = bytes - 1; index >= 0; index -= 1) {
      value = value * 256 + (memory.bytes[byteOffset(address, index, offset, second)] as number);
    }
    return value;
  }

  write(address: number, bytes: 1 | 2 | 4, value: number): void {
    const { memory } = this.state;
    const offset = this.translate(address, true);
    if (offset < 0) return;
    const crosses = (address & 0xfff) + bytes > 0x1000;
    const second = crosses ? this.translate(nextPage(address), true) : offset;
    if (second < 0) return;
    memory.dirty[offset >> 12] = DIRTY;
    memory.dirty[second >> 12] = DIRTY;
    for (let index = 0; index < bytes; index += 1) {
      const at = crosses ? byteOffset(address, index, offset, second) : offset + index;
      memory.bytes[at] = value >>> (8 * index);
    }
  }

  fetch(address: number): number {
    const offset = this.translate(address, false);
    return offset < 0 ? 0 : (this.state.memory.bytes[offset] as number);
  }

  /** The image offset of a user address of the running task; -1 with `faulted` set. */
  private translate(address: number, isWrite: boolean): number {
    const { state } = this;
    const { memory } = state;
    if (address >>> 0 >= DIRECT_MAP_BASE) {
      // Kernel memory is present in every address space, for the kernel alone.
      return this.fail(address, memory.locate(address, 1) >= 0, isWrite);
    }
    const directory = state.word(taskAt(state.currentTask) + TASK.pageDirectory);
    const atDirectory = this.entryOffset(directory, address >>> 22, address);
    if (atDirectory < 0) return -1;
    const upper = memory.wordAt(atDirectory);
    if ((upper & PRESENT) === 0) return this.fail(address, false, isWrite);
    const atTable = this.entryOffset(upper, (address >>> 12) & 0x3ff, address);
    if (atTable < 0) return -1;
    const lower = memory.wordAt(atTable);
    if ((lower & PRESENT) === 0) return this.fail(address, false, isWrite);
    const rights = upper & lower;
    if ((rights & USER) === 0 || (isWrite && (rights & WRITABLE) === 0)) {
      return this.fail(address, true, isWrite);
    }
    if ((upper & ACCESSED) === 0) memory.setWordAt(atDirectory, upper | ACCESSED);
    const marks = ACCESSED | (isWrite ? ENTRY_DIRTY : 0);
    if ((lower & marks) !== marks) memory.setWordAt(atTable, lower | marks);
    const offset = memory.locatePhysical(((lower & FRAME_MASK) >>> 0) + (address & 0xfff), 1);
    return offset < 0 ? this.raiseBadTable(address, lower) : offset;
  }

  /** The image offset of a page-table entry; -1 with a machine fault when the table is not in memory. */
  private entryOffset(entry: number, index: number, address: number): number {
    const offset = this.state.memory.locatePhysical(((entry & FRAME_MASK) >>> 0) + index * 4, 4);
    return offset < 0 ? this.raiseBadTable(address, entry) : offset;
  }

  private raiseBadTable(address: number, entry: number): number {
    this.faulted = true;
    this.state.raise({
      kind: 'pageTable',
      message: `The page tables lead from ${hex(address, 8)} to ${hex(entry & FRAME_MASK, 8)}, behind the end of memory.`,
      address: unsigned(address),
    });
    return -1;
  }

  private fail(address: number, isPresent: boolean, isWrite: boolean): number {
    this.faulted = true;
    this.faultAddress = address;
    this.errorCode = ERROR_USER | (isPresent ? ERROR_PRESENT : 0) | (isWrite ? ERROR_WRITE : 0);
    return -1;
  }
}

function nextPage(address: number): number {
  return ((address | 0xfff) + 1) >>> 0;
}

/** The image offset of byte `index` of an access that crosses from one page to a second. */
function byteOffset(address: number, index: number, first: number, second: number): number {
  const inFirst = 0x1000 - (address & 0xfff);
  return index < inFirst ? first + index : second + index - inFirst;
}
