/**
 * What the user has changed in the run, so that it can be taken back: each change with the state before it.
 */
import type { Checkpoint } from '../machine/checkpoint.ts';
import type { Machine } from '../machine/machine.ts';
import type { DebugStop } from './debugStop.ts';

/** A change that can be taken back. */
export interface WhatIf {
  readonly position: number;
  /** For people: `release_flag = 0`. */
  readonly text: string;
  readonly before: Checkpoint;
  readonly stop: DebugStop;
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

  /** Notes a change that is about to be made; where it was made later changes are gone. */
  begin(text: string, stop: DebugStop): void {
    const { machine } = this;
    while ((this.latest?.position ?? -1) > machine.position) this.drop();
    const before = machine.takeCheckpoint();
    this.changes.push({ position: machine.position, text, before, stop });
    if (this.changes.length <= MOST) return;
    const [oldest] = this.changes.splice(0, 1);
    if (oldest !== undefined) machine.release(oldest.before);
  }

  /** Forgets the latest change, which was refused or has been taken back. */
  drop(): void {
    const change = this.changes.pop();
    if (change !== undefined) this.machine.release(change.before);
  }
}
