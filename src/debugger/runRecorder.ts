/**
 * Records the run while it goes on: from its start to the farthest that it has been, each event once.
 *
 * The machine is put here and there, and meets the same events again whenever it goes forward. On one course the
 * position says what is new: all that lies before the end of the record is in it. Where the user changes the run the
 * record is cut, and what belongs to that very place is told again (`RunControl`), because positions alone do not
 * tell what happened on arrival from what is still to come. Looks at other courses, and tries, are not recorded.
 */
import type { LockName } from '../kernel/lockNames.ts';
import type { RunSink } from '../kernel/traceRecorder.ts';
import type { TraceEvent } from '../machine/trace.ts';
import type { RunControl, RunListener } from './runControl.ts';

/** Keeps what is recorded. */
export interface RunArchive extends RunSink {
  /** The position of the last event that is kept; -1 for none. */
  readonly lastPosition: number;
  /** Whether it has such an event at its last position. */
  hasAtLast(event: TraceEvent): boolean;
  /** Forgets what is at and behind a position. */
  cutFrom(position: number): void;
}

/** How far the run has been. */
export interface Reach {
  readonly position: number;
  readonly ns: number;
  /** Whether the run has ended there. */
  readonly isOver: boolean;
}

export class RunRecorder implements RunSink, RunListener {
  private readonly debug: RunControl;
  private readonly archive: RunArchive;
  private farthest: Reach;
  /** What happened on another course, to which the run is being put. */
  private pending: { readonly event: TraceEvent; readonly lock: LockName | undefined }[] = [];

  /** Records from here on: the start of the run. */
  constructor(debug: RunControl, archive: RunArchive) {
    this.debug = debug;
    this.archive = archive;
    this.farthest = { position: -1, ns: 0, isOver: false };
    debug.listeners.add(this);
    debug.trace.add(this, { functions: 'none', pageLocks: false });
  }

  /** How far the run has been on the course that is followed. */
  get reach(): Reach {
    return this.farthest;
  }

  note(told: TraceEvent, lock: LockName | undefined): void {
    const { debug } = this;
    if (debug.isTrying) return;
    // Where a lock was asked for is told only while somebody else wants to know.
    const event = lock === undefined || told.c === 0 ? told : { ...told, c: 0 };
    if (debug.isChangingCourse) this.pending.push({ event, lock });
    else this.keep(event, lock);
  }

  stood(): void {
    const { machine } = this.debug.target;
    const { position } = machine;
    this.pending = [];
    if (position < this.farthest.position) return;
    this.farthest = { position, ns: machine.nowNs(), isOver: machine.hasEnded };
  }

  forgetFrom(position: number): void {
    const { machine } = this.debug.target;
    this.archive.cutFrom(position);
    this.farthest = { position: machine.position, ns: machine.nowNs(), isOver: false };
    const { pending } = this;
    this.pending = [];
    for (const { event, lock } of pending) {
      if (event.position >= position) this.keep(event, lock);
    }
  }

  private keep(event: TraceEvent, lock: LockName | undefined): void {
    const { archive } = this;
    const { lastPosition } = archive;
    if (event.position < lastPosition) return;
    if (event.position === lastPosition && archive.hasAtLast(event)) return;
    archive.note(event, lock);
  }
}
