/**
 * Checkpoints: copies of the image that share what did not change.
 *
 * A kept state names one table of pages for each group of the image. Keeping the present one copies
 * the pages written since the last checkpoint or restore (the base), makes new tables for their
 * groups, and shares all others with the base. Restoring copies back the pages that were written, and
 * those in which base and target differ. What no kept state uses any more goes back to the pool. A
 * thrifty copy holds only the words that differ from an older one; it takes longer, and a tenth of the
 * memory.
 *
 * The marks of written pages are taken away while they are read, so that next time all that is not of
 * interest is zero; what the hashes have not seen yet is noted in `Memory.unhashed`.
 */
import { assert } from '../base/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { MadeDeparture } from './course.ts';
import { takeUpCourse } from './followCourse.ts';
import { ALWAYS_DIRTY_PAGES, CLOCKS_PAGE, HEADER, PAGE_WORDS, TIMES } from './imageLayout.ts';
import type { RecordedIntervention } from './intervention.ts';
import { type MachineState, STALE_EVENTS, taskAt } from './machineState.ts';
import { DIRTY, DIRTY_FOR_CHECKPOINT, GROUP_PAGES, MARKS_PER_LANE } from './memory.ts';
import { PagePool } from './pagePool.ts';
import type { FinalStop } from './stop.ts';

const LANES_PER_GROUP = GROUP_PAGES / MARKS_PER_LANE;
/** Bytes of a kept state besides its tables, roughly. */
const RECORD_BYTES = 128;

/** A state as the store keeps it. */
class KeptState implements Checkpoint {
  readonly owner: CheckpointStore;
  readonly position: number;
  readonly decisions: number;
  readonly clockNs: number;
  readonly copiedPages: number;
  readonly end: FinalStop | undefined;
  /** The table of each group. */
  tables: number[];
  /** The last departure that had been made. */
  readonly lastDeparture: MadeDeparture | undefined;
  /** Those of the course that was followed; the image tells how many had been applied. */
  readonly interventions: readonly RecordedIntervention[];
  /** Whoever keeps it, and the store while it is the base. */
  uses = 1;
  isReleased = false;

  constructor(
    owner: CheckpointStore,
    state: MachineState,
    tables: number[],
    clockNs: number,
    copiedPages: number,
  ) {
    this.owner = owner;
    this.position = state.double(TIMES.positionDouble);
    this.decisions = state.double(TIMES.pointsDouble);
    this.clockNs = clockNs;
    this.copiedPages = copiedPages;
    this.end = state.end;
    this.tables = tables;
    this.lastDeparture = state.lastDeparture;
    this.interventions = state.course.interventions;
  }
}

/** Takes, restores and releases the checkpoints of one machine. */
export class CheckpointStore {
  private readonly state: MachineState;
  private readonly pool = new PagePool();
  /** What the image was like when nothing was marked as written. */
  private base: KeptState;
  private keptCount = 1;
  /** Pages that the present `take` has copied. */
  private copiedPages = 0;
  /** The words of each page of the image; made when a page is first copied. */
  private readonly imagePages: (Int32Array | undefined)[];

  constructor(state: MachineState) {
    this.state = state;
    const { dirty, pageCount } = state.memory;
    this.imagePages = Array.from<undefined>({ length: pageCount }).fill(undefined);
    const tables = Array.from<number>({ length: dirty.length / GROUP_PAGES }).fill(0);
    this.base = new KeptState(this, state, tables, 0, 0);
  }

  /** Bytes of all states that are kept. */
  get bytes(): number {
    return this.pool.bytes + this.keptCount * (RECORD_BYTES + this.base.tables.length * 8);
  }

  /**
   * Keeps the present state until it is released; thriftily when it is one of many. Cost: the pages
   * written since the base.
   */
  take(clockNs: number, isThrifty: boolean): Checkpoint {
    // A kept state knows nothing of watchpoints.
    const { watched } = this.state.memory;
    watched?.takeOff();
    const kept = this.takeImage(clockNs, isThrifty);
    watched?.putOn();
    return kept;
  }

  private takeImage(clockNs: number, isThrifty: boolean): Checkpoint {
    const { state, pool, base } = this;
    const { dirtyLanes } = state.memory;
    this.markAlwaysDirty();
    // Nobody can restore a base that was released: the new state takes over what it has.
    const isTakenOver = base.uses === 1;
    const tables = isTakenOver ? base.tables : base.tables.slice();
    this.copiedPages = 0;
    for (let group = 0; group < tables.length; group += 1) {
      const known = tables[group] as number;
      if (!isTakenOver) pool.shareTable(known);
      if (!isUnmarked(dirtyLanes, group)) tables[group] = this.takeGroup(known, group, isThrifty);
    }
    const kept = new KeptState(this, state, tables, clockNs, this.copiedPages);
    this.keptCount += 1;
    if (isTakenOver) base.tables = [];
    this.rebase(kept);
    return kept;
  }

