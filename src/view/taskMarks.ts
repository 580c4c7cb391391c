/**
 * Where tasks stand in sources, other than the one that is selected: what the editor marks at a stop.
 */
import type { PanelState, SourcePlace, TaskState } from './panelState.ts';

/** A mark behind a line. */
export interface TaskMark {
  readonly uri: string;
  readonly line1: number;
  /** `◂ mapper: waits for mmap_sem (to write)`; several tasks at one line share it. */
  readonly text: string;
  /** A line for each task, for a hover. */
  readonly details: readonly string[];
}

/** What a task is doing there, in a few words. */
function doing({ activity, waitsFor, stateWords }: TaskState): string {
  if (waitsFor !== undefined) return `waits for ${waitsFor}`;
  switch (activity) {
    case 'running':
      return 'runs';
    case 'runnable':
      return 'is ready to run';
    case 'sleeping':
      return 'sleeps';
    case 'new':
    case 'exited':
      return stateWords;
  }
}

function isSomewhere({ activity }: TaskState): boolean {
  return activity !== 'new' && activity !== 'exited';
}

function detail(task: TaskState): string {
  const where = task.where === undefined ? '' : ` in ${task.where}`;
  const attempt = task.attempt === undefined ? '' : `, attempt ${String(task.attempt)}`;
  return `${task.name} ${doing(task)}${where}${attempt}; CPU ${String(task.cpu)}`;
}

/** The marks of a stop, in the order of the tasks; the selected task has none. */
export function listTaskMarks(
  { tasks }: Pick<PanelState, 'tasks'>,
  selectedTaskId: number | undefined,
): readonly TaskMark[] {
  const marks = new Map<string, { readonly place: SourcePlace; readonly tasks: TaskState[] }>();
  for (const task of tasks) {
    const { id, place } = task;
    if (id === selectedTaskId || place === undefined || !isSomewhere(task)) continue;
    const key = `${place.uri}:${String(place.line1)}`;
    const mark = marks.get(key) ?? { place, tasks: [] as TaskState[] };
    marks.set(key, mark);
    mark.tasks.push(task);
  }
  return [...marks.values()].map(({ place: { uri, line1 }, tasks: here }) => ({
    uri,
    line1,
    text: `◂ ${here.map((task) => `${task.name}: ${doing(task)}`).join(' · ')}`,
    details: here.map(detail),
  }));
}
