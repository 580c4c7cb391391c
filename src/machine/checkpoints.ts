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
import { takeUpCourse } from './followCourse.ts';
import { type MachineState, STALE_EVENTS } from './machineState.ts';
import { DIRTY, DIRTY_FOR_CHECKPOINT, DIRTY_FOR_HASH, GROUP_PAGES } from './memory.ts';

/** The checkpoint bit in each byte of a word of dirty marks. */
const DIRTY_IN_WORD = DIRTY_FOR_CHECKPOINT * 0x01010101;
const ZEROS = new Int32Array(PAGE_WORDS);

type Groups = readonly (readonly Int32Array[])[];

/** Takes and restores the checkpoints of one machine. */
export class CheckpointStore {
  private readonly state: MachineState;
  /** What the image was like when nothing was marked as written. */
  private base: Groups;
  /** The dirty marks of four pages at a time. */
  private readonly dirtyWords: Int32Array;

  constructor(state: MachineState) {
    this.state = state;
    this.dirtyWords = new Int32Array(state.memory.dirty.buffer);
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
      if (!this.isWritten(index)) return group;
      const first = index * GROUP_PAGES;
      return group.map((page, inGroup) => {
        const number = first + inGroup;
        if (((dirty[number] as number) & DIRTY_FOR_CHECKPOINT) === 0) return page;
        dirty[number] = (dirty[number] as number) & ~DIRTY_FOR_CHECKPOINT;
        ownBytes += PAGE_WORDS * 4;
        return state.words.slice(number * PAGE_WORDS, (number + 1) * PAGE_WORDS);
      });
    });
    this.base = groups;
    state.areStacksUnmarked = true;
    return {
      position: state.double(TIMES.positionDouble),
      clockNs,
      ownBytes,
      groups,
      end: state.end,
      lastDeparture: state.lastDeparture,
      interventions: state.course.interventions,
    };
  }

  /** Brings the image back to a state that was kept. Cost: the pages in which it differs. */
  restore(checkpoint: Checkpoint): void {
    const { state } = this;
    const { dirty } = state.memory;
    dirty.fill(DIRTY, 0, ALWAYS_DIRTY_PAGES);
    checkpoint.groups.forEach((group, index) => {
      const baseGroup = this.base[index] as readonly Int32Array[];
      if (group === baseGroup && !this.isWritten(index)) return;
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
    takeUpCourse(state, checkpoint.lastDeparture, checkpoint.interventions);
  }

  /** Whether a page of the group was written since the base. */
  private isWritten(group: number): boolean {
    const start = (group * GROUP_PAGES) / 4;
    for (let word = start; word < start + GROUP_PAGES / 4; word += 1) {
      if (((this.dirtyWords[word] as number) & DIRTY_IN_WORD) !== 0) return true;
    }
    return false;
  }
}