  /** Keeps the marked pages of a group; the result is the table to use instead of the one that was given. */
  private takeGroup(known: number, group: number, isThrifty: boolean): number {
    const { pool } = this;
    const { dirty, dirtyLanes, unhashed } = this.state.memory;
    const first = group * GROUP_PAGES;
    let table = -1;
    for (let start = first; start < first + GROUP_PAGES; start += MARKS_PER_LANE) {
      if (dirtyLanes[start / MARKS_PER_LANE] === 0) continue;
      for (let page = start; page < start + MARKS_PER_LANE; page += 1) {
        const marks = dirty[page] as number;
        if (marks === 0) continue;
        dirty[page] = 0;
        unhashed[page] = (unhashed[page] as number) | (marks & ~DIRTY_FOR_CHECKPOINT);
        if ((marks & DIRTY_FOR_CHECKPOINT) === 0) continue;
        if (table < 0) table = pool.ownTable(known);
        const words = this.imagePage(page);
        if (isThrifty && pool.setChanges(table, page - first, words)) continue;
        pool.setPage(table, page - first, words);
        this.copiedPages += 1;
      }
    }
    return table < 0 ? known : table;
  }

  /** Brings the image back to a state that was kept. Cost: the pages in which it differs. */
  restore(checkpoint: Checkpoint): void {
    const { state, base } = this;
    const target = this.own(checkpoint);
    const { dirtyLanes, watched } = state.memory;
    watched?.takeOff();
    this.markAlwaysDirty();
    for (let group = 0; group < target.tables.length; group += 1) {
      if (target.tables[group] !== base.tables[group]) this.markDifferences(target, group);
      if (!isUnmarked(dirtyLanes, group)) this.restoreGroup(target.tables[group] as number, group);
    }
    watched?.putOn();
    this.rebase(target);
    state.end = target.end;
    state.stop = undefined;
    state.nextEventNs = STALE_EVENTS;
    takeUpCourse(state, target.lastDeparture, target.interventions);
  }

  private restoreGroup(table: number, group: number): void {
    const { pool } = this;
    const { dirty, dirtyLanes, unhashed } = this.state.memory;
    const first = group * GROUP_PAGES;
    for (let start = first; start < first + GROUP_PAGES; start += MARKS_PER_LANE) {
      if (dirtyLanes[start / MARKS_PER_LANE] === 0) continue;
      for (let page = start; page < start + MARKS_PER_LANE; page += 1) {
        const marks = dirty[page] as number;
        if (marks === 0) continue;
        dirty[page] = 0;
        unhashed[page] = DIRTY;
        if ((marks & DIRTY_FOR_CHECKPOINT) === 0) continue;
        pool.copyPage(pool.pageAt(table, page - first), this.imagePage(page));
      }
    }
  }

  /** The state will not be restored any more: what only it uses is used again. */
  release(checkpoint: Checkpoint): void {
    const kept = this.own(checkpoint);
    kept.isReleased = true;
    this.drop(kept);
  }

  private own(checkpoint: Checkpoint): KeptState {
    assert(
      checkpoint instanceof KeptState && checkpoint.owner === this,
      'a checkpoint belongs to the machine that made it',
    );
    assert(!checkpoint.isReleased, 'a checkpoint is not used after its release');
    return checkpoint;
  }

  /** The pages whose stores leave no mark count as written, where there is anything in them. */
  private markAlwaysDirty(): void {
    const { state } = this;
    const { dirty } = state.memory;
    const pastTasks = taskAt(state.word(HEADER.taskCount));
    for (let page = 0; page < ALWAYS_DIRTY_PAGES; page += 1) {
      const isPastTasks = page !== CLOCKS_PAGE && page * PAGE_WORDS >= pastTasks;
      if (!isPastTasks) dirty[page] = DIRTY;
    }
  }

  private markDifferences(target: KeptState, group: number): void {
    const { pool, base } = this;
    const { dirty } = this.state.memory;
    const from = base.tables[group] as number;
    const to = target.tables[group] as number;
    for (let place = 0; place < GROUP_PAGES; place += 1) {
      if (pool.pageAt(from, place) === pool.pageAt(to, place)) continue;
      dirty[group * GROUP_PAGES + place] = DIRTY;
    }
  }

  private imagePage(page: number): Int32Array {
    const start = page * PAGE_WORDS;
    return (this.imagePages[page] ??= this.state.words.subarray(start, start + PAGE_WORDS));
  }

  /** The image is as this state says, and nothing is marked. */
  private rebase(kept: KeptState): void {
    const { base } = this;
    kept.uses += 1;
    this.base = kept;
    this.drop(base);
    this.state.areStacksUnmarked = true;
  }

  private drop(kept: KeptState): void {
    kept.uses -= 1;
    if (kept.uses > 0) return;
    this.keptCount -= 1;
    for (const table of kept.tables) this.pool.dropTable(table);
  }
}

/** Whether no page of a group is marked. */
function isUnmarked(lanes: Float64Array, group: number): boolean {
  const at = group * LANES_PER_GROUP;
  // No lane is negative, so the sum is 0 only if all of them are.
  const sum =
    (lanes[at] as number) +
    (lanes[at + 1] as number) +
    (lanes[at + 2] as number) +
    (lanes[at + 3] as number) +
    (lanes[at + 4] as number) +
    (lanes[at + 5] as number) +
    (lanes[at + 6] as number) +
    (lanes[at + 7] as number);
  return sum === 0;
}
