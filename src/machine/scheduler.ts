/**
 * Scheduling points: which CPU goes on, and when events happen.
 *
 * Every CPU stands before a visible operation (or has just switched tasks) when it is not the current
 * one. Default policy: the CPU with the smallest clock runs to its next visible operation, ties to the
 * lowest number; an event that is due by that clock happens first. When no CPU can run, time jumps to
 * the next event. The chosen CPU first takes an interrupt that waits for it.
 *
 * A CPU can run unless it is at rest or stands still in `fl_cpu_wait`; an interrupt that it can take
 * makes it run in any case.
 */
import { asTaskId } from '../base/brand.ts';
import { FLAG_VISIBLE } from '../bytecode/instruction.ts';
import { hasWorkPending, nextEventNs, processNextEvent } from './events.ts';
import { CPU, HEADER, TASK, TIMES } from './imageLayout.ts';
import { canTakeInterrupt, deliverInterrupt } from './interrupts.ts';
import { cpuAt, type MachineState, taskAt } from './machineState.ts';
import { choose } from './schedulePolicy.ts';
import { CHOICE_EVENT } from './scheduleText.ts';
import { isAtRest, isIdleTask, STATUS_EXITED, STATUS_NEW } from './tasks.ts';

/** In `HEADER.scheduling`: the current CPU is between two scheduling points. */
export const SCHEDULING_RUNNING = 0;
/** The next instruction is a visible operation, and it has been decided that it comes next. */
export const SCHEDULING_DECIDED = 1;
/** The current CPU no longer has what it ran: a decision comes first. */
export const SCHEDULING_NEEDED = 2;

/**
 * Decides what comes next. Returns whether the caller must look again at who runs (another CPU, an
 * interrupt, the end of the run); false means that the current CPU goes on with its instruction.
 * Errors: `UserError` from a replayed schedule.
 */
export function decide(state: MachineState): boolean {
  if (!state.isBooted) {
    state.words[HEADER.scheduling] = SCHEDULING_DECIDED;
    return false;
  }
  if (state.watcher !== undefined) {
    state.watcher.settle();
    if (state.end !== undefined) return true;
  }
  const before = state.currentCpu;
  const wasNeeded = state.word(HEADER.scheduling) === SCHEDULING_NEEDED;
  if (!wasNeeded && state.clock(before) < quietUntil(state)) {
    stay(state);
    return false;
  }
  const { cpuCount } = state.config;
  for (;;) {
    let options = 0;
    let first = -1;
    let firstNs = Infinity;
    for (let cpu = 0; cpu < cpuCount; cpu += 1) {
      if (!canRun(state, cpu, before)) continue;
      options |= 1 << cpu;
      const ns = state.clock(cpu);
      if (first >= 0 && ns >= firstNs) continue;
      first = cpu;
      firstNs = ns;
    }
    const eventNs = nextEventNs(state);
    if (first < 0 && isOver(state, eventNs)) return true;
    if (Math.min(firstNs, eventNs) >= (state.config.durationNs ?? Infinity)) {
      state.end = { kind: 'finished', outcome: 'completed' };
      return true;
    }
    let choice = eventNs <= firstNs ? CHOICE_EVENT : first;
    let openPoint = 0;
    const isPending = eventNs !== Infinity;
    // A decision has options unless only one CPU can run and nothing is pending, or none can.
    if (first >= 0 && (isPending || (options & (options - 1)) !== 0)) {
      if (isPending) options |= 1 << CHOICE_EVENT;
      choice = choose(state, choice, options, eventNs <= firstNs);
      openPoint = state.double(TIMES.pointsDouble);
    }
    if (choice === CHOICE_EVENT) {
      processNextEvent(state, firstNs);
      if (state.end !== undefined) return true;
      continue;
    }
    return goOn(state, choice, openPoint, wasNeeded || choice !== before);
  }
}

/**
 * The clock up to which (exclusive) `decide` lets the current CPU go on without a look at the others, asked before
 * each instruction of user code as well; -1 when nothing can be said. Such a decision changes nothing but the number of decisions with options:
 * `MachineState.pointsPerDecision` is set to what it adds. User code changes nothing that a decision depends on,
 * except a word that another CPU waits for.
 */
