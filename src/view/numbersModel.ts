/**
 * The numbers of a run at a stop, as small tables: faults of tasks, counters of the kernel, times of locks.
 *
 * Times are virtual nanoseconds. Longest times include what still lasts.
 */

/** What a task has to do with one lock. */
export interface LockTimes {
  readonly lock: string;
  readonly task: string;
  readonly longestReadHoldNs: number;
  readonly longestWriteHoldNs: number;
  readonly longestWaitNs: number;
  /** How often it had to wait. */
  readonly waits: number;
  /** How long it has been inside and in which mode, or has waited; left out when it is not or does not. */
  readonly holdNs?: number;
  readonly holdMode?: 'read' | 'write';
  readonly waitNs?: number;
}

/** The faults of a task. */
export interface TaskFaults {
  readonly task: string;
  readonly major: number;
  readonly minor: number;
}

/** All numbers. */
export interface NumbersModel {
  /** Counters of the kernel by their names there, such as `PGMAJFAULT`. */
  readonly counters: readonly (readonly [name: string, count: number])[];
  readonly faults: readonly TaskFaults[];
  /**
   * By lock, then by task in the order of the scenario, the disk last; who never used a lock is left out. The
   * locks of all pages stand together as `page locks`, behind the others.
   */
  readonly locks: readonly LockTimes[];
  /** Set when the machine has no room for figures of more page locks: `page locks` lacks those. */
  readonly isCut?: true;
}
