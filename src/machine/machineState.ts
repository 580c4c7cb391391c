/**
 * Everything that the parts of the machine share: the memory image with its views, the machine's own
 * copy of the code, tables made from the program and the configuration, and the few words about the
 * run in progress that are no state of the modelled machine (why it stops).
 *
 * What can change during a run and matters to it lies in the image. The fields marked "derived" are
 * computed from the image and are computed again when a checkpoint is restored.
 */
import { type Address, asCpuId, asPc, asTaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import type { Program } from '../bytecode/program.ts';
import { type Course, EMPTY_COURSE, type MadeDeparture } from './course.ts';
import type { SecondTier } from './executionTier.ts';
import type { MachineFault } from './faults.ts';
import { CPU, CPUS_AT, HEADER, MAX_TASKS, TASK, TASKS_AT, TIMES } from './imageLayout.ts';
import type { CostTable, MachineConfig, SchedulePolicy } from './machineConfig.ts';
import { Memory } from './memory.ts';
import { FrameGuard } from './shadow.ts';
import type { FinalStop, Stop } from './stop.ts';
import type { TracePoint, TraceSink } from './trace.ts';
import { USER_REGISTER_COUNT } from './userCpu.ts';
import type { RoundPlaces } from './roundPlaces.ts';
import type { Watcher } from './watcher.ts';
import type { AccessWatch } from './watchpoint.ts';

/** The prices of a run, in whole nanoseconds; named ones by the operand of `costBegin`. */
export type RoundedCosts = Omit<CostTable, 'named'> & { readonly named: readonly number[] };

/** In place of a position: there is none. */
export const NO_POSITION = -1;

/** In `MachineState.nextEventNs`: it must be computed again. */
export const STALE_EVENTS = -1;

export class MachineState {
  readonly config: MachineConfig;
  readonly program: Program;
  readonly memory: Memory;
  // The views again, to be one load away for the interpreter.
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** The machine's own copy, with the flags for triggers and breakpoints. */
  readonly code: Int32Array;
  /** By function index. */
  readonly functionEntry: Int32Array;
  readonly functionFrameBytes: Int32Array;
  /** By instruction number (pc / 4): index plus 1 of the function that is entered there, or 0. */
  readonly functionAtEntry: Int32Array;
  readonly costs: RoundedCosts;
  /** Whether undefined behavior is caught. */
  readonly hasChecks: boolean;
  readonly frameGuard: FrameGuard;
  /** Views of the user registers in the image, by task. */
  readonly userRegisters: readonly Int32Array[];
  readonly policy: SchedulePolicy;

  /** What users did and decided, before and behind the present place. */
  course: Course;
  /** The last decision so far that differs from the default policy. */
  lastDeparture: MadeDeparture | undefined = undefined;
  /** Derived by `quietUntil`: how many decisions with options an instruction of user code stands for. */
  pointsPerDecision = 0;
  /** Derived: when the next event is due; `Infinity` when nothing is pending, or `STALE_EVENTS`. */
  nextEventNs = STALE_EVENTS;
  /** How the run has ended; restored with a checkpoint. */
  end: FinalStop | undefined = undefined;
  /** Why the present `run` stops. */
  stop: Stop | undefined = undefined;
  /** Task numbers whose sleep or waking stops the present `run`, or -1. */
  watchSleeps = -1;
  watchWakes = -1;
  /** The CPU that comes first in this run wherever there is a choice, or -1. No state. */
  preferredCpu = -1;
  /** Bytes that large copies may still move before the present `run` lets its caller look up. */
  movesLeft = 0;
  /** The result of the intrinsic that was performed last. */
  result = 0;
  /** Of the access that was a page fault last: its address and error code. */
  faultAddress = 0;
  faultCode = 0;
  /** User instructions whose executions are counted for whoever runs the machine, by task (0: none). No state. */
  readonly countedAddresses = new Int32Array(MAX_TASKS);
  readonly counts = new Float64Array(MAX_TASKS);
  /** The second execution tier; without it the interpreter executes everything. No state. */
  tier: SecondTier | undefined = undefined;
  /** Who is told what happens. No state. */
  trace: TraceSink | undefined = undefined;
  /** What is told at instructions with `FLAG_TRACE`, by pc. */
  tracePoints: ReadonlyMap<number, readonly TracePoint[]> = new Map();
  /** The position at which the last of them was told. */
  tracedPosition = NO_POSITION;
  /** The position of the last stop that named its place: going on does not stop there again. */
  toldPosition = NO_POSITION;
  /** Whose accesses stop a run. No state. */
  watchpoints: AccessWatch | undefined = undefined;
  /** The present `run` returns behind the instruction that is about to be executed. */
  endsBehindInstruction = false;
  /** Who watches for broken rules, from the end of boot on. No state. */
  watcher: Watcher | undefined = undefined;
  /** What counts as a round of the page-fault handler, if somebody wants to know. */
  rounds: RoundPlaces | undefined = undefined;
  /** Dirty marks were cleared: the stacks of running tasks must be marked before going on. */
  areStacksUnmarked = true;

  constructor(config: MachineConfig) {
    const { program } = config;
    this.config = config;
    this.program = program;
    this.memory = new Memory(config.ramBytes);
    this.words = this.memory.words;
    this.doubles = this.memory.doubles;
    this.code = program.code.slice();
    this.policy = config.scheduler ?? { kind: 'default' };
    this.course = this.policy.kind === 'replay' ? this.policy.schedule : EMPTY_COURSE;
    this.functionEntry = Int32Array.from(program.functions, (item) => item.entry);
    this.functionFrameBytes = Int32Array.from(program.functions, (item) => item.frameSize);
    this.functionAtEntry = new Int32Array(this.code.length >> 2);
    program.functions.forEach((item, index) => {
      this.functionAtEntry[item.entry >> 2] = index + 1;
    });
    this.costs = roundCosts(config.costs, program);
    this.hasChecks = config.checks ?? true;
    this.frameGuard = new FrameGuard(this.memory, program.functions);
    if (!this.hasChecks) removeChecks(this.code);
    this.userRegisters = Array.from({ length: MAX_TASKS }, (_, task) => {
      const start = TASKS_AT + task * TASK.words + TASK.userRegisters;
      return this.words.subarray(start, start + USER_REGISTER_COUNT);
    });
  }

  /** A word of the state area or RAM. */
  word(index: number): number {
    return this.words[index] as number;
  }

  double(index: number): number {
    return this.doubles[index] as number;
  }

  get currentCpu(): number {
    return this.word(HEADER.currentCpu);
  }

  /** The task of the CPU that executes. */
  get currentTask(): number {
    const { words } = this;
    const cpu = words[HEADER.currentCpu] as number;
    return words[CPUS_AT + cpu * CPU.words + CPU.task] as number;
  }

  get isBooted(): boolean {
    return this.word(HEADER.isBooted) !== 0;
  }

  /** The clock of a CPU. */
  clock(cpu: number): number {
    return this.double(TIMES.cpuClockDouble + cpu);
  }

  /** Moves a CPU's clock forward. */
  charge(cpu: number, ns: number): void {
    this.doubles[TIMES.cpuClockDouble + cpu] = this.clock(cpu) + ns;
  }

  /** Moves a CPU's clock to a time unless it is past it. */
  advanceClock(cpu: number, ns: number): void {
    if (this.clock(cpu) < ns) this.doubles[TIMES.cpuClockDouble + cpu] = ns;
  }

  /** A copy or fill moves so many bytes: a large one takes longer than an instruction. */
  noteMove(bytes: number): void {
    if (bytes <= LARGE_BYTES) return;
    this.doubles[TIMES.movedBytesDouble] = this.double(TIMES.movedBytesDouble) + bytes;
    this.movesLeft -= bytes;
  }

  /**
   * Ends the run with a fault: of the running task at its present instruction, unless somebody knows better whose and
   * where.
   */
  raise(fault: MachineFault, task = this.currentTask, pc?: number): void {
    if (this.end !== undefined) return;
    const isOther = task !== this.currentTask;
    this.end = {
      kind: 'fault',
      fault: this.watcher?.explain(fault) ?? fault,
      task: asTaskId(task),
      cpu: asCpuId(isOther ? this.word(taskAt(task) + TASK.cpu) : this.currentCpu),
      pc: asPc(Math.max(0, pc ?? this.word(taskAt(task) + TASK.pc))),
    };
  }
}

const CHECKS: ReadonlySet<number> = new Set([
  OP.checkIndex,
  OP.checkAssigned,
  OP.guardFrame,
  OP.unguardFrame,
  OP.undefine,
  OP.undefineLocal,
  OP.define,
  OP.carry,
  OP.checkValue,
]);

/** Makes the instructions that only check do nothing; they still count as steps. */
function removeChecks(code: Int32Array): void {
  for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
    const word = code[pc] as number;
    if (CHECKS.has(word & OPCODE_MASK)) code[pc] = (word & ~OPCODE_MASK) | OP.nop;
  }
}

