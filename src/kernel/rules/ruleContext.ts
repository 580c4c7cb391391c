/**
 * What all rules share: the machine, the kernel's layout, the notes, reading memory, who runs, and saying what is
 * wrong.
 */
import { asAddress } from '../../base/brand.ts';
import { INSTRUCTION_WORDS } from '../../bytecode/instruction.ts';
import { DIRECT_MAP_BASE, type Program } from '../../bytecode/program.ts';
import type { MemoryReader } from '../../bytecode/memoryReader.ts';
import { type Owner, ownerOfTask } from '../../machine/ghostLocks.ts';
import { MODE_READ, MODE_WRITE } from '../../machine/ghostView.ts';
import {
  HEADER,
  HOLD,
  HOLDS_AT,
  STATE_BYTES,
  TASK,
  WAIT,
  WAITS_AT,
} from '../../machine/imageLayout.ts';
import { type MachineState, taskAt } from '../../machine/machineState.ts';
import { IMAGE_BIAS, PHYSICAL_BIAS } from '../../machine/memory.ts';
import { OWNER_TASK } from '../../bytecode/annotation.ts';
import { OWNER_IO } from '../kernelLanguage.ts';
import type { KernelReaders } from '../kernelReaders.ts';
import type { RuleKernel } from './ruleKernel.ts';
import type { RuleName } from './ruleNames.ts';
import { RuleStore, SPINS } from './ruleStore.ts';

/** A broken rule; the running task at its instruction unless said otherwise. */
export interface Finding {
  readonly rule: RuleName;
  readonly message: string;
  readonly task: number;
  readonly pc: number | undefined;
}

type PageFlag = 'PG_hwpoison' | 'PG_locked' | 'PG_uptodate' | 'PG_dirty' | 'PG_reserved';

export const ANY_MODE = MODE_READ | MODE_WRITE;

const PAGE_BYTES = 4096;
/** What one page table covers. */
const TABLE_BYTES = 1024 * PAGE_BYTES;

export class RuleContext {
  readonly state: MachineState;
  readonly kernel: RuleKernel;
  readonly readers: KernelReaders;
  readonly rules: ReadonlySet<RuleName>;
  readonly store: RuleStore;
  readonly memory: MemoryReader;
  readonly pageBytes: number;
  readonly semOffset: number;
  readonly mmOffset: number;
  readonly preemptOffset: number;
  readonly pgdOffset: number;
  readonly vmaMmOffset: number;
  /** Where the fields of a page lie. */
  readonly pageFields: {
    readonly flags: number;
    readonly count: number;
    readonly mapCount: number;
    readonly mapping: number;
    readonly index: number;
    readonly ptl: number;
  };
  private readonly treeLockOffset: number;
  private readonly tablePresent: number;
  /** Masks in the flags of a page. */
  readonly pageFlags: {
    readonly hwpoison: number;
    readonly locked: number;
    readonly uptodate: number;
    readonly dirty: number;
    readonly reserved: number;
  };
  finding: Finding | undefined;
  /** By instruction number: the function plus 1 that it is in, or 0. */
  private readonly functionNumbers: Int32Array;
  private readonly headerFunctions: readonly boolean[];
  private readonly words: Int32Array;
  private readonly ramBytes: number;
  private firstPage = 0;
  private pastPages = 0;

