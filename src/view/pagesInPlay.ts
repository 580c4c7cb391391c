/**
 * The pages of the page cache that matter at a stop: those that somebody waits for, that are mapped
 * or referenced beyond the cache, and the others as far as they are few.
 */
import type { Address } from '../base/brand.ts';
import { kernelLanguage, OWNER_IO } from '../kernel/kernelLanguage.ts';
import type { BitWaiter, Inode, PageStruct } from '../kernel/kernelReaders.ts';
import type { KernelView } from '../kernel/taskWaits.ts';
import { SECTORS_PER_PAGE } from '../kernel/whyChain.ts';
import type { DiskRequestView } from '../machine/diskView.ts';
import type { GhostHold } from '../machine/ghostView.ts';
import type { PageState } from './panelState.ts';

/** Pages that nobody uses yet are shown while they are few, as before a scenario starts to use them. */
const MOST_IDLE_PAGES = 8;
/** Pages that are only being read are shown while they are few: not those of a large readahead. */
const MOST_READ_PAGES = 4;

/** The name of an owner in ghost state: a task, or a word such as `io`. */
export function ownerName(view: KernelView, hold: GhostHold): string {
  if (hold.task !== undefined) return view.nameOf(hold.task);
  return kernelLanguage.owners.find(({ code }) => code === hold.ownerCode)?.word ?? 'unknown';
}

/** What is looked up once for all pages. */
interface PageFacts {
  readonly flagsOffset: number;
  readonly waiters: readonly BitWaiter[];
  readonly holds: readonly GhostHold[];
  readonly requests: readonly DiskRequestView[];
  inodeOf(page: PageStruct): Inode;
}

function gatherFacts(view: KernelView): PageFacts {
  const { machine, readers } = view;
  const inodes = new Map<Address, Inode>();
  return {
    flagsOffset: readers.layout.field('page', 'flags').offset,
    waiters: readers.readPageWaiters(machine),
    holds: machine.ghost.holds(),
    requests: machine.disk.queue(),
    inodeOf: (page) => {
      const inode = inodes.get(page.mapping) ?? readers.readInodeOfMapping(machine, page.mapping);
      inodes.set(page.mapping, inode);
      return inode;
    },
  };
}

function lockedBy(view: KernelView, facts: PageFacts, page: PageStruct): string | undefined {
  if (!page.isLocked) return undefined;
  const sector = facts.inodeOf(page).sector + SECTORS_PER_PAGE * page.index;
  const request = facts.requests.find(
    (item) => item.sector <= sector && sector < item.sector + SECTORS_PER_PAGE * item.pages,
  );
  if (request !== undefined) return `disk read #${String(request.id)}`;
  const hold = facts.holds.find((item) => item.lock === page.address + facts.flagsOffset);
  if (hold === undefined) return undefined;
  // The read has been asked for, but the disk has not been given it.
  const isUnsent = hold.task === undefined && hold.ownerCode === OWNER_IO;
  return isUnsent ? 'a disk read, not sent yet' : ownerName(view, hold);
}

function waiterNames(view: KernelView, facts: PageFacts, page: PageStruct): readonly string[] {
  const word = page.address + facts.flagsOffset;
  return facts.waiters.flatMap((waiter) => {
    const task = waiter.word === word ? view.machine.taskOfCookie(waiter.task) : undefined;
    return task === undefined ? [] : [view.nameOf(task)];
  });
}

/** The pages in play of all that are cached, by file and index. */
export function listPagesInPlay(
  view: KernelView,
  cached: readonly PageStruct[],
): readonly PageState[] {
  const facts = gatherFacts(view);
  const all = cached.map((page): PageState & { isInUse: boolean } => {
    const waiters = waiterNames(view, facts, page);
    const { name } = facts.inodeOf(page);
    return {
      label: `${name}:${String(page.index)}`,
      file: name,
      index: page.index,
      isLocked: page.isLocked,
      lockedBy: lockedBy(view, facts, page),
      isUpToDate: page.isUpToDate,
      count: page.count,
      mapCount: page.mapCount,
      waiters,
      isInUse: waiters.length > 0 || page.mapCount > 0 || page.count > 1,
    };
  });
  const idle = all.filter((page) => !page.isInUse && !page.isLocked);
  const onlyRead = all.filter((page) => !page.isInUse && page.isLocked);
  const pages = [
    ...all.filter((page) => page.isInUse),
    ...(idle.length <= MOST_IDLE_PAGES ? idle : []),
    ...(onlyRead.length <= MOST_READ_PAGES ? onlyRead : []),
  ].map(({ isInUse: _, ...page }) => page);
  return pages.sort((one, other) =>
    one.file === other.file ? one.index - other.index : one.file < other.file ? -1 : 1,
  );
}
