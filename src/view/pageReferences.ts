/**
 * Whose references the counts of pages are made of, from ghost state.
 *
 * The kernel stores a sum; the debugger knows the owners. A reference that a task still owns when it runs
 * its program again, or has ended, is lost: nobody will put it.
 */
import type { Address, TaskId } from '../base/brand.ts';
import { OWNER_TASK } from '../bytecode/annotation.ts';
import { OWNER_CACHE, OWNER_IO, OWNER_PAGEVEC, OWNER_PTE } from '../kernel/kernelLanguage.ts';
import { listTasks, type KernelView } from '../kernel/taskWaits.ts';
import type { OwnerKind, PageReference } from './memoryModel.ts';

const OWNERS: ReadonlyMap<number, readonly [kind: OwnerKind, owner: string]> = new Map([
  [OWNER_CACHE, ['cache', 'page cache']],
  [OWNER_IO, ['io', 'disk']],
  [OWNER_PTE, ['pte', 'PTE']],
  [OWNER_PAGEVEC, ['pagevec', 'pagevec']],
]);
const ORDER: readonly OwnerKind[] = ['task', 'cache', 'io', 'pte', 'pagevec', 'other'];

interface RawReference {
  readonly code: number;
  readonly value: number;
  readonly count: number;
}

/** The references to the objects that were asked for, and to all that tasks own. */
export type ReferenceTable = ReadonlyMap<Address, readonly RawReference[]>;

/** Gathers references to the given objects and to whatever tasks have. Cost: one or two passes over the ghost table. */
export function gatherReferences(view: KernelView, objects: ReadonlySet<Address>): ReferenceTable {
  const table = new Map<Address, RawReference[]>();
  const taskObjects = new Set<Address>();
  const gather = (isMeant: (object: Address, code: number) => boolean): void => {
    view.machine.ghost.visitRefs((object, code, value, count) => {
      if (!isMeant(object, code)) return;
      const known = table.get(object);
      if (known === undefined) table.set(object, [{ code, value, count }]);
      else known.push({ code, value, count });
    });
  };
  gather((object, code) => {
    const isAsked = objects.has(object);
    if (!isAsked && code === OWNER_TASK) taskObjects.add(object);
    return isAsked || code === OWNER_TASK;
  });
  // The other owners of what was met only now.
  if (taskObjects.size > 0) {
    gather((object, code) => code !== OWNER_TASK && taskObjects.has(object));
  }
  return table;
}

/** The owners of references to one page, tasks first; PTEs together. */
export function describeReferences(
  view: KernelView,
  raw: readonly RawReference[],
  threadIdOf: (task: TaskId) => number,
): readonly PageReference[] {
  const ptes = raw.filter(({ code }) => code === OWNER_PTE);
  const others = raw
    .filter(({ code }) => code !== OWNER_PTE)
    .map((reference) => describe(view, reference, threadIdOf));
  const sum = ptes.reduce((total, { count }) => total + count, 0);
  const all = sum === 0 ? others : [...others, pteReference(sum)];
  return all.sort(
    (one, other) =>
      ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) ||
      (one.taskId ?? 0) - (other.taskId ?? 0),
  );
}

/**
 * Whether some task is inside a function that takes or puts references: between its atomic operation and what
 * the debugger notes of it, a count differs from its owners, as somebody may see who steps by instructions.
 */
export function isAnybodyCounting({ machine }: KernelView): boolean {
  const counting = new Set(
    machine.program.annotations
      .filter(({ action }) => action === 'get' || action === 'put')
      .map(({ functionIndex }) => functionIndex),
  );
  return listTasks(machine).some(
    ({ id, pc }) =>
      pc !== undefined &&
      machine.frames(id).some(({ functionIndex }) => counting.has(functionIndex)),
  );
}

function pteReference(count: number): PageReference {
  return { kind: 'pte', owner: 'PTE', count };
}

function describe(
  view: KernelView,
  { code, value, count }: RawReference,
  threadIdOf: (task: TaskId) => number,
): PageReference {
  if (code !== OWNER_TASK) {
    const [kind, owner] = OWNERS.get(code) ?? (['other', `owner ${String(code)}`] as const);
    return { kind, owner, count };
  }
  const task = view.machine.taskOfCookie(value);
  if (task === undefined) return { kind: 'task', owner: 'a task that is gone', count };
  const { mode, status } = view.machine.task(task);
  const isLeaked = status === 'exited' || (mode === 'user' && status !== 'new');
  return {
    kind: 'task',
    owner: view.nameOf(task),
    taskId: threadIdOf(task),
    count,
    ...(isLeaked ? { isLeaked } : {}),
  };
}