/** Larger copies and fills than this are not one instruction's work. */
export const LARGE_BYTES = 4096;

/** First word of a task's entry. */
export function taskAt(task: number): number {
  return TASKS_AT + task * TASK.words;
}

/** First word of a CPU's entry. */
export function cpuAt(cpu: number): number {
  return CPUS_AT + cpu * CPU.words;
}

/** A word of the image as an unsigned address. */
export function unsigned(word: number): Address {
  return (word >>> 0) as Address;
}

function roundCosts(costs: CostTable, program: Program): RoundedCosts {
  const named = program.costNames.map((name) => {
    const ns = costs.named.get(name);
    if (ns !== undefined) return Math.round(ns);
    const known = [...costs.named.keys()].map((item) => `\`${item}\``).join(', ');
    throw new UserError(
      'unknown-cost',
      `The kernel uses the cost \`${name}\`, which the machine's preset does not have.`,
      `Add it to the scenario's \`costs\`, or use one of ${known === '' ? '(none)' : known}.`,
    );
  });
  return {
    statementNs: Math.round(costs.statementNs),
    userInstructionNs: Math.round(costs.userInstructionNs),
    trapNs: Math.round(costs.trapNs),
    systemCallNs: Math.round(costs.systemCallNs),
    interruptNs: Math.round(costs.interruptNs),
    contextSwitchNs: Math.round(costs.contextSwitchNs),
    diskReadNs: Math.round(costs.diskReadNs),
    diskSeekNs: Math.round(costs.diskSeekNs),
    diskPageNs: Math.round(costs.diskPageNs),
    named,
  };
}
