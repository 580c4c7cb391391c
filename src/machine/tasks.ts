/**
 * Tasks: how they come to be, sleep, wake and end, and which of a CPU's tasks it runs.
 *
 * A task belongs to one CPU. It is new until the scenario starts it, then runnable (in its CPU's
 * queue, first in, first out), running, blocked or exited. A CPU without a runnable task runs its
 * idle task, which executes nothing; only interrupts use its stack. The kernel names a task by a
 * cookie, a word of its choice.
 *
 * Blocking has one truth: `parkTask` puts the running task to sleep unless its state word, in the
 * kernel's own memory, is already 0; `wakeTask` wakes only what sleeps. All else is up to the kernel,
 * so a wake-up that the kernel loses is lost.
 */
import { asTaskId, hex } from '../base/brand.ts';
import { INSTRUCTION_WORDS, STUB_TRAP_RETURN } from '../bytecode/instruction.ts';
import { CPU, HEADER, MAX_TASKS, TASK, TIMES } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { ANY_TASK } from './runRequest.ts';
import { switchPageDirectory } from './tlb.ts';
import { tell, tellAt } from './tellTrace.ts';
import { LEFT, TRACE } from './trace.ts';
import { TRAP_FRAME_BYTES } from './trapFrame.ts';

export const STATUS_NEW = 0;
export const STATUS_RUNNABLE = 1;
export const STATUS_RUNNING = 2;
export const STATUS_BLOCKED = 3;
export const STATUS_EXITED = 4;

/** In place of a pc: an idle task at rest. */
export const PC_IDLE = -1;
/** In place of a pc: the task is in user mode. */
export const PC_USER = -2;

const SMALLEST_STACK = 512;

/** Whether a CPU has nothing to do: its idle task at rest. */
export function isAtRest(state: MachineState, cpu: number): boolean {
  const task = state.word(cpuAt(cpu) + CPU.task);
  return state.word(taskAt(task) + TASK.pc) === PC_IDLE;
}

/** Makes the entry of a task; -1 with a fault when its stack or the table do not allow it. */
function addTask(
  state: MachineState,
  cookie: number,
  cpu: number,
  stackLow: number,
  stackBytes: number,
): number {
  const task = state.word(HEADER.taskCount);
  const low = unsigned(stackLow);
  const bytes = stackBytes >>> 0;
  if (task >= MAX_TASKS) {
    state.raise({ kind: 'limit', message: `More than ${String(MAX_TASKS)} tasks.` });
    return -1;
  }
  if ((low | bytes) & 3 || bytes < SMALLEST_STACK || state.memory.locate(low, bytes) < 0) {
    state.raise({
      kind: 'badArgument',
      message: `A task cannot have the kernel stack ${hex(low, 8)} with ${String(bytes)} bytes.`,
      address: low,
    });
    return -1;
  }
  state.words[HEADER.taskCount] = task + 1;
  const at = taskAt(task);
  const { words } = state;
  words[at + TASK.cookie] = cookie;
  words[at + TASK.stackLow] = low;
  words[at + TASK.stackHigh] = low + bytes;
  words[at + TASK.cpu] = cpu;
  words[at + TASK.irqsEnabled] = 1;
  return task;
}

/** Makes a task of the scenario; it starts by returning from a trap. -1 with a fault on bad arguments. */
export function createTask(
  state: MachineState,
  index: number,
  cookie: number,
  stackLow: number,
  stackBytes: number,
  pageDirectory: number,
): number {
  if (index < 0 || taskOfScenario(state, index) >= 0) {
    state.raise({
      kind: 'badArgument',
      message: `Task ${String(index)} of the scenario was created twice, or does not exist.`,
    });
    return -1;
  }
  const { cpuCount, taskCpus } = state.config;
  const cpu = (taskCpus?.get(index) ?? index) % cpuCount;
  const task = addTask(state, cookie, cpu, stackLow, stackBytes);
  if (task < 0) return -1;
  const at = taskAt(task);
  const { words } = state;
  words[at + TASK.status] = STATUS_NEW;
  words[at + TASK.scenarioIndex] = index + 1;
  words[at + TASK.pageDirectory] = pageDirectory;
  words[at + TASK.pc] = STUB_TRAP_RETURN;
  words[at + TASK.fp] = state.word(at + TASK.stackHigh) - TRAP_FRAME_BYTES;
  return task;
}

