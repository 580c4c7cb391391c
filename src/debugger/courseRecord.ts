/**
 * The course of a run as far as the run has been, so that a text which names a place before that end tells what came
 * after it too.
 *
 * The machine knows what users decided and did behind the place where it stands. What chance decided there it computes
 * again, which only a machine with the same seed can; so the schedule is noted before the run goes back.
 */
import type { Machine } from '../machine/machine.ts';
import { formatSchedule, type Schedule } from '../machine/scheduleText.ts';

export class CourseRecord {
  private readonly machine: Machine;
  private farthest: { readonly position: number; readonly schedule: Schedule } | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** To be called before the run is put elsewhere. Cost: the departures of the run, at its end only. */
  note(): void {
    const { position, places } = this.machine;
    if (this.farthest !== undefined && position <= this.farthest.position) return;
    this.farthest = { position, schedule: places.wholeSchedule() };
  }

  /** The user has changed the run at a position: what was recorded behind it has not happened. */
  forgetFrom(position: number): void {
    if (this.farthest !== undefined && this.farthest.position >= position)
      this.farthest = undefined;
  }

  /** The text of what leads to where the run stands, and on as far as is known. */
  get schedule(): string {
    const { farthest, machine } = this;
    const isBehind = farthest !== undefined && farthest.position > machine.position;
    return formatSchedule(isBehind ? farthest.schedule : machine.places.wholeSchedule());
  }
}
