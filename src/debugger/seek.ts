/**
 * Going to the n-th arrival of a task at an anchor, counted from the start of the run.
 */
import type { TaskId } from '../base/brand.ts';
import type { Work } from './operation.ts';
import type { ReverseContext } from './reverse.ts';

/**
 * Runs from the start of the run until the wanted arrival at one of the machine's breakpoints, which
 * stand at the anchor. Returns the task that arrived; `undefined` when the run ends before.
 */
export function* runToArrival(
  context: ReverseContext,
  wanted: { readonly task: TaskId | undefined; readonly occurrence: number },
): Work<TaskId | undefined> {
  const { history, runner } = context;
  history.restore(history.lastAtOrBefore(history.startPosition));
  let left = wanted.occurrence;
  for (;;) {
    const stop = yield* runner.run({ breakpoints: true });
    if (stop.kind !== 'breakpoint') return undefined;
    if (wanted.task !== undefined && stop.task !== wanted.task) continue;
    left -= 1;
    if (left <= 0) return stop.task;
  }
}
