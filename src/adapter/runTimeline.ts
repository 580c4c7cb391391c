/**
 * The record of a session's run: kept from its start, drawn as a timeline, and a way to move in it.
 */
import type { Debugger } from '../debugger/debugger.ts';
import { taskName, type DebugTarget } from '../debugger/debugTarget.ts';
import type { Operation } from '../debugger/operation.ts';
import { RunRecorder } from '../debugger/runRecorder.ts';
import { drawTimeline } from '../view/timeline/drawTimeline.ts';
import { nearestEvent, type EventDirection } from '../view/timeline/laneEvents.ts';
import type { FileOnDisk, LaneSource } from '../view/timeline/laneFacts.ts';
import type { RunLanes } from '../view/timeline/runLanes.ts';
import { RunRecord } from '../view/timeline/runRecord.ts';
import type { TimelineModel, TimelineQuery } from '../view/timelineModel.ts';
import { toThreadId } from './threadIds.ts';

/** Events that are recorded at most: some 10 MB with their lanes. */
const MOST_EVENTS = 250_000;

/** What the lanes of a run are made from: those of the scenario's tasks, then of kernel tasks. */
export function laneSource(target: DebugTarget, files: readonly FileOnDisk[]): LaneSource {
  const { machine, program, tasks, kernelTasks } = target;
  return {
    program,
    tasks: [...tasks, ...kernelTasks].map(({ id }) => ({
      task: id,
      id: toThreadId(id),
      name: taskName(target, id),
      cpu: machine.task(id).cpu,
    })),
    files,
  };
}

export class RunTimeline {
  private readonly debug: Debugger;
  private readonly record: RunRecord;
  private readonly recorder: RunRecorder;
  /** The event that was gone to last, and the statement before it where the run stands since. */
  private atEvent = { position: -1, stands: -1 };

  /** Records from here on; the run stands at its start. */
  constructor(debug: Debugger, files: readonly FileOnDisk[]) {
    const changeText = (position: number): string => debug.changeAt(position) ?? 'a change';
    this.debug = debug;
    this.record = new RunRecord({ ...laneSource(debug.target, files), changeText }, MOST_EVENTS);
    this.recorder = new RunRecorder(debug, this.record);
  }

  /** All that is recorded. */
  lanes(): RunLanes {
    const { ns, isOver } = this.recorder.reach;
    return this.record.lanes(ns, isOver);
  }

  draw(query: TimelineQuery): TimelineModel {
    return drawTimeline(this.lanes(), query);
  }

  /** The farthest position that the run has been at. */
  get lastPosition(): number {
    const { machine } = this.debug.target;
    const { reach } = this.recorder;
    return Math.max(reach.position, this.record.lastPosition, machine.position);
  }

  /** The farthest time that the run has been at. */
  get endNs(): number {
    return this.lanes().endNs;
  }

  /** Where the run stood when its clock showed a time. */
  positionAt(ns: number): number {
    return this.record.positionAt(ns);
  }

  /** Goes to what was recorded last up to a time. */
  seekTime(ns: number): Operation {
    const position = this.positionAt(ns);
    return this.debug.seekFound(() => position);
  }

  /** Goes to the event before or behind where the run stands. */
  seekEvent(direction: EventDirection): Operation {
    const { machine } = this.debug.target;
    const { atEvent } = this;
    // It stands a little before the event that it has gone to.
    const isAtEvent = direction === 'next' && atEvent.stands === machine.position;
    const from = isAtEvent ? atEvent.position : machine.position;
    if (direction === 'previous') {
      const found = nearestEvent(this.lanes(), from, direction) ?? 0;
      return this.debug.seekFound(() => found);
    }
    return this.debug.seekFound(
      () => nearestEvent(this.lanes(), from, direction),
      (position) => {
        this.atEvent = { position, stands: machine.position };
      },
    );
  }
}
