/**
 * The machine as other rooms see it: boot, run, look, keep and restore states.
 *
 * Everything that happens is a function of the configuration and the schedule; looking and stopping
 * change nothing. The parts are in files of their own: `machineState.ts` says what they share.
 */
import {
  type Address,
  asCpuId,
  asTaskId,
  type CpuId,
  type Pc,
  type TaskId,
} from '../base/brand.ts';
import { assert, UserError } from '../base/errors.ts';
import { FLAG_BREAKPOINT, FLAG_VISIBLE } from '../bytecode/instruction.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import { DIRECT_MAP_BASE, type Program } from '../bytecode/program.ts';
import { loadBootMemory } from './bootMemory.ts';
import { prepareBoot } from './booting.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointStore } from './checkpoints.ts';
import { type Choice, reopenDecision, viewChoices } from './choices.ts';
import { listDepartures } from './course.ts';
import { viewQueue } from './disk.ts';
import type { DiskView } from './diskView.ts';
import type { Frame } from './frame.ts';
import { viewHolds, viewStatistics, viewWaits } from './ghostLocks.ts';
import { viewReferences, visitReferences } from './ghostReferences.ts';
import { GeneratedTier } from './generatedTier.ts';
import type { GhostView } from './ghostView.ts';
import { HEADER, MAX_CPUS, PAGE_BYTES, TASK, TIMES } from './imageLayout.ts';
import { interpret } from './interpreter.ts';
import { appliedInterventions, nextIntervention } from './followCourse.ts';
import {
  applyNextIntervention,
  recordIntervention,
  requireInterventionsInMemory,
} from './intervene.ts';
import type { Intervention, RecordedIntervention } from './intervention.ts';
import type { MachineConfig } from './machineConfig.ts';
import { MachineState, NO_POSITION, taskAt } from './machineState.ts';
import { Mmu, peekUser } from './mmu.ts';
import type { RoundPlaces } from './roundPlaces.ts';
import { flagRounds, roundPlaces, viewRound } from './rounds.ts';
import { Places } from './places.ts';
import type { RunRequest } from './runRequest.ts';
import { seedOf } from './schedulePolicy.ts';
import { formatSchedule, requireSameRun } from './scheduleText.ts';
import { decide, SCHEDULING_NEEDED, SCHEDULING_RUNNING } from './scheduler.ts';
import { guardData, lacksValues } from './shadow.ts';
import { StateHasher } from './stateHash.ts';
import type { Stop } from './stop.ts';
import { StopConditions, userBreakpointKey } from './stopping.ts';
import { markStack, taskOfCookie, taskOfScenario } from './tasks.ts';
import type { CpuView, TaskView } from './taskView.ts';
import { type TlbEntry, viewTlb } from './tlb.ts';
import { replaceTrace } from './tellTrace.ts';
import type { TracePoint, TraceSink } from './trace.ts';
import { installTriggers } from './triggers.ts';
import { isInUserMode, runUserCode } from './userMode.ts';
import { flagPlaces, type Watcher } from './watcher.ts';
import type { Watchpoint } from './watchpoint.ts';
import { WatchpointTable } from './watchpoints.ts';
import { viewCpu, viewFrames, viewTask } from './viewTasks.ts';

/** A place in a user program where a task stops. */
export interface UserBreakpoint {
  readonly taskId: TaskId;
  readonly address: Address;
}

/** Instructions that the interpreter may execute in one go; its counters are small integers. */
const MOST_STEPS = 2 ** 29;
/** Bytes that large copies and fills may move before `run` returns, so that nothing holds up its caller. */
const MOVES_OF_A_RUN = 32 * 1024 * 1024;
/** Bytes of a large copy that count as an instruction towards the bound of a run. */
const BYTES_OF_A_STEP = 64;

export class Machine implements MemoryReader {
  readonly config: MachineConfig;
  readonly program: Program;
  readonly ghost: GhostView;
  /** Places of the run to come back to, and other courses. */
  readonly places: Places;
  /** Watches for broken rules once boot has ended. */
  private readonly watcher: Watcher | undefined;
  readonly disk: DiskView;
  private readonly state: MachineState;
  private readonly mmu: Mmu;
  private readonly checkpoints: CheckpointStore;
  private readonly hasher: StateHasher;
  private breakpoints: readonly Pc[] = [];
  private watchpoints: WatchpointTable | undefined;
  private userBreakpoints: ReadonlySet<number> = new Set();
  private executedUserSteps = 0;

