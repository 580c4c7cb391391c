/**
 * A trace as text, in the form of Linux's `function_graph` tracer with the options `funcgraph-abstime`,
 * `funcgraph-proc` and `funcgraph-tail`: the lines of all CPUs by time, calls nested with their durations.
 *
 * Times are virtual, in seconds, with all nine digits, since a statement takes 2 ns. Between the functions
 * stand, as in Linux, events as comments in the form of their tracepoints; moments of the story and how long a task
 * slept are comments of our own.
 * Source: Documentation/trace/ftrace.txt and kernel/trace/trace_functions_graph.c of Linux 2.6.36.
 */
import { formatDuration } from '../base/duration.ts';
import { TRACE_SIGNAL } from '../kernel/traceRecorder.ts';
import { LEFT, TRACE, type TraceEvent } from '../machine/trace.ts';
import { matchCalls, NO_EVENT, type MatchedCalls } from './matchCalls.ts';
import {
  describeLoss,
  describeTrap,
  functionName,
  idleTasks,
  interruptName,
  modeName,
  tracedTask,
  type TracedRun,
  type TracedTask,
} from './tracedRun.ts';

const HEADING = [
  '#      TIME        CPU  TASK/PID             DURATION                  FUNCTION CALLS',
  '#       |          |     |    |               |   |                     |   |   |   |',
];
const SEPARATOR = ' ------------------------------------------';
const NAME_WIDTH = 18;
const DURATION_WIDTH = 16;

/** Marks of long durations, longest first; the least number of ns. */
const MARKS: readonly (readonly [string, number])[] = [
  ['$', 1e9],
  ['@', 1e8],
  ['*', 1e7],
  ['#', 1e6],
  ['!', 1e5],
  ['+', 1e4],
];

/** The text in pieces of a line or a few, each with its newline. */
export function* formatFtrace(run: TracedRun): Generator<string> {
  yield `# tracer: function_graph\n#\n# ${run.title}; virtual time\n`;
  const loss = describeLoss(run);
  if (loss !== undefined) yield `# ${loss}\n`;
  yield `#\n${HEADING.join('\n')}\n`;
  const writer = new FtraceWriter(run);
  for (const index of run.trace.buffer.byTime()) yield* writer.linesOf(index);
  const time = (run.endNs / 1e9).toFixed(9);
  yield `# The run ended at ${time}; calls without a closing brace had not returned.\n`;
}

/** Writes the lines of the events of a trace, which are asked for by growing time. */
export class FtraceWriter {
  private readonly run: TracedRun;
  private readonly calls: MatchedCalls;
  /** When a task went to sleep, waits for a lock, holds one; by task, and lock. */
  private readonly since: Map<string, number>;
  /** Calls of which the only line has been written. */
  private readonly leaves = new Set<number>();

  constructor(run: TracedRun, since = new Map<string, number>()) {
    this.run = run;
    this.since = since;
    this.calls = matchCalls(run.trace.buffer, idleTasks(run));
  }

  *linesOf(index: number): Generator<string> {
    const event = this.run.trace.buffer.at(index);
    switch (event.kind) {
      case TRACE.functionEntry:
        yield this.entryLine(index, event);
        return;
      case TRACE.functionExit:
        yield* this.exitLine(index, event);
        return;
      case TRACE.switch:
        yield* this.switchLines(index, event);
        return;
      case TRACE.interruptEntry:
        yield this.line(
          index,
          event,
          marker('==========>'),
          `/* ${interruptName(event.a)} interrupt */`,
        );
        return;
      case TRACE.interruptExit:
        yield this.line(index, event, marker('<=========='), '');
        return;
      default: {
        const text = this.commentOf(index, event);
        if (text !== undefined) yield this.comment(index, event, text);
      }
    }
  }

  private entryLine(index: number, event: TraceEvent): string {
    const name = functionName(this.run, event.a);
    const indent = this.indent(index);
    const exit = this.calls.returns[index] ?? NO_EVENT;
    // A leaf: nothing else happened on this CPU before the return.
    if (exit !== NO_EVENT && this.nextOnCpu(index, event.cpu) === exit) {
      this.leaves.add(exit);
      const ns = this.run.trace.buffer.at(exit).ns - event.ns;
      return this.line(index, event, durationText(ns), `${indent}${name}();`);
    }
    return this.line(index, event, emptyDuration, `${indent}${name}() {`);
  }

  /** The next event on the same CPU. */
  private nextOnCpu(index: number, cpu: number): number {
    const { buffer } = this.run.trace;
    for (let next = index + 1; next < buffer.length; next += 1) {
      if (buffer.at(next).cpu === cpu) return next;
    }
    return NO_EVENT;
  }

  private *exitLine(index: number, event: TraceEvent): Generator<string> {
    if (this.leaves.delete(index)) return;
    const entry = this.entryOf(index);
    if (entry === undefined) return;
    const name = functionName(this.run, event.a);
    const ns = event.ns - entry.ns;
    yield this.line(index, event, durationText(ns), `${this.indent(index)}} /* ${name} */`);
  }

  private entryOf(exit: number): TraceEvent | undefined {
    this.entries ??= new Map(
      Array.from(this.calls.returns, (end, start) => [end, start] as const).filter(
        ([end]) => end !== NO_EVENT,
      ),
    );
    const entry = this.entries.get(exit);
    return entry === undefined ? undefined : this.run.trace.buffer.at(entry);
  }

  /** By the event of the return: the event of the entry. */
  private entries: ReadonlyMap<number, number> | undefined;

