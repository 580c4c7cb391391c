/**
 * The memory of a stop as plain data: whose references a page's count is made of, which page table entries
 * map it, and the VMAs of each process with the pages that are there.
 *
 * Part of `PanelState`. Addresses are plain numbers, unsigned; sizes are pages of 4 KiB.
 */

/** What an owner of references is. `other` is one that the annotations of an edited kernel have invented. */
export type OwnerKind = 'task' | 'cache' | 'pte' | 'io' | 'pagevec' | 'other';

/** References of one owner to a page: known to the debugger only, the kernel stores the sum. */
export interface PageReference {
  readonly kind: OwnerKind;
  /** A task's name, `page cache`, `PTE`, `disk`, `pagevec`. PTEs stand together, whatever their number. */
  readonly owner: string;
  /** The task's thread id, when the owner is one. */
  readonly taskId?: number;
  readonly count: number;
  /** Set when the owner is a task that runs its program again, or has ended: nobody will put it any more. */
  readonly isLeaked?: true;
}

/** A page table entry that maps a page, with the bits as memory holds them. */
export interface PageMapping {
  readonly process: string;
  /** The user address. */
  readonly address: number;
  readonly isWritable: boolean;
  readonly isDirty: boolean;
  /** The processor has used it since the bit was cleared last: what the kernel calls young. */
  readonly isAccessed: boolean;
  /** The processor refuses any access (`PROT_NONE`). */
  readonly isBarred?: true;
}

/** What a VMA is for, as far as its flags say. */
export type VmaKind = 'file' | 'text' | 'stack' | 'anonymous';

/** A mapped range of an address space. */
export interface VmaState {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly kind: VmaKind;
  /** The file's name, `text of toucher`, `stack of toucher`, `anonymous`. */
  readonly name: string;
  /** The page of the file that `start` shows; 0 for anonymous memory. */
  readonly filePage: number;
  /** As in `/proc/PID/maps`: `rw-p`, `s` for shared. */
  readonly rights: string;
  /** How many of its pages a page table entry stands for. */
  readonly resident: number;
  /** Pages that one cell of `cells` stands for: 1 unless the VMA is large. */
  readonly pagesPerCell: number;
  /** Of cells with resident pages, which and how many, in the order of addresses. */
  readonly cells: readonly (readonly [cell: number, pages: number])[];
}

/** An address at which a task has a page fault that is not resolved yet. */
export interface FaultAddress {
  readonly task: string;
  /** DAP's thread id. */
  readonly taskId: number;
  /** What CR2 held at the fault. */
  readonly address: number;
  readonly isWrite: boolean;
  /** The kernel itself made the access, for a system call. */
  readonly isOfKernel: boolean;
}

/** The address space of a process. */
export interface AddressSpaceState {
  readonly process: string;
  /** By address. */
  readonly vmas: readonly VmaState[];
  /** VMAs that are not listed, because there are too many. */
  readonly unlisted: number;
  /** In the order of the tasks. */
  readonly faults: readonly FaultAddress[];
  /** Page table entries that stand for a page outside of every VMA: a bug of the kernel. */
  readonly stray: number;
  /** Set when there are more page tables than were looked at: then `resident` and mappings lack what those hold. */
  readonly isCut?: true;
}
