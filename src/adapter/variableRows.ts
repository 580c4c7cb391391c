/**
 * Variables as DAP wants them, from what the debugger reads.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hex } from '../base/brand.ts';
import type { StackRow } from '../debugger/stackRows.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import { countMembers, ELEMENT_LIMIT, listMembers, type Member } from '../debugger/valueMembers.ts';
import { placeOfValue } from '../debugger/valuePlaces.ts';
import { valueText, valueTypeName, type ValueContext } from '../debugger/valueText.ts';
import type { RunReferences, VariableGroup } from './runReferences.ts';
import type { MenuWords } from './variableMenu.ts';

/** The parts of a value that every response with a value has. */
export interface ValueParts {
  readonly value: string;
  readonly type: string;
  readonly variablesReference: number;
  readonly namedVariables?: number;
  readonly indexedVariables?: number;
  readonly memoryReference?: string;
  readonly valueLocationReference?: number;
}

/** Describes a value; the reference unfolds it. */
export function describeValue(
  references: RunReferences,
  row: StackRow | undefined,
  context: ValueContext,
  item: TypedValue,
  expression: string | undefined,
): ValueParts {
  const { named, indexed } = countMembers(context, item);
  const unfolds = named > 0 || indexed > 0;
  const place = placeOfValue(context, item);
  return {
    value: valueText(context, item),
    type: valueTypeName(item),
    variablesReference: unfolds
      ? references.variables.add({ kind: 'value', row, context, item, expression })
      : 0,
    ...(named > 0 ? { namedVariables: named } : {}),
    ...(indexed > 0 ? { indexedVariables: indexed } : {}),
    ...(item.address === undefined ? {} : { memoryReference: hex(item.address) }),
    ...(place === undefined ? {} : { valueLocationReference: references.places.add(place) }),
  };
}

/** A variable with the words that the menus of VS Code take. */
type Row = DebugProtocol.Variable & { readonly __vscodeVariableMenuContext?: string };

function memberRow(
  references: RunReferences,
  row: StackRow | undefined,
  context: ValueContext,
  { name, item, expression, declaration }: Member,
  menu: MenuWords | undefined,
): Row {
  const parts = describeValue(references, row, context, item, expression);
  return {
    name,
    ...parts,
    ...(expression === undefined ? {} : { evaluateName: expression }),
    ...(declaration === undefined
      ? {}
      : { declarationLocationReference: references.places.add(declaration) }),
    ...(item.address === undefined ? { presentationHint: { attributes: ['readOnly'] } } : {}),
    ...(menu === undefined ? {} : { __vscodeVariableMenuContext: menu(item) }),
  };
}

/** What part of a group a client asks for. */
export interface RowRange {
  readonly filter: 'indexed' | 'named' | undefined;
  readonly start: number | undefined;
  readonly count: number | undefined;
}

/** No answer has more rows: a client that asks for a million must not stand still. */
const MOST_ROWS = 10_000;

/**
 * The rows of a group; of a long array at most as many as are shown without paging. `menuBelow` gives the words for the
 * menus of the rows below a value, for clients that take them.
 */
export function listRows(
  references: RunReferences,
  group: VariableGroup,
  range: RowRange,
  menuBelow?: (parent: TypedValue | undefined) => MenuWords,
): DebugProtocol.Variable[] {
  switch (group.kind) {
    case 'texts':
      return group.rows.map(({ name, text }) => ({ name, value: text, variablesReference: 0 }));
    case 'members': {
      const menu = menuBelow?.(undefined);
      return group.members.map((member) =>
        memberRow(references, group.row, group.context, member, menu),
      );
    }
    case 'value': {
      const { row, context, item, expression } = group;
      const { indexed } = countMembers(context, item);
      if (range.filter === 'named' && indexed > 0) return [];
      if (range.filter === 'indexed' && indexed === 0) return [];
      const start = Math.max(0, range.start ?? 0);
      const isPaged = range.count !== undefined && range.count > 0;
      const count = isPaged ? Math.min(range.count, MOST_ROWS) : ELEMENT_LIMIT;
      const listed = listMembers(context, item, expression, { start, count });
      // Arrays are listed by range; members of a structure all at once.
      const isPage = indexed === 0 && (isPaged || start > 0);
      const members = isPage ? listed.slice(start, isPaged ? start + count : undefined) : listed;
      const menu = menuBelow?.(item);
      const rows: DebugProtocol.Variable[] = members.map((member) =>
        memberRow(references, row, context, member, menu),
      );
      const rest = indexed - start - rows.length;
      const isCut = isPaged ? count < range.count : true;
      if (isCut && rest > 0) {
        rows.push({ name: '…', value: `${String(rest)} more elements`, variablesReference: 0 });
      }
      return rows;
    }
  }
}