export function quietUntil(state: MachineState): number {
  const { cpuCount, durationNs = Infinity } = state.config;
  const current = state.currentCpu;
  if (state.policy.kind === 'random' || state.preferredCpu >= 0) return -1;
  if (canTakeInterrupt(state, current)) return -1;
  const last = state.course.departures.at(-1);
  if (last !== undefined && last.point >= state.double(TIMES.pointsDouble)) return -1;
  const eventNs = nextEventNs(state);
  let untilNs = Math.min(eventNs, durationNs);
  let isAlone = true;
  for (let cpu = 0; cpu < cpuCount; cpu += 1) {
    if (cpu === current) continue;
    if (state.word(cpuAt(cpu) + CPU.stallAddress) !== 0) return -1;
    if (isAtRest(state, cpu) && !canTakeInterrupt(state, cpu)) continue;
    isAlone = false;
    untilNs = Math.min(untilNs, state.clock(cpu));
  }
  state.pointsPerDecision = isAlone && eventNs === Infinity ? 0 : 1;
  return untilNs;
}

/** The current CPU goes on before its visible operation, and nothing else could have happened by the policy. */
function stay(state: MachineState): void {
  const { words, doubles } = state;
  const hasOptions = state.pointsPerDecision !== 0;
  const point = state.double(TIMES.pointsDouble) + 1;
  if (hasOptions) doubles[TIMES.pointsDouble] = point;
  doubles[TIMES.openPointDouble] = hasOptions ? point : 0;
  noteExecutor(state);
  words[HEADER.scheduling] = SCHEDULING_DECIDED;
}

/** Makes the CPU current, with the interrupt that it can take. Returns whether anything changed. */
function goOn(state: MachineState, cpu: number, openPoint: number, hasChanged: boolean): boolean {
  const { words } = state;
  words[HEADER.currentCpu] = cpu;
  const isInterrupted = canTakeInterrupt(state, cpu);
  if (isInterrupted) deliverInterrupt(state, cpu);
  // A delivered interrupt cannot be taken back.
  state.doubles[TIMES.openPointDouble] = isInterrupted ? 0 : openPoint;
  noteExecutor(state);
  const pc = state.word(taskAt(state.currentTask) + TASK.pc);
  const isVisible = pc < 0 || ((state.code[pc] as number) & FLAG_VISIBLE) !== 0;
  words[HEADER.scheduling] = isVisible ? SCHEDULING_DECIDED : SCHEDULING_RUNNING;
  return hasChanged || isInterrupted || state.end !== undefined;
}

/**
 * Notes when a task ceases to execute, and which one executes from here on. A decision that is taken back
 * may leave a task noted that has not executed after all, so a note says how far at most.
 */
function noteExecutor(state: MachineState): void {
  const { doubles, memory } = state;
  const { notesDouble } = memory;
  const before = state.double(notesDouble);
  const executor = state.currentTask + 1;
  if (before === executor) return;
  if (before !== 0) doubles[notesDouble + before] = state.double(TIMES.positionDouble);
  doubles[notesDouble] = executor;
  memory.markWord(2 * notesDouble);
}

/** Whether the CPU can run; one that stood still is released when its word has changed. */
function canRun(state: MachineState, cpu: number, writer: number): boolean {
  const atCpu = cpuAt(cpu);
  if (state.word(atCpu + CPU.stallAddress) !== 0) {
    if (hasStallEnded(state, cpu)) {
      // The word changed since the last scheduling point, so the CPU that ran until now wrote it.
      state.words[atCpu + CPU.stallAddress] = 0;
      state.advanceClock(cpu, state.clock(writer));
      return true;
    }
  } else if (!isAtRest(state, cpu)) {
    return true;
  }
  return canTakeInterrupt(state, cpu);
}

/** Whether the word on which a CPU stands still has changed. */
export function hasStallEnded({ memory, words }: MachineState, cpu: number): boolean {
  const atCpu = cpuAt(cpu);
  const offset = memory.locate(words[atCpu + CPU.stallAddress] as number, 4);
  return memory.wordAt(offset) !== (words[atCpu + CPU.stallValue] as number);
}

/** No CPU can run: ends the run if nothing will ever happen again that matters. */
function isOver(state: MachineState, eventNs: number): boolean {
  const tasks: number[] = [];
  const count = state.word(HEADER.taskCount);
  for (let task = 0; task < count; task += 1) {
    const status = state.word(taskAt(task) + TASK.status);
    if (isIdleTask(state, task) || status === STATUS_EXITED || status === STATUS_NEW) continue;
    tasks.push(task);
  }
  if (tasks.length === 0 && !hasWorkPending(state)) {
    state.end = { kind: 'finished', outcome: 'completed' };
    return true;
  }
  if (eventNs !== Infinity) return false;
  state.end = { kind: 'deadlock', tasks: tasks.map(asTaskId) };
  return true;
}
