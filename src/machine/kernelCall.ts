/**
 * Calls that the machine itself makes into kernel code: boot, traps, interrupts, the hook before the
 * return to user mode.
 */
import { CPU, TASK } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { hex } from '../base/brand.ts';

/**
 * Pushes a call of a function onto the stack of a CPU's task, from the address `below` downwards.
 *
 * `savedFp` is what the stub at `returnPc` will find as its frame pointer. A stack without room is a
 * machine fault.
 */
export function pushCall(
  state: MachineState,
  cpu: number,
  functionIndex: number,
  parameters: readonly number[],
  below: number,
  savedFp: number,
  returnPc: number,
): void {
  const at = taskAt(state.word(cpuAt(cpu) + CPU.task));
  const { words } = state;
  const fp = below - 8 - 4 * parameters.length;
  const low = fp - (state.functionFrameBytes[functionIndex] as number);
  const stackLow = state.word(at + TASK.stackLow);
  if (low < stackLow) {
    raiseStackOverflow(state, low, stackLow);
    return;
  }
  const word = ((fp + IMAGE_BIAS) >>> 0) >> 2;
  words[word] = savedFp;
  words[word + 1] = returnPc;
  parameters.forEach((value, index) => {
    words[word + 2 + index] = value;
  });
  state.memory.mark((low + IMAGE_BIAS) >>> 0, (below + IMAGE_BIAS) >>> 0);
  words[at + TASK.fp] = fp;
  words[at + TASK.pc] = state.functionEntry[functionIndex] as number;
}

/** A kernel stack is used up. */
export function raiseStackOverflow(state: MachineState, low: number, stackLow: number): void {
  state.raise({
    kind: 'stackOverflow',
    message: `The stack is used up: a call needs it down to ${hex(low, 8)}, it ends at ${hex(stackLow, 8)}.`,
    address: unsigned(low),
  });
}