  /**
   * Errors: `UserError` when the configuration comes from wrong input (a schedule of another run, too
   * little memory, an unknown cost name).
   */
  constructor(config: MachineConfig, watch?: (state: MachineState) => Watcher) {
    assert(config.cpuCount >= 1 && config.cpuCount <= MAX_CPUS, 'from 1 to 8 CPUs');
    if (config.ramBytes % PAGE_BYTES !== 0 || config.ramBytes > 2 ** 29) {
      throw new UserError(
        'bad-memory-size',
        `The machine cannot have ${String(config.ramBytes)} bytes of memory.`,
        'Use whole page frames of 4096 bytes, at most 131072 of them.',
      );
    }
    this.config = config;
    this.program = config.program;
    const state = new MachineState(config);
    this.state = state;
    this.mmu = new Mmu(state);
    this.checkpoints = new CheckpointStore(state);
    this.hasher = new StateHasher(state);
    this.places = new Places(state, this.checkpoints, () => this.takeCheckpoint());
    const { policy } = state;
    if (policy.kind === 'replay') {
      requireSameRun(policy.schedule, config.program.hash, config.scenarioHash);
      requireInterventionsInMemory(state);
    }
    loadBootMemory(config, state.memory);
    if (state.hasChecks) guardData(state.memory, config.program);
    installTriggers(state);
    this.watcher = watch?.(state);
    if (this.watcher !== undefined) flagPlaces(state.code, this.watcher);
    if (config.tier !== 'interpreter') state.tier = new GeneratedTier(state);
    prepareBoot(state);
    this.ghost = {
      holds: () => viewHolds(state),
      refs: (object) => viewReferences(state, object),
      visitRefs: (visit) => {
        visitReferences(state, visit);
      },
      waits: () => viewWaits(state),
      lockStats: () => viewStatistics(state, this.nowNs()),
    };
    this.disk = { queue: () => viewQueue(state) };
  }

  /** The whole state: the machine's own numbers, then RAM. */
  get image(): ArrayBuffer {
    return this.state.memory.buffer;
  }

  /**
   * Steps since boot ended: instructions of kernel and user code, and switches of a CPU that no longer had
   * what it ran. Names a state under one schedule.
   */
  get position(): number {
    return this.state.double(TIMES.positionDouble);
  }

  /** What large copies and fills count towards the bound of the run, in instructions. */
  private get movedSteps(): number {
    return Math.floor(this.state.double(TIMES.movedBytesDouble) / BYTES_OF_A_STEP);
  }

  /** Whether the run has ended where the machine stands. */
  get hasEnded(): boolean {
    return this.state.end !== undefined;
  }

  /** Instructions that boot code has executed. */
  get bootSteps(): number {
    return this.state.double(TIMES.bootStepsDouble);
  }

  /**
   * Runs boot code to its end, after which `position` is 0 and the result is `undefined`. A stop tells
   * why it did not get there: the budget is used up (call again to go on), or the run has ended.
   */
  boot(budget = Infinity): Stop | undefined {
    const { state } = this;
    const conditions = new StopConditions(
      state,
      { budget, breakpoints: false },
      NO_POSITION,
      this.userBreakpoints,
    );
    const target = this.bootSteps + budget;
    state.movesLeft = MOVES_OF_A_RUN;
    while (!state.isBooted && state.end === undefined) {
      const limit = this.config.limits.steps - this.movedSteps;
      const left = Math.min(target, limit) - this.bootSteps;
      if (left <= 0) return limit <= target ? this.endAtLimit() : { kind: 'budget' };
      if (state.movesLeft < 0) {
        if (budget !== Infinity) return { kind: 'budget' };
        state.movesLeft = MOVES_OF_A_RUN;
      }
      this.markStacks();
      interpret(state, conditions, Math.min(left, MOST_STEPS));
    }
    if (!state.isBooted) return state.end;
    if (state.watcher === undefined && this.watcher !== undefined) {
      state.watcher = this.watcher;
      this.watcher.begin();
    }
    return undefined;
  }

  /**
   * Runs until something named in the request happens, or the run ends. Boot must have ended.
   * Errors: `UserError` from a schedule that was changed by hand.
   */
  run(request: RunRequest): Stop {
    const { state } = this;
    const exempt = request.isResumed === true ? this.position : this.state.toldPosition;
    const conditions = new StopConditions(state, request, exempt, this.userBreakpoints);
    state.watchSleeps = request.stopWhenSleeps ?? -1;
    state.watchWakes = request.stopWhenWakes ?? -1;
    state.preferredCpu = request.prefers === undefined ? -1 : this.task(request.prefers).cpu;
    state.stop = undefined;
    this.watchpoints?.beginRun(request.breakpoints);
    const stop = state.end ?? this.advance(request, conditions);
    this.watchpoints?.endRun();
    state.preferredCpu = -1;
    this.state.toldPosition =
      stop.kind === 'breakpoint' || stop.kind === 'statement' ? this.position : NO_POSITION;
    return stop;
  }

