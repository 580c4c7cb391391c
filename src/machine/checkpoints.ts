/**
 * Checkpoints: copies of the image that share what did not change.
 *
 * A checkpoint is a list of groups of pages. Taking one copies the pages written since the last
 * checkpoint or restore (the base) and shares all others with it; a group without such a page is shared
 * whole. Restoring copies back the pages that were written, and those in which base and target differ.
 * A page of the base that was never written is the one page of zeros.
 */
import { ALWAYS_DIRTY_PAGES, PAGE_WORDS, TIMES } from './imageLayout.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type MachineState, STALE_EVENTS } from './machineState.ts';
import { DIRTY, DIRTY_FOR_CHECKPOINT, DIRTY_FOR_HASH } from './memory.ts';

const GROUP_PAGES = 64;
const ZEROS = new Int32Array(PAGE_WORDS);

type Groups = readonly (readonly Int32Array[])[];

/** Takes and restores the checkpoints of one machine. */
export class CheckpointStore {
  private readonly state: MachineState;
  /** What the image was like when nothing was marked as written. */
  private base: Groups;

  constructor(state: MachineState) {
    this.state = state;
    const { pageCount } = state.memory;
    this.base = Array.from({ length: Math.ceil(pageCount / GROUP_PAGES) }, (_, group) =>
      Array.from<Int32Array>({
        length: Math.min(GROUP_PAGES, pageCount - group * GROUP_PAGES),
      }).fill(ZEROS),
    );
  }

  /** Keeps the present state. Cost: the pages written since the base. */
  take(clockNs: number): Checkpoint {
    const { state } = this;
    const { dirty } = state.memory;
    dirty.fill(DIRTY, 0, ALWAYS_DIRTY_PAGES);
    let ownBytes = 0;
    const groups = this.base.map((group, index) => {
      const first = index * GROUP_PAGES;
      let copy: Int32Array[] | undefined;
      for (let page = this.nextDirty(first, first + group.length); page >= 0;) {
        copy ??= group.slice();
        copy[page - first] = state.words.slice(page * PAGE_WORDS, (page + 1) * PAGE_WORDS);
        ownBytes += PAGE_WORDS * 4;
        dirty[page] = (dirty[page] as number) & ~DIRTY_FOR_CHECKPOINT;
        page = this.nextDirty(page + 1, first + group.length);
      }
      return copy ?? group;
    });
    this.base = groups;
    state.areStacksUnmarked = true;
    return {
      position: state.double(TIMES.positionDouble),
      clockNs,
      ownBytes,
      groups,
      end: state.end,
    };
  }

  /** Brings the image back to a state that was kept. Cost: the pages in which it differs. */
  restore(checkpoint: Checkpoint): void {
    const { state } = this;
    const { dirty } = state.memory;
    dirty.fill(DIRTY, 0, ALWAYS_DIRTY_PAGES);
    checkpoint.groups.forEach((group, index) => {
      const baseGroup = this.base[index] as readonly Int32Array[];
      const first = index * GROUP_PAGES;
      group.forEach((page, inGroup) => {
        const number = first + inGroup;
        const isWritten = ((dirty[number] as number) & DIRTY_FOR_CHECKPOINT) !== 0;
        if (!isWritten && baseGroup[inGroup] === page) return;
        state.words.set(page, number * PAGE_WORDS);
        dirty[number] = DIRTY_FOR_HASH;
      });
    });
    this.base = checkpoint.groups;
    state.areStacksUnmarked = true;
    state.end = checkpoint.end;
    state.stop = undefined;
    state.nextEventNs = STALE_EVENTS;
    const points = state.double(TIMES.pointsDouble);
    state.departures = state.departures.filter((departure) => departure.point < points);
  }

  /** The first page from `start` on, before `end`, that was written since the base; -1 if there is none. */
  private nextDirty(start: number, end: number): number {
    const { dirty } = this.state.memory;
    for (let page = start; page < end; page += 1) {
      if (((dirty[page] as number) & DIRTY_FOR_CHECKPOINT) !== 0) return page;
    }
    return -1;
  }
}
