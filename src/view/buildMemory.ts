/**
 * Builds the address spaces of a stop: VMAs with the pages that are there, faulting addresses, and which
 * page table entries map given page frames.
 *
 * One walk over the page tables serves all of it. It is bounded, and so is what is listed; where a bound
 * was hit the model says so.
 */
import type { TaskId } from '../base/brand.ts';
import type { VmAreaStruct } from '../kernel/kernelReaders.ts';
import { PTE_ACCESSED, PTE_DIRTY, PTE_WRITABLE, visitMappedPages } from '../kernel/pageTables.ts';
import type { AddressSpaceLock, KernelView } from '../kernel/taskWaits.ts';
import type { TaskView } from '../machine/taskView.ts';
import { USER_EIP, USER_ESP } from '../machine/userCpu.ts';
import type { AddressSpaceState, FaultAddress, PageMapping, VmaState } from './memoryModel.ts';

/** Page tables that are read at one stop: 4 GiB of address space at most, 2 GiB in a large scenario. */
const MOST_TABLES = 512;
/** VMAs that are listed for a process. */
const MOST_VMAS = 96;
/** Into how many cells a large VMA is divided. */
const CELLS = 128;
/** Mappings that are listed for a page; its map count says how many there are. */
const MOST_MAPPINGS = 8;
const PAGE_BYTES = 4096;
/** Bits of the error code of a page fault. Source: Intel SDM volume 3, section 4.7. */
const ERROR_WRITE = 2;
const ERROR_USER = 4;

/** What `readMemory` is given. */
export interface MemoryInput {
  readonly view: KernelView;
  readonly spaces: readonly AddressSpaceLock[];
  /** The tasks of the scenario, in its order. */
  readonly tasks: readonly TaskId[];
  threadIdOf(task: TaskId): number;
  /** Page frames of which the mappings are wanted, by number. */
  readonly frames: ReadonlySet<number>;
}

/** What `readMemory` finds. */
export interface MemoryOfStop {
  readonly spaces: readonly AddressSpaceState[];
  /** By frame number, by process and address. */
  readonly mappings: ReadonlyMap<number, readonly PageMapping[]>;
}

/** The address spaces. Cost: proportional to the page tables that exist, at most 512 of them, and to the VMAs. */
export function readMemory(input: MemoryInput): MemoryOfStop {
  const mappings = new Map<number, PageMapping[]>();
  const reader = new SpaceReader(input, mappings);
  return { spaces: input.spaces.map((space) => reader.read(space)), mappings };
}

/** A VMA while its pages are counted. */
interface OpenVma {
  readonly vma: VmAreaStruct;
  readonly pagesPerCell: number;
  readonly cells: [cell: number, pages: number][];
  resident: number;
}

class SpaceReader {
  private readonly input: MemoryInput;
  private readonly mappings: Map<number, PageMapping[]>;
  private readonly present: number;
  private readonly rights: readonly (readonly [flag: number, letter: string])[];
  private readonly shared: number;
  private readonly growsDown: number;
  private tablesLeft = MOST_TABLES;

  constructor(input: MemoryInput, mappings: Map<number, PageMapping[]>) {
    const { machine, readers } = input.view;
    this.input = input;
    this.mappings = mappings;
    this.present = readers.layout.constant('_PAGE_PRESENT');
    this.rights = (['VM_READ', 'VM_WRITE', 'VM_EXEC'] as const).map((name, index) => [
      readers.layout.constant(name),
      'rwx'.charAt(index),
    ]);
    this.shared = readers.layout.constant('VM_SHARED');
    this.growsDown = Number(machine.program.macros.get('VM_GROWSDOWN')?.value ?? 0n);
  }

  read(space: AddressSpaceLock): AddressSpaceState {
    const { machine, readers } = this.input.view;
    const process = space.mm.name;
    const all = readers.readVmas(machine, space.mm.address);
    const open = all.slice(0, MOST_VMAS).map(openVma);
    let next = 0;
    let stray = 0;
    const { tables, isCut } = visitMappedPages(
      machine,
      readers,
      space.mm.address,
      this.tablesLeft,
      (address, entry, frame) => {
        if (this.input.frames.has(frame)) this.addMapping(process, address, entry, frame);
        while (next < all.length && address >= (all[next]?.end ?? 0)) next += 1;
        const vma = all[next];
        if (vma === undefined || address < vma.start) stray += 1;
        else countPage(open[next], address);
      },
    );
    this.tablesLeft -= tables;
    const users = this.tasksOf(space);
    // A task that has ended has no address space any more; where there is only one, it was this.
    const { spaces, tasks } = this.input;
    const namers = spaces.length > 1 ? users : tasks.map((task) => machine.task(task));
    return {
      process,
      vmas: open.map((item) => this.vmaState(item, namers)),
      unlisted: all.length - open.length,
      faults: users.flatMap((task) => this.faultOf(task)),
      stray,
      ...(isCut ? { isCut } : {}),
    };
  }