  private advance(request: RunRequest, conditions: StopConditions): Stop {
    const { state } = this;
    const untilPosition = request.untilPosition ?? Infinity;
    const target = Math.min(this.position + request.budget, untilPosition);
    state.movesLeft = MOVES_OF_A_RUN;
    this.markStacks();
    for (;;) {
      this.settle();
      this.watchpoints?.conclude();
      if (state.stop !== undefined) return state.stop;
      if (state.end !== undefined) return state.end;
      const limit = this.config.limits.steps - this.bootSteps - this.movedSteps;
      const left = Math.min(target, limit) - this.position;
      if (left <= 0) {
        if (limit <= target) return this.endAtLimit();
        return { kind: target === untilPosition ? 'position' : 'budget' };
      }
      if (state.movesLeft < 0) return { kind: 'budget' };
      if (state.word(HEADER.scheduling) === SCHEDULING_NEEDED) {
        this.passOn();
        continue;
      }
      const toIntervention = (nextIntervention(state)?.position ?? Infinity) - this.position;
      const steps = Math.min(left, MOST_STEPS, toIntervention);
      if (isInUserMode(state)) {
        const { position } = this;
        runUserCode(state, this.mmu, conditions, steps);
        this.executedUserSteps += this.position - position;
      } else interpret(state, conditions, steps);
    }
  }

  /**
   * Makes the decision that is due at the present place and applies the interventions that are recorded
   * for it, so that every stop stands behind them.
   */
  private settle(): void {
    this.decideIfDue();
    while (applyNextIntervention(this.state)) this.decideIfDue();
  }

  /** Makes the decision that is due before a visible operation of the current CPU. */
  private decideIfDue(): void {
    const { state } = this;
    if (state.end !== undefined || state.word(HEADER.scheduling) !== SCHEDULING_RUNNING) return;
    const pc = state.word(taskAt(state.currentTask) + TASK.pc);
    if (pc < 0 || ((state.code[pc] as number) & FLAG_VISIBLE) !== 0) decide(state);
  }

  /**
   * The current CPU no longer has what it ran: decides who goes on, perhaps after time has jumped. This
   * counts as a step, so that the state before it (a task has just gone to sleep) has a position too.
   */
  private passOn(): void {
    const { state } = this;
    decide(state);
    if (state.end !== undefined) return;
    state.doubles[TIMES.positionDouble] = this.position + 1;
  }

  /**
   * Does something to the machine where it stands, which becomes part of the schedule. What the course
   * had recorded behind this place is dropped. A decision that was due here is made again afterwards.
   * Errors: `UserError` when it is impossible here, when the run has ended, or after too many; then
   * nothing changes.
   */
  intervene(intervention: Intervention): void {
    this.requireRunning();
    this.settle();
    recordIntervention(this.state, intervention);
    this.settle();
  }

  /** What users have done up to here, in order. */
  get interventions(): readonly RecordedIntervention[] {
    const { state } = this;
    return state.course.interventions.slice(0, appliedInterventions(state));
  }

  /**
   * The options of the decision at hand; empty where there is nothing to choose: between two scheduling
   * points, with one option only, and behind an interrupt that was taken.
   */
  choices(): readonly Choice[] {
    this.settle();
    return viewChoices(this.state);
  }

  /**
   * Takes an option of the decision at hand at once, whatever the policy says: a departure of the
   * schedule. What the course had recorded behind this place is dropped. Where a CPU had just lost what
   * it ran, going on with another is a step.
   * Errors: `UserError` when there is no such option, or the run has ended; then nothing changes.
   */
  choose(choice: number): void {
    this.requireRunning();
    const option = this.choices().find((item) => item.choice === choice);
    if (option === undefined) {
      throw new UserError(
        'no-such-choice',
        `There is no choice ${String(choice)} here.`,
        'Choose one of those that are listed, or go on to the next place where there are several.',
      );
    }
    if (option.isTaken) return;
    const { state } = this;
    reopenDecision(state, choice);
    if (state.word(HEADER.scheduling) === SCHEDULING_NEEDED) this.passOn();
    this.settle();
  }

  private requireRunning(): void {
    const { state } = this;
    assert(state.isBooted, 'the machine has booted');
    if (state.end === undefined) return;
    throw new UserError(
      'run-ended',
      'The run has ended here: nothing can be changed any more.',
      'Go back to an earlier place and change it there.',
      true,
    );
  }

