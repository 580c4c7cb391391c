/**
 * Who waits for whom at a stop, and whether those waits close to a ring: then none of them ever ends.
 *
 * In a queue each waits for the one ahead of it, the first for everybody inside; whoever sleeps on a page waits for
 * the task that has it locked. These waits cannot be broken off (they take no signal), and each needs all that it
 * waits for, so a ring is a deadlock even while other tasks run. Reads of the disk end by themselves and close none.
 */
import type { LockState, PageState, PanelState } from './panelState.ts';

/** One thing on the way round: a task, or a lock between a task and its holder. */
export interface RingNode {
  readonly kind: 'task' | 'lock' | 'page';
  /** The task's name, the lock's, or the page's label. */
  readonly name: string;
  readonly taskId?: number;
  /** How it comes to the next node. */
  readonly toNext: 'waits for' | 'is held by' | 'is queued behind';
}

/** A ring, beginning with a task; the last node leads to the first. */
export type WaitRing = readonly RingNode[];

interface Edge {
  /** The lock on the way; left out behind another task of a queue. */
  readonly over?: { readonly kind: 'lock' | 'page'; readonly name: string };
  readonly to: string;
}

/**
 * Whether a lock has been granted to a task that is still in the wait list, about to be taken off it. Then its wait
 * is over. A task that waits for a lock that it holds already has a wait, and got the lock before.
 */
export function isLetIn({ holders, queue }: LockState, task: string): boolean {
  const waiter = queue.find((item) => item.task === task);
  const hold = holders.find(({ owner }) => owner === task);
  if (waiter === undefined || hold === undefined) return false;
  return waiter.sinceNs === undefined || hold.sinceNs >= waiter.sinceNs;
}

function lockEdges(lock: LockState): readonly (readonly [string, Edge])[] {
  const waiters = lock.queue.map(({ task }) => task).filter((task) => !isLetIn(lock, task));
  const over = { kind: 'lock', name: lock.name } as const;
  return waiters.flatMap((task, place) => {
    const ahead = waiters[place - 1];
    if (ahead !== undefined) return [[task, { to: ahead }] as const];
    return lock.holders.map(({ owner }) => [task, { over, to: owner }] as const);
  });
}

function pageEdges({ label, lockedBy, waiters }: PageState): readonly (readonly [string, Edge])[] {
  if (lockedBy === undefined) return [];
  const over = { kind: 'page', name: label } as const;
  return waiters.map((task) => [task, { over, to: lockedBy }] as const);
}

type RingState = Pick<PanelState, 'locks' | 'pages' | 'tasks'>;

function gatherEdges(state: RingState): ReadonlyMap<string, readonly Edge[]> {
  const tasks = new Set(state.tasks.map(({ name }) => name));
  const edges = new Map<string, Edge[]>();
  for (const [task, edge] of [
    ...state.locks.flatMap(lockEdges),
    ...state.pages.flatMap(pageEdges),
  ]) {
    if (!tasks.has(edge.to)) continue;
    const known = edges.get(task);
    if (known === undefined) edges.set(task, [edge]);
    else known.push(edge);
  }
  return edges;
}

/** A way from a task back to itself; the edges in their order. Each task is passed once. */
function findWay(
  edges: ReadonlyMap<string, readonly Edge[]>,
  from: string,
): readonly Edge[] | undefined {
  const seen = new Set<string>();
  function search(task: string): readonly Edge[] | undefined {
    for (const edge of edges.get(task) ?? []) {
      if (edge.to === from) return [edge];
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      const rest = search(edge.to);
      if (rest !== undefined) return [edge, ...rest];
    }
    return undefined;
  }
  return search(from);
}

/** The first ring, by the order of the tasks; `undefined` when there is none. */
export function findWaitRing(state: RingState): WaitRing | undefined {
  const edges = gatherEdges(state);
  for (const { name } of state.tasks) {
    const way = findWay(edges, name);
    if (way === undefined) continue;
    let task = name;
    return way.flatMap(({ over, to }): RingNode[] => {
      const id = state.tasks.find((item) => item.name === task)?.id;
      const node = {
        kind: 'task',
        name: task,
        ...(id === undefined ? {} : { taskId: id }),
      } as const;
      task = to;
      if (over === undefined) return [{ ...node, toNext: 'is queued behind' }];
      return [
        { ...node, toNext: 'waits for' },
        { ...over, toNext: 'is held by' },
      ];
    });
  }
  return undefined;
}

/** The ring in a sentence: `toucher is queued behind mapper, which waits for mmap_sem, which is held by toucher.` */
export function ringText(ring: WaitRing): string {
  const [first] = ring;
  if (first === undefined) return '';
  const parts = ring.map(({ toNext }, place) => {
    const next = ring[(place + 1) % ring.length] ?? first;
    return `${place === 0 ? first.name : 'which'} ${toNext} ${next.name}`;
  });
  return `${parts.join(', ')}.`;
}
