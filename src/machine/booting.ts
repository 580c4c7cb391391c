/**
 * Boot: CPU 0 runs the kernel's boot function on its idle task's stack; when that returns, the clocks
 * and figures start at 0 and the scenario begins.
 */
import { STUB_BOOT_RETURN } from '../bytecode/instruction.ts';
import { bootStackBytes, bootStackLow } from './bootMemory.ts';
import {
  CPU,
  HEADER,
  HOLD_SINCE_DOUBLE,
  LOCK_STATISTICS,
  MAX_HOLDS,
  MAX_WAITS,
  SINCE_PAGE,
  PAGE_WORDS,
  TASK,
  TIMES,
} from './imageLayout.ts';
import { clearTable } from './imageTable.ts';
import { pushCall } from './kernelCall.ts';
import { cpuAt, type MachineState, STALE_EVENTS, taskAt } from './machineState.ts';
import { SCHEDULING_NEEDED } from './scheduler.ts';
import { createIdleTask, PC_IDLE } from './tasks.ts';

/** Makes CPU 0's idle task, about to call the boot function with the boot table's address. */
export function prepareBoot(state: MachineState): void {
  const { config } = state;
  createIdleTask(state, 0, 0, bootStackLow(config), bootStackBytes(config));
  const task = state.currentTask;
  state.words[cpuAt(0) + CPU.irqsEnabled] = 0;
  const high = state.word(taskAt(task) + TASK.stackHigh);
  pushCall(state, 0, config.entries.boot, [config.program.dataEnd], high, high, STUB_BOOT_RETURN);
}

/** The boot function has returned: CPU 0 rests, time starts. */
export function endBoot(state: MachineState): void {
  const { words, doubles } = state;
  for (let cpu = 0; cpu < state.config.cpuCount; cpu += 1) {
    if (state.word(cpuAt(cpu) + CPU.idleTask) !== 0) continue;
    state.raise({
      kind: 'boot',
      message: `Boot code has ended without fl_idle_create for CPU ${String(cpu)}.`,
    });
    return;
  }
  const at = taskAt(state.currentTask);
  words[at + TASK.pc] = PC_IDLE;
  words[at + TASK.fp] = state.word(at + TASK.stackHigh);
  words[at + TASK.costFrame] = 0;
  words[at + TASK.costDepth] = 0;
  words[cpuAt(0) + CPU.irqsEnabled] = 1;
  words[HEADER.isBooted] = 1;
  words[HEADER.scheduling] = SCHEDULING_NEEDED;
  doubles.fill(0, TIMES.cpuClockDouble, TIMES.cpuClockDouble + state.config.cpuCount);
  doubles.fill(0, HOLD_SINCE_DOUBLE, HOLD_SINCE_DOUBLE + MAX_HOLDS + MAX_WAITS);
  state.memory.markWord(SINCE_PAGE * PAGE_WORDS);
  clearTable(state, LOCK_STATISTICS);
  state.nextEventNs = STALE_EVENTS;
}
