/**
 * The translation lookaside buffers (TLBs): what each CPU remembers of the page tables it has walked.
 *
 * A buffer is direct-mapped: a page has one place, by the low bits of its page number. An entry is two
 * words: the page with `TLB_VALID` and, if user code may use it, `TLB_USER`; the page frame with
 * `TLB_WRITABLE` and `TLB_DIRTY`. An empty entry has the tag 0. Only pages below the direct map are
 * remembered, only present ones, and nobody but the walk writes an entry. Forgetting is up to the kernel: until a
 * flush, a load of CR3 or a page fault at the address drops an entry, it counts, whatever the page tables say.
 * There are no global pages and no caches of page directory entries.
 * Source: Intel SDM volume 3, sections 4.10.2 (TLBs) and 4.10.4 (invalidation).
 */
import { type Address, type CpuId } from '../base/brand.ts';
import { CPU, TASK, TLB, TLB_AT, TLB_CPU_WORDS } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';

/** In the first word of an entry, below the page's address. */
export const TLB_VALID = 1;
export const TLB_USER = 4;
/** In its second word, below the page frame's address; the page may be written, its dirty bit is set. */
export const TLB_WRITABLE = 2;
export const TLB_DIRTY = 0x40;

/** Cuts the offset in the page off an address or an entry. */
export const PAGE_MASK = ~0xfff;
/** From an address to the first word of its entry: `(address >>> TLB_SHIFT) & TLB_INDEX_MASK`. */
export const TLB_SHIFT = 11;
export const TLB_INDEX_MASK = (TLB.entries - 1) * TLB.words;

/** The entry that stands at the place of an address, be it of that page or of another. */
export function tlbEntryAt(cpu: number, address: number): number {
  return TLB_AT + cpu * TLB_CPU_WORDS + ((address >>> TLB_SHIFT) & TLB_INDEX_MASK);
}

/** Drops what a CPU remembers of the page of an address. */
export function flushPage(state: MachineState, cpu: number, address: number): void {
  const at = tlbEntryAt(cpu, address);
  if (((state.word(at) ^ address) & PAGE_MASK) !== 0 || state.word(at) === 0) return;
  dropEntry(state, at);
}

/** Drops everything that a CPU remembers. */
export function flushAll(state: MachineState, cpu: number): void {
  const first = TLB_AT + cpu * TLB_CPU_WORDS;
  for (let at = first; at < first + TLB_CPU_WORDS; at += TLB.words) {
    if (state.word(at + TLB.tag) !== 0) dropEntry(state, at);
  }
}

function dropEntry(state: MachineState, at: number): void {
  state.words[at + TLB.tag] = 0;
  state.words[at + TLB.frame] = 0;
  state.memory.markWord(at);
}

/** The CPU works with this page directory from now on. Loading CR3 forgets everything, even without a change. */
export function loadPageDirectory(state: MachineState, cpu: number, directory: number): void {
  state.words[cpuAt(cpu) + CPU.pageDirectory] = directory;
  flushAll(state, cpu);
}

/**
 * A CPU goes on with a task: with its page directory, if it uses another. Idle tasks have no user memory
 * and take over the page directory that they find, together with the TLB.
 */
export function switchPageDirectory(state: MachineState, cpu: number, task: number): void {
  const directory = state.word(taskAt(task) + TASK.pageDirectory);
  if (directory === state.word(cpuAt(cpu) + CPU.pageDirectory)) return;
  loadPageDirectory(state, cpu, directory);
}

/** The CPUs that work with a page directory, a bit for each. */
export function cpusWithDirectory(state: MachineState, directory: number): number {
  let cpus = 0;
  for (let cpu = 0; cpu < state.config.cpuCount; cpu += 1) {
    if (state.word(cpuAt(cpu) + CPU.pageDirectory) === directory) cpus |= 1 << cpu;
  }
  return cpus;
}

/** In place of an address: all of them. */
const ALL_ADDRESSES = -1;

/** Flushes on the CPUs of a mask but the running one: the page of an address, or everything for 0xffffffff. */
export function flushOthers(state: MachineState, cpus: number, address: number): void {
  for (let cpu = 0; cpu < state.config.cpuCount; cpu += 1) {
    if (cpu === state.currentCpu || ((cpus >> cpu) & 1) === 0) continue;
    if (address === ALL_ADDRESSES) flushAll(state, cpu);
    else flushPage(state, cpu, address);
  }
}

/** One entry of a TLB as one sees it. */
export interface TlbEntry {
  /** First address of the page. */
  readonly page: Address;
  /** Physical address of its frame. */
  readonly frame: number;
  readonly isUser: boolean;
  readonly isWritable: boolean;
  readonly isDirty: boolean;
}

/** What a CPU remembers, by address. */
export function viewTlb(state: MachineState, cpu: CpuId): readonly TlbEntry[] {
  const entries: TlbEntry[] = [];
  for (let index = 0; index < TLB.entries; index += 1) {
    const at = TLB_AT + cpu * TLB_CPU_WORDS + index * TLB.words;
    const tag = state.word(at + TLB.tag);
    const frame = state.word(at + TLB.frame);
    if (tag === 0) continue;
    entries.push({
      page: unsigned(tag & PAGE_MASK),
      frame: (frame & PAGE_MASK) >>> 0,
      isUser: (tag & TLB_USER) !== 0,
      isWritable: (frame & TLB_WRITABLE) !== 0,
      isDirty: (frame & TLB_DIRTY) !== 0,
    });
  }
  return entries.sort((one, other) => one.page - other.page);
}
