/**
 * What a client may refer to while the machine stands: frames and unfoldable values. All of it dies
 * when the machine moves.
 */
import type { TextRow } from '../debugger/scopes.ts';
import type { StackRow } from '../debugger/stackRows.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import type { Member } from '../debugger/valueMembers.ts';
import type { ValueContext } from '../debugger/valueText.ts';
import { HandleTable } from './handleTable.ts';

/** What unfolds to variables. */
export type VariableGroup =
  | {
      readonly kind: 'members';
      readonly context: ValueContext;
      readonly members: readonly Member[];
    }
  | {
      readonly kind: 'value';
      readonly context: ValueContext;
      readonly item: TypedValue;
      readonly expression: string | undefined;
    }
  | { readonly kind: 'texts'; readonly rows: readonly TextRow[] };

export class RunReferences {
  readonly frames = new HandleTable<StackRow>();
  readonly variables = new HandleTable<VariableGroup>();

  clear(): void {
    this.frames.clear();
    this.variables.clear();
  }
}
