/**
 * The page tables of an address space, read as the kernel's memory holds them: every entry below the
 * direct map that stands for a page.
 *
 * Reading changes nothing, accessed bits included. The tables are followed instead of the VMAs: most of a
 * large VMA has no table at all, and an entry that no VMA covers is found, too.
 * Source: Intel SDM volume 3, section 4.3 (32-bit paging); `_PAGE_PROTNONE` is the kernel's own.
 */
import { asAddress, type Address } from '../base/brand.ts';
import { readUnsigned, type MemoryReader } from '../bytecode/memoryReader.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import type { KernelReaders } from './kernelReaders.ts';

/** Bits of an entry that the processor defines. */
export const PTE_WRITABLE = 0x002;
export const PTE_ACCESSED = 0x020;
export const PTE_DIRTY = 0x040;

const PAGE_BYTES = 4096;
const ENTRIES = 1024;
const TABLE_BYTES = ENTRIES * PAGE_BYTES;

/** Told of one entry: the user address that it translates, the entry, and the number of the page frame. */
export type PteVisitor = (address: number, entry: number, frameNumber: number) => void;

/** What a walk found of its bounds. */
export interface PteWalk {
  /** How many page tables were read. */
  readonly tables: number;
  /** Whether there are more of them. */
  readonly isCut: boolean;
}

/**
 * Visits the entries of an address space that stand for a page, in the order of their addresses; those
 * without any right (`PROT_NONE`) included. `mostTables` bounds how many page tables are read.
 *
 * Cost: 768 words for the directory and 1,024 for every table that exists.
 */
export function visitMappedPages(
  memory: MemoryReader,
  { layout }: KernelReaders,
  mm: Address,
  mostTables: number,
  visit: PteVisitor,
): PteWalk {
  const valid = layout.constant('_PAGE_PRESENT');
  const present = valid | layout.constant('_PAGE_PROTNONE');
  const at = mm + layout.field('mm_struct', 'pgd').offset;
  const directory = readUnsigned(memory, asAddress(at), 4) ?? 0;
  const upper = wordsOf(memory, directory, DIRECT_MAP_BASE / TABLE_BYTES);
  let tables = 0;
  for (let index = 0; index < upper.length; index += 1) {
    const table = upper[index] ?? 0;
    if ((table & valid) === 0) continue;
    if (tables === mostTables) return { tables, isCut: true };
    tables += 1;
    const entries = wordsOf(memory, DIRECT_MAP_BASE + ((table & ~0xfff) >>> 0), ENTRIES);
    for (let place = 0; place < ENTRIES; place += 1) {
      const entry = entries[place] ?? 0;
      if ((entry & present) !== 0) {
        visit(index * TABLE_BYTES + place * PAGE_BYTES, entry, entry >>> 12);
      }
    }
  }
  return { tables, isCut: false };
}

/** Words of kernel memory; none where there is no such memory. */
function wordsOf(memory: MemoryReader, address: number, count: number): ArrayLike<number> {
  if (address < DIRECT_MAP_BASE) return [];
  const words = memory.wordsAt?.(asAddress(address), count);
  if (words !== undefined) return words;
  return Array.from(
    { length: count },
    (_, index) => readUnsigned(memory, asAddress(address + 4 * index), 4) ?? 0,
  );
}
