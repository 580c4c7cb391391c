/**
 * The run as it is beside the run as it would have been without what the user has changed, at the same moment.
 *
 * The machine goes to the place before a change, where the course was still the old one, runs on to the moment,
 * is looked at, and comes back (`inquiry.ts`). Two moments have a meaning in both runs: the same virtual time,
 * which every clock of the run agrees on, and the same place, when a task comes there as often as it has in the
 * run as it is.
 * Cost: the way from the change to the moment; for a place, also from the start of the run to where it stands.
 */
import { asAddress, type Pc, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { UserBreakpoint } from '../machine/machine.ts';
import type { Machine } from '../machine/machine.ts';
import type { KeptPlace } from '../machine/places.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import type { Elsewhere } from './inquiry.ts';
import { momentAt } from './moments.ts';
import type { SlicedRunner, Work } from './operation.ts';
import { stackRows } from './stackRows.ts';
import type { WhatIf } from './whatIfs.ts';

/** At which moment two runs are compared. */
export type ComparedAt = 'time' | 'place';

/** What is asked for. */
export interface ComparisonRequest {
  /** Compare with the run without the latest change, or without any. */
  readonly since: 'last' | 'first';
  readonly at: ComparedAt;
}

/** Two runs at one moment. */
export interface Comparison<Picture> {
  /** The changes that only the run as it is has. */
  readonly changes: readonly string[];
  /** Which moment it is, as a sentence. */
  readonly moment: string;
  readonly before: Picture;
  readonly now: Picture;
}

/** A place in the code of a task that both runs can come to. */
export interface ComparedPlace {
  readonly task: TaskId;
  readonly pc: Pc | undefined;
  /** For a place in a user program. */
  readonly address: number | undefined;
  /** `toucher at "The fault is resolved"`. */
  readonly text: string;
}

/** The place where a task stands, if others can be compared with it: before a statement or a user instruction. */
export function placeOf(
  target: DebugTarget,
  task: TaskId | undefined,
  isAtStatement: (pc: Pc | undefined) => boolean,
): ComparedPlace | undefined {
  if (task === undefined) return undefined;
  const { machine, program } = target;
  const view = machine.task(task);
  if (view.isIdle || view.status !== 'running' || !isAtStatement(view.pc)) return undefined;
  const title = momentAt(program, view.pc)?.title;
  const [row] = stackRows(target, task);
  const where = title === undefined ? `in ${row?.name ?? '?'}` : `at "${title}"`;
  const address = view.pc === undefined ? (view.userRegisters[USER_EIP] ?? 0) >>> 0 : undefined;
  return { task, pc: view.pc, address, text: `${taskName(target, task)} ${where}` };
}

/** What a comparison needs of the debugger. */
export interface ComparedRun {
  readonly target: DebugTarget;
  readonly made: readonly WhatIf[];
  /** The start of the run; its course does not matter. */
  readonly start: KeptPlace;
  /** Where the run stands, if that is a place of the code. */
  readonly place: ComparedPlace | undefined;
}

/** Errors: `UserError` when nothing was changed before here, or the run stands at no place of the code. */
export function checkComparison({ made, place }: ComparedRun, { at }: ComparisonRequest): void {
  if (made.length === 0) {
    throw new UserError(
      'no-what-if',
      'Nothing has been changed in this run before here.',
      'Change something first, such as a variable, or go on to behind your change.',
    );
  }
  if (at === 'place' && place === undefined) {
    throw new UserError(
      'no-place',
      'The task that stopped stands at no statement with which another run could be compared.',
      'Compare at the same time.',
    );
  }
}

/** The comparison; `read` looks at the machine. */
export function* compareRuns<Picture>(
  run: ComparedRun,
  { since, at }: ComparisonRequest,
  { runner, here }: Elsewhere,
  read: () => Picture,
): Work<Comparison<Picture>> {
  const { machine } = run.target;
  const index = since === 'first' ? 0 : run.made.length - 1;
  const change = run.made[index];
  if (change === undefined) throw new UserError('no-what-if', 'Nothing has been changed.', '');
  const now = read();
  const ns = machine.nowNs();
  const { position } = machine;
  const place = at === 'place' ? run.place : undefined;
  let moment: string;
  if (place === undefined) {
    machine.places.returnTo(change.place);
    yield* runToTime(machine, runner, ns, position);
    moment = 'at the same virtual time';
  } else {
    const count = yield* countArrivals(run, { runner, here }, place, change.position);
    machine.places.returnTo(change.place);
    const isThere = yield* arrive(machine, runner, place, count);
    moment = isThere
      ? `at the same place: ${place.text}, come to as often since the change`
      : `${place.text}, where it never comes without the change: that run stands at its end`;
  }
  const before = read();
  return { changes: run.made.slice(index).map(({ text }) => text), moment, before, now };
}

const FIRST_STRIDE = 4096;
const LONGEST_STRIDE = 262_144;

/**
 * Runs to the last state whose time is not past `ns`, or to the end of the run. Where the state at `position` has
 * that very time, that one is it: so a change that changes nothing makes no difference.
 */
function* runToTime(
  machine: Machine,
  runner: SlicedRunner,
  ns: number,
  position: number,
): Work<void> {
  let stride = FIRST_STRIDE;
  let hasOvershot = false;
  for (;;) {
    const kept = machine.places.keep();
    try {
      const isBefore = machine.position < position;
      const next = machine.position + stride;
      const untilPosition = isBefore ? Math.min(position, next) : next;
      const stop = yield* runner.run({ breakpoints: false, untilPosition });
      if (machine.nowNs() === ns && machine.position === position) return;
      if (machine.nowNs() <= ns) {
        if (stop.kind !== 'position') return;
        if (!hasOvershot) stride = Math.min(2 * stride, LONGEST_STRIDE);
        continue;
      }
      machine.places.returnTo(kept);
      if (stride === 1) return;
      hasOvershot = true;
      stride = Math.max(1, Math.floor(stride / 2));
    } finally {
      machine.places.drop(kept);
    }
  }
}

/** How often the task has come to the place behind `from`, up to where the run stands. */
function* countArrivals(
  { target: { machine }, start }: ComparedRun,
  { runner, here }: Elsewhere,
  place: ComparedPlace,
  from: number,
): Work<number> {
  const { position } = here.checkpoint;
  machine.places.returnTo({ ...start, course: here.course });
  breakAt(machine, place);
  let count = 0;
  for (;;) {
    const stop = yield* runner.run({ breakpoints: true, untilPosition: position + 1 });
    if (stop.kind !== 'breakpoint' || machine.position > position) return Math.max(1, count);
    if (stop.task === place.task && machine.position > from) count += 1;
    if (machine.position === position) return Math.max(1, count);
  }
}

/** Runs until the task has come to the place so often; false at the end of the run. */
function* arrive(
  machine: Machine,
  runner: SlicedRunner,
  place: ComparedPlace,
  count: number,
): Work<boolean> {
  breakAt(machine, place);
  runner.leave();
  for (let left = count; left > 0;) {
    const stop = yield* runner.run({ breakpoints: true });
    if (stop.kind !== 'breakpoint') return false;
    if (stop.task === place.task) left -= 1;
  }
  return true;
}

function breakAt(machine: Machine, { task, pc, address }: ComparedPlace): void {
  const user: UserBreakpoint[] =
    address === undefined ? [] : [{ taskId: task, address: asAddress(address) }];
  machine.setBreakpoints(pc === undefined ? [] : [pc]);
  machine.setUserBreakpoints(user);
}