  private *switchLines(index: number, event: TraceEvent): Generator<string> {
    const before = tracedTask(this.run, event.a);
    const after = tracedTask(this.run, event.task);
    if (event.b !== LEFT.idle) {
      const state = event.b === LEFT.asleep ? 'D' : event.b === LEFT.exited ? 'X' : 'R';
      const text =
        `sched_switch: prev_comm=${before.name} prev_pid=${String(before.pid)} prev_state=${state} ==> ` +
        `next_comm=${after.name} next_pid=${String(after.pid)}`;
      yield this.comment(index, event, text);
      this.since.set(`sleep ${String(before.id)}`, event.ns);
    }
    const cpu = `${String(event.cpu).padStart(3)})`;
    const both = `${cpu} ${taskText(before)} => ${taskText(after)}`;
    yield `${SEPARATOR}\n${both.trimEnd()}\n${SEPARATOR}\n\n`;
    const slept = this.take(`sleep ${String(after.id)}`, event.ns);
    if (slept !== undefined && !after.isIdle) {
      const text = `${this.indentNext(index, event.cpu)}/* slept ${formatDuration(slept)} */`;
      yield this.line(index, event, emptyDuration, text, after);
    }
  }

  /** What stands in a comment for an event; undefined for those that have none. */
  private commentOf(index: number, event: TraceEvent): string | undefined {
    const task = tracedTask(this.run, event.task);
    const who = `comm=${task.name} pid=${String(task.pid)}`;
    switch (event.kind) {
      case TRACE.anchor: {
        const anchor = this.run.program.anchors[event.a];
        return anchor && `${anchor.name}: ${anchor.title ?? ''}`;
      }
      case TRACE.trap:
        return describeTrap(event);
      case TRACE.user:
        return 'user mode';
      case TRACE.wake:
        return `sched_wakeup: ${who} target_cpu=${String(task.cpu).padStart(3, '0')}`;
      case TRACE.exit:
        return `sched_process_exit: ${who}`;
      case TRACE_SIGNAL:
        return `signal_generate: sig=${String(event.a)} ${who}`;
      case TRACE.diskSubmit:
        return `block_rq_issue: ${String(event.b >>> 0)} + ${String(event.c * 8)}`;
      case TRACE.acquire:
      case TRACE.drop:
      case TRACE.wait:
        return this.lockComment(index, event);
      default:
        return undefined;
    }
  }

  private lockComment(index: number, event: TraceEvent): string {
    const lock = this.run.trace.lockOf(index)?.name ?? '';
    // By address: a page that is being cached gets its name while it is locked.
    const key = `${String(event.task)} ${String(event.a)}`;
    const what = `${lock} (${modeName(event.b)})`;
    if (event.kind === TRACE.wait) {
      this.since.set(`wait ${key}`, event.ns);
      return `lock_contended: ${what}`;
    }
    if (event.kind === TRACE.drop) {
      const held = this.take(`hold ${key}`, event.ns);
      return `lock_release: ${what}${held === undefined ? '' : ` held ${formatDuration(held)}`}`;
    }
    this.since.set(`hold ${key}`, event.ns);
    const waited = this.take(`wait ${key}`, event.ns);
    const owner = tracedTask(this.run, event.task);
    const after = waited === undefined ? '' : ` waited ${formatDuration(waited)}`;
    return `lock_acquired: ${what} by ${owner.name}${after}`;
  }

  private take(key: string, ns: number): number | undefined {
    const since = this.since.get(key);
    this.since.delete(key);
    return since === undefined ? undefined : Math.max(0, ns - since);
  }

  private comment(index: number, event: TraceEvent, text: string): string {
    return this.line(index, event, emptyDuration, `${this.indent(index)}/* ${text} */`);
  }

  /** The nesting of the task that a CPU goes on with, at the switch to it. */
  private indentNext(index: number, cpu: number): string {
    const next = this.nextOnCpu(index, cpu);
    if (next === NO_EVENT) return '  ';
    const isReturn = this.run.trace.buffer.at(next).kind === TRACE.functionExit;
    return `${this.indent(next)}${isReturn ? '  ' : ''}`;
  }

  private indent(index: number): string {
    return '  '.repeat(1 + (this.calls.depths[index] ?? 0));
  }

  /** A line stands under the task on whose CPU something happens, whomever it is about. */
  private line(
    index: number,
    event: TraceEvent,
    duration: string,
    text: string,
    task = tracedTask(this.run, this.calls.contexts[index] ?? -1),
  ): string {
    const [seconds = '', digits = ''] = (event.ns / 1e9).toFixed(9).split('.');
    const time = `${seconds.padStart(5)}.${digits}`;
    const cpu = event.cpu < 0 ? ' ' : String(event.cpu);
    return (
      `${time} |  ${cpu.padStart(2)}) ${taskText(task)} | ${duration} ${text}`.trimEnd() + '\n'
    );
  }
}

const emptyDuration = marker('');

/** The column of durations with something else in it. */
function marker(text: string): string {
  return `${text.padEnd(DURATION_WIDTH - 1)}|`;
}

function durationText(ns: number): string {
  const mark = MARKS.find(([, least]) => ns >= least)?.[0] ?? ' ';
  return marker(`${mark} ${(ns / 1e3).toFixed(3)} us`);
}

/** `<idle>-0`, `toucher-1`, in the middle of its column. */
function taskText(task: TracedTask): string {
  const text = task.isIdle ? '<idle>-0' : `${task.name.slice(0, 15)}-${String(task.pid)}`;
  const left = Math.max(0, Math.floor((NAME_WIDTH - text.length) / 2));
  return `${' '.repeat(left)}${text}`.padEnd(NAME_WIDTH);
}