  private endAtLimit(): Stop {
    const end = { kind: 'finished', outcome: 'limit' } as const;
    this.state.end = end;
    return end;
  }

  /** The stacks of running tasks count as written from here on; see `memory.ts`. */
  private markStacks(): void {
    const { state } = this;
    if (!state.areStacksUnmarked) return;
    state.areStacksUnmarked = false;
    for (let cpu = 0; cpu < this.config.cpuCount; cpu += 1) {
      const { task } = viewCpu(state, asCpuId(cpu));
      if (task < this.taskCount) markStack(state, task);
    }
  }

  /**
   * How many user instructions this machine has executed, counting again what ran again after going back.
   * It is no part of the state; user instructions take the host longer than those of the kernel.
   */
  get userSteps(): number {
    return this.executedUserSteps;
  }

  get taskCount(): number {
    return this.state.word(HEADER.taskCount);
  }

  task(id: TaskId): TaskView {
    assert(id >= 0 && id < this.taskCount, `task ${String(id)} exists`);
    return viewTask(this.state, id);
  }

  /**
   * How far a task has executed: the position behind its last instruction, those of interrupts on its stack
   * included. The present position while it executes, 0 before its first instruction.
   */
  ranUntil(id: TaskId): number {
    const { state } = this;
    const { notesDouble } = state.memory;
    if (state.double(notesDouble) === id + 1) return this.position;
    return state.double(notesDouble + 1 + id);
  }

  /** The task with a number of the scenario, once boot code has created it. */
  taskOfScenario(index: number): TaskId | undefined {
    const task = taskOfScenario(this.state, index);
    return task < 0 ? undefined : asTaskId(task);
  }

  /** The task that the kernel calls by this word. */
  taskOfCookie(cookie: number): TaskId | undefined {
    const task = taskOfCookie(this.state, cookie);
    return task < 0 ? undefined : asTaskId(task);
  }

  /** The CPU that executes the next instruction. */
  get currentCpu(): CpuId {
    return asCpuId(this.state.currentCpu);
  }

  cpu(id: CpuId): CpuView {
    return viewCpu(this.state, id);
  }

  /** What a CPU remembers of the page tables, by address. */
  tlb(id: CpuId): readonly TlbEntry[] {
    return viewTlb(this.state, id);
  }

  /** The kernel frames of a task, innermost first; empty in user mode and at rest. */
  frames(task: TaskId): readonly Frame[] {
    return viewFrames(this.state, task);
  }

  /** The machine's one clock: that of the CPU which is furthest. Never goes back while running on. */
  nowNs(): number {
    let now = 0;
    for (let cpu = 0; cpu < this.config.cpuCount; cpu += 1) {
      now = Math.max(now, this.state.clock(cpu));
    }
    return now;
  }

  /** The byte at a kernel address. */
  readByte(address: Address): number | undefined {
    const { memory } = this.state;
    const offset = memory.locate(address, 1);
    return offset < 0 ? undefined : memory.bytes[offset];
  }

  /** Whether some byte of a range of kernel memory was never written, as far as the checks know. */
  lacksValue(address: Address, bytes: number): boolean {
    const { memory } = this.state;
    const offset = memory.locate(address, bytes);
    return offset >= 0 && lacksValues(memory, offset, bytes);
  }

  /** The unsigned word at a kernel address. */
  readWord(address: Address): number | undefined {
    const { memory } = this.state;
    const offset = memory.locate(address, 4);
    return offset < 0 ? undefined : memory.wordAt(offset) >>> 0;
  }

  /** Words of kernel memory from an aligned address on; they change when the machine moves. */
  wordsAt(address: Address, count: number): Int32Array | undefined {
    const { memory } = this.state;
    const offset = memory.locate(address, 4 * count);
    if (offset < 0 || (offset & 3) !== 0) return undefined;
    return memory.words.subarray(offset >> 2, (offset >> 2) + count);
  }

  /** The byte at an address as a task sees it, user memory through its page tables. */
  readUserByte(task: TaskId, address: Address): number | undefined {
    if (address >= DIRECT_MAP_BASE) return this.readByte(address);
    const offset = peekUser(this.state, task, address);
    return offset < 0 ? undefined : this.state.memory.bytes[offset];
  }

