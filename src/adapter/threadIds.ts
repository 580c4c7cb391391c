/**
 * DAP's names of tasks: numbers from 1 on.
 */
import { asTaskId, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { Debugger } from '../debugger/debugger.ts';

/** DAP's thread id of a task. */
export function toThreadId(task: TaskId): number {
  return task + 1;
}

/** The task of a thread id. Errors: a silent `UserError` when there is none. */
export function toTaskId(debug: Debugger, threadId: number): TaskId {
  if (threadId < 1 || threadId > debug.target.machine.taskCount) {
    throw new UserError('no-such-task', 'There is no such task.', 'Refresh the call stack.', true);
  }
  return asTaskId(threadId - 1);
}
