/**
 * Runs whose trace is recorded, and traces that a test writes itself, event by event.
 */
import type { Program } from '../../src/bytecode/program.ts';
import type { LockName } from '../../src/kernel/lockNames.ts';
import { RecordedTrace } from '../../src/kernel/recordedTrace.ts';
import type { TracedFunctions } from '../../src/kernel/traceRecorder.ts';
import { TRACE, type TraceEvent } from '../../src/machine/trace.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { nameTasks, runTraced } from '../../src/scenario/traceRun.ts';
import type { TracedRun } from '../../src/view/tracedRun.ts';
import { programOf } from './compileText.ts';

/** Runs to the end and keeps the trace. */
export function record(
  run: PreparedRun,
  functions: TracedFunctions = 'withoutPlumbing',
  limit?: number,
): TracedRun {
  const trace = new RecordedTrace(limit);
  runTraced(run, trace, functions);
  return {
    title: `${run.scenario.name} on ${run.tree.name}`,
    program: run.program,
    trace,
    tasks: nameTasks(run),
    cpuCount: run.machine.config.cpuCount,
    endNs: run.machine.nowNs(),
  };
}

/** Three functions that traces of tests are about: `outer` 0, `inner` 1, `handler` 2. */
export const tracedProgram: Program = programOf(
  'int handler(void) { return 3; }\nint inner(void) { return 2; }\nint outer(void) { return 1; }\n',
);

/** The index of one of them. */
export function functionIndex(name: string): number {
  return tracedProgram.functions.findIndex((item) => item.name === name);
}

/** The tasks of written traces: idle 0, a 1, b 2, all on CPU 0. */
export const TASK_A = 1;
export const TASK_B = 2;

/** What a test says of an event; it is one of task `a` on CPU 0 unless it says otherwise. */
export type WrittenEvent = Partial<TraceEvent> & {
  readonly kind: TraceEvent['kind'];
  readonly ns: number;
  readonly lock?: LockName;
};

/** A trace of these events on one CPU; the run ends at `endNs`. */
export function writtenTrace(events: readonly WrittenEvent[], endNs: number): TracedRun {
  const trace = new RecordedTrace();
  for (const { lock, ...event } of events) {
    trace.note({ cpu: 0, task: TASK_A, position: 0, a: 0, b: 0, c: 0, ...event }, lock);
  }
  const task = (id: number, name: string, isIdle = false) => ({
    id,
    name,
    pid: isIdle ? 0 : 100 + id,
    cpu: 0,
    isIdle,
  });
  const tasks = [task(0, 'swapper/0', true), task(TASK_A, 'a'), task(TASK_B, 'b')];
  return { title: 'written', program: tracedProgram, trace, tasks, cpuCount: 1, endNs };
}

/** A call and a return of a function with its frame pointer. */
export function enter(ns: number, name: string, fp: number, task = TASK_A): WrittenEvent {
  return { kind: TRACE.functionEntry, ns, task, a: functionIndex(name), b: fp };
}
export function leave(ns: number, name: string, fp: number, task = TASK_A): WrittenEvent {
  return { kind: TRACE.functionExit, ns, task, a: functionIndex(name), b: fp };
}
