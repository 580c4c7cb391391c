/**
 * The memory management unit: addresses below the direct map through two levels of page tables in RAM.
 *
 * Entries have the i386 format: bit 0 present, 1 writable, 2 user, 5 accessed, 6 dirty; no large pages,
 * no PAE. A translation is taken from the CPU's TLB (`tlb.ts`) if it is there and its rights suffice;
 * rights that do not suffice are a page fault, even if the page tables have changed since. Otherwise
 * the tables are walked: the walk sets accessed in both entries and, for a write, dirty in the last one,
 * and leaves the translation in the TLB. A write through an entry that is not dirty yet walks again.
 * A page fault drops the TLB's entry of its address, so that the same access, made again, walks.
 *
 * A failed access gives CR2 and an error code: bit 0 the page was present, bit 1 it was a write, bit 2
 * it came from user mode. CR0.WP is set: kernel code cannot write read-only pages either.
 * Source: Intel SDM volume 3, sections 4.3 (32-bit paging), 4.6, 4.7, 4.8 and 4.10.4.1.
 */
import { hex } from '../base/brand.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import { CPU, HEADER, STATE_BYTES, TASK, TLB, TLB_AT, TLB_CPU_WORDS } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { DIRTY } from './memory.ts';
import {
  flushPage,
  PAGE_MASK,
  TLB_DIRTY,
  TLB_INDEX_MASK,
  TLB_SHIFT,
  TLB_USER,
  TLB_VALID,
  TLB_WRITABLE,
  tlbEntryAt,
} from './tlb.ts';
import type { UserBus } from './userCpu.ts';

const PRESENT = 1;
const WRITABLE = 2;
const USER = 4;
const ACCESSED = 0x20;
const ENTRY_DIRTY = 0x40;

const ERROR_PRESENT = 1;
const ERROR_WRITE = 2;
const ERROR_USER = 4;

const USER_TAG = TLB_VALID | TLB_USER;
const MAY_STORE = TLB_WRITABLE | TLB_DIRTY;

/** What a task's page tables say of an address, changing nothing: an image offset, or -1. */
export function peekUser(state: MachineState, task: number, address: number): number {
  const { memory } = state;
  const directory = state.word(taskAt(task) + TASK.pageDirectory);
  const atDirectory = memory.locatePhysical(entryAddress(directory, address >>> 22), 4);
  if (address >>> 0 >= DIRECT_MAP_BASE || atDirectory < 0) return -1;
  const upper = memory.wordAt(atDirectory);
  if ((upper & PRESENT) === 0) return -1;
  const atTable = memory.locatePhysical(entryAddress(upper, (address >>> 12) & 0x3ff), 4);
  if (atTable < 0) return -1;
  const lower = memory.wordAt(atTable);
  if ((lower & PRESENT) === 0) return -1;
  return memory.locatePhysical(((lower & PAGE_MASK) >>> 0) + (address & 0xfff), 1);
}

/**
 * The image offset that the current CPU reaches at an address, in user or kernel mode. -1: the access
 * is a page fault, described in `faultAddress` and `faultCode` of the state, or the run has ended.
 */
export function translate(
  state: MachineState,
  address: number,
  isWrite: boolean,
  isUser: boolean,
): number {
  if (address >>> 0 >= DIRECT_MAP_BASE) {
    // Kernel memory is present in every address space, for the kernel alone.
    const offset = state.memory.locate(address, 1);
    return offset >= 0 && !isUser ? offset : fail(state, address, offset >= 0, isWrite, isUser);
  }
  const at = tlbEntryAt(state.currentCpu, address);
  const tag = state.word(at + TLB.tag);
  if ((tag & ~TLB_USER) === ((address & PAGE_MASK) | TLB_VALID)) {
    const frame = state.word(at + TLB.frame);
    if ((isUser && (tag & TLB_USER) === 0) || (isWrite && (frame & TLB_WRITABLE) === 0)) {
      return fail(state, address, true, isWrite, isUser);
    }
    if (!isWrite || (frame & TLB_DIRTY) !== 0) {
      return (frame & PAGE_MASK) + (address & 0xfff) + STATE_BYTES;
    }
  }
  return walk(state, at, address, isWrite, isUser);
}

