/**
 * The trap frame: the user registers as the machine saves them at the top of a task's kernel stack.
 *
 * 17 words in the order in which i386 system entry pushes them, lowest address first.
 * Source: Intel SDM volume 3, section 6.12 (the five words that the CPU pushes); the order of the
 * others and the original eax are the usual convention of i386 kernels, which C declares as a struct.
 */
import { type MachineState, taskAt } from './machineState.ts';
import { DIRTY, IMAGE_BIAS } from './memory.ts';
import { TASK } from './imageLayout.ts';
import {
  USER_EAX,
  USER_EBP,
  USER_EBX,
  USER_ECX,
  USER_EDI,
  USER_EDX,
  USER_EFLAGS,
  USER_EIP,
  USER_ESI,
  USER_ESP,
} from './userCpu.ts';

export const TRAP_FRAME_WORDS = 17;
export const TRAP_FRAME_BYTES = TRAP_FRAME_WORDS * 4;

/** Word of the frame → user register, for the words that are one. */
const REGISTER_WORDS: readonly (readonly [number, number])[] = [
  [0, USER_EBX],
  [1, USER_ECX],
  [2, USER_EDX],
  [3, USER_ESI],
  [4, USER_EDI],
  [5, USER_EBP],
  [6, USER_EAX],
  [12, USER_EIP],
  [14, USER_EFLAGS],
  [15, USER_ESP],
];

/** Word of the frame → constant: segment selectors of user mode (privilege level 3). */
const CONSTANT_WORDS: readonly (readonly [number, number])[] = [
  [7, 0x7b],
  [8, 0x7b],
  [9, 0],
  [10, 0],
  [13, 0x73],
  [16, 0x7b],
];
const ORIGINAL_EAX_WORD = 11;

/** The words that a page fault of kernel code needs; bit 9 of eflags is the interrupt flag. */
const IP_WORD = 12;
const CS_WORD = 13;
const FLAGS_WORD = 14;
const SP_WORD = 15;
const SS_WORD = 16;
const KERNEL_CS = 0x60;
const KERNEL_DS = 0x68;
const FLAG_INTERRUPTS = 0x200;
const FLAG_FIXED = 2;

/** Bits of eflags that user code owns (arithmetic and direction), and those that always read as set. */
const USER_FLAGS = 0x0cd5;
const FIXED_FLAGS = 0x0202;
/** Virtual 8086 mode: no user code can change it, but the frame from which the kernel returns may have it. */
const FLAG_VIRTUAL_8086 = 0x20000;

/** The address of a task's trap frame. */
export function trapFrameAddress(state: MachineState, task: number): number {
  return state.word(taskAt(task) + TASK.stackHigh) - TRAP_FRAME_BYTES;
}

function frameWord(state: MachineState, task: number): number {
  return ((trapFrameAddress(state, task) + IMAGE_BIAS) >>> 0) >> 2;
}

/** Saves the registers of a task that leaves user mode. */
export function saveUserRegisters(state: MachineState, task: number, originalEax: number): void {
  const { words, memory } = state;
  const at = frameWord(state, task);
  const registers = state.userRegisters[task] as Int32Array;
  // Every trap comes here: taking the pairs apart by their indices is much faster than by patterns.
  for (const pair of REGISTER_WORDS) words[at + pair[0]] = registers[pair[1]] as number;
  for (const pair of CONSTANT_WORDS) words[at + pair[0]] = pair[1];
  words[at + FLAGS_WORD] = frameFlags(registers[USER_EFLAGS] as number);
  words[at + ORIGINAL_EAX_WORD] = originalEax;
  memory.dirty[at >> 10] = DIRTY;
  memory.dirty[(at + TRAP_FRAME_WORDS - 1) >> 10] = DIRTY;
}

/** Sets a register in the frame. */
export function writeSavedRegister(
  state: MachineState,
  task: number,
  register: number,
  value: number,
): void {
  const [word] = REGISTER_WORDS.find((item) => item[1] === register) ?? [0];
  const at = frameWord(state, task) + word;
  state.words[at] = register === USER_EFLAGS ? userFlags(value) : value;
  state.memory.dirty[at >> 10] = DIRTY;
}

/** What eflags can be in user mode: the bits that user code owns, and those that are always set. */
export function userFlags(value: number): number {
  return (value & USER_FLAGS) | FIXED_FLAGS;
}

/** What eflags can be in the frame: the same, and the mode that the kernel has put the task into. */
function frameFlags(value: number): number {
  return userFlags(value) | (value & FLAG_VIRTUAL_8086);
}

/** Reads the frame back into registers: the task's own, or a copy for someone who looks. */
export function loadUserRegisters(state: MachineState, task: number, into: Int32Array): void {
  const at = frameWord(state, task);
  for (const pair of REGISTER_WORDS) into[pair[1]] = state.word(at + pair[0]);
  into[USER_EFLAGS] = frameFlags(state.word(at + FLAGS_WORD));
}

/**
 * Writes the trap frame of kernel code that has faulted. Bytecode has no i386 registers, so those are 0; a real
 * CPU, which does not change its stack here, would leave the last two words to what lies there.
 */
export function writeKernelFrame(
  state: MachineState,
  frame: number,
  ip: number,
  sp: number,
  areIrqsEnabled: boolean,
): void {
  const { words } = state;
  const at = ((frame + IMAGE_BIAS) >>> 0) >> 2;
  words.fill(0, at, at + TRAP_FRAME_WORDS);
  words[at + ORIGINAL_EAX_WORD] = -1;
  words[at + IP_WORD] = ip;
  words[at + CS_WORD] = KERNEL_CS;
  words[at + FLAGS_WORD] = FLAG_FIXED | (areIrqsEnabled ? FLAG_INTERRUPTS : 0);
  words[at + SP_WORD] = sp;
  words[at + SS_WORD] = KERNEL_DS;
  state.memory.mark(at * 4, (at + TRAP_FRAME_WORDS) * 4);
}

/** Where that code goes on, and with which interrupt flag: the handler may have changed both. */
export function readKernelFrame(
  state: MachineState,
  frame: number,
): { readonly ip: number; readonly areIrqsEnabled: boolean } {
  const at = ((frame + IMAGE_BIAS) >>> 0) >> 2;
  return {
    ip: state.word(at + IP_WORD) >>> 0,
    areIrqsEnabled: (state.word(at + FLAGS_WORD) & FLAG_INTERRUPTS) !== 0,
  };
}