/** Makes the idle task of a CPU. For CPU 0, whose idle task is what boots, it only sets the cookie. */
export function createIdleTask(
  state: MachineState,
  cpu: number,
  cookie: number,
  stackLow: number,
  stackBytes: number,
): number {
  if (cpu < 0 || cpu >= state.config.cpuCount) {
    state.raise({ kind: 'badArgument', message: `There is no CPU ${String(cpu)}.` });
    return -1;
  }
  const { words } = state;
  const known = state.word(cpuAt(cpu) + CPU.idleTask) - 1;
  if (known >= 0) {
    words[taskAt(known) + TASK.cookie] = cookie;
    return known;
  }
  const task = addTask(state, cookie, cpu, stackLow, stackBytes);
  if (task < 0) return -1;
  const at = taskAt(task);
  words[at + TASK.status] = STATUS_RUNNING;
  words[at + TASK.pc] = PC_IDLE;
  words[at + TASK.fp] = state.word(at + TASK.stackHigh);
  words[cpuAt(cpu) + CPU.idleTask] = task + 1;
  words[cpuAt(cpu) + CPU.task] = task;
  words[cpuAt(cpu) + CPU.irqsEnabled] = 1;
  return task;
}

/** The task with a number of the scenario, or -1. */
export function taskOfScenario(state: MachineState, index: number): number {
  const count = state.word(HEADER.taskCount);
  for (let task = 0; task < count; task += 1) {
    if (state.word(taskAt(task) + TASK.scenarioIndex) === index + 1) return task;
  }
  return -1;
}

/** The task that the kernel calls by a cookie, or -1. */
export function taskOfCookie(state: MachineState, cookie: number): number {
  const count = state.word(HEADER.taskCount);
  for (let task = 0; task < count; task += 1) {
    if (state.word(taskAt(task) + TASK.cookie) === (cookie | 0)) return task;
  }
  return -1;
}

/** Whether the task is the idle task of its CPU. */
export function isIdleTask(state: MachineState, task: number): boolean {
  return state.word(taskAt(task) + TASK.scenarioIndex) === 0;
}

/** Starts a new task of the scenario at a time; later calls do nothing. */
export function startTask(state: MachineState, index: number, ns: number): void {
  const task = taskOfScenario(state, index);
  if (task < 0 || state.word(taskAt(task) + TASK.status) !== STATUS_NEW) return;
  if (state.trace !== undefined)
    tellAt(state, TRACE.start, state.word(taskAt(task) + TASK.cpu), task, ns);
  makeRunnable(state, task, ns);
}

/** Puts a task at the end of its CPU's queue; a CPU at rest goes on with it at once. */
function makeRunnable(state: MachineState, task: number, ns: number): void {
  const { words } = state;
  const at = taskAt(task);
  const cpu = state.word(at + TASK.cpu);
  const atCpu = cpuAt(cpu);
  words[at + TASK.status] = STATUS_RUNNABLE;
  words[at + TASK.next] = 0;
  const last = state.word(atCpu + CPU.queueLast);
  if (last === 0) words[atCpu + CPU.queueFirst] = task + 1;
  else words[taskAt(last - 1) + TASK.next] = task + 1;
  words[atCpu + CPU.queueLast] = task + 1;
  if (isAtRest(state, cpu)) {
    state.advanceClock(cpu, ns);
    runNextTask(state, cpu);
  }
}

/** Lets a CPU go on with the first task of its queue, or rest. */
export function runNextTask(state: MachineState, cpu: number): void {
  const { words } = state;
  const atCpu = cpuAt(cpu);
  const first = state.word(atCpu + CPU.queueFirst);
  const before = state.word(atCpu + CPU.task);
  if (first === 0) {
    words[atCpu + CPU.task] = state.word(atCpu + CPU.idleTask) - 1;
    words[atCpu + CPU.irqsEnabled] = 1;
    if (state.trace !== undefined) tellSwitch(state, cpu, before);
    return;
  }
  const task = first - 1;
  const at = taskAt(task);
  const next = state.word(at + TASK.next);
  words[atCpu + CPU.queueFirst] = next;
  if (next === 0) words[atCpu + CPU.queueLast] = 0;
  words[at + TASK.status] = STATUS_RUNNING;
  words[atCpu + CPU.task] = task;
  words[atCpu + CPU.irqsEnabled] = state.word(at + TASK.irqsEnabled);
  switchPageDirectory(state, cpu, task);
  if (state.trace !== undefined) tellSwitch(state, cpu, before);
  state.charge(cpu, state.costs.contextSwitchNs);
  markStack(state, task);
}

/** Tells who traces the run that a CPU has gone on to another task. */
function tellSwitch(state: MachineState, cpu: number, before: number): void {
  const task = state.word(cpuAt(cpu) + CPU.task);
  if (task === before) return;
  const status = state.word(taskAt(before) + TASK.status);
  let why: number = LEFT.preempted;
  if (isIdleTask(state, before)) why = LEFT.idle;
  else if (status === STATUS_BLOCKED) why = LEFT.asleep;
  else if (status === STATUS_EXITED) why = LEFT.exited;
  tellAt(state, TRACE.switch, cpu, task, state.clock(cpu), before, why);
}

