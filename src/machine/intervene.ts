/**
 * Records and applies interventions: what a user does now, and what a course has recorded.
 *
 * First it is checked whether the present state allows one, then it is done whole.
 */
import { hex } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import {
  FLAG_STATEMENT,
  INSTRUCTION_WORDS,
  INSTRUCTIONS,
  OP,
  OPCODE_MASK,
} from '../bytecode/instruction.ts';
import { appliedInterventions, changeCourse, nextIntervention } from './followCourse.ts';
import { CPU, HEADER, TASK, TIMES } from './imageLayout.ts';
import { INTERRUPT_CPU } from './interrupts.ts';
import {
  type Intervention,
  MAX_INTERVENTIONS,
  MAX_SIGNAL,
  MAX_WRITTEN_BYTES,
} from './intervention.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { DIRTY, IMAGE_BIAS } from './memory.ts';
import { peekUser } from './mmu.ts';
import { SCHEDULING_DECIDED, SCHEDULING_RUNNING } from './scheduler.ts';
import { defineBytes } from './shadow.ts';
import {
  functionIndexAt,
  isAtRest,
  isIdleTask,
  PC_USER,
  STATUS_EXITED,
  STATUS_NEW,
} from './tasks.ts';
import { tell } from './tellTrace.ts';
import { TRACE } from './trace.ts';
import { userFlags, writeSavedRegister } from './trapFrame.ts';
import { flagWritten } from './valueFlags.ts';
import { USER_EFLAGS, USER_EIP, USER_REGISTER_COUNT } from './userCpu.ts';

type OfKind<Kind extends Intervention['kind']> = Extract<Intervention, { kind: Kind }>;
type Write = OfKind<'kernel' | 'physical' | 'user'>;

/** Why an intervention cannot be applied to the present state; `undefined` when it can. */
function findObstacle(state: MachineState, intervention: Intervention): string | undefined {
  switch (intervention.kind) {
    case 'kernel':
    case 'physical':
      return obstacleInMemory(state, intervention);
    case 'user':
      return (
        obstacleOfTask(state, intervention.task) ??
        obstacleOfSize(intervention) ??
        obstacleInPages(state, intervention)
      );
    case 'register':
      return (
        obstacleOfTask(state, intervention.task) ??
        (isIndex(intervention.register, USER_REGISTER_COUNT)
          ? undefined
          : `There is no user register ${String(intervention.register)}.`)
      );
    case 'goto':
      return obstacleOfJump(state, intervention);
    case 'signal':
      return obstacleOfTask(state, intervention.task) ?? obstacleOfSignal(state, intervention);
  }
}

function obstacleInMemory(
  state: MachineState,
  write: OfKind<'kernel' | 'physical'>,
): string | undefined {
  const size = obstacleOfSize(write);
  if (size !== undefined || locateWrite(state, write) >= 0) return size;
  const first = hex(write.address, 8);
  const last = hex(write.address + write.bytes.length - 1, 8);
  return `There is no memory at the ${write.kind} addresses ${first} to ${last}.`;
}

function locateWrite({ memory }: MachineState, write: OfKind<'kernel' | 'physical'>): number {
  const { kind, address, bytes } = write;
  return kind === 'kernel'
    ? memory.locate(address, bytes.length)
    : memory.locatePhysical(address, bytes.length);
}

function obstacleInPages(
  state: MachineState,
  { task, address, bytes }: OfKind<'user'>,
): string | undefined {
  for (let index = 0; index < bytes.length; index += 1) {
    const at = (address + index) >>> 0;
    if (peekUser(state, task, at) < 0)
      return `No page is mapped at the user address ${hex(at, 8)}.`;
  }
  return undefined;
}

function obstacleOfSize({ bytes }: Write): string | undefined {
  if (bytes.length >= 1 && bytes.length <= MAX_WRITTEN_BYTES) return undefined;
  return `A write has from 1 to ${String(MAX_WRITTEN_BYTES)} bytes, not ${String(bytes.length)}.`;
}

function obstacleOfTask(state: MachineState, task: number): string | undefined {
  if (!isIndex(task, state.word(HEADER.taskCount)) || isIdleTask(state, task)) {
    return `There is no task ${String(task)} of the scenario.`;
  }
  const hasEnded = state.word(taskAt(task) + TASK.status) === STATUS_EXITED;
  return hasEnded ? `Task ${String(task)} has ended.` : undefined;
}

