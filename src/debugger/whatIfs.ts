/**
 * What the user has changed in the run, so that it can be taken back and compared with: each change with the place
 * before it.
 *
 * A change is made where the run stands. What had been changed further on in the run is gone with it, and comes
 * back when it is taken back.
 */
import type { CoursePlace } from '../machine/courseSplit.ts';
import type { Machine } from '../machine/machine.ts';
import type { KeptPlace } from '../machine/places.ts';
import type { DebugStop } from './debugStop.ts';

/** A change that can be taken back. */
export interface WhatIf {
  readonly position: number;
  /** For people: `release_flag = 0`. */
  readonly text: string;
  /** Where it was made, as before it, with what was recorded behind it then. */
  readonly place: KeptPlace;
  readonly stop: DebugStop;
  /** The changes further on that it has put an end to. */
  readonly superseded: readonly WhatIf[];
  /** Whether it may turn out to have changed nothing. */
  readonly isTentative: boolean;
}

/** More are forgotten, the oldest first. */
const MOST = 64;

export class WhatIfs {
  private readonly machine: Machine;
  private readonly changes: WhatIf[] = [];

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** The latest change, whether or not the run stands behind it. */
  get latest(): WhatIf | undefined {
    return this.changes.at(-1);
  }

  /** The changes behind which the run stands, the earliest one first. */
  get made(): readonly WhatIf[] {
    const { position } = this.machine;
    return this.changes.filter((change) => change.position <= position);
  }

  /** Notes a change that is about to be made. */
  begin(text: string, stop: DebugStop, isTentative = false): void {
    const { machine, changes } = this;
    const { position } = machine;
    const first = changes.findIndex((change) => change.position > position);
    const superseded = first < 0 ? [] : changes.splice(first);
    changes.push({ position, text, place: machine.places.keep(), stop, superseded, isTentative });
    if (changes.length <= MOST) return;
    const [oldest] = changes.splice(0, 1);
    if (oldest !== undefined) this.release(oldest);
  }

  /** Forgets the latest change if it may have changed nothing and has not. */
  dropIfNothing(): void {
    const { latest, machine } = this;
    if (latest?.isTentative === true && machine.places.isOnCourseOf(latest.place)) this.takeBack();
  }

  /** Forgets the latest change, which was refused or has been taken back. */
  takeBack(): void {
    const change = this.changes.pop();
    if (change === undefined) return;
    this.machine.places.drop(change.place);
    this.changes.push(...change.superseded);
  }

  /** The changes that lie behind a split of two courses, before where the run stands. */
  madeBehind(split: CoursePlace): readonly WhatIf[] {
    return this.made.filter((change) => !isBefore(change, split));
  }

  /** Forgets the changes behind a split: the run goes another way from there. */
  forgetSince(split: CoursePlace): void {
    const kept = this.changes.filter((change) => isBefore(change, split));
    for (const change of this.changes.splice(0)) {
      if (!kept.includes(change)) this.release(change);
    }
    this.changes.push(...kept);
  }

  private release(change: WhatIf): void {
    this.machine.places.drop(change.place);
    for (const item of change.superseded) this.release(item);
  }
}

function isBefore({ place }: WhatIf, split: CoursePlace): boolean {
  const { position, decisions } = place.checkpoint;
  return position < split.position && decisions < split.decisions;
}
