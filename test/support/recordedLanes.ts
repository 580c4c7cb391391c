/**
 * Recorded runs as lanes, for tests: of real runs, and of streams of events that a test writes.
 */
import { countAttempts } from '../../src/kernel/attempt.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { placeFiles } from '../../src/scenario/fileContent.ts';
import { nameTasks, runTraced } from '../../src/scenario/traceRun.ts';
import type { LaneSource } from '../../src/view/timeline/laneFacts.ts';
import { RunRecord } from '../../src/view/timeline/runRecord.ts';

/** What the lanes of a prepared run are made from; ids of lanes are those of the tasks. */
export function laneSource(run: PreparedRun): LaneSource {
  return {
    program: run.program,
    tasks: nameTasks(run)
      .filter(({ isIdle }) => !isIdle)
      .map(({ id, name, cpu }) => ({ task: id, id, name, cpu })),
    files: placeFiles(run.data.files ?? []),
  };
}

/** Runs to the end and records it. */
export function recordLanes(run: PreparedRun, limit?: number): RunRecord {
  countAttempts(run.machine, run.entries);
  const record = new RunRecord(laneSource(run), limit);
  runTraced(run, record, 'none');
  return record;
}
