/**
 * Many states of one run in little room: what two of them share is kept once.
 *
 * A state becomes a row of references into a pool of JSON values. Lists of a state are kept item by item, since from
 * one state to the next most tasks, locks and pages stay as they are.
 */
import type { PanelState } from './panelState.ts';

/** A reference into the pool, or those of a list's items; -1 stands for what is not there. */
type Reference = number | readonly number[];

/** Plain data, ready for JSON. */
export interface PackedStates {
  /** The fields of all states. */
  readonly fields: readonly string[];
  readonly pool: readonly unknown[];
  /** For each state a reference for each field. */
  readonly rows: readonly (readonly Reference[])[];
}

const ABSENT = -1;

/** Packs states. Cost: writes each value as JSON once. */
export function packStates(states: readonly PanelState[]): PackedStates {
  const pool: unknown[] = [];
  const known = new Map<string, number>();
  const intern = (value: unknown): number => {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) return ABSENT;
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, pool.length);
    return pool.push(value) - 1;
  };
  const fields = [...new Set(states.flatMap((state) => Object.keys(state)))];
  const rows = states.map((state) => {
    const values: ReadonlyMap<string, unknown> = new Map(Object.entries(state));
    return fields.map((field): Reference => {
      const value = values.get(field);
      return Array.isArray(value) ? value.map(intern) : intern(value);
    });
  });
  return { fields, pool, rows };
}

/** The numbers of one field in all states; 0 where there is none. */
export function unpackNumbers(
  { fields, pool, rows }: PackedStates,
  field: keyof PanelState,
): readonly number[] {
  const column = fields.indexOf(field);
  return rows.map((row) => {
    const reference = row[column];
    const value = typeof reference === 'number' ? pool[reference] : undefined;
    return typeof value === 'number' ? value : 0;
  });
}

/** One of the states, by its number; `undefined` when there is none. */
export function unpackState(
  { fields, pool, rows }: PackedStates,
  index: number,
): PanelState | undefined {
  const row = rows[index];
  if (row === undefined) return undefined;
  const entries = fields.flatMap((field, column) => {
    const reference = row[column] ?? ABSENT;
    if (reference === ABSENT) return [];
    const value =
      typeof reference === 'number' ? pool[reference] : reference.map((item) => pool[item]);
    return [[field, value] as const];
  });
  // Packed from a state, so it is one.
  return Object.fromEntries(entries) as unknown as PanelState;
}
