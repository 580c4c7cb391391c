/**
 * Places of the run that the user has given a name: what people know as checkpoints.
 *
 * In this code a checkpoint is a kept state of the machine. A waypoint keeps no state: it is a position together with
 * the schedule that leads there, from which the state can be computed again, on a machine that was restarted
 * too, and on a course that the user has left since.
 */
import type { TaskId } from '../base/brand.ts';
import { positionOf } from '../base/span.ts';
import { UserError } from '../base/errors.ts';
import { closestName } from '../base/closestName.ts';
import { formatDuration } from '../base/duration.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { momentAt } from './moments.ts';
import { findTaskSpot } from './stackRows.ts';

/** A place with a name. */
export interface Waypoint {
  readonly name: string;
  /** Where it is: `toucher in do_page_fault, fault.c:421, at 12.5 ms`. */
  readonly text: string;
  readonly position: number;
  /** Decisions with more than one option that had been made. */
  readonly decisions: number;
  /** The text that leads there. */
  readonly schedule: string;
  /** The task that the user looked at. */
  readonly task: TaskId | undefined;
}

/** More are forgotten, the oldest first. */
const MOST = 100;
const LONGEST_NAME = 80;

/** Where a run stands, as a name and in more words. */
function describePlace(
  target: DebugTarget,
  task: TaskId | undefined,
): { readonly name: string; readonly text: string } {
  const { machine, program } = target;
  const when = `at ${formatDuration(machine.nowNs())}`;
  if (task === undefined) return { name: when, text: when };
  const { where = 'nowhere', span } = findTaskSpot(target, task);
  const title = momentAt(program, machine.task(task).pc)?.name;
  const file = span?.file.path.split('/').at(-1);
  const line =
    span === undefined ? '' : `, ${file ?? ''}:${String(positionOf(span.file, span.start).line1)}`;
  const text = `${taskName(target, task)} in ${where}${line}, ${when}`;
  return { name: title ?? text, text };
}

/** The waypoints of a session. */
export class Waypoints {
  private items: readonly Waypoint[] = [];

  /** In the order in which they were set. */
  get all(): readonly Waypoint[] {
    return this.items;
  }

  /**
   * Sets one where the run stands. Without a name it is named by its place, and numbered where that name is taken;
   * one with the same given name is replaced.
   */
  set(target: DebugTarget, task: TaskId | undefined, given: string | undefined): Waypoint {
    const { machine } = target;
    const { name: usual, text } = describePlace(target, task);
    const asked = given?.trim().slice(0, LONGEST_NAME) ?? '';
    const waypoint: Waypoint = {
      name: asked === '' ? this.freeName(usual) : asked,
      text,
      position: machine.position,
      decisions: machine.places.decisions,
      schedule: machine.schedule(),
      task,
    };
    const others = this.items.filter(({ name }) => name !== waypoint.name);
    this.items = [...others, waypoint].slice(-MOST);
    return waypoint;
  }

  /** The waypoint with a name. Errors: `UserError` `no-such-checkpoint`. */
  find(name: string): Waypoint {
    const wanted = name.trim();
    const found = this.items.find((item) => item.name === wanted);
    if (found !== undefined) return found;
    const meant = closestName(
      wanted,
      this.items.map((item) => item.name),
    );
    throw new UserError(
      'no-such-checkpoint',
      this.items.length === 0
        ? 'No checkpoint has been set.'
        : `There is no checkpoint "${wanted}".`,
      meant === undefined
        ? 'Set one, or list them with `checkpoints`.'
        : `Did you mean "${meant}"?`,
    );
  }

  private freeName(usual: string): string {
    const isTaken = (name: string): boolean => this.items.some((item) => item.name === name);
    if (!isTaken(usual)) return usual;
    let number = 2;
    while (isTaken(`${usual} (${String(number)})`)) number += 1;
    return `${usual} (${String(number)})`;
  }
}
