/**
 * What differs between two stops: the parts of the panel whose text is another one now, and what each was.
 *
 * Parts have ids made by `partId`. What changes with every tick of the clock by itself (for how long somebody
 * waits) is no part; that somebody waits is.
 */
import { hex } from '../base/brand.ts';
import { formatDuration } from '../base/duration.ts';
import type { AddressSpaceState, VmaState } from './memoryModel.ts';
import type { LockTimes } from './numbersModel.ts';
import type { LockState, PageState, PanelState, TaskState } from './panelState.ts';

/** Fields of which changes are told: of a page. */
export type PageField = 'locked' | 'flags' | 'count' | 'references' | 'mappings' | 'waiters';
/** Of a lock. */
export type LockField = 'count' | 'holders' | 'queue';
/** Of a task. */
export type TaskField = 'state' | 'where' | 'attempt' | 'cpu' | 'major' | 'minor';
/** Of a VMA. */
export type VmaField = 'range' | 'rights' | 'resident';
/** Of the times that a task spent with a lock. */
export type TimeField = 'readHold' | 'writeHold' | 'wait' | 'waits';

/** Ids of parts: one for each thing as a whole, and one for each of its fields. */
export const partId = {
  page: (label: string, field?: PageField): string => join('page', label, field),
  lock: (name: string, field: LockField): string => join('lock', name, field),
  task: (name: string, field: TaskField): string => join('task', name, field),
  vma: (process: string, start: number, field?: VmaField): string =>
    join('vma', `${process} ${hex(start, 8)}`, field),
  /** The address at which a task faults. */
  fault: (task: string): string => join('fault', task),
  counter: (name: string): string => join('counter', name),
  time: (lock: string, task: string, field: TimeField): string =>
    join('time', `${lock} ${task}`, field),
  disk: (id: number): string => join('disk', String(id)),
} as const;

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('/');
}

/** What has changed since the stop before. */
export interface ChangedParts {
  /** By id what the part was; `undefined` for what was not there. */
  readonly was: ReadonlyMap<string, string | undefined>;
  /** Ids of parts that are gone. */
  readonly gone: readonly string[];
}

/** What a part says that has nothing to say. */
const ZEROS: ReadonlySet<string> = new Set(['', '0', formatDuration(0)]);

/** Nothing has changed, or there is nothing to compare with. */
export const NO_CHANGES: ChangedParts = { was: new Map(), gone: [] };

/**
 * The parts that differ. Without a state before, or with one of another session, nothing does: everything
 * would be new. Cost: proportional to the size of both states.
 */
export function changedParts(last: PanelState | undefined, now: PanelState): ChangedParts {
  if (last === undefined || !isSameSession(last, now)) return NO_CHANGES;
  const old = partsOf(last);
  const present = partsOf(now);
  const was = new Map<string, string | undefined>();
  for (const [id, text] of present) {
    const before = old.get(id);
    // A row that is new says so by its figures, not by its zeros.
    if (before === undefined && ZEROS.has(text)) continue;
    if (before !== text) was.set(id, before);
  }
  return { was, gone: [...old.keys()].filter((id) => !present.has(id)) };
}

/** `rev` grows with every stop of a session, whichever way the run goes. */
function isSameSession(before: PanelState, now: PanelState): boolean {
  return before.rev < now.rev && before.scenario === now.scenario && before.kernel === now.kernel;
}

/** What a mark says of a part: `was 1`, or that it is new; `undefined` for one that is as it was. */
export function changeText({ was }: ChangedParts, id: string): string | undefined {
  if (!was.has(id)) return undefined;
  const text = was.get(id);
  if (text === undefined) return 'new since the last stop';
  return `was ${text === '' ? 'nothing' : text}`;
}

type Part = readonly [id: string, text: string];

function partsOf(state: PanelState): ReadonlyMap<string, string> {
  return new Map<string, string>([
    ...state.pages.flatMap(pageParts),
    ...state.locks.flatMap(lockParts),
    ...state.tasks.flatMap(taskParts),
    ...state.spaces.flatMap(spaceParts),
    ...state.numbers.counters.map(([name, count]): Part => [partId.counter(name), String(count)]),
    ...state.numbers.locks.flatMap(timeParts),
    ...state.disk.map(({ id, state: stage }): Part => [partId.disk(id), stage]),
  ]);
}

