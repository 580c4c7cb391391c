/**
 * The pages that matter at a stop: of the page cache those that somebody waits for, that are mapped
 * or referenced beyond the cache, and the others as far as they are few; and pages of no file that a
 * task has in hand, such as one that it has just allocated.
 *
 * Pages that are just there, mapped and up to date, are counted by file where a file has many: nobody
 * reads hundreds of rows, and they would be sent at every stop.
 */
import { asAddress, type Address, type TaskId } from '../base/brand.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import { kernelLanguage, OWNER_IO } from '../kernel/kernelLanguage.ts';
import type { BitWaiter, Inode, PageStruct } from '../kernel/kernelReaders.ts';
import type { KernelView } from '../kernel/taskWaits.ts';
import { SECTORS_PER_PAGE } from '../kernel/whyChain.ts';
import type { DiskRequestView } from '../machine/diskView.ts';
import type { GhostHold } from '../machine/ghostView.ts';
import type { PageMapping } from './memoryModel.ts';
import {
  describeReferences,
  gatherReferences,
  isAnybodyCounting,
  type ReferenceTable,
} from './pageReferences.ts';
import type { PageState, QuietPages } from './panelState.ts';

/** Pages that nobody uses yet are shown while they are few, as before a scenario starts to use them. */
const MOST_IDLE_PAGES = 8;
/** Pages that are only being read are shown while they are few: not those of a large readahead. */
const MOST_READ_PAGES = 4;
/** Quiet pages are shown one by one while their file has few of them. */
const MOST_QUIET_PAGES = 32;

/** Pages of no file are shown while they are few: not those of a large readahead, which are allocated together. */
const MOST_LOOSE_PAGES = 2;

/** Which pages matter, before they are described. */
export interface ChosenPages {
  /** Of the page cache. */
  readonly cached: readonly PageStruct[];
  /** Of no file. */
  readonly loose: readonly PageStruct[];
  readonly quietPages: readonly QuietPages[];
  /** How many pages of no file there are, where they are too many to list. */
  readonly loosePages: number;
  /** The frames of all these pages, by number. */
  readonly frames: ReadonlySet<number>;
  readonly references: ReferenceTable;
  readonly facts: PageFacts;
}

/** What a description of pages needs beside the machine. */
export interface PageSurroundings {
  /** By frame number. */
  readonly mappings: ReadonlyMap<number, readonly PageMapping[]>;
  readonly threadIdOf: (task: TaskId) => number;
}

/** The name of an owner in ghost state: a task, or a word such as `io`. */
export function ownerName(view: KernelView, hold: GhostHold): string {
  if (hold.task !== undefined) return view.nameOf(hold.task);
  return kernelLanguage.owners.find(({ code }) => code === hold.ownerCode)?.word ?? 'unknown';
}

/** What is looked up once for all pages. */
interface PageFacts {
  readonly flagsOffset: number;
  /** Bits of `flags` by the kernel's names, lowest first. */
  readonly flagNames: readonly (readonly [name: string, bit: number])[];
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
    flagNames: (machine.program.enums?.get('pageflags')?.layout.constants ?? []).map(
      ({ name, value }) => [name.replace(/^PG_/, ''), Number(value)] as const,
    ),
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

function pageState(
  view: KernelView,
  { facts, references }: ChosenPages,
  page: PageStruct,
  surroundings: PageSurroundings,
): PageState {
  const raw = references.get(page.address) ?? [];
  const owned = raw.reduce((sum, { count }) => sum + count, 0);
  const isLoose = page.mapping === 0 || (page.mapping & 1) === 1;
  const name = isLoose ? '' : facts.inodeOf(page).name;
  const index = isLoose ? page.frameNumber : page.index;
  return {
    label: isLoose ? `frame ${String(index)}` : `${name}:${String(index)}`,
    file: name,
    index,
    address: page.address,
    flags: facts.flagNames.flatMap(([flag, bit]) =>
      bit < 32 && ((page.flags >>> bit) & 1) === 1 ? [flag] : [],
    ),
    isLocked: page.isLocked,
    lockedBy: isLoose ? undefined : lockedBy(view, facts, page),
    isUpToDate: page.isUpToDate,
    count: page.count,
    references: describeReferences(view, raw, surroundings.threadIdOf),
    mapCount: page.mapCount,
    mappings: surroundings.mappings.get(page.frameNumber) ?? [],
    waiters: waiterNames(view, facts, page),
    ...(owned === page.count ? {} : { mismatch: 'wrong' }),
  };
}

/** Pages that tasks have in hand and that no file has: allocated just now, or about to be free. */
function loosePages(
  { machine, readers }: KernelView,
  references: ReferenceTable,
  cached: ReadonlySet<Address>,
): readonly PageStruct[] {
  const first = readUnsigned(machine, readers.layout.global('mem_map'), 4) ?? 0;
  const frames = readUnsigned(machine, readers.layout.global('max_mapnr'), 4) ?? 0;
  const bytes = readers.layout.sizeOf('page');
  return [...references.keys()]
    .filter((object) => {
      const frame = (object - first) / bytes;
      return Number.isInteger(frame) && frame >= 0 && frame < frames && !cached.has(object);
    })
    .map((object) => readers.readPage(machine, asAddress(object)))
    .sort((one, other) => one.address - other.address);
}

/** Chooses the pages in play, of all that are cached. Cost: a look at each, and one pass over the ghost table. */
export function choosePages(view: KernelView, cached: readonly PageStruct[]): ChosenPages {
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
  const references = gatherReferences(view, new Set(shown.map(({ address }) => address)));
  const all = loosePages(view, references, new Set(cached.map(({ address }) => address)));
  const isListed = all.length <= MOST_LOOSE_PAGES;
  const loose = isListed ? all : [];
  return {
    cached: shown,
    loose,
    quietPages: quietPages.sort((one, other) => byName(one.file, other.file)),
    loosePages: isListed ? 0 : all.length,
    frames: new Set([...shown, ...loose].map(({ frameNumber }) => frameNumber)),
    references,
    facts,
  };
}

/** The chosen pages, by file and index; those of no file last. */
export function describePages(
  view: KernelView,
  chosen: ChosenPages,
  surroundings: PageSurroundings,
): readonly PageState[] {
  const describe = (page: PageStruct): PageState => pageState(view, chosen, page, surroundings);
  const cached = chosen.cached.map(describe);
  cached.sort((one, other) => byName(one.file, other.file) || one.index - other.index);
  const pages = [...cached, ...chosen.loose.map(describe)];
  const isSound = pages.every(({ mismatch }) => mismatch === undefined);
  if (isSound || !isAnybodyCounting(view)) return pages;
  return pages.flatMap((page): PageState[] => {
    if (page.mismatch === undefined) return [page];
    // The last reference to a page of no file is just put: it is free in a moment.
    return page.file === '' && page.count <= 0 ? [] : [{ ...page, mismatch: 'counting' }];
  });
}

function byName(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
