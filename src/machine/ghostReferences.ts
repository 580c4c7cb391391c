/**
 * Ghost state of references: who owns how many references to which object.
 *
 * The kernel stores at most a sum; annotations inside the primitives that count drive this.
 */
import { hex } from '../base/brand.ts';
import type { Owner } from './ghostLocks.ts';
import type { GhostReference, ReferenceVisitor } from './ghostView.ts';
import { REFERENCE_TOTALS, REFERENCES } from './imageLayout.ts';
import { findEntry, makeEntry, removeEntry, touchEntry, visitEntries } from './imageTable.ts';
import { type MachineState, unsigned } from './machineState.ts';

/** Word of the count in an entry of `REFERENCES` and of `REFERENCE_TOTALS`. */
const COUNT = 3;
const TOTAL = 1;

/** The owner gets one reference more. */
export function getReference(
  state: MachineState,
  object: number,
  owner: Owner,
  annotation: number,
): void {
  if (object === 0) {
    raiseReference(state, 'A reference to address 0 is taken', object, annotation);
    return;
  }
  const entry = makeEntry(state, REFERENCES, object, owner.code, owner.value);
  const total = makeEntry(state, REFERENCE_TOTALS, object);
  if (entry < 0 || total < 0) return;
  state.words[entry + COUNT] = state.word(entry + COUNT) + 1;
  state.words[total + TOTAL] = state.word(total + TOTAL) + 1;
}

/** The owner gives up one reference. Without one this is a machine fault. */
export function putReference(
  state: MachineState,
  object: number,
  owner: Owner,
  annotation: number,
): void {
  const entry = findEntry(state, REFERENCES, object, owner.code, owner.value);
  if (entry < 0) {
    raiseReference(
      state,
      `A reference to ${hex(object, 8)} is put by an owner that has none`,
      object,
      annotation,
    );
    return;
  }
  const left = state.word(entry + COUNT) - 1;
  state.words[entry + COUNT] = left;
  if (left > 0) touchEntry(state, REFERENCES, entry);
  else removeEntry(state, REFERENCES, entry);
  const total = makeEntry(state, REFERENCE_TOTALS, object);
  if (total < 0) return;
  const rest = state.word(total + TOTAL) - 1;
  state.words[total + TOTAL] = rest;
  if (rest === 0) removeEntry(state, REFERENCE_TOTALS, total);
}

/** One reference changes hands. */
export function moveReference(
  state: MachineState,
  object: number,
  from: Owner,
  to: Owner,
  annotation: number,
): void {
  putReference(state, object, from, annotation);
  if (state.end === undefined) getReference(state, object, to, annotation);
}

/** How many references to the object are owned by anyone. */
export function countReferences(state: MachineState, object: number): number {
  const total = findEntry(state, REFERENCE_TOTALS, object);
  return total < 0 ? 0 : state.word(total + TOTAL);
}

/** The owners of references to an object, tasks first, by code and value. */
export function viewReferences(state: MachineState, object: number): readonly GhostReference[] {
  const references: GhostReference[] = [];
  visitEntries(state, REFERENCES, (entry) => {
    if (state.word(entry) !== (object | 0)) return;
    references.push({
      ownerCode: state.word(entry + 1),
      ownerValue: unsigned(state.word(entry + 2)),
      count: state.word(entry + COUNT),
    });
  });
  return references.sort(
    (one, other) => one.ownerCode - other.ownerCode || one.ownerValue - other.ownerValue,
  );
}

/** The references of all owners to all objects, in no order. Cost: one pass over the table. */
export function visitReferences(state: MachineState, visit: ReferenceVisitor): void {
  visitEntries(state, REFERENCES, (entry) => {
    visit(
      unsigned(state.word(entry)),
      state.word(entry + 1),
      unsigned(state.word(entry + 2)),
      state.word(entry + COUNT),
    );
  });
}

function raiseReference(
  state: MachineState,
  message: string,
  object: number,
  annotation: number,
): void {
  state.raise({ kind: 'reference', message: `${message}.`, address: unsigned(object), annotation });
}
