/**
 * The pages of the page cache that matter at a stop: those that somebody waits for, that are mapped
 * or referenced beyond the cache, and the others as far as they are few.
 *
 * Pages that are just there, mapped and up to date, are counted by file where a file has many: nobody
 * reads hundreds of rows, and they would be sent at every stop.
 */
import type { Address } from '../base/brand.ts';
import { kernelLanguage, OWNER_IO } from '../kernel/kernelLanguage.ts';
import type { BitWaiter, Inode, PageStruct } from '../kernel/kernelReaders.ts';
import type { KernelView } from '../kernel/taskWaits.ts';
import { SECTORS_PER_PAGE } from '../kernel/whyChain.ts';
import type { DiskRequestView } from '../machine/diskView.ts';
import type { GhostHold } from '../machine/ghostView.ts';
import type { PageState, QuietPages } from './panelState.ts';

/** Pages that nobody uses yet are shown while they are few, as before a scenario starts to use them. */
const MOST_IDLE_PAGES = 8;
/** Pages that are only being read are shown while they are few: not those of a large readahead. */
const MOST_READ_PAGES = 4;
/** Quiet pages are shown one by one while their file has few of them. */
const MOST_QUIET_PAGES = 32;

/** What `listPagesInPlay` finds. */
export interface PagesInPlay {
  readonly pages: readonly PageState[];
  readonly quietPages: readonly QuietPages[];
}

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

/** How a page is shown: for its own sake, or only where such pages are few. */
type Standing = 'inPlay' | 'quiet' | 'idle' | 'onlyRead';

function standingOf(facts: PageFacts, page: PageStruct): Standing {
  const { isLocked, isUpToDate, mapCount, count } = page;
  const word = page.address + facts.flagsOffset;
  if (facts.waiters.some((waiter) => waiter.word === word)) return 'inPlay';
  if (mapCount === 0 && count <= 1) return isLocked ? 'onlyRead' : 'idle';
  // The cache and each mapping hold a reference; nobody else does.
  return !isLocked && isUpToDate && count === mapCount + 1 ? 'quiet' : 'inPlay';
}

function pageState(view: KernelView, facts: PageFacts, page: PageStruct): PageState {
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
    waiters: waiterNames(view, facts, page),
  };
}

/** The pages in play of all that are cached, by file and index. Cost: that of those which are shown. */
export function listPagesInPlay(view: KernelView, cached: readonly PageStruct[]): PagesInPlay {
  const facts = gatherFacts(view);
  const shown: PageStruct[] = [];
  const idle: PageStruct[] = [];
  const onlyRead: PageStruct[] = [];
  const quiet = new Map<Address, PageStruct[]>();
  for (const page of cached) {
    const standing = standingOf(facts, page);
    if (standing === 'inPlay') shown.push(page);
    else if (standing === 'idle') idle.push(page);
    else if (standing === 'onlyRead') onlyRead.push(page);
    else {
      const others = quiet.get(page.mapping);
      if (others === undefined) quiet.set(page.mapping, [page]);
      else others.push(page);
    }
  }
  if (idle.length <= MOST_IDLE_PAGES) shown.push(...idle);
  if (onlyRead.length <= MOST_READ_PAGES) shown.push(...onlyRead);
  const quietPages: QuietPages[] = [];
  for (const pages of quiet.values()) {
    const [first] = pages;
    if (pages.length <= MOST_QUIET_PAGES) shown.push(...pages);
    else if (first !== undefined)
      quietPages.push({ file: facts.inodeOf(first).name, count: pages.length });
  }
  const pages = shown.map((page) => pageState(view, facts, page));
  return {
    pages: pages.sort((one, other) => byName(one.file, other.file) || one.index - other.index),
    quietPages: quietPages.sort((one, other) => byName(one.file, other.file)),
  };
}

function byName(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
