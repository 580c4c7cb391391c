/**
 * The decision at hand: which options there are, and taking another one than the policy's.
 *
 * A decision can be another while its outcome has had no effect but to say who goes on: the machine
 * stands before the visible operation of the CPU that was chosen. Where a CPU has just lost what it ran,
 * the decision is still to come.
 */
import { asCpuId, asTaskId, type CpuId, type TaskId } from '../base/brand.ts';
import { changeCourse } from './followCourse.ts';
import { nextEventKind, nextEventNs, type EventKind } from './events.ts';
import { CPU, HEADER, TIMES } from './imageLayout.ts';
import { canTakeInterrupt } from './interrupts.ts';
import { cpuAt, type MachineState } from './machineState.ts';
import { CHOICE_EVENT } from './scheduleText.ts';
import {
  hasStallEnded,
  SCHEDULING_DECIDED,
  SCHEDULING_NEEDED,
  SCHEDULING_RUNNING,
} from './scheduler.ts';
import { isAtRest } from './tasks.ts';

/** One thing that can come next: a CPU goes on, or an event happens. */
export interface Choice {
  /** What stands in a schedule: the CPU's number, or 8 for the event. */
  readonly choice: number;
  /** The CPU that goes on and its task (its idle task for an interrupt); absent for an event. */
  readonly cpu?: CpuId;
  readonly task?: TaskId;
  /** The event, and when it is due; absent for a CPU. */
  readonly event?: EventKind;
  readonly dueNs?: number;
  /** Whether the default policy takes it. */
  readonly isDefault: boolean;
  /** Whether it has been decided that this comes next. */
  readonly isTaken: boolean;
}

/** Whether the decision at the present place can be another, or is still to come. */
function isOpen(state: MachineState): boolean {
  if (!state.isBooted || state.end !== undefined) return false;
  const scheduling = state.word(HEADER.scheduling);
  if (scheduling === SCHEDULING_NEEDED) return true;
  return scheduling === SCHEDULING_DECIDED && state.double(TIMES.openPointDouble) !== 0;
}

/**
 * The options of the decision at hand, CPUs first; empty between two scheduling points and where there
 * is only one. Looking changes nothing.
 */
export function viewChoices(state: MachineState): readonly Choice[] {
  if (!isOpen(state)) return [];
  const cpus: { cpu: number; ns: number }[] = [];
  for (let cpu = 0; cpu < state.config.cpuCount; cpu += 1) {
    const ns = readyNs(state, cpu);
    if (ns !== undefined) cpus.push({ cpu, ns });
  }
  const dueNs = nextEventNs(state);
  const firstNs = Math.min(...cpus.map(({ ns }) => ns));
  const hasEvent = dueNs !== Infinity;
  const isEnd = Math.min(firstNs, dueNs) >= (state.config.durationNs ?? Infinity);
  if (cpus.length === 0 || cpus.length + (hasEvent ? 1 : 0) < 2 || isEnd) return [];
  const isDue = dueNs <= firstNs;
  const byDefault = isDue ? CHOICE_EVENT : cpus.find(({ ns }) => ns === firstNs)?.cpu;
  const isDecided = state.word(HEADER.scheduling) === SCHEDULING_DECIDED;
  const choices = cpus.map(({ cpu }): Choice => ({
    choice: cpu,
    cpu: asCpuId(cpu),
    task: asTaskId(state.word(cpuAt(cpu) + CPU.task)),
    isDefault: cpu === byDefault,
    isTaken: isDecided && cpu === state.currentCpu,
  }));
  const event = nextEventKind(state);
  if (event === undefined) return choices;
  return [...choices, { choice: CHOICE_EVENT, event, dueNs, isDefault: isDue, isTaken: false }];
}

/** The clock with which a CPU would go on; `undefined` when it cannot. */
function readyNs(state: MachineState, cpu: number): number | undefined {
  const isStalled = state.word(cpuAt(cpu) + CPU.stallAddress) !== 0;
  if (isStalled && hasStallEnded(state, cpu)) {
    return Math.max(state.clock(cpu), state.clock(state.currentCpu));
  }
  const canGoOn = (!isStalled && !isAtRest(state, cpu)) || canTakeInterrupt(state, cpu);
  return canGoOn ? state.clock(cpu) : undefined;
}

/**
 * Records another choice for the decision at hand, which must be open, and takes back what was decided;
 * the decision is then made when the machine settles or passes on.
 */
export function reopenDecision(state: MachineState, choice: number): void {
  const isDecided = state.word(HEADER.scheduling) === SCHEDULING_DECIDED;
  if (isDecided) {
    const point = state.double(TIMES.openPointDouble) - 1;
    state.doubles[TIMES.pointsDouble] = point;
    if (state.lastDeparture?.point === point) state.lastDeparture = state.lastDeparture.before;
    state.words[HEADER.scheduling] = SCHEDULING_RUNNING;
  }
  const point = state.double(TIMES.pointsDouble);
  changeCourse(state, { departures: [{ point, choice }] });
}
