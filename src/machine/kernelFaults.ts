/**
 * User memory from kernel mode: single accesses through the MMU, and the page faults they raise.
 *
 * A fault calls the same entry function as a fault of user code, on top of the kernel code that it
 * breaks off, with the user bit of the error code clear. Its trap frame says where: `ip` is the address of the
 * access in the code window, `cs` is that of the kernel. The handler may sleep. When it returns, the code
 * goes on at `ip`: if that still is the access, it is made again; if the handler has put the address of a function
 * there (a fixup), that function takes over the frame, with the same parameters, and returns to the same caller.
 * An access that fails changes nothing, also where it crosses into a second page.
 * Source: Intel SDM volume 3, sections 6.12.1 (frames of an exception handler) and 6.15 (interrupt 14).
 */
import { hex } from '../base/brand.ts';
import { CODE_BASE } from '../bytecode/program.ts';
import { CPU, TASK } from './imageLayout.ts';
import {
  BROKEN_BY_FAULT,
  faultFrameOf,
  popRecord,
  pushRecord,
  recordBelow,
} from './interruptRecord.ts';
import { pushCall, raiseStackOverflow } from './kernelCall.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { byteOffset, nextPage, translate } from './mmu.ts';
import { INSTRUCTION_WORDS, STUB_INTERRUPT_RETURN } from '../bytecode/instruction.ts';
import { beginRounds } from './rounds.ts';
import { clearWords } from './shadow.ts';
import { functionIndexAt, lowEnd } from './tasks.ts';
import { readKernelFrame, writeKernelFrame } from './trapFrame.ts';
import { noteTrap, TRAP_PAGE_FAULT } from './traps.ts';

/** Bytes of code address space per word of code. */
const BYTES_PER_WORD = 4;

/** The address of an instruction in the code window. */
function codeAddress(pc: number): number {
  return CODE_BASE + pc * BYTES_PER_WORD;
}

/** The address of the function whose code contains an address; 0 if none does. */
export function functionStart(state: MachineState, address: number): number {
  const pc = ((address >>> 0) - CODE_BASE) / BYTES_PER_WORD;
  const index = pc >= 0 ? functionIndexAt(state, pc) : -1;
  return index < 0 ? 0 : codeAddress(state.functionEntry[index] as number);
}

/**
 * Loads 1, 2 or 4 bytes from an address; the result is `MachineState.result`. Returns whether the access
 * is done; if not, the task is in the page-fault handler, or the run has ended.
 */
export function loadUserMemory(state: MachineState, address: number, bytes: number): boolean {
  const first = reach(state, address, bytes, false);
  if (first < 0) return false;
  const second = reachEnd(state, address, bytes, first, false);
  if (second < 0) return false;
  state.watchpoints?.noteUser(address, bytes, 'read');
  let value = 0;
  for (let index = bytes - 1; index >= 0; index -= 1) {
    const at = byteOffset(address, index, first, second);
    value = (value << 8) | (state.memory.bytes[at] as number);
  }
  state.result = value;
  return true;
}

/** Stores the low 1, 2 or 4 bytes of a value. Returns as `loadUserMemory`. */
export function storeUserMemory(
  state: MachineState,
  address: number,
  value: number,
  bytes: number,
): boolean {
  const first = reach(state, address, bytes, true);
  if (first < 0) return false;
  const second = reachEnd(state, address, bytes, first, true);
  if (second < 0) return false;
  const { memory } = state;
  state.watchpoints?.noteUser(address, bytes, 'write');
  for (let index = 0; index < bytes; index += 1) {
    const at = byteOffset(address, index, first, second);
    memory.bytes[at] = value >>> (8 * index);
    memory.mark(at, at + 1);
  }
  return true;
}

