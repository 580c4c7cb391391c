/**
 * Runs a prepared run to its end without a debugger, in slices, so that whoever drives it can stop
 * it. Counts on the way how often each task comes to its program's label `iteration`.
 */
import type { FinalStop, Stop } from '../machine/stop.ts';
import type { PreparedRun } from './prepareRun.ts';

/** How a run ended. */
export interface RunResult {
  readonly stop: FinalStop;
  /** Arrivals at the label `iteration`, by task; 0 where there is no such label. */
  readonly iterations: readonly number[];
}

/** Instructions between two questions whether to go on. */
const SLICE_STEPS = 200_000;

/** The label whose arrivals are counted. */
const ITERATION_LABEL = 'iteration';

/** Runs to the end; `undefined` when `shouldStop` said so first. */
export function runToEnd(
  run: PreparedRun,
  shouldStop: () => boolean = () => false,
): RunResult | undefined {
  const slices = runInSlices(run);
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    if (shouldStop()) return undefined;
  }
}

/** The same as a generator that yields after every slice, for hosts that must stay responsive. */
export function* runInSlices(
  run: PreparedRun,
  sliceSteps = SLICE_STEPS,
): Generator<undefined, RunResult> {
  const { machine, tasks } = run;
  if (run.bootStop !== undefined) return { stop: asFinal(run.bootStop), iterations: [] };
  const labels = tasks.flatMap(({ id, program }) => {
    const address = program.labels.get(ITERATION_LABEL);
    return address === undefined ? [] : [{ taskId: id, address }];
  });
  const countOf = machine.countUserInstructions(labels);
  for (;;) {
    const stop = machine.run({ budget: sliceSteps, breakpoints: false });
    if (stop.kind === 'fault' || stop.kind === 'finished' || stop.kind === 'deadlock') {
      return { stop, iterations: tasks.map(({ id }) => countOf(id)) };
    }
    yield undefined;
  }
}

/** Booting ends early only by a fault, or because it took too long. */
function asFinal(stop: Stop): FinalStop {
  if (stop.kind === 'fault' || stop.kind === 'finished' || stop.kind === 'deadlock') return stop;
  return { kind: 'finished', outcome: 'limit' };
}
