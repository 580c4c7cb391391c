/**
 * Makes the views of tasks, CPUs and frames from the image. Looking changes nothing.
 */
import { asCpuId, asPc, asTaskId, type CpuId, type TaskId } from '../base/brand.ts';
import {
  INSTRUCTION_WORDS,
  STUB_INTERRUPT_RETURN,
  STUB_TRAP_RETURN,
} from '../bytecode/instruction.ts';
import type { Frame, TrapView } from './frame.ts';
import { CPU, TASK, TIMES } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import {
  functionIndexAt,
  isAtRest,
  isIdleTask,
  PC_USER,
  STATUS_BLOCKED,
  STATUS_EXITED,
  STATUS_NEW,
} from './tasks.ts';
import { type RecordView, viewRecord } from './interruptRecord.ts';
import type { CpuView, TaskStatus, TaskView } from './taskView.ts';
import { loadUserRegisters } from './trapFrame.ts';
import { TRAP_EXCEPTION, TRAP_INTERRUPT, TRAP_PAGE_FAULT, TRAP_SYSTEM_CALL } from './traps.ts';

const STATUS_NAMES: readonly TaskStatus[] = ['new', 'runnable', 'running', 'blocked', 'exited'];

const TRAP_KINDS: Readonly<Record<number, TrapView['kind']>> = {
  [TRAP_PAGE_FAULT]: 'pageFault',
  [TRAP_SYSTEM_CALL]: 'systemCall',
  [TRAP_EXCEPTION]: 'exception',
  [TRAP_INTERRUPT]: 'interrupt',
};

/** A task as one sees it. */
export function viewTask(state: MachineState, id: TaskId): TaskView {
  const at = taskAt(id);
  const isIdle = isIdleTask(state, id);
  const status = state.word(at + TASK.status);
  const pc = state.word(at + TASK.pc);
  const isUser = !isIdle && (pc === PC_USER || status === STATUS_NEW);
  const isInKernel = pc >= 0 && !isUser && status !== STATUS_EXITED;
  const registers = (state.userRegisters[id] as Int32Array).slice();
  if (!isIdle && pc !== PC_USER) loadUserRegisters(state, id, registers);
  return {
    id,
    index: isIdle ? undefined : state.word(at + TASK.scenarioIndex) - 1,
    isIdle,
    cookie: unsigned(state.word(at + TASK.cookie)),
    status: STATUS_NAMES[status] ?? 'new',
    mode: isUser ? 'user' : 'kernel',
    cpu: asCpuId(state.word(at + TASK.cpu)),
    pc: isInKernel ? asPc(pc) : undefined,
    fp: isInKernel ? unsigned(state.word(at + TASK.fp)) : 0,
    stackLow: unsigned(state.word(at + TASK.stackLow)),
    stackHigh: unsigned(state.word(at + TASK.stackHigh)),
    exitCode: status === STATUS_EXITED ? state.word(at + TASK.exitCode) : undefined,
    blockedSinceNs:
      status === STATUS_BLOCKED ? state.double(TIMES.blockedSinceDouble + id) : undefined,
    userRegisters: registers,
    trapDepth: isInKernel && !isIdle ? 1 : 0,
    isInInterrupt: state.word(at + TASK.interruptDepth) > 0,
    interruptDepth: state.word(at + TASK.interruptDepth),
    trap: viewTrap(notedTrap(state, at)),
  };
}

/** Kind, code and address of the trap that a task handles or handled last. */
function notedTrap(state: MachineState, at: number): readonly [number, number, number] {
  return [
    state.word(at + TASK.trapKind),
    state.word(at + TASK.trapCode),
    state.word(at + TASK.trapAddress),
  ];
}

function viewTrap([number, code, address]: readonly [number, number, number]):
  TrapView | undefined {
  const kind = TRAP_KINDS[number];
  return kind === undefined ? undefined : { kind, code, address: unsigned(address) };
}

/** A CPU as one sees it. */
export function viewCpu(state: MachineState, id: CpuId): CpuView {
  const at = cpuAt(id);
  const task = state.word(at + CPU.task);
  return {
    id,
    clockNs: state.clock(id),
    task: asTaskId(task),
    isIdle: isAtRest(state, id),
    isInInterrupt: state.word(taskAt(task) + TASK.interruptDepth) > 0,
    irqsEnabled: state.word(at + CPU.irqsEnabled) !== 0,
    isStalled: state.word(at + CPU.stallAddress) !== 0,
    cr2: unsigned(state.word(at + CPU.cr2)),
  };
}

/** The kernel frames of a task, innermost first. A chain that the kernel has overwritten ends early. */
export function viewFrames(state: MachineState, task: TaskId): readonly Frame[] {
  const at = taskAt(task);
  const high = state.word(at + TASK.stackHigh);
  const frames: Frame[] = [];
  let pc = state.word(at + TASK.pc);
  let fp = state.word(at + TASK.fp);
  if (state.word(at + TASK.status) === STATUS_EXITED) return frames;
  let trap = notedTrap(state, at);
  let functionIndex = functionIndexAt(state, pc);
  while (functionIndex >= 0 && fp >= state.word(at + TASK.stackLow) && fp < high) {
    const word = ((fp + IMAGE_BIAS) >>> 0) >> 2;
    const savedFp = state.word(word);
    const returnPc = state.word(word + 1);
    // The saved frame pointer of a handler is the record of what was broken off.
    const record =
      returnPc === STUB_INTERRUPT_RETURN && savedFp > fp && savedFp < high
        ? viewRecord(state, savedFp)
        : undefined;
    const kind = frameKind(returnPc, record);
    const entered = kind === 'trap' || kind === 'fault' ? viewTrap(trap) : undefined;
    frames.push({ pc: asPc(pc), fp: unsigned(fp), functionIndex, kind, trap: entered });
    if (savedFp <= fp || kind === 'trap') break;
    if (record !== undefined) {
      ({ pc, fp } = record);
      if (record.isFault) trap = record.trapBefore;
      functionIndex = functionIndexAt(state, pc);
    } else {
      fp = savedFp;
      pc = returnPc;
      // The call may be the last instruction of its function.
      functionIndex = functionIndexAt(state, pc - INSTRUCTION_WORDS);
    }
  }
  return frames;
}

function frameKind(returnPc: number, record: RecordView | undefined): Frame['kind'] {
  if (returnPc === STUB_TRAP_RETURN) return 'trap';
  if (returnPc !== STUB_INTERRUPT_RETURN) return 'normal';
  return record?.isFault === true ? 'fault' : 'interrupt';
}
