/**
 * What a client may refer to while the machine stands: frames and unfoldable values. All of it dies
 * when the machine moves.
 */
import { UserError } from '../base/errors.ts';
import type { Span } from '../base/span.ts';
import type { TextRow } from '../debugger/scopes.ts';
import { innermostRow, type StackRow } from '../debugger/stackRows.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import { listMembers, type Member } from '../debugger/valueMembers.ts';
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
  /** Places in the sources that values and declarations refer to. */
  readonly places = new HandleTable<Span>();

  clear(): void {
    this.frames.clear();
    this.variables.clear();
    this.places.clear();
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

/**
 * The variable that a client names by what contains it.
 * Errors: a silent `UserError` for a stale reference, a register, or a name that is not there.
 */
export function memberOfGroup(
  references: RunReferences,
  reference: number,
  name: string,
): Member & { readonly row: StackRow | undefined } {
  const group = references.variables.get(reference);
  if (group === undefined) {
    throw new UserError('stale-value', 'This value is gone.', 'Refresh the variables.', true);
  }
  if (group.kind === 'texts') {
    throw new UserError('no-variable', `${name} is a register.`, 'Name a variable.', true);
  }
  const members =
    group.kind === 'members'
      ? group.members
      : listMembers(group.context, group.item, group.expression, rangeOf(name));
  const member = members.find((item) => item.name === name);
  if (member !== undefined) return { ...member, row: group.row };
  throw new UserError('no-such-variable', `There is no "${name}" here.`, 'Refresh.', true);
}

/** The element of an array that a row's name stands for. */
function rangeOf(name: string): { readonly start: number; readonly count: number } | undefined {
  const [, digits] = /^\[(\d+)\]$/.exec(name) ?? [];
  return digits === undefined ? undefined : { start: Number(digits), count: 1 };
}