/** Walks the page tables of the current CPU and keeps what it finds in the TLB entry at `at`. */
function walk(
  state: MachineState,
  at: number,
  address: number,
  isWrite: boolean,
  isUser: boolean,
): number {
  const { memory } = state;
  const directory = state.word(cpuAt(state.currentCpu) + CPU.pageDirectory);
  const atDirectory = memory.locatePhysical(entryAddress(directory, address >>> 22), 4);
  if (atDirectory < 0) return raiseBadTable(state, address, directory);
  const upper = memory.wordAt(atDirectory);
  if ((upper & PRESENT) === 0) return fail(state, address, false, isWrite, isUser);
  const atTable = memory.locatePhysical(entryAddress(upper, (address >>> 12) & 0x3ff), 4);
  if (atTable < 0) return raiseBadTable(state, address, upper);
  const lower = memory.wordAt(atTable);
  if ((lower & PRESENT) === 0) return fail(state, address, false, isWrite, isUser);
  const rights = upper & lower;
  if ((isUser && (rights & USER) === 0) || (isWrite && (rights & WRITABLE) === 0)) {
    return fail(state, address, true, isWrite, isUser);
  }
  const marked = lower | ACCESSED | (isWrite ? ENTRY_DIRTY : 0);
  if ((upper & ACCESSED) === 0) {
    state.watchpoints?.note(atDirectory, 4, 'update', 'mmu');
    memory.setWordAt(atDirectory, upper | ACCESSED);
  }
  if (lower !== marked) {
    state.watchpoints?.note(atTable, 4, 'update', 'mmu');
    memory.setWordAt(atTable, marked);
  }
  const offset = memory.locatePhysical(((lower & PAGE_MASK) >>> 0) + (address & 0xfff), 1);
  if (offset < 0) return raiseBadTable(state, address, lower);
  state.words[at + TLB.tag] =
    (address & PAGE_MASK) | TLB_VALID | ((rights & USER) === 0 ? 0 : TLB_USER);
  state.words[at + TLB.frame] =
    (lower & PAGE_MASK) |
    ((rights & WRITABLE) === 0 ? 0 : TLB_WRITABLE) |
    ((marked & ENTRY_DIRTY) === 0 ? 0 : TLB_DIRTY);
  memory.markWord(at);
  return offset;
}

/** The physical address of entry `index` of the table that an entry, or CR3, points to. */
function entryAddress(entry: number, index: number): number {
  return ((entry & PAGE_MASK) >>> 0) + index * 4;
}

function raiseBadTable(state: MachineState, address: number, entry: number): number {
  state.raise({
    kind: 'pageTable',
    message: `The page tables lead from ${hex(address, 8)} to ${hex(entry & PAGE_MASK, 8)}, behind the end of memory.`,
    address: unsigned(address),
  });
  return -1;
}

function fail(
  state: MachineState,
  address: number,
  isPresent: boolean,
  isWrite: boolean,
  isUser: boolean,
): number {
  flushPage(state, state.currentCpu, address);
  state.faultAddress = address;
  state.faultCode =
    (isPresent ? ERROR_PRESENT : 0) | (isWrite ? ERROR_WRITE : 0) | (isUser ? ERROR_USER : 0);
  return -1;
}

/**
 * The bus on which the executor of user instructions reaches the memory of the running task. Each
 * access first looks for an entry of the TLB that needs no second thought.
 */
export class Mmu implements UserBus {
  faulted = false;
  private readonly state: MachineState;
  private readonly words: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly dirty: Uint8Array;

  constructor(state: MachineState) {
    this.state = state;
    this.words = state.memory.words;
    this.bytes = state.memory.bytes;
    this.dirty = state.memory.dirty;
  }

  fetch(address: number): number {
    const { words } = this;
    const at =
      TLB_AT +
      (words[HEADER.currentCpu] as number) * TLB_CPU_WORDS +
      ((address >>> TLB_SHIFT) & TLB_INDEX_MASK);
    if (words[at] === ((address & PAGE_MASK) | USER_TAG)) {
      const offset = ((words[at + 1] as number) & PAGE_MASK) + (address & 0xfff) + STATE_BYTES;
      return this.bytes[offset] as number;
    }
    const offset = this.translate(address, false);
    return offset < 0 ? 0 : (this.bytes[offset] as number);
  }

