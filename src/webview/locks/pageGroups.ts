/**
 * The page locks in play: a row for each page that somebody sleeps on, and for locked pages that nobody waits for
 * one row for all that the same owner has locked in a stretch, such as the pages of one disk read.
 */
import type { LockMode, PageState, PanelState, TaskState } from '../../view/panelState.ts';
import type { Sitter } from './seats.ts';

/** Pages that are drawn as one. */
export interface PageGroup {
  /** `data.bin:0`, or `data.bin:1–31`. */
  readonly label: string;
  /** The pages' own labels, first to last. */
  readonly pages: readonly string[];
  /** Set for one page: by this name it can be watched. */
  readonly single: string | undefined;
  readonly isLocked: boolean;
  readonly lockedBy: string | undefined;
  /** Set when a task has it locked. */
  readonly lockedById: number | undefined;
  /** The time that the disk still needs for it. */
  readonly leftNs: number | undefined;
  readonly waiters: readonly Sitter[];
}

/** A page lock has one mode. */
const MODE: LockMode = 'write';

function taskNamed(tasks: readonly TaskState[], name: string | undefined): TaskState | undefined {
  return tasks.find((task) => task.name === name);
}

function leftOf({ disk }: PanelState, owner: string | undefined): number | undefined {
  return disk.find(({ id }) => owner === `disk read #${String(id)}`)?.leftNs;
}

function toGroup(state: PanelState, pages: readonly PageState[]): PageGroup | undefined {
  const [first] = pages;
  const last = pages.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const isSingle = first === last;
  return {
    label: isSingle ? first.label : `${first.label}–${String(last.index)}`,
    pages: pages.map(({ label }) => label),
    single: isSingle ? first.label : undefined,
    isLocked: first.isLocked,
    lockedBy: first.lockedBy,
    lockedById: taskNamed(state.tasks, first.lockedBy)?.id,
    leftNs: leftOf(state, first.lockedBy),
    waiters: first.waiters.map((name) => {
      const task = taskNamed(state.tasks, name);
      return { name, taskId: task?.id, mode: MODE, sinceNs: task?.sinceNs };
    }),
  };
}

function belongsTo(group: readonly PageState[], page: PageState): boolean {
  const last = group.at(-1);
  return (
    last !== undefined &&
    last.waiters.length + page.waiters.length === 0 &&
    last.file === page.file &&
    last.index + 1 === page.index &&
    last.lockedBy === page.lockedBy
  );
}

/** The rows, by file and index. */
export function groupPages(state: PanelState): readonly PageGroup[] {
  const groups: PageState[][] = [];
  for (const page of state.pages) {
    if (!page.isLocked && page.waiters.length === 0) continue;
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(last, page)) last.push(page);
    else groups.push([page]);
  }
  return groups.flatMap((pages) => toGroup(state, pages) ?? []);
}
