/**
 * Words and arithmetic of the pictures of memory, without markup.
 */
import { hex } from '../../base/brand.ts';
import { mappingBits } from '../../view/changedParts.ts';
import type { FaultAddress, PageMapping, PageReference, VmaState } from '../../view/memoryModel.ts';
import type { PageState } from '../../view/panelState.ts';

const PAGE_BYTES = 4096;
/** More references of one owner are written as a number. */
const MOST_DOTS = 4;

/** What stands below the flags: who has locked the page, and that its content is not there, where nothing else says so. */
export function lockWords({ isLocked, lockedBy, isUpToDate }: PageState): string {
  const words = isLocked ? [lockedBy === undefined ? 'locked' : `locked by ${lockedBy}`] : [];
  if (!isUpToDate && lockedBy?.includes('disk read') !== true) words.push('not read yet');
  return words.join(', ');
}

/** How many dots an owner gets, and the number behind them where there are too many. */
export function dotsOf({ count }: PageReference): { readonly dots: number; readonly more: string } {
  return count > MOST_DOTS ? { dots: 1, more: `×${String(count)}` } : { dots: count, more: '' };
}

/** What is wrong with a page's count, in a sentence; `undefined` when nothing is. */
export function countProblem(page: PageState): string | undefined {
  const owned = page.references.reduce((sum, { count }) => sum + count, 0);
  const lost = page.references.find(({ isLeaked }) => isLeaked);
  if (page.mismatch === 'wrong') {
    const difference = Math.abs(page.count - owned);
    const references = difference === 1 ? '1 reference' : `${String(difference)} references`;
    return owned < page.count
      ? `${references} without an owner: this page leaks`
      : `${references} more than counted: it will be freed too early`;
  }
  if (page.mismatch === 'counting') return 'a task is counting just now';
  if (lost !== undefined) return `${lost.owner} is back in its program and never put it: a leak`;
  return undefined;
}

/** `0x40014000`, with the process where there are several. */
export function placeWords({ process, address }: PageMapping, hasSeveral: boolean): string {
  return `${hasSeveral ? `${process} ` : ''}${hex(address, 8)}`;
}

/** The bits of an entry as letters: `-da`. */
export function bitWords(mapping: PageMapping): string {
  return mapping.isBarred ? 'no access' : mappingBits(mapping);
}

/** Both for reading aloud. */
export function mappingSentence({
  process,
  address,
  isWritable,
  isDirty,
  isAccessed,
  isBarred,
}: PageMapping): string {
  const bits = [
    isBarred ? 'no access' : isWritable ? 'writable' : 'read-only',
    isDirty ? 'dirty' : 'clean',
    isAccessed ? 'accessed' : 'not accessed',
  ];
  return `mapped in ${process} at ${hex(address, 8)}: ${bits.join(', ')}`;
}

/** How many pages a VMA has. */
export function pagesOf({ start, end }: VmaState): number {
  return Math.max(1, (end - start) / PAGE_BYTES);
}

/** The address at which a VMA shows a page of its file; `undefined` where it shows another part, or no file. */
export function addressOfPage(vma: VmaState, page: PageState): number | undefined {
  if (vma.kind !== 'file' || vma.name !== page.file) return undefined;
  const offset = page.index - vma.filePage;
  return offset >= 0 && offset < pagesOf(vma) ? vma.start + offset * PAGE_BYTES : undefined;
}

/** The name of the page that a VMA shows at an address: `data.bin:20`; `undefined` in anonymous memory. */
export function pageAt(vma: VmaState, address: number): string | undefined {
  if (vma.kind !== 'file' || address < vma.start || address >= vma.end) return undefined;
  const index = vma.filePage + Math.floor((address - vma.start) / PAGE_BYTES);
  return `${vma.name}:${String(index)}`;
}

/** `toucher reads data.bin:20 at 0x40014123`. */
export function faultWords(fault: FaultAddress, vma: VmaState | undefined): string {
  const page = vma === undefined ? undefined : pageAt(vma, fault.address);
  const who = fault.isOfKernel ? `the kernel, for ${fault.task},` : fault.task;
  const what = page === undefined ? '' : ` ${page} at`;
  return `${who} ${fault.isWrite ? 'writes' : 'reads'}${what} ${hex(fault.address, 8)}`;
}

/** `1 of 64 pages present`. */
export function residentWords(vma: VmaState): string {
  const pages = pagesOf(vma);
  return `${vma.resident.toLocaleString('en-US')} of ${pages.toLocaleString('en-US')} ${pages === 1 ? 'page' : 'pages'} present`;
}
