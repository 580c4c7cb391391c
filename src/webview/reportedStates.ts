/**
 * The states that a report carries, and how to find the one that is meant.
 *
 * States are unpacked when they are first shown, so a page with hundreds of them opens at once.
 */
import type { PanelState } from '../view/panelState.ts';
import { unpackState } from '../view/packedStates.ts';
import type { MomentTarget, WhyResult } from '../view/protocol.ts';
import type { ReportData } from '../view/reportModel.ts';

/** Where to go; as the arguments of `faultline/seek`. */
export interface ReportTarget {
  readonly position?: number;
  readonly ns?: number;
  readonly event?: 'next' | 'previous';
  readonly moment?: MomentTarget;
}

/** They are numbered in the order of their positions. */
export class ReportedStates {
  private readonly data: ReportData;
  private readonly known = new Map<number, PanelState>();

  constructor(data: ReportData) {
    this.data = data;
  }

  get count(): number {
    return this.data.states.rows.length;
  }

  /** A state by its number. */
  at(index: number): PanelState | undefined {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const state = unpackState(this.data.states, index);
    if (state !== undefined) this.known.set(index, state);
    return state;
  }

  /** The number of the state that is meant, as seen from another one; `undefined` when there is none. */
  find(target: ReportTarget, from: number): number | undefined {
    const { position, ns, event, moment } = target;
    if (position !== undefined) return this.lastUpTo((state) => state.position <= position);
    if (ns !== undefined) return this.lastUpTo((state) => state.clockNs <= ns);
    if (event !== undefined) return this.clamp(from + (event === 'next' ? 1 : -1));
    return moment === undefined ? from : this.arrival(moment);
  }

  /** The next state at which the run has a moment, or the one before; the last or first one where there is none. */
  nextMoment(from: number, step: 1 | -1): number {
    for (let index = from + step; index >= 0 && index < this.count; index += step) {
      if (this.at(index)?.moment !== undefined) return index;
    }
    return step === 1 ? this.count - 1 : 0;
  }

  /** Why a task does not run in a state. */
  why(index: number, task: string | number): WhyResult | undefined {
    const id =
      typeof task === 'number' ? task : this.at(index)?.tasks.find(({ name }) => name === task)?.id;
    const found = this.data.whys.find((item) => item.state === index && item.task === id);
    return found && this.data.whyTexts[found.why];
  }

  private clamp(index: number): number {
    return Math.min(Math.max(0, index), Math.max(0, this.count - 1));
  }

  /** Cost: logarithmic; states come in the order of their positions, and time does not go back. */
  private lastUpTo(isBefore: (state: PanelState) => boolean): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const state = this.at(middle);
      if (state !== undefined && isBefore(state)) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  private arrival({ anchor, task, occurrence = 1 }: MomentTarget): number | undefined {
    let left = occurrence;
    for (let index = 0; index < this.count; index += 1) {
      const moment = this.at(index)?.moment;
      if (moment?.anchor !== anchor || (task !== undefined && moment.task !== task)) continue;
      left -= 1;
      if (left <= 0) return index;
    }
    return undefined;
  }
}
