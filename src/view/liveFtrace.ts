/**
 * A trace as text while the run goes on, in the form of `ftraceText.ts`, piece by piece.
 *
 * Each piece is formatted as a small trace of its own that begins with what is open: who runs on each CPU and which
 * calls have not returned. So a call that returns in a later piece has its duration there, and its place in the
 * nesting. A call without others inside is one line only when it returns in the same piece.
 */
import type { LockName } from '../kernel/lockNames.ts';
import { RecordedTrace } from '../kernel/recordedTrace.ts';
import type { RunSink } from '../kernel/traceRecorder.ts';
import { LEFT, TRACE, type TraceEvent } from '../machine/trace.ts';
import { FtraceWriter } from './ftraceText.ts';
import { matchCalls, NO_EVENT } from './matchCalls.ts';
import { idleTasks, type TracedRun } from './tracedRun.ts';

/** What stays the same from piece to piece. */
export type LiveRun = Pick<TracedRun, 'program' | 'tasks' | 'cpuCount'>;

export class LiveFtrace implements RunSink {
  private trace = new RecordedTrace();
  /** How many events at the start of the piece only say what is open. */
  private openCount = 0;
  /** Since when somebody sleeps, waits for or holds a lock. */
  private readonly since = new Map<string, number>();

  /** The events of the next piece. */
  note(event: TraceEvent, lock: LockName | undefined): void {
    this.trace.note(event, lock);
  }

  /** How many events the next piece has. */
  get count(): number {
    return this.trace.buffer.length - this.openCount;
  }

  /** The next piece: all that was noted since the last one. */
  take(live: LiveRun): string {
    const { trace, openCount } = this;
    if (this.count === 0) return '';
    const run: TracedRun = { ...live, title: '', trace, endNs: 0 };
    const writer = new FtraceWriter(run, this.since);
    let text = '';
    for (const index of trace.buffer.byTime()) {
      if (index < openCount) continue;
      for (const line of writer.linesOf(index)) text += line;
    }
    this.carryOver(run);
    return text;
  }

  /** What happens next has nothing to do with what was noted. `running` are the tasks by CPU. */
  begin(running: readonly number[]): void {
    this.since.clear();
    this.trace = new RecordedTrace();
    running.forEach((task, cpu) => {
      this.noteRunning(task, cpu);
    });
    this.openCount = this.trace.buffer.length;
  }

  private noteRunning(task: number, cpu: number): void {
    const nothing = { ns: 0, position: 0, a: 0, b: LEFT.idle, c: 0 };
    this.trace.note({ kind: TRACE.switch, cpu, task, ...nothing }, undefined);
  }

  /** Begins the next piece with what is open at the end of this one. */
  private carryOver(run: TracedRun): void {
    const { buffer } = run.trace;
    const { ends, contexts } = matchCalls(buffer, idleTasks(run));
    const running = new Map<number, number>(idleTasks(run).map((task, cpu) => [cpu, task]));
    const open = new Map<number, TraceEvent[]>();
    for (let index = 0; index < buffer.length; index += 1) {
      const event = buffer.at(index);
      if (event.kind === TRACE.switch) running.set(event.cpu, event.task);
      if (event.kind !== TRACE.functionEntry || ends[index] !== NO_EVENT) continue;
      const task = contexts[index] ?? -1;
      open.set(task, [...(open.get(task) ?? []), event]);
    }
    this.trace = new RecordedTrace();
    for (const [task, events] of open) {
      this.noteRunning(task, events[0]?.cpu ?? 0);
      for (const event of events) this.trace.note(event, undefined);
    }
    for (const [cpu, task] of running) this.noteRunning(task, cpu);
    this.openCount = this.trace.buffer.length;
  }
}