  read(address: number, bytes: 1 | 2 | 4, willWrite: boolean): number {
    const { words } = this;
    this.state.watchpoints?.noteUser(address, bytes, 'read');
    const at =
      TLB_AT +
      (words[HEADER.currentCpu] as number) * TLB_CPU_WORDS +
      ((address >>> TLB_SHIFT) & TLB_INDEX_MASK);
    const inPage = address & 0xfff;
    if (
      words[at] === ((address & PAGE_MASK) | USER_TAG) &&
      inPage + bytes <= 0x1000 &&
      (!willWrite || ((words[at + 1] as number) & MAY_STORE) === MAY_STORE)
    ) {
      return this.load(((words[at + 1] as number) & PAGE_MASK) + inPage + STATE_BYTES, bytes);
    }
    const offset = this.translate(address, willWrite);
    if (offset < 0) return 0;
    if (inPage + bytes <= 0x1000) return this.load(offset, bytes);
    const second = this.translate(nextPage(address), willWrite);
    if (second < 0) return 0;
    let value = 0;
    for (let index = bytes - 1; index >= 0; index -= 1) {
      value = value * 256 + (this.bytes[byteOffset(address, index, offset, second)] as number);
    }
    return value;
  }

  write(address: number, bytes: 1 | 2 | 4, value: number): void {
    const { words } = this;
    this.state.watchpoints?.noteUser(address, bytes, 'write');
    const at =
      TLB_AT +
      (words[HEADER.currentCpu] as number) * TLB_CPU_WORDS +
      ((address >>> TLB_SHIFT) & TLB_INDEX_MASK);
    const inPage = address & 0xfff;
    if (
      words[at] === ((address & PAGE_MASK) | USER_TAG) &&
      inPage + bytes <= 0x1000 &&
      ((words[at + 1] as number) & MAY_STORE) === MAY_STORE
    ) {
      this.store(((words[at + 1] as number) & PAGE_MASK) + inPage + STATE_BYTES, bytes, value);
      return;
    }
    const offset = this.translate(address, true);
    if (offset < 0) return;
    if (inPage + bytes <= 0x1000) {
      this.store(offset, bytes, value);
      return;
    }
    const second = this.translate(nextPage(address), true);
    if (second < 0) return;
    this.dirty[offset >> 12] = DIRTY;
    this.dirty[second >> 12] = DIRTY;
    for (let index = 0; index < bytes; index += 1) {
      this.bytes[byteOffset(address, index, offset, second)] = value >>> (8 * index);
    }
  }

  /** The value at an image offset inside of a page. */
  private load(offset: number, bytes: 1 | 2 | 4): number {
    const memory = this.bytes;
    if (bytes === 4 && (offset & 3) === 0) return (this.words[offset >> 2] as number) >>> 0;
    const low = memory[offset] as number;
    if (bytes === 1) return low;
    const half = low | ((memory[offset + 1] as number) << 8);
    if (bytes === 2) return half;
    return (
      (half | ((memory[offset + 2] as number) << 16) | ((memory[offset + 3] as number) << 24)) >>> 0
    );
  }

  private store(offset: number, bytes: 1 | 2 | 4, value: number): void {
    this.dirty[offset >> 12] = DIRTY;
    if (bytes === 4 && (offset & 3) === 0) {
      this.words[offset >> 2] = value;
      return;
    }
    const memory = this.bytes;
    memory[offset] = value;
    if (bytes === 1) return;
    memory[offset + 1] = value >>> 8;
    if (bytes === 2) return;
    memory[offset + 2] = value >>> 16;
    memory[offset + 3] = value >>> 24;
  }

  private translate(address: number, isWrite: boolean): number {
    const offset = translate(this.state, address, isWrite, true);
    if (offset < 0) this.faulted = true;
    return offset;
  }
}

/** The first address of the page behind. */
export function nextPage(address: number): number {
  return ((address | 0xfff) + 1) >>> 0;
}

/** The image offset of byte `index` of an access that crosses from one page to a second. */
export function byteOffset(address: number, index: number, first: number, second: number): number {
  const inFirst = 0x1000 - (address & 0xfff);
  return index < inFirst ? first + index : second + index - inFirst;
}