function reach(state: MachineState, address: number, bytes: number, isWrite: boolean): number {
  if (bytes !== 1 && bytes !== 2 && bytes !== 4) {
    state.raise({
      kind: 'badArgument',
      message: `An access of user memory takes 1, 2 or 4 bytes, not ${String(bytes)}.`,
      address: unsigned(address),
    });
    return -1;
  }
  const offset = translate(state, address, isWrite, false);
  if (offset < 0 && state.end === undefined) enterKernelFault(state);
  return offset;
}

/** The offset of the second page of an access, if it has one; else the first offset again. */
function reachEnd(
  state: MachineState,
  address: number,
  bytes: number,
  first: number,
  isWrite: boolean,
): number {
  if ((address & 0xfff) + bytes <= 0x1000) return first;
  return reach(state, nextPage(address), bytes, isWrite);
}

/** The running kernel code accessed an address that its page tables do not allow. */
function enterKernelFault(state: MachineState): void {
  const { words, faultAddress, faultCode } = state;
  const cpu = state.currentCpu;
  const atCpu = cpuAt(cpu);
  const task = state.currentTask;
  const low = lowEnd(state, task);
  const record = recordBelow(low, BROKEN_BY_FAULT);
  const stackLow = state.word(taskAt(task) + TASK.stackLow);
  if (record <= stackLow) {
    raiseStackOverflow(state, record, stackLow);
    return;
  }
  const frame = faultFrameOf(record);
  const ip = codeAddress(state.word(taskAt(task) + TASK.pc));
  writeKernelFrame(state, frame, ip, low, state.word(atCpu + CPU.irqsEnabled) !== 0);
  const { pageFault } = state.config.entries;
  pushRecord(state, task, record, BROKEN_BY_FAULT);
  pushCall(state, cpu, pageFault, [frame, faultCode], record, record, STUB_INTERRUPT_RETURN);
  if (state.end !== undefined) return;
  beginRounds(state);
  noteTrap(state, TRAP_PAGE_FAULT, faultCode, faultAddress);
  words[atCpu + CPU.cr2] = faultAddress;
  words[atCpu + CPU.irqsEnabled] = 0;
  state.charge(cpu, state.costs.trapNs);
}

/** The page-fault handler has returned to the innermost record, which is an intact one of a fault. */
export function returnFromKernelFault(state: MachineState): void {
  const task = state.currentTask;
  const at = taskAt(task);
  const frame = faultFrameOf(state.word(at + TASK.interruptRecord));
  const { ip, areIrqsEnabled } = readKernelFrame(state, frame);
  popRecord(state, task);
  state.words[cpuAt(state.currentCpu) + CPU.irqsEnabled] = areIrqsEnabled ? 1 : 0;
  const brokenOff = functionIndexAt(state, state.word(at + TASK.pc));
  const pc = (ip - CODE_BASE) / BYTES_PER_WORD;
  const target = pc >= 0 && pc % INSTRUCTION_WORDS === 0 ? functionIndexAt(state, pc) : -1;
  if (target < 0 || (target !== brokenOff && state.functionEntry[target] !== pc)) {
    state.raise({
      kind: 'wildCall',
      message: `The page-fault handler returns to ${hex(ip, 8)}: neither code of the function that faulted nor the start of one.`,
      address: unsigned(ip),
    });
    return;
  }
  if (target === brokenOff) {
    state.words[at + TASK.pc] = pc;
    return;
  }
  // The frame changes hands: what the checks knew of its locals ends with the function that had it.
  const before = lowEnd(state, task);
  const frameBytes = state.word(at + TASK.fp) - before;
  clearWords(state.memory, (before + IMAGE_BIAS) >>> 0, frameBytes);
  state.words[at + TASK.pc] = pc;
  const low = lowEnd(state, task);
  const stackLow = state.word(at + TASK.stackLow);
  if (low < stackLow) raiseStackOverflow(state, low, stackLow);
  else {
    const fp = state.word(at + TASK.fp);
    state.memory.mark((low + IMAGE_BIAS) >>> 0, (fp + IMAGE_BIAS) >>> 0);
  }
}
