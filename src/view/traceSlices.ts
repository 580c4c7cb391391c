/**
 * What lasts in a trace, as slices on rows: functions, user mode, sleeps and readiness of tasks, holds of
 * locks and waits for them, reads of the disk; and what does not last: marks and wake-ups.
 *
 * On each row slices are nested or apart. `order` sorts what happens at one time: an outer slice begins before an
 * inner one.
 */
import { asPc, hex } from '../base/brand.ts';
import { functionAt } from '../bytecode/program.ts';
import { TRACE_SIGNAL } from '../kernel/traceRecorder.ts';
import { LEFT, TRACE, type TraceEvent } from '../machine/trace.ts';
import { matchCalls, NO_EVENT, type MatchedCalls } from './matchCalls.ts';
import {
  describeTrap,
  functionName,
  idleTasks,
  interruptName,
  modeName,
  tracedTask,
  type TracedRun,
} from './tracedRun.ts';

/** The group of the locks of pages. */
export const PAGE_LOCKS = 'page locks';

/** Where something is shown. */
interface Place {
  readonly group: string;
  readonly row: string;
  /** The task that a row of the group `tasks` belongs to; else -1. */
  readonly task: number;
  readonly category: string;
  readonly name: string;
  readonly ns: number;
  readonly order: number;
}

/** Something that lasts. */
export interface Slice extends Place {
  readonly endNs: number;
  /** Of a function: sorts its end among what happens at that time. */
  readonly endOrder?: number;
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

/** A task is woken and, later, runs. */
export interface Wake {
  readonly waker: number;
  readonly woken: number;
  readonly from: string;
  readonly to: string;
  readonly ns: number;
  readonly order: number;
  readonly runsNs: number;
  readonly runsOrder: number;
}

/** All of a trace. */
export interface TraceSlices {
  readonly slices: readonly Slice[];
  readonly marks: readonly Place[];
  readonly wakes: readonly Wake[];
}

interface Open {
  readonly ns: number;
  readonly order: number;
  readonly event: TraceEvent;
}

/** Collects them. Cost: linear in the number of events. */
export function collectSlices(run: TracedRun): TraceSlices {
  const collector = new SliceCollector(run);
  const { buffer } = run.trace;
  for (let index = 0; index < buffer.length; index += 1) collector.add(index, buffer.at(index));
  collector.end(buffer.length);
  return collector;
}

class SliceCollector implements TraceSlices {
  readonly slices: Slice[] = [];
  readonly marks: Place[] = [];
  readonly wakes: Wake[] = [];
  private readonly run: TracedRun;
  private readonly calls: MatchedCalls;
  /** What has begun and not ended, by what it is and whose. */
  private readonly open = new Map<string, Open>();
  /** What a task waits for, and what it waited for when it went to sleep. */
  private readonly waitsFor = new Map<number, string>();
  private readonly sleepsFor = new Map<number, string>();

  constructor(run: TracedRun) {
    this.run = run;
    this.calls = matchCalls(run.trace.buffer, idleTasks(run));
  }

  add(index: number, event: TraceEvent): void {
    switch (event.kind) {
      case TRACE.functionEntry:
        this.addCall(index, event);
        return;
      case TRACE.user:
        this.begin('user', event.task, index, event);
        return;
      case TRACE.trap:
        this.endOnTask('user', event.task, event, 'user mode', 'user');
        this.mark(index, event, describeTrap(event) ?? 'trap', 'trap');
        return;
      case TRACE.interruptEntry:
        this.endOnTask('user', event.task, event, 'user mode', 'user');
        this.mark(index, event, `${interruptName(event.a)} interrupt`, 'interrupt');
        return;
      case TRACE.anchor: {
        const anchor = this.run.program.anchors[event.a];
        if (anchor !== undefined) this.mark(index, event, anchor.title ?? anchor.name, 'moment');
        return;
      }
      case TRACE_SIGNAL:
        this.mark(index, event, `signal ${String(event.a)}`, 'signal');
        return;
      case TRACE.exit:
        this.mark(index, event, 'exit', 'exit');
        return;
      case TRACE.switch:
        this.addSwitch(index, event);
        return;
      case TRACE.start:
        this.begin('ready', event.task, index, event);
        return;
      case TRACE.wake:
        this.addWake(index, event);
        return;
      default:
        this.addLockOrDisk(index, event);
    }
  }

  /** Whatever has not ended lasts to the end of the run. */
  end(order: number): void {
    const ns = this.run.endNs;
    for (const [key, { event }] of this.open) {
      const [what = ''] = key.split(' ');
      const task = event.kind === TRACE.switch ? event.a : event.task;
      const last = { ...event, ns, task };
      if (what === 'user') this.endOnTask(what, task, last, 'user mode', 'user', true);
      else if (what === 'asleep')
        this.endOnTask(what, task, last, this.sleepName(task), 'sleep', true);
      else if (what === 'ready') this.endOnTask(what, task, last, 'ready', 'ready', true);
      else if (what === 'disk') this.endDisk(last, true);
      else if (what !== 'woken') this.endLock(what, order, last, this.nameOfLock(event), true);
    }
  }

  private begin(what: string, whose: number | string, order: number, event: TraceEvent): void {
    this.open.set(`${what} ${String(whose)}`, { ns: event.ns, order, event });
  }

  private take(what: string, whose: number | string): Open | undefined {
    const key = `${what} ${String(whose)}`;
    const found = this.open.get(key);
    this.open.delete(key);
    return found;
  }

  private taskPlace(task: number): Pick<Place, 'group' | 'row' | 'task'> {
    return { group: 'tasks', row: tracedTask(this.run, task).name, task };
  }