function obstacleOfJump(state: MachineState, { task, pc }: OfKind<'goto'>): string | undefined {
  if (!isIndex(task, state.word(HEADER.taskCount))) return `There is no task ${String(task)}.`;
  const at = taskAt(task);
  const status = state.word(at + TASK.status);
  const from = functionIndexAt(state, state.word(at + TASK.pc));
  if (from < 0 || status === STATUS_EXITED || status === STATUS_NEW) {
    return `Task ${String(task)} executes no kernel function.`;
  }
  const isPlace = isIndex(pc, state.code.length) && pc % INSTRUCTION_WORDS === 0;
  if (isPlace && isStatementOf(state, pc, from)) return undefined;
  const name = state.program.functions[from]?.name ?? '';
  return `Code index ${String(pc)} is not the start of a statement of ${name}().`;
}

function isStatementOf(state: MachineState, pc: number, functionIndex: number): boolean {
  const word = state.code[pc] as number;
  return (word & FLAG_STATEMENT) !== 0 && functionIndexAt(state, pc) === functionIndex;
}

function obstacleOfSignal(state: MachineState, { signal }: OfKind<'signal'>): string | undefined {
  if (state.config.entries.signal === undefined) {
    return 'This kernel has no function that sends a signal.';
  }
  if (!Number.isInteger(signal) || signal < 1 || signal > MAX_SIGNAL) {
    return `There is no signal ${String(signal)}.`;
  }
  return state.word(HEADER.signalTask) === 0
    ? undefined
    : 'The signal before has not been delivered yet.';
}

function isIndex(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}

/** Errors: `UserError` when a replayed schedule writes where the machine has no memory. */
export function requireInterventionsInMemory(state: MachineState): void {
  for (const { position, intervention } of state.course.interventions) {
    if (intervention.kind !== 'kernel' && intervention.kind !== 'physical') continue;
    const obstacle = obstacleInMemory(state, intervention);
    if (obstacle !== undefined) throw misfit(position, obstacle);
  }
}

function misfit(position: number, obstacle: string): UserError {
  return new UserError(
    'schedule-does-not-fit',
    `The schedule's intervention at position ${String(position)} does not fit: ${obstacle}`,
    'Pass a schedule as Faultline printed it; this one was changed.',
  );
}

/**
 * Makes an intervention the next of the course, which ends with it.
 * Errors: `UserError` when it is impossible in the present state, or there are too many.
 */
export function recordIntervention(state: MachineState, intervention: Intervention): void {
  const obstacle =
    appliedInterventions(state) < MAX_INTERVENTIONS
      ? findObstacle(state, intervention)
      : `A run can have at most ${String(MAX_INTERVENTIONS)} interventions.`;
  if (obstacle !== undefined) {
    const remedy = 'Change something that exists where the run stands.';
    throw new UserError('bad-intervention', obstacle, remedy);
  }
  const position = state.double(TIMES.positionDouble);
  const point = state.double(TIMES.pointsDouble);
  changeCourse(state, { interventions: [{ position, point, intervention: copyOf(intervention) }] });
}

/** The bytes of a write belong to the record from now on. */
function copyOf(intervention: Intervention): Intervention {
  return 'bytes' in intervention
    ? { ...intervention, bytes: intervention.bytes.slice() }
    : intervention;
}

/**
 * Applies the intervention that is recorded next if it belongs to the present place; returns whether
 * there was one. A decision that had been made for the place is to be made again: the user may have
 * changed who can run.
 * Errors: `UserError` when a replayed schedule made it in another state.
 */
export function applyNextIntervention(state: MachineState): boolean {
  const recorded = nextIntervention(state);
  if (recorded === undefined || state.end !== undefined || !state.isBooted) return false;
  const { position, point, intervention } = recorded;
  if (position !== state.double(TIMES.positionDouble)) return false;
  const points = state.double(TIMES.pointsDouble);
  const obstacle =
    point === points
      ? findObstacle(state, intervention)
      : `it was made at point ${String(point)}, and this is point ${String(points)}.`;
  if (obstacle !== undefined) throw misfit(position, obstacle);
  perform(state, intervention);
  if (state.trace !== undefined) {
    const task = 'task' in intervention ? intervention.task : state.currentTask;
    tell(state, TRACE.intervention, task, appliedInterventions(state));
  }
  state.doubles[TIMES.interventionsDouble] = appliedInterventions(state) + 1;
  if (state.word(HEADER.scheduling) === SCHEDULING_DECIDED) {
    state.words[HEADER.scheduling] = SCHEDULING_RUNNING;
  }
  return true;
}