/** Takes the running task off the current CPU; it will go on at the instruction after the present one. */
function leaveCpu(state: MachineState, status: number): void {
  const cpu = state.currentCpu;
  const task = state.currentTask;
  const at = taskAt(task);
  const { words } = state;
  words[at + TASK.status] = status;
  words[at + TASK.pc] = state.word(at + TASK.pc) + INSTRUCTION_WORDS;
  words[at + TASK.irqsEnabled] = state.word(cpuAt(cpu) + CPU.irqsEnabled);
  runNextTask(state, cpu);
}

/**
 * Puts the running task to sleep unless the word at `stateAddress` is 0. Returns whether the CPU goes
 * on with something else (also when there was a fault).
 */
export function parkTask(state: MachineState, stateAddress: number): boolean {
  const offset = state.memory.locate(stateAddress, 4);
  if (offset < 0) {
    state.raise({
      kind: 'badArgument',
      message: `fl_park was given ${hex(stateAddress)}, where there is no memory.`,
      address: unsigned(stateAddress),
    });
    return true;
  }
  if (!requireSleepable(state)) return true;
  if (state.memory.wordAt(offset) === 0) return false;
  const task = state.currentTask;
  state.doubles[TIMES.blockedSinceDouble + task] = state.clock(state.currentCpu);
  leaveCpu(state, STATUS_BLOCKED);
  if (isWatched(state.watchSleeps, task)) state.stop = { kind: 'sleep', task: asTaskId(task) };
  return true;
}

/** Ends the running task. */
export function exitTask(state: MachineState, code: number): void {
  if (!requireSleepable(state)) return;
  state.words[taskAt(state.currentTask) + TASK.exitCode] = code;
  if (state.trace !== undefined) tell(state, TRACE.exit, state.currentTask, code);
  leaveCpu(state, STATUS_EXITED);
}

function requireSleepable(state: MachineState): boolean {
  const task = state.currentTask;
  let where: string | undefined;
  if (state.word(taskAt(task) + TASK.interruptDepth) > 0) where = 'in an interrupt handler';
  else if (!state.isBooted) where = 'while booting';
  else if (isIdleTask(state, task)) where = 'in an idle task';
  if (where === undefined) return true;
  state.raise({ kind: 'sleepInAtomic', message: `Sleeping or exiting ${where} is impossible.` });
  return false;
}

function isWatched(watched: number, task: number): boolean {
  return watched === task || watched === ANY_TASK;
}

/** Makes a sleeping task runnable; returns 1 if it slept, 0 if not, -1 with a fault if it is none. */
export function wakeTask(state: MachineState, cookie: number): number {
  const task = taskOfCookie(state, cookie);
  if (task < 0) {
    state.raise({
      kind: 'badArgument',
      message: `fl_wake was given ${hex(cookie)}, which is no task.`,
      address: unsigned(cookie),
    });
    return -1;
  }
  if (state.word(taskAt(task) + TASK.status) !== STATUS_BLOCKED) return 0;
  if (state.trace !== undefined) {
    const waker = state.currentTask;
    const isInterrupt = state.word(taskAt(waker) + TASK.interruptDepth) > 0;
    tell(state, TRACE.wake, task, waker, isInterrupt ? 1 : 0);
  }
  makeRunnable(state, task, state.clock(state.currentCpu));
  if (isWatched(state.watchWakes, task)) state.stop = { kind: 'wake', task: asTaskId(task) };
  return 1;
}

/** Marks the used part of a task's stack as written: from the innermost frame's low end upwards. */
export function markStack(state: MachineState, task: number): void {
  const at = taskAt(task);
  const high = state.word(at + TASK.stackHigh);
  state.memory.mark((lowEnd(state, task) + IMAGE_BIAS) >>> 0, (high + IMAGE_BIAS) >>> 0);
}

/** The lowest used address of a task's kernel stack: below it nothing is alive. */
export function lowEnd(state: MachineState, task: number): number {
  const at = taskAt(task);
  const pc = state.word(at + TASK.pc);
  if (pc === PC_USER || pc === PC_IDLE) return state.word(at + TASK.stackHigh);
  const index = functionIndexAt(state, pc);
  const fp = state.word(at + TASK.fp);
  return index < 0 ? fp : fp - (state.functionFrameBytes[index] as number);
}

/** The function whose code contains a pc, or -1 for stubs and what is no code. Cost: logarithmic. */
export function functionIndexAt(state: MachineState, pc: number): number {
  const { functionEntry } = state;
  let low = 0;
  let high = functionEntry.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((functionEntry[middle] as number) <= pc) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  const info = state.program.functions[found];
  return info !== undefined && pc < info.end ? found : -1;
}
