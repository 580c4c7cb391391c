/**
 * Makes the views of tasks, CPUs and frames from the image. Looking changes nothing.
 */
import { asCpuId, asPc, asTaskId, type CpuId, type TaskId } from '../base/brand.ts';
import {
  INSTRUCTION_WORDS,
  STUB_INTERRUPT_RETURN,
  STUB_TRAP_RETURN,
} from '../bytecode/instruction.ts';
import type { Frame } from './frame.ts';
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
import type { CpuView, TaskStatus, TaskView, TrapView } from './taskView.ts';
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
  const registers = Int32Array.from(state.userRegisters[id] as Int32Array);
  if (!isIdle && pc !== PC_USER) loadUserRegisters(state, id, registers);
  const kind = TRAP_KINDS[state.word(at + TASK.trapKind)];
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
    exitCode: status === STATUS_EXITED ? state.word(at + TASK.exitCode) : undefined,
    blockedSinceNs:
      status === STATUS_BLOCKED ? state.double(TIMES.blockedSinceDouble + id) : undefined,
    userRegisters: registers,
    trapDepth: isInKernel && !isIdle ? 1 : 0,
    isInInterrupt: state.word(at + TASK.interruptDepth) > 0,
    interruptDepth: state.word(at + TASK.interruptDepth),
    trap:
      kind === undefined
        ? undefined
        : {
            kind,
            code: state.word(at + TASK.trapCode),
            address: unsigned(state.word(at + TASK.trapAddress)),
          },
  };
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
  let functionIndex = functionIndexAt(state, pc);
  while (functionIndex >= 0 && fp >= state.word(at + TASK.stackLow) && fp < high) {
    const word = ((fp + IMAGE_BIAS) >>> 0) >> 2;
    const savedFp = state.word(word);
    const returnPc = state.word(word + 1);
    const kind = frameKind(returnPc);
    frames.push({ pc: asPc(pc), fp: unsigned(fp), functionIndex, kind });
    if (savedFp <= fp || kind === 'trap') break;
    if (kind === 'interrupt') {
      // The saved frame pointer is the record of what was interrupted.
      const record = ((savedFp + IMAGE_BIAS) >>> 0) >> 2;
      pc = state.word(record);
      fp = state.word(record + 1);
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

function frameKind(returnPc: number): Frame['kind'] {
  if (returnPc === STUB_TRAP_RETURN) return 'trap';
  return returnPc === STUB_INTERRUPT_RETURN ? 'interrupt' : 'normal';
}