  constructor(
    state: MachineState,
    kernel: RuleKernel,
    readers: KernelReaders,
    rules: ReadonlySet<RuleName>,
  ) {
    this.state = state;
    this.kernel = kernel;
    this.readers = readers;
    this.rules = rules;
    this.store = new RuleStore(state);
    this.memory = {
      readByte: (address) => {
        const at = state.memory.locate(address, 1);
        return at < 0 ? undefined : state.memory.bytes[at];
      },
    };
    const { layout } = kernel;
    this.words = state.words;
    this.ramBytes = state.memory.ramBytes;
    this.headerFunctions = kernel.program.functions.map(({ span }) =>
      /(?:\.h|\/rwsem\.c|\/spinlock\.c)$/.test(span.file.path),
    );
    this.functionNumbers = numberFunctions(kernel.program);
    this.pageBytes = layout.sizeOf('page');
    this.semOffset = layout.field('mm_struct', 'mmap_sem').offset;
    this.mmOffset = layout.field('task_struct', 'mm').offset;
    this.preemptOffset = layout.field('task_struct', 'preempt_count').offset;
    this.pgdOffset = layout.field('mm_struct', 'pgd').offset;
    this.vmaMmOffset = layout.field('vm_area_struct', 'vm_mm').offset;
    this.pageFields = {
      flags: layout.field('page', 'flags').offset,
      count: layout.field('page', '_count').offset,
      mapCount: layout.field('page', '_mapcount').offset,
      mapping: layout.field('page', 'mapping').offset,
      index: layout.field('page', 'index').offset,
      ptl: layout.field('page', 'ptl').offset,
    };
    this.treeLockOffset = layout.field('address_space', 'tree_lock').offset;
    this.tablePresent = layout.constant('_PAGE_PRESENT');
    const mask = (name: PageFlag): number => 1 << layout.constant(name);
    this.pageFlags = {
      hwpoison: mask('PG_hwpoison'),
      locked: mask('PG_locked'),
      uptodate: mask('PG_uptodate'),
      dirty: mask('PG_dirty'),
      reserved: mask('PG_reserved'),
    };
  }

  /** Boot has ended: the array of page frames is where it stays. */
  begin(): void {
    const { layout } = this.kernel;
    this.firstPage = this.load(layout.global('mem_map')) >>> 0;
    this.pastPages = this.firstPage + this.load(layout.global('max_mapnr')) * this.pageBytes;
  }

  /** Says what is wrong, unless the rule is off or something was wrong before. */
  report(rule: RuleName, message: string, task = this.task, pc?: number): void {
    if (this.finding !== undefined || !this.rules.has(rule)) return;
    this.finding = { rule, message, task, pc };
  }

  /** The function that a code place is in, or -1 for stubs and what is no code. */
  functionIndexAt(pc: number): number {
    return (this.functionNumbers[pc >> 2] ?? 0) - 1;
  }

  /** Whether a function is a primitive: defined in a header, or one of the locks. */
  isInHeader(functionIndex: number): boolean {
    return this.headerFunctions[functionIndex] === true;
  }

  /** The running task, also inside an interrupt. */
  get task(): number {
    return this.state.currentTask;
  }

  get isInInterrupt(): boolean {
    return (this.words[taskAt(this.task) + TASK.interruptDepth] as number) > 0;
  }

  /** The code place of the running task. */
  get pc(): number {
    return this.words[taskAt(this.task) + TASK.pc] as number;
  }

  /** The word at a kernel address, signed; 0 where there is no memory. */
  load(address: number): number {
    const physical = (address + PHYSICAL_BIAS) >>> 0;
    if (physical + 4 > this.ramBytes) return 0;
    if ((physical & 3) === 0) return this.words[(physical + STATE_BYTES) >> 2] as number;
    return this.state.memory.wordAt(physical + STATE_BYTES);
  }

  cookie(task: number): number {
    return this.words[taskAt(task) + TASK.cookie] as number;
  }

  /** The address space of a task, 0 for none. */
  mmOf(task: number): number {
    return this.load(this.cookie(task) + this.mmOffset);
  }

  /** The task behind a cookie or -1. */
  taskOf(cookie: number): number {
    const { task: running } = this;
    if (this.cookie(running) === (cookie | 0)) return running;
    const count = this.state.word(HEADER.taskCount);
    for (let task = 0; task < count; task += 1) if (this.cookie(task) === (cookie | 0)) return task;
    return -1;
  }