function pageParts(page: PageState): readonly Part[] {
  const { label } = page;
  const lock = page.isLocked ? `locked${page.lockedBy ? ` by ${page.lockedBy}` : ''}` : 'unlocked';
  return [
    [partId.page(label), label],
    [partId.page(label, 'locked'), lock],
    [partId.page(label, 'flags'), page.flags.join(' ')],
    [partId.page(label, 'count'), String(page.count)],
    [
      partId.page(label, 'references'),
      page.references
        .map(({ owner, count }) => (count === 1 ? owner : `${owner} ×${String(count)}`))
        .join(', '),
    ],
    [
      partId.page(label, 'mappings'),
      page.mappings
        .map((item) => `${item.process} ${hex(item.address, 8)} ${mappingBits(item)}`)
        .join(', '),
    ],
    [partId.page(label, 'waiters'), page.waiters.join(', ')],
  ];
}

/** The bits of a page table entry as letters, a dash for one that is not set: writable, dirty, accessed. */
export function mappingBits({
  isWritable,
  isDirty,
  isAccessed,
}: Pick<PageState['mappings'][number], 'isWritable' | 'isDirty' | 'isAccessed'>): string {
  return [isWritable ? 'w' : '-', isDirty ? 'd' : '-', isAccessed ? 'a' : '-'].join('');
}

function lockParts({ name, rawCount, holders, queue }: LockState): readonly Part[] {
  const people = (list: readonly { readonly mode: string }[], who: (index: number) => string) =>
    list.map(({ mode }, index) => `${who(index)} (${mode})`).join(', ');
  return [
    [partId.lock(name, 'count'), rawCount],
    [partId.lock(name, 'holders'), people(holders, (index) => holders[index]?.owner ?? '')],
    [partId.lock(name, 'queue'), people(queue, (index) => queue[index]?.task ?? '')],
  ];
}

function taskParts(task: TaskState): readonly Part[] {
  const { name, counters } = task;
  return [
    [partId.task(name, 'state'), task.stateWords],
    [partId.task(name, 'where'), task.where ?? ''],
    [partId.task(name, 'attempt'), task.attempt === undefined ? '' : String(task.attempt)],
    [partId.task(name, 'cpu'), String(task.cpu)],
    [partId.task(name, 'major'), String(counters['maj_flt'] ?? 0)],
    [partId.task(name, 'minor'), String(counters['min_flt'] ?? 0)],
  ];
}

function spaceParts({ process, vmas, faults }: AddressSpaceState): readonly Part[] {
  return [
    ...vmas.flatMap((vma) => vmaParts(process, vma)),
    ...faults.map(({ task, address }): Part => [partId.fault(task), hex(address, 8)]),
  ];
}

function vmaParts(process: string, vma: VmaState): readonly Part[] {
  const { start, end, name, rights, resident } = vma;
  return [
    [partId.vma(process, start), name],
    [partId.vma(process, start, 'range'), `${hex(start, 8)}–${hex(end, 8)}`],
    [partId.vma(process, start, 'rights'), rights],
    [partId.vma(process, start, 'resident'), String(resident)],
  ];
}

/** A longest time that still grows is no change: the text beside it says that it runs. */
function timeParts(times: LockTimes): readonly Part[] {
  const { lock, task, holdNs, holdMode, waitNs } = times;
  const unless = (running: number | undefined, ns: number): string =>
    running === ns ? 'running' : formatDuration(ns);
  const holdOf = (mode: 'read' | 'write'): number | undefined =>
    holdMode === mode ? holdNs : undefined;
  return [
    [partId.time(lock, task, 'readHold'), unless(holdOf('read'), times.longestReadHoldNs)],
    [partId.time(lock, task, 'writeHold'), unless(holdOf('write'), times.longestWriteHoldNs)],
    [partId.time(lock, task, 'wait'), unless(waitNs, times.longestWaitNs)],
    [partId.time(lock, task, 'waits'), String(times.waits)],
  ];
}
