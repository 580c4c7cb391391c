/**
 * Hash tables inside the image: open addressing with linear probing, deletion by shifting back, so
 * that no tombstones are left. The first key word is an address and never 0 in a used entry.
 *
 * The functions take and give word indices of entries in the image.
 */
import type { TableLayout } from './imageLayout.ts';
import type { MachineState } from './machineState.ts';

function slotOf(table: TableLayout, key0: number, key1: number, key2: number): number {
  let hash = Math.imul(key0 ^ (key0 >>> 15), 0x2c1b3c6d);
  if (table.keyWords > 1) {
    hash = Math.imul(hash ^ key1 ^ (hash >>> 12), 0x297a2d39);
    hash = Math.imul(hash ^ key2 ^ (hash >>> 15), 0x1b56c4e9);
  }
  return (hash ^ (hash >>> 16)) & (table.capacity - 1);
}

function slotOfEntry(state: MachineState, table: TableLayout, entry: number): number {
  return table.keyWords > 1
    ? slotOf(table, state.word(entry), state.word(entry + 1), state.word(entry + 2))
    : slotOf(table, state.word(entry), 0, 0);
}

/** The entry with the key, or the free place where it belongs (its first word is 0). */
function probe(
  state: MachineState,
  table: TableLayout,
  key0: number,
  key1: number,
  key2: number,
): number {
  let slot = slotOf(table, key0, key1, key2);
  for (;;) {
    const entry = table.at + slot * table.entryWords;
    const first = state.word(entry);
    if (first === 0) return entry;
    if (
      first === key0 &&
      (table.keyWords === 1 || (state.word(entry + 1) === key1 && state.word(entry + 2) === key2))
    ) {
      return entry;
    }
    slot = (slot + 1) & (table.capacity - 1);
  }
}

/** The entry with the key, or -1. Keys of one word leave the others 0. */
export function findEntry(
  state: MachineState,
  table: TableLayout,
  key0: number,
  key1 = 0,
  key2 = 0,
): number {
  const entry = probe(state, table, key0 | 0, key1 | 0, key2 | 0);
  return state.word(entry) === 0 ? -1 : entry;
}

/** Whether a table has no room for another entry: a quarter stays free, so that look-ups are short. */
export function isTableFull(state: MachineState, table: TableLayout): boolean {
  return state.word(table.countWord) >= table.capacity - (table.capacity >> 2);
}

/** The entry with the key, made with zeros when it was missing; -1 with a fault when there is no room. */
export function makeEntry(
  state: MachineState,
  table: TableLayout,
  key0: number,
  key1 = 0,
  key2 = 0,
): number {
  const entry = probe(state, table, key0 | 0, key1 | 0, key2 | 0);
  state.memory.markWord(entry);
  state.memory.markWord(entry + table.entryWords - 1);
  if (state.word(entry) !== 0) return entry;
  const count = state.word(table.countWord);
  if (isTableFull(state, table)) {
    state.raise({
      kind: 'limit',
      message: `More than ${String(count)} ${table.name} at once; the machine keeps no more.`,
    });
    return -1;
  }
  state.words[table.countWord] = count + 1;
  state.words[entry] = key0;
  if (table.keyWords > 1) {
    state.words[entry + 1] = key1;
    state.words[entry + 2] = key2;
  }
  return entry;
}

/** Marks an entry as changed. */
export function touchEntry(state: MachineState, table: TableLayout, entry: number): void {
  state.memory.markWord(entry);
  state.memory.markWord(entry + table.entryWords - 1);
}

/** Removes an entry; entries that probing would no longer find move back. */
export function removeEntry(state: MachineState, table: TableLayout, entry: number): void {
  const { words } = state;
  const mask = table.capacity - 1;
  words[table.countWord] = state.word(table.countWord) - 1;
  let hole = (entry - table.at) / table.entryWords;
  for (let slot = (hole + 1) & mask; ; slot = (slot + 1) & mask) {
    const candidate = table.at + slot * table.entryWords;
    if (state.word(candidate) === 0) break;
    const home = slotOfEntry(state, table, candidate);
    // The candidate may move into the hole unless its home lies behind the hole (cyclically).
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    const target = table.at + hole * table.entryWords;
    words.copyWithin(target, candidate, candidate + table.entryWords);
    touchEntry(state, table, target);
    hole = slot;
  }
  const last = table.at + hole * table.entryWords;
  words.fill(0, last, last + table.entryWords);
  touchEntry(state, table, last);
}

/** Calls the visitor with every entry, in the order of the table. */
export function visitEntries(
  state: MachineState,
  table: TableLayout,
  visit: (entry: number) => void,
): void {
  let left = state.word(table.countWord);
  const end = table.at + table.capacity * table.entryWords;
  for (let entry = table.at; left > 0 && entry < end; entry += table.entryWords) {
    if (state.word(entry) === 0) continue;
    left -= 1;
    visit(entry);
  }
}

/** Empties a table. */
export function clearTable(state: MachineState, table: TableLayout): void {
  const end = table.at + table.capacity * table.entryWords;
  state.words.fill(0, table.at, end);
  state.memory.mark(table.at * 4, end * 4);
  state.words[table.countWord] = 0;
}