  /** Whether the lock is the `mmap_sem` of some task. */
  isMmapSem(lock: number): boolean {
    if (this.isMmapSemOf(this.task, lock)) return true;
    const count = this.state.word(HEADER.taskCount);
    for (let task = 0; task < count; task += 1) if (this.isMmapSemOf(task, lock)) return true;
    return false;
  }

  private isMmapSemOf(task: number, lock: number): boolean {
    const mm = this.mmOf(task);
    return mm !== 0 && ((mm + this.semOffset) | 0) === (lock | 0);
  }

  owner(task: number): Owner {
    return this.isInInterrupt && task === this.task
      ? { code: OWNER_IO, value: 0 }
      : ownerOfTask(this.state, task);
  }

  /** The index of a task's hold of a sleeping lock (or of that of the interrupt on top of it), or -1. */
  holdOf(task: number, lock: number, modes: number): number {
    const { words } = this;
    const isInterrupt = task === this.task && this.isInInterrupt;
    const code = isInterrupt ? OWNER_IO : OWNER_TASK;
    const value = isInterrupt ? 0 : this.cookie(task);
    for (let index = (words[HEADER.holdCount] as number) - 1; index >= 0; index -= 1) {
      const at = HOLDS_AT + index * HOLD.words;
      if (words[at + HOLD.lock] !== (lock | 0) || words[at + HOLD.ownerValue] !== value) continue;
      if (words[at + HOLD.ownerCode] !== code) continue;
      if (((words[at + HOLD.mode] as number) & modes) !== 0) return index;
    }
    return -1;
  }

  /** Whether a task (or the interrupt on top of it) holds a sleeping lock or a spinlock. */
  holds(task: number, lock: number, modes = ANY_MODE): boolean {
    if (this.holdOf(task, lock, modes) >= 0) return true;
    return this.store.find(SPINS, lock, task) >= 0;
  }

  /** The lock for which a task waits, as the annotations know it; 0 for none. */
  waitOf(task: number): number {
    const { words } = this;
    for (let index = (words[HEADER.waitCount] as number) - 1; index >= 0; index -= 1) {
      const at = WAITS_AT + index * WAIT.words;
      if (words[at + WAIT.task] === task) return words[at + WAIT.lock] as number;
    }
    return 0;
  }

  /** How many spinlocks a task holds, those of the interrupt on top of it included. */
  spinlocksOf(task: number): number {
    let count = 0;
    for (let index = this.store.count(SPINS) - 1; index >= 0; index -= 1) {
      if (this.store.entry(SPINS, index, 1) === task) count += 1;
    }
    return count;
  }

  /** The lock that a task has taken last of those it holds, or of the page locks among them; 0 for none. */
  private findLockOf(task: number, onlyPages: boolean): number {
    const { words } = this;
    const cookie = this.cookie(task);
    for (let index = (words[HEADER.holdCount] as number) - 1; index >= 0; index -= 1) {
      const at = HOLDS_AT + index * HOLD.words;
      if (words[at + HOLD.ownerCode] !== OWNER_TASK) continue;
      if (words[at + HOLD.ownerValue] !== cookie) continue;
      const lock = words[at + HOLD.lock] as number;
      if (!onlyPages || this.isPage(lock)) return lock;
    }
    return 0;
  }

  /** A lock that a task holds; 0 for none. */
  lockOfTask(task: number): number {
    return this.findLockOf(task, false);
  }

  /** The page lock that a task holds, by the address of its page; 0 for none. */
  lockedPageOf(task: number): number {
    return this.findLockOf(task, true);
  }

  /** Whether an address lies in the array of page frames. */
  isPage(address: number): boolean {
    const unsigned = address >>> 0;
    return unsigned >= this.firstPage && unsigned < this.pastPages;
  }

  /** The `struct page` around an address in the array. */
  pageAt(address: number): number {
    const offset = (address >>> 0) - this.firstPage;
    return (this.firstPage + offset - (offset % this.pageBytes)) | 0;
  }