  private addMapping(process: string, address: number, entry: number, frame: number): void {
    const known = this.mappings.get(frame) ?? [];
    this.mappings.set(frame, known);
    if (known.length === MOST_MAPPINGS) return;
    known.push({
      process,
      address,
      isWritable: (entry & PTE_WRITABLE) !== 0,
      isDirty: (entry & PTE_DIRTY) !== 0,
      isAccessed: (entry & PTE_ACCESSED) !== 0,
      ...((entry & this.present) === 0 ? { isBarred: true } : {}),
    });
  }

  /** The tasks that run in an address space. */
  private tasksOf({ mm }: AddressSpaceLock): readonly TaskView[] {
    const { machine, readers } = this.input.view;
    return this.input.tasks
      .map((task) => machine.task(task))
      .filter(({ cookie }) => readers.readMmOfTask(machine, cookie) === mm.address);
  }

  private vmaState(item: OpenVma, users: readonly TaskView[]): VmaState {
    const { vma, resident, pagesPerCell, cells } = item;
    const { start, end, flags, file, pageOffset } = vma;
    const letters = this.rights.map(([flag, letter]) => ((flags & flag) === 0 ? '-' : letter));
    return {
      start,
      end,
      ...this.nameVma(vma, users),
      filePage: file === 0 ? 0 : pageOffset,
      rights: `${letters.join('')}${(flags & this.shared) === 0 ? 'p' : 's'}`,
      resident,
      pagesPerCell,
      cells,
    };
  }

  /** Text and stacks are told by their flags; whose they are, by the registers of the tasks. */
  private nameVma(vma: VmAreaStruct, users: readonly TaskView[]): Pick<VmaState, 'kind' | 'name'> {
    const { view } = this.input;
    const { machine, readers } = view;
    if (vma.file !== 0) {
      const mapping = readers.readFileMapping(machine, vma.file);
      return { kind: 'file', name: readers.readInodeOfMapping(machine, mapping).name };
    }
    const usedBy = (register: number): string => {
      const names = users
        .filter(({ userRegisters }) => {
          const value = (userRegisters[register] ?? 0) >>> 0;
          return value >= vma.start && value <= vma.end;
        })
        .map(({ id }) => view.nameOf(id));
      return names.length === 0 || names.length > 2 ? '' : ` of ${names.join(' and ')}`;
    };
    if ((vma.flags & this.growsDown) !== 0) {
      return { kind: 'stack', name: `stack${usedBy(USER_ESP)}` };
    }
    if ((vma.flags & readers.layout.constant('VM_EXEC')) !== 0) {
      return { kind: 'text', name: `text${usedBy(USER_EIP)}` };
    }
    return { kind: 'anonymous', name: 'anonymous' };
  }

  /** The page fault that a task is in the middle of, the innermost where there are two. */
  private faultOf({ id, mode, status }: TaskView): readonly FaultAddress[] {
    const { view } = this.input;
    if (mode !== 'kernel' || status === 'exited' || status === 'new') return [];
    const trap = view.machine.frames(id).find((frame) => frame.trap?.kind === 'pageFault')?.trap;
    if (trap === undefined) return [];
    return [
      {
        task: view.nameOf(id),
        taskId: this.input.threadIdOf(id),
        address: trap.address,
        isWrite: (trap.code & ERROR_WRITE) !== 0,
        isOfKernel: (trap.code & ERROR_USER) === 0,
      },
    ];
  }
}

function openVma(vma: VmAreaStruct): OpenVma {
  const pages = Math.max(0, vma.end - vma.start) / PAGE_BYTES;
  return { vma, pagesPerCell: Math.max(1, Math.ceil(pages / CELLS)), cells: [], resident: 0 };
}

function countPage(open: OpenVma | undefined, address: number): void {
  if (open === undefined) return;
  open.resident += 1;
  const cell = Math.floor((address - open.vma.start) / PAGE_BYTES / open.pagesPerCell);
  const last = open.cells.at(-1);
  if (last?.[0] === cell) last[1] += 1;
  else open.cells.push([cell, 1]);
}
