/**
 * What a client may refer to while the machine stands: frames and unfoldable values. All of it dies
 * when the machine moves.
 */
import { UserError } from '../base/errors.ts';
import type { TextRow } from '../debugger/scopes.ts';
import { innermostRow, type StackRow } from '../debugger/stackRows.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import type { Member } from '../debugger/valueMembers.ts';
import type { ValueContext } from '../debugger/valueText.ts';
import { HandleTable } from './handleTable.ts';
import type { LaunchedRun } from './launchedRun.ts';

/** What unfolds to variables. */
export type VariableGroup =
  | {
      readonly kind: 'members';
      /** Where it was looked at; `undefined` for globals. */
      readonly row: StackRow | undefined;
      readonly context: ValueContext;
      readonly members: readonly Member[];
    }
  | {
      readonly kind: 'value';
      readonly row: StackRow | undefined;
      readonly context: ValueContext;
      readonly item: TypedValue;
      readonly expression: string | undefined;
    }
  | { readonly kind: 'texts'; readonly row: StackRow; readonly rows: readonly TextRow[] };

export class RunReferences {
  readonly frames = new HandleTable<StackRow>();
  readonly variables = new HandleTable<VariableGroup>();

  clear(): void {
    this.frames.clear();
    this.variables.clear();
  }
}

/**
 * The row of a frame id; without one the innermost row of the task that stopped.
 * Errors: a silent `UserError` for a stale id.
 */
export function rowOfFrame(
  references: RunReferences,
  run: LaunchedRun,
  frameId: number | undefined,
): StackRow | undefined {
  if (frameId !== undefined) {
    const row = references.frames.get(frameId);
    if (row !== undefined) return row;
    throw new UserError('stale-frame', 'This frame is gone.', 'Refresh the call stack.', true);
  }
  const { task } = run.debugger.lastStop;
  return task === undefined ? undefined : innermostRow(run.debugger.target, task);
}
