/**
 * Runs a prepared run to its end while its trace is recorded.
 */
import { asTaskId } from '../base/brand.ts';
import { countAttempts } from '../kernel/attempt.ts';
import { TraceRecorder, type RunSink, type TracedFunctions } from '../kernel/traceRecorder.ts';
import type { PreparedRun } from './prepareRun.ts';
import { runToEnd, type RunResult } from './runScenario.ts';

/** Records the whole run; a run whose booting failed has no trace. Results as `runToEnd`. */
export function runTraced(
  run: PreparedRun,
  sink: RunSink,
  functions: TracedFunctions,
  shouldStop?: () => boolean,
): RunResult | undefined {
  const stop = startTrace(run, sink, functions);
  try {
    return runToEnd(run, shouldStop);
  } finally {
    stop();
  }
}

/** Records while the run is made in slices; it is recorded no longer when they end, or are given up. */
export function* traceSlices<T>(
  run: PreparedRun,
  sink: RunSink,
  functions: TracedFunctions,
  slices: Generator<undefined, T>,
): Generator<undefined, T> {
  const stop = startTrace(run, sink, functions);
  try {
    return yield* slices;
  } finally {
    stop();
  }
}

/** From here on the trace of a run at its start tells of attempts at faults too. */
export function tellAttempts({ machine, entries }: PreparedRun): void {
  countAttempts(machine, entries);
}

/** Begins to record; returns what ends it. */
function startTrace(run: PreparedRun, sink: RunSink, functions: TracedFunctions): () => void {
  const { machine, program, readers, entries, processes } = run;
  const locks = processes.map(({ mmapSem, lockName }) => ({ address: mmapSem, name: lockName }));
  const recorder = new TraceRecorder({ machine, program, readers, entries, locks }, sink);
  if (run.bootStop === undefined) recorder.start(functions);
  return () => {
    recorder.stop();
  };
}

/** A task of the machine with the scenario's name for it. */
export interface NamedTask {
  readonly id: number;
  readonly name: string;
  readonly pid: number;
  readonly cpu: number;
  readonly isIdle: boolean;
}

/** All tasks of the machine by id, idle ones included. */
export function nameTasks({ machine, tasks, readers }: PreparedRun): readonly NamedTask[] {
  return Array.from({ length: machine.taskCount }, (_, id) => {
    const { cpu, isIdle, cookie } = machine.task(asTaskId(id));
    const known = tasks.find((task) => task.id === id);
    const kernel = readers.readTask(machine, cookie);
    const name = isIdle ? `swapper/${String(cpu)}` : (known?.name ?? kernel.comm);
    return { id, name, pid: isIdle ? 0 : kernel.pid, cpu, isIdle };
  });
}