  /** Replaces the breakpoints in kernel code. */
  setBreakpoints(pcs: Iterable<Pc>): void {
    const { code, tier } = this.state;
    const before = new Set(this.breakpoints);
    const after = new Set(pcs);
    for (const pc of before) code[pc] = (code[pc] as number) & ~FLAG_BREAKPOINT;
    for (const pc of after) code[pc] = (code[pc] as number) | FLAG_BREAKPOINT;
    this.breakpoints = [...after];
    tier?.invalidate([...before].filter((pc) => !after.has(pc)));
    tier?.invalidate([...after].filter((pc) => !before.has(pc)));
  }

  /**
   * From now on `sink` is told what happens, at the instructions of `points` too; `undefined` ends it. Neither
   * the state nor a decision depends on it. Restoring a checkpoint tells nothing: what is executed again is told again.
   */
  setTrace(sink: TraceSink | undefined, points: Iterable<TracePoint> = []): void {
    const { state } = this;
    const changed = replaceTrace(state, sink, points);
    state.tier?.invalidate(changed);
  }

  /** Counts the rounds of the page-fault handler from here on, for good. */
  countRounds(places: RoundPlaces): void {
    const { state } = this;
    state.rounds = places;
    flagRounds(state.code, places);
    state.tier?.invalidate(roundPlaces(places));
  }

  /** The round, from 1 on, that a task is in with a frame; `undefined` when nobody counts or it is not known. */
  roundOf(task: TaskId, { fp, pc }: Pick<Frame, 'fp' | 'pc'>): number | undefined {
    return viewRound(this.state, task, fp, pc);
  }

  /** Replaces the breakpoints in user programs. */
  setUserBreakpoints(breakpoints: Iterable<UserBreakpoint>): void {
    this.userBreakpoints = new Set(
      Array.from(breakpoints, ({ taskId, address }) => userBreakpointKey(taskId, address)),
    );
  }

  /**
   * Replaces the watchpoints: runs with breakpoints stop behind accesses of what they are about. Places that are
   * not in memory never stop. Cost: the watched bytes, and the code of the functions whose locals are watched.
   */
  setWatchpoints(watchpoints: readonly Watchpoint[]): void {
    const { state } = this;
    const before = this.watchpoints;
    before?.remove();
    this.watchpoints =
      watchpoints.length === 0 ? undefined : new WatchpointTable(state, watchpoints);
    state.watchpoints = this.watchpoints;
    state.tier?.invalidate([...(before?.flagged ?? []), ...(this.watchpoints?.flagged ?? [])]);
  }

  /**
   * Counts from here on how often tasks execute these instructions, at most one of each task, elements of a
   * repetition as one; the answer gives a task's count. What is executed again after going back counts again.
   */
  countUserInstructions(places: Iterable<UserBreakpoint>): (task: TaskId) => number {
    const { countedAddresses, counts } = this.state;
    countedAddresses.fill(0);
    counts.fill(0);
    for (const { taskId, address } of places) countedAddresses[taskId] = address;
    return (task) => counts[task] ?? 0;
  }

  /**
   * Keeps the present state until it is released. Cost: the pages that changed since the last checkpoint
   * or restore. A thrifty one takes some time more and much less memory; restoring it is as fast.
   */
  takeCheckpoint(isThrifty = false): Checkpoint {
    return this.checkpoints.take(this.nowNs(), isThrifty);
  }

  /** Lets go of a kept state, which is not to be used any more; what others share stays. */
  release(checkpoint: Checkpoint): void {
    this.checkpoints.release(checkpoint);
  }

  /** Bytes of all states that are kept. */
  get checkpointBytes(): number {
    return this.checkpoints.bytes;
  }

  /**
   * Brings back a kept state, and what users did at that very place since then. The course stays: what
   * was recorded behind that place will be met again.
   */
  restore(checkpoint: Checkpoint): void {
    this.checkpoints.restore(checkpoint);
    this.state.toldPosition = NO_POSITION;
    this.state.tracedPosition = NO_POSITION;
    if (nextIntervention(this.state)?.position === this.position) this.settle();
  }

  /** How many instructions this machine has executed in generated code. No state: for reports and tests. */
  get generatedSteps(): number {
    return this.state.tier?.executed ?? 0;
  }

  /** 16 hexadecimal digits over the whole state. */
  stateHash(): string {
    return this.hasher.stateHash();
  }

  /** The same without clocks, statistics and dead stack. */
  modelHash(): string {
    return this.hasher.modelHash();
  }

  /** The text that replays this run up to here. */
  schedule(): string {
    const { policy, lastDeparture } = this.state;
    return formatSchedule({
      programHash: this.program.hash,
      scenarioHash: this.config.scenarioHash,
      seed: seedOf(policy),
      departures: listDepartures(lastDeparture),
      interventions: this.interventions,
    });
  }
}