function perform(state: MachineState, intervention: Intervention): void {
  const { memory, words } = state;
  switch (intervention.kind) {
    case 'kernel':
    case 'physical': {
      const offset = locateWrite(state, intervention);
      memory.bytes.set(intervention.bytes, offset);
      memory.mark(offset, offset + intervention.bytes.length);
      defineBytes(memory, offset, intervention.bytes.length);
      flagWritten(state, unsigned(offset - IMAGE_BIAS), intervention.bytes.length);
      return;
    }
    case 'user':
      intervention.bytes.forEach((byte, index) => {
        const address = (intervention.address + index) >>> 0;
        const offset = peekUser(state, intervention.task, address);
        memory.bytes[offset] = byte;
        memory.dirty[offset >> 12] = DIRTY;
        defineBytes(memory, offset, 1);
      });
      return;
    case 'register':
      setRegister(state, intervention);
      return;
    case 'goto':
      jump(state, intervention);
      return;
    case 'signal':
      words[HEADER.signalTask] = intervention.task + 1;
      words[HEADER.signalNumber] = intervention.signal;
      if (isAtRest(state, INTERRUPT_CPU)) {
        state.advanceClock(INTERRUPT_CPU, state.clock(state.currentCpu));
      }
  }
}

function setRegister(state: MachineState, intervention: OfKind<'register'>): void {
  const { task, register, value } = intervention;
  // Wherever it goes on, it is not in the middle of a repeated instruction.
  if (register === USER_EIP) state.words[taskAt(task) + TASK.isRepeating] = 0;
  if (state.word(taskAt(task) + TASK.pc) !== PC_USER) {
    writeSavedRegister(state, task, register, value);
    return;
  }
  const registers = state.userRegisters[task] as Int32Array;
  registers[register] = register === USER_EFLAGS ? userFlags(value) : value;
}

function jump(state: MachineState, { task, pc }: OfKind<'goto'>): void {
  const { words } = state;
  const at = taskAt(task);
  if (state.word(at + TASK.costFrame) === state.word(at + TASK.fp)) {
    const open = state.word(at + TASK.costDepth);
    const depth = Math.min(open, costDepthAt(state, functionIndexAt(state, pc), pc));
    words[at + TASK.costDepth] = depth;
    if (depth === 0) words[at + TASK.costFrame] = 0;
  }
  words[at + TASK.pc] = pc;
  // It does not stand still on a word any more.
  const atCpu = cpuAt(state.word(at + TASK.cpu));
  if (state.word(atCpu + CPU.task) === task) words[atCpu + CPU.stallAddress] = 0;
}

/** How many cost regions of its function are open at an instruction: the same on every way to it. */
function costDepthAt(state: MachineState, functionIndex: number, wanted: number): number {
  const { code } = state;
  const ways: (readonly [pc: number, depth: number])[] = [
    [state.functionEntry[functionIndex] as number, 0],
  ];
  const seen = new Set<number>();
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    let [pc, depth] = way;
    while (!seen.has(pc) && pc < code.length) {
      if (pc === wanted) return depth;
      seen.add(pc);
      const opcode = (code[pc] as number) & OPCODE_MASK;
      if (opcode === OP.costBegin) depth += 1;
      else if (opcode === OP.costEnd) depth -= 1;
      const target = jumpTarget(code, pc);
      if (target !== undefined) ways.push([target, depth]);
      if (ENDS_WAY.has(opcode)) break;
      pc += INSTRUCTION_WORDS;
    }
  }
  return 0;
}

/** Instructions after which the next one is not executed. */
const ENDS_WAY: ReadonlySet<number> = new Set([
  OP.jump,
  OP.return,
  OP.return32,
  OP.return64,
  OP.trap,
]);

function jumpTarget(code: Int32Array, pc: number): number | undefined {
  const shape = INSTRUCTIONS[(code[pc] as number) & OPCODE_MASK];
  if (shape?.a === 'target') return code[pc + 1];
  if (shape?.b === 'target') return code[pc + 2];
  return shape?.c === 'target' ? code[pc + 3] : undefined;
}
