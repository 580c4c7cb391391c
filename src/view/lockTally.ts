/**
 * Counts what happens to locks during a run, by class and mode, as Linux's `lock_stat` does.
 *
 * It keeps numbers only, so that its size does not depend on how long the run is. Page locks are one class.
 * A wait or hold that has not ended when the run does counts as long as it lasted.
 * Source: Documentation/lockstat.txt and kernel/lockdep.c of Linux 2.6.36.
 */
import type { LockName } from '../kernel/lockNames.ts';
import type { RunSink } from '../kernel/traceRecorder.ts';
import { MODE_WRITE } from '../machine/ghostView.ts';
import { TRACE, type TraceEvent } from '../machine/trace.ts';

/** Times of one kind, in ns. */
export interface TimeTally {
  count: number;
  min: number;
  max: number;
  total: number;
}

/** One class of locks in one mode. */
export interface LockClass {
  readonly className: string;
  readonly mode: 'read' | 'write';
  /** Contentions and acquisitions where the lock was used on another CPU before. */
  contentionBounces: number;
  acquisitionBounces: number;
  contentions: number;
  acquisitions: number;
  readonly waits: TimeTally;
  readonly holds: TimeTally;
  /** How often somebody had to wait, by the place where that one asked. */
  readonly waitersAt: Map<number, number>;
  /** The same by the place where a holder had asked. */
  readonly holdersAt: Map<number, number>;
}

interface Since {
  readonly ns: number;
  readonly place: number;
  readonly lockClass: LockClass;
}

export class LockTally implements RunSink {
  private readonly classes = new Map<string, LockClass>();
  /** By lock and task. */
  private readonly waits = new Map<string, Since>();
  /** By lock, then by task. */
  private readonly holds = new Map<number, Map<number, Since>>();
  private readonly lastCpus = new Map<number, number>();

  note(event: TraceEvent, lock: LockName | undefined): void {
    if (lock === undefined) return;
    const { kind, a: address, task, ns } = event;
    const key = `${String(address)} ${String(task)}`;
    if (kind === TRACE.wait) {
      this.noteWait(event, this.classOf(lock, event.b), key);
    } else if (kind === TRACE.resume) {
      this.endWait(key, ns);
    } else if (kind === TRACE.drop) {
      const holders = this.holds.get(address);
      const hold = holders?.get(task);
      if (hold !== undefined) addTime(hold.lockClass.holds, ns - hold.ns);
      holders?.delete(task);
      this.lastCpus.set(address, event.cpu);
    } else if (kind === TRACE.acquire) {
      this.endWait(key, ns);
      this.noteAcquire(event, this.classOf(lock, event.b));
    }
  }

  /** What still waits or is held counts up to this time. Returns the classes in the order of their first use. */
  finish(endNs: number): readonly LockClass[] {
    for (const { lockClass, ns } of this.waits.values()) addTime(lockClass.waits, endNs - ns);
    for (const holders of this.holds.values()) {
      for (const { lockClass, ns } of holders.values()) addTime(lockClass.holds, endNs - ns);
    }
    this.waits.clear();
    this.holds.clear();
    return [...this.classes.values()];
  }

  private noteWait(event: TraceEvent, lockClass: LockClass, key: string): void {
    const { a: address, ns, c: place } = event;
    lockClass.contentions += 1;
    if (this.hasMoved(event)) lockClass.contentionBounces += 1;
    count(lockClass.waitersAt, place);
    for (const holder of this.holds.get(address)?.values() ?? []) {
      count(lockClass.holdersAt, holder.place);
    }
    this.waits.set(key, { ns, place, lockClass });
  }

  private noteAcquire(event: TraceEvent, lockClass: LockClass): void {
    const { a: address, task, ns, c: place } = event;
    lockClass.acquisitions += 1;
    if (this.hasMoved(event)) lockClass.acquisitionBounces += 1;
    this.lastCpus.set(address, event.cpu);
    const holders = this.holds.get(address) ?? new Map<number, Since>();
    this.holds.set(address, holders);
    holders.set(task, { ns, place, lockClass });
  }

  private hasMoved({ a: address, cpu }: TraceEvent): boolean {
    const last = this.lastCpus.get(address);
    return last !== undefined && last !== cpu;
  }

  private endWait(key: string, ns: number): void {
    const wait = this.waits.get(key);
    if (wait === undefined) return;
    addTime(wait.lockClass.waits, ns - wait.ns);
    this.waits.delete(key);
  }

  private classOf({ className, isPageLock }: LockName, mode: number): LockClass {
    // Nobody shares a page lock: who waits "for reading" waits until it is free.
    const word = isPageLock || mode === MODE_WRITE ? 'write' : 'read';
    const key = `${className} ${word}`;
    const known = this.classes.get(key);
    if (known !== undefined) return known;
    const made: LockClass = {
      className,
      mode: word,
      contentionBounces: 0,
      acquisitionBounces: 0,
      contentions: 0,
      acquisitions: 0,
      waits: noTimes(),
      holds: noTimes(),
      waitersAt: new Map(),
      holdersAt: new Map(),
    };
    this.classes.set(key, made);
    return made;
  }
}

function noTimes(): TimeTally {
  return { count: 0, min: 0, max: 0, total: 0 };
}

/** Under odd schedules a time can come out negative; it counts as none. */
function addTime(tally: TimeTally, ns: number): void {
  const time = Math.max(0, ns);
  tally.min = tally.count === 0 ? time : Math.min(tally.min, time);
  tally.max = Math.max(tally.max, time);
  tally.total += time;
  tally.count += 1;
}

function count(places: Map<number, number>, place: number): void {
  places.set(place, (places.get(place) ?? 0) + 1);
}