  /** The address that annotations call the lock of a page. */
  lockOf(page: number): number {
    return (page + this.pageFields.flags) | 0;
  }

  /** The `struct page` of a page table entry or a physical address. */
  pageOfFrame(entry: number): number {
    return (this.firstPage + (entry >>> 12) * this.pageBytes) | 0;
  }

  /** The `struct address_space` of a page, with a bit set for anonymous pages; 0 for none. */
  mappingOf(page: number): number {
    return this.load(page + this.pageFields.mapping);
  }

  /** Where in its file a page belongs, in pages. */
  indexOf(page: number): number {
    return this.load(page + this.pageFields.index) >>> 0;
  }

  /** Whether an address in a page is that of the lock for page tables, which says nothing about the page. */
  isTableLock(address: number): boolean {
    const offset = ((address >>> 0) - this.firstPage) % this.pageBytes;
    return offset === this.pageFields.ptl;
  }

  /** The lock of the page table that an entry lies in. */
  ptlOf(entryAddress: number): number {
    return (this.pageOfFrame((entryAddress + 0x40000000) >>> 0) + this.pageFields.ptl) | 0;
  }

  /** Whether a page has a flag of `pageFlags`. */
  hasFlag(page: number, mask: number): boolean {
    return (this.load(page + this.pageFields.flags) & mask) !== 0;
  }

  isAnonymous(page: number): boolean {
    return (this.mappingOf(page) & 1) === 1;
  }

  /** A file's page as long as it belongs to one. */
  isOfFile(page: number): boolean {
    const mapping = this.mappingOf(page);
    return mapping !== 0 && (mapping & 1) === 0;
  }

  /** Visits the entries of the page tables that there are for a range of addresses; `end` exclusive. */
  visitPtes(
    mm: number,
    start: number,
    end: number,
    visit: (address: number, entry: number) => void,
  ): void {
    const directory = this.load(mm + this.pgdOffset);
    for (let address = start; address < end;) {
      const next = (Math.floor(address / TABLE_BYTES) + 1) * TABLE_BYTES;
      const table = this.load(directory + 4 * Math.floor(address / TABLE_BYTES));
      if ((table & this.tablePresent) !== 0) {
        const first = ((table & ~0xfff) + DIRECT_MAP_BASE) | 0;
        for (; address < Math.min(next, end); address += PAGE_BYTES) {
          visit(address, this.load(first + 4 * ((address >>> 12) & 0x3ff)));
        }
      }
      address = next;
    }
  }

  /** Whether somebody is just changing the tree of the file that a page belongs to. */
  isTreeLocked(page: number): boolean {
    const lock = this.mappingOf(page) + this.treeLockOffset;
    return this.store.find(SPINS, lock) >= 0;
  }

  /** Pages of the file behind an address space, rounded up. */
  filePages(mapping: number): number {
    const { bytes } = this.readers.readInodeOfMapping(this.memory, asAddress(mapping >>> 0));
    return Math.ceil(bytes / 4096);
  }

  /** A slot of a frame at word `f`. */
  slot(f: number, slot: number): number {
    return this.state.word(f + slot);
  }

  /** Where the function with the frame at word `f` returns to, and the frame of its caller. */
  returnPc(f: number): number {
    return this.state.word(f + 1);
  }

  callerFrame(f: number): number {
    return ((this.state.word(f) + IMAGE_BIAS) | 0) >> 2;
  }
}

/** By instruction number: the function plus 1 that it is in, or 0. */
function numberFunctions({ code, functions }: Program): Int32Array {
  const numbers = new Int32Array(code.length / INSTRUCTION_WORDS);
  for (const { index, entry, end } of functions) {
    for (let pc: number = entry; pc < end; pc += INSTRUCTION_WORDS) {
      numbers[pc / INSTRUCTION_WORDS] = index + 1;
    }
  }
  return numbers;
}
