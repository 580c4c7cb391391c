/**
 * A run made to its end to be looked at: its lanes, its numbers and how it ended.
 */
import { kernelView } from '../debugger/debugTarget.ts';
import { placeFiles } from '../scenario/fileContent.ts';
import type { PreparedRun } from '../scenario/prepareRun.ts';
import { runInSlices, type RunResult } from '../scenario/runScenario.ts';
import { outcomeOf } from '../scenario/runSummary.ts';
import { tellAttempts, traceSlices } from '../scenario/traceRun.ts';
import { buildNumbers } from '../view/buildNumbers.ts';
import type { NumbersModel } from '../view/numbersModel.ts';
import type { RunLanes } from '../view/timeline/runLanes.ts';
import { RunRecord } from '../view/timeline/runRecord.ts';
import { toTarget } from './launch.ts';
import { laneSource } from './runTimeline.ts';

/** A run that has ended. */
export interface RecordedRun {
  /** `completed`, `deadlock` and so on. */
  readonly outcome: string;
  readonly lanes: RunLanes;
  readonly numbers: NumbersModel;
}

/** Instructions between two looks at the user; recording makes them slower than usual. */
const SLICE_STEPS = 50_000;

/** What a recording gave, and how the run ended. */
export interface FinishedRun extends RecordedRun {
  readonly result: RunResult;
}

/** Records a run that stands at its start, to its end, in slices. At most `limit` events are kept. */
export function* recordInSlices(
  run: PreparedRun,
  limit?: number,
): Generator<undefined, FinishedRun> {
  const { machine, data } = run;
  tellAttempts(run);
  const record = new RunRecord(laneSource(toTarget(run), placeFiles(data.files ?? [])), limit);
  const result = yield* traceSlices(run, record, 'none', runInSlices(run, SLICE_STEPS));
  const lanes = record.lanes(machine.nowNs(), true);
  return { result, outcome: outcomeOf(result.stop), lanes, numbers: numbersOf(run) };
}

/** The numbers where a run stands. */
function numbersOf(run: PreparedRun): NumbersModel {
  const locks = run.processes.map(({ mmapSem, lockName }) => ({
    address: mmapSem,
    name: lockName,
  }));
  const tasks = run.tasks.map(({ id }) => id);
  return buildNumbers(kernelView(toTarget(run)), tasks, locks);
}
