/**
 * What one sees of the ghost state: ownership that real hardware does not store.
 *
 * An owner is a code and a value: `OWNER_TASK` with the task's cookie, or a word of the annotation
 * language with its argument.
 */
import type { Address, TaskId } from '../base/brand.ts';

/** 1 shares a lock, 2 has it alone. */
export const MODE_READ = 1;
export const MODE_WRITE = 2;

/** Somebody is inside a lock. */
export interface GhostHold {
  readonly lock: Address;
  readonly mode: 'read' | 'write';
  readonly ownerCode: number;
  readonly ownerValue: number;
  /** The task, when the owner is one. */
  readonly task: TaskId | undefined;
  readonly sinceNs: number;
}

/** The references of one owner to an object. */
export interface GhostReference {
  readonly ownerCode: number;
  readonly ownerValue: number;
  readonly count: number;
}

/** Told of the references of one owner to one object. */
export type ReferenceVisitor = (
  object: Address,
  ownerCode: number,
  ownerValue: number,
  count: number,
) => void;

/** A task waits for a lock. */
export interface GhostWait {
  readonly lock: Address;
  readonly mode: 'read' | 'write';
  readonly task: TaskId;
  readonly sinceNs: number;
}

/** Figures of one lock and one owner since boot. Holds and waits that still last are counted up to now. */
export interface LockFigures {
  readonly readHoldMaxNs: number;
  readonly readHoldTotalNs: number;
  readonly writeHoldMaxNs: number;
  readonly writeHoldTotalNs: number;
  readonly waitMaxNs: number;
  readonly waitTotalNs: number;
  /** How often it got the lock. */
  readonly acquisitions: number;
  /** How often it had to wait. */
  readonly contended: number;
}

/** Figures of a lock: sums and maxima over its owners, and each owner's. */
export interface LockStatistics extends LockFigures {
  readonly lock: Address;
  readonly owners: readonly (LockFigures & {
    readonly ownerCode: number;
    readonly ownerValue: number;
    readonly task: TaskId | undefined;
  })[];
}

/** The ghost state as the debugger reads it. */
export interface GhostView {
  holds(): readonly GhostHold[];
  /** Owners of references to an object. */
  refs(object: Address): readonly GhostReference[];
  /** All of them, in no order. Cost: one pass over a table; `refs` of many objects costs one each. */
  visitRefs(visit: ReferenceVisitor): void;
  waits(): readonly GhostWait[];
  /** In the order of the locks' addresses. */
  lockStats(): readonly LockStatistics[];
}
