/**
 * The pages of the page cache that matter at a stop: those that somebody waits for, that are mapped
 * or referenced beyond the cache, and the others as far as they are few.
 */
import { asAddress } from '../base/brand.ts';
import { kernelLanguage } from '../kernel/kernelLanguage.ts';
import type { PageStruct } from '../kernel/kernelReaders.ts';
import type { KernelView } from '../kernel/taskWaits.ts';
import { findDiskRead } from '../kernel/whyChain.ts';
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

function lockedBy(view: KernelView, page: PageStruct): string | undefined {
  if (!page.isLocked) return undefined;
  const request = findDiskRead(view, page);
  if (request !== undefined) return `disk read #${String(request.id)}`;
  const flags = asAddress(page.address + view.readers.layout.field('page', 'flags').offset);
  const hold = view.machine.ghost.holds().find((item) => item.lock === flags);
  return hold === undefined ? undefined : ownerName(view, hold);
}

function waiterNames(view: KernelView, page: PageStruct): readonly string[] {
  const { machine, readers } = view;
  const flags = page.address + readers.layout.field('page', 'flags').offset;
  return readers.readPageWaiters(machine).flatMap((waiter) => {
    const task = waiter.word === flags ? machine.taskOfCookie(waiter.task) : undefined;
    return task === undefined ? [] : [view.nameOf(task)];
  });
}

/** The pages in play, by file and index. Cost: proportional to the number of page frames. */
export function listPagesInPlay(view: KernelView): readonly PageState[] {
  const { machine, readers } = view;
  const all = readers.readCachedPages(machine).map((page): PageState & { isInUse: boolean } => {
    const waiters = waiterNames(view, page);
    const { name } = readers.readInodeOfMapping(machine, page.mapping);
    return {
      label: `${name}:${String(page.index)}`,
      file: name,
      index: page.index,
      isLocked: page.isLocked,
      lockedBy: lockedBy(view, page),
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