  private mark(order: number, { task, ns }: TraceEvent, name: string, category: string): void {
    this.marks.push({ ...this.taskPlace(task), name, category, ns, order });
  }

  private endOnTask(
    what: string,
    task: number,
    { ns }: TraceEvent,
    name: string,
    category: string,
    isUnfinished = false,
  ): void {
    const open = this.take(what, task);
    if (open === undefined || (what === 'ready' && ns <= open.ns)) return;
    const args = isUnfinished ? { args: { unfinished: true } } : {};
    const place = { ...this.taskPlace(task), name, category, order: open.order };
    this.slices.push({ ...place, ns: open.ns, endNs: Math.max(open.ns, ns), ...args });
  }

  private addCall(index: number, event: TraceEvent): void {
    const end = this.calls.ends[index] ?? NO_EVENT;
    const endNs = end === NO_EVENT ? this.run.endNs : this.run.trace.buffer.at(end).ns;
    const isDone = this.calls.returns[index] !== NO_EVENT;
    this.slices.push({
      ...this.taskPlace(event.task),
      category: 'function',
      name: functionName(this.run, event.a),
      ns: event.ns,
      endNs: Math.max(event.ns, endNs),
      order: index,
      endOrder: end === NO_EVENT ? Infinity : end,
      ...(isDone ? {} : { args: { unfinished: true } }),
    });
  }

  private addSwitch(index: number, event: TraceEvent): void {
    if (event.b === LEFT.asleep) {
      this.begin('asleep', event.a, index, event);
      const lock = this.waitsFor.get(event.a);
      if (lock === undefined) this.sleepsFor.delete(event.a);
      else this.sleepsFor.set(event.a, lock);
    }
    if (event.b === LEFT.preempted) this.begin('ready', event.a, index, event);
    const woken = this.take('woken', event.task);
    if (woken !== undefined) {
      const waker = this.calls.contexts[woken.order] ?? woken.event.a;
      this.wakes.push({
        waker,
        woken: event.task,
        from: tracedTask(this.run, waker).name,
        to: tracedTask(this.run, event.task).name,
        ns: woken.ns,
        order: woken.order,
        runsNs: Math.max(woken.ns, event.ns),
        runsOrder: index,
      });
    }
    this.endOnTask('ready', event.task, event, 'ready', 'ready');
  }

  private addWake(index: number, event: TraceEvent): void {
    this.endOnTask('asleep', event.task, event, this.sleepName(event.task), 'sleep');
    this.begin('woken', event.task, index, event);
    this.begin('ready', event.task, index, event);
  }

  private sleepName(task: number): string {
    const lock = this.sleepsFor.get(task);
    return lock === undefined ? 'asleep' : `asleep: ${lock}`;
  }

  private addLockOrDisk(index: number, event: TraceEvent): void {
    const whose = `${String(event.a)} ${String(event.task)}`;
    const lock = this.run.trace.lockOf(index);
    const name = lock?.name ?? '';
    if (lock !== undefined) this.lockNames.set(event.a, name);
    switch (event.kind) {
      case TRACE.wait:
        this.waitsFor.set(event.task, `${name} (${modeName(event.b)})`);
        this.begin('waits', whose, index, event);
        return;
      case TRACE.resume:
        this.endLock('waits', index, event, name);
        this.waitsFor.delete(event.task);
        return;
      case TRACE.acquire:
        // A lock that is granted is no longer waited for, though the task may sleep on.
        this.endLock('waits', index, event, name);
        this.begin('holds', whose, index, event);
        return;
      case TRACE.drop:
        this.endLock('holds', index, event, name);
        return;
      case TRACE.diskStart:
        this.begin('disk', event.a, index, event);
        return;
      case TRACE.diskDone:
        this.endDisk(event);
        return;
      default:
    }
  }

  private nameOfLock(event: TraceEvent): string {
    return this.lockNames.get(event.a) ?? hex(event.a);
  }

  /** The last name of each lock. */
  private readonly lockNames = new Map<number, string>();

  private endLock(
    what: string,
    order: number,
    event: TraceEvent,
    name: string,
    isUnfinished = false,
  ): void {
    const open = this.take(what, `${String(event.a)} ${String(event.task)}`);
    if (open === undefined) return;
    const { trace, program } = this.run;
    const isPageLock = trace.lockOf(open.order)?.isPageLock === true;
    const owner = tracedTask(this.run, event.task).name;
    const isHold = what === 'holds';
    const place = functionAt(program, asPc(open.event.c))?.name;
    this.slices.push({
      group: isPageLock ? PAGE_LOCKS : `lock ${name}`,
      row: isPageLock ? (isHold ? name : `${name}: ${owner}`) : owner,
      task: -1,
      category: 'lock',
      name: isHold && isPageLock ? `held by ${owner}` : `${what} (${modeName(open.event.b)})`,
      ns: open.ns,
      endNs: Math.max(open.ns, event.ns),
      order: Math.min(open.order, order),
      args: {
        lock: name,
        ...(place === undefined ? {} : { in: place }),
        ...(isUnfinished ? { unfinished: true } : {}),
      },
    });
  }

  private endDisk(event: TraceEvent, isUnfinished = false): void {
    const open = this.take('disk', event.a);
    if (open === undefined) return;
    this.slices.push({
      group: 'disk',
      row: 'disk',
      task: -1,
      category: 'disk',
      name: `request ${String(event.a + 1)}`,
      ns: open.ns,
      endNs: Math.max(open.ns, event.ns),
      order: open.order,
      ...(isUnfinished ? { args: { unfinished: true } } : {}),
    });
  }
}
