/**
 * The intrinsics: what C asks of the machine itself. The table with their contracts is
 * `bytecode/intrinsic.ts`.
 */
import { hex } from '../base/brand.ts';
import { INTRINSIC } from '../bytecode/intrinsic.ts';
import { requireUsable } from './accessFaults.ts';
import { modifyBit, modifyWord, waitForChange } from './atomics.ts';
import { fetchCompleted, readPage, submitRequest } from './disk.ts';
import { describeAccess } from './faults.ts';
import { decodeText, readText } from './guestText.ts';
import { noteAllocation, noteFree, setMemoryState } from './heapObjects.ts';
import { CPU, HEADER, TASK, TIMES } from './imageLayout.ts';
import { kernelEnd } from './bootMemory.ts';
import { kickTask } from './interrupts.ts';
import { functionStart, loadUserMemory, storeUserMemory } from './kernelFaults.ts';
import { cpuAt, type MachineState, taskAt, unsigned } from './machineState.ts';
import { SCHEDULING_NEEDED } from './scheduler.ts';
import { copyMarks, defineBytes, lacksValues } from './shadow.ts';
import { isCountedLocal, isOnStack } from './stackObjects.ts';
import { createIdleTask, createTask, exitTask, parkTask, wakeTask } from './tasks.ts';
import { armTimer, cancelTimer } from './timers.ts';
import { cpusWithDirectory, flushAll, flushOthers, flushPage, loadPageDirectory } from './tlb.ts';

/** Bytes of text that one `fl_write` may pass to the host. */
const LONGEST_WRITE = 1_048_576;

/** The intrinsic is done; its result is `MachineState.result`. */
export const INTRINSIC_DONE = 0;
/** The CPU goes on with something else, or the run has ended; the pc has been set. */
export const INTRINSIC_SWITCHED = 1;

/**
 * Performs an intrinsic of the running task, whose pc, frame pointer and clock have been saved, with its
 * arguments in the words from `args`. After a fault the pc still names the instruction.
 */
export function performIntrinsic(state: MachineState, intrinsic: number, args: number): number {
  const first = state.word(args);
  const second = state.word(args + 1);
  state.result = 0;
  switch (intrinsic) {
    case INTRINSIC.fl_atomic_add:
    case INTRINSIC.fl_atomic_xchg:
    case INTRINSIC.fl_atomic_cmpxchg:
      state.result = modifyWord(state, intrinsic, first, second, state.word(args + 2));
      break;
    case INTRINSIC.fl_test_and_set_bit:
    case INTRINSIC.fl_set_bit:
      state.result = modifyBit(state, first, second, true);
      break;
    case INTRINSIC.fl_test_and_clear_bit:
    case INTRINSIC.fl_clear_bit:
      state.result = modifyBit(state, first, second, false);
      break;
    case INTRINSIC.fl_cpu_wait:
      if (waitForChange(state, first, second)) return INTRINSIC_SWITCHED;
      break;
    case INTRINSIC.fl_park:
      if (!park(state, first)) break;
      return switched(state);
    case INTRINSIC.fl_wake:
      state.result = wakeTask(state, first);
      break;
    case INTRINSIC.fl_kick:
      state.result = kickTask(state, first) ? 1 : 0;
      break;
    case INTRINSIC.fl_task_exit:
      state.watcher?.exiting();
      if (state.end !== undefined) return INTRINSIC_SWITCHED;
      exitTask(state, first);
      return switched(state);
    case INTRINSIC.fl_load_cr3:
      state.words[taskAt(state.currentTask) + TASK.pageDirectory] = first;
      loadPageDirectory(state, state.currentCpu, first);
      break;
    case INTRINSIC.fl_flush_tlb_page:
      flushPage(state, state.currentCpu, first);
      break;
    case INTRINSIC.fl_flush_tlb:
      flushAll(state, state.currentCpu);
      break;
    case INTRINSIC.fl_flush_tlb_others:
      flushOthers(state, first, second);
      break;
    case INTRINSIC.fl_user_load:
      return loadUserMemory(state, first, second) ? INTRINSIC_DONE : INTRINSIC_SWITCHED;
    case INTRINSIC.fl_user_store:
      return storeUserMemory(state, first, second, state.word(args + 2))
        ? INTRINSIC_DONE
        : INTRINSIC_SWITCHED;
    case INTRINSIC.fl_task_create:
      state.result = createTask(
        state,
        first,
        second,
        state.word(args + 2),
        state.word(args + 3),
        state.word(args + 4),
      );
      break;
    case INTRINSIC.fl_idle_create:
      state.result = createIdleTask(
        state,
        first,
        second,
        state.word(args + 2),
        state.word(args + 3),
      );
      break;
    case INTRINSIC.fl_disk_submit:
      submitRequest(state, first, second, state.word(args + 2), state.word(args + 3));
      break;
    case INTRINSIC.fl_disk_completed:
      state.result = fetchCompleted(state, first);
      break;
    case INTRINSIC.fl_disk_load:
      loadFromDisk(state, first, second);
      break;
    case INTRINSIC.fl_timer_arm:
      state.result = armTimer(state, first, second);
      break;
    case INTRINSIC.fl_timer_cancel:
      state.result = cancelTimer(state, first);
      break;
    case INTRINSIC.fl_memcpy:
      copyMemory(state, first, second, state.word(args + 2));
      break;
    case INTRINSIC.fl_memset:
      fillMemory(state, first, second, state.word(args + 2));
      break;
    case INTRINSIC.fl_write:
      writeOutput(state, first, second, state.word(args + 2));
      break;
    case INTRINSIC.fl_bug:
      state.raise({ kind: 'bug', message: readText(state, first), address: unsigned(first) });
      break;
    case INTRINSIC.fl_memory_state:
      setMemoryState(state, first, second, state.word(args + 2));
      break;
    case INTRINSIC.fl_object_allocated:
      noteAllocation(state, first, second);
      break;
    case INTRINSIC.fl_object_freed:
      noteFree(state, first, second);
      break;
    case INTRINSIC.fl_exit:
      state.end = { kind: 'finished', outcome: 'completed', exitStatus: first };
      break;
    case INTRINSIC.fl_popcount:
      state.result = countOnes(first);
      break;
    case INTRINSIC.fl_clz:
      state.result = Math.clz32(first);
      break;
    case INTRINSIC.fl_ctz:
      state.result = first === 0 ? 32 : 31 - Math.clz32(first & -first);
      break;
    case INTRINSIC.fl_bswap:
      state.result = swapBytes(first);
      break;
    default:
      state.result = readMachine(state, intrinsic, first);
  }
  return state.end === undefined ? INTRINSIC_DONE : INTRINSIC_SWITCHED;
}

/** Parks the running task, before the eyes of who watches. */
function park(state: MachineState, stateAddress: number): boolean {
  const { watcher, currentTask } = state;
  if (!parkTask(state, stateAddress)) return false;
  if (state.end === undefined) watcher?.slept(currentTask);
  return true;
}

function countOnes(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function swapBytes(word: number): number {
  const low = ((word & 0xff) << 8) | ((word >>> 8) & 0xff);
  const high = (((word >>> 16) & 0xff) << 8) | (word >>> 24);
  return (low << 16) | high;
}

/** After parking or exiting: a decision comes next, unless the run has ended. */
function switched(state: MachineState): number {
  if (state.end === undefined) state.words[HEADER.scheduling] = SCHEDULING_NEEDED;
  return INTRINSIC_SWITCHED;
}

/** The intrinsics that read or set a register of the running CPU. */
function readMachine(state: MachineState, intrinsic: number, argument: number): number {
  const cpu = state.currentCpu;
  const atIrqs = cpuAt(cpu) + CPU.irqsEnabled;
  const wereEnabled = state.word(atIrqs);
  switch (intrinsic) {
    case INTRINSIC.fl_irq_disable:
      state.words[atIrqs] = 0;
      return wereEnabled;
    case INTRINSIC.fl_irq_enable:
      state.words[atIrqs] = 1;
      return 0;
    case INTRINSIC.fl_irq_restore:
      state.words[atIrqs] = argument === 0 ? 0 : 1;
      return 0;
    case INTRINSIC.fl_irqs_enabled:
      return wereEnabled;
    case INTRINSIC.fl_current:
      return state.word(taskAt(state.currentTask) + TASK.cookie);
    case INTRINSIC.fl_cpu:
      return cpu;
    case INTRINSIC.fl_clock_us:
      return Math.floor(state.clock(cpu) / 1000) | 0;
    case INTRINSIC.fl_read_cr2:
      return state.word(cpuAt(cpu) + CPU.cr2);
    case INTRINSIC.fl_cr3_cpus:
      return cpusWithDirectory(state, argument);
    case INTRINSIC.fl_function_at:
      return functionStart(state, argument);
    case INTRINSIC.fl_ram_bytes:
      return state.config.ramBytes;
    case INTRINSIC.fl_kernel_end:
      return kernelEnd(state.config);
    default:
      state.raise({
        kind: 'badInstruction',
        message: `There is no intrinsic ${String(intrinsic)}.`,
      });
      return 0;
  }
}

function loadFromDisk(state: MachineState, sector: number, frame: number): void {
  if (state.isBooted) {
    state.raise({ kind: 'boot', message: 'fl_disk_load works only while booting.' });
    return;
  }
  const error = readPage(state, sector, frame);
  if (error === 0 || state.end !== undefined) return;
  state.raise({
    kind: 'boot',
    message: `The page at sector ${hex(sector)} of the disk cannot be read while booting.`,
  });
}

/**
 * Copies bytes as `memmove` does; the result is `to`. What has no value in the source has none in the
 * target, if that can be known of the target: `isCounted` says that it can. Faults end the run.
 */
export function copyMemory(
  state: MachineState,
  to: number,
  from: number,
  bytes: number,
  isCounted = false,
): void {
  state.result = to;
  const count = bytes >>> 0;
  if (count === 0) return;
  const { memory } = state;
  const source = memory.locate(from, count);
  const target = memory.locate(to, count);
  if (source < 0 || target < 0) {
    state.raise(describeAccess(unsigned(source < 0 ? from : to), count, source >= 0));
    return;
  }
  if (!requireUsable(state, source, count, false, true)) return;
  if (!requireUsable(state, target, count, true, true)) return;
  state.watchpoints?.note(source, count, 'read', 'task');
  state.watchpoints?.note(target, count, 'write', 'task');
  state.noteMove(count);
  memory.mark(target, target + count);
  memory.bytes.copyWithin(target, source, source + count);
  if (isCounted || canLackValues(state, to, source, count))
    copyMarks(memory, target, source, count);
  else defineBytes(memory, target, count);
}

/** Fills bytes; the result is `to`. Faults end the run. */
export function fillMemory(state: MachineState, to: number, byte: number, bytes: number): void {
  state.result = to;
  const count = bytes >>> 0;
  if (count === 0) return;
  const { memory } = state;
  const target = memory.locate(to, count);
  if (target < 0) {
    state.raise(describeAccess(unsigned(to), count, true));
    return;
  }
  if (!requireUsable(state, target, count, true, true)) return;
  state.watchpoints?.note(target, count, 'write', 'task');
  state.noteMove(count);
  memory.mark(target, target + count);
  memory.bytes.fill(byte & 0xff, target, target + count);
  defineBytes(memory, target, count);
}

/** Whether the target of a copy may lack the values that the source lacks; if it lacks any. */
function canLackValues(state: MachineState, to: number, source: number, bytes: number): boolean {
  if (!lacksValues(state.memory, source, bytes) || !isOnStack(state, to)) return true;
  return isCountedLocal(state, unsigned(to));
}

function writeOutput(state: MachineState, fd: number, address: number, bytes: number): void {
  const { memory, config } = state;
  const count = bytes >>> 0;
  const start = memory.locate(address, count);
  if (start < 0 && count > 0) {
    state.raise(describeAccess(unsigned(address), count, false));
    return;
  }
  if (count === 0 || !requireUsable(state, start, count, false, false)) return;
  if (count > LONGEST_WRITE) {
    state.raise({
      kind: 'limit',
      message: `fl_write was given ${String(count)} bytes at once; it takes ${String(LONGEST_WRITE)}.`,
    });
    return;
  }
  state.watchpoints?.note(start, count, 'read', 'task');
  state.noteMove(count);
  const written = memory.bytes.subarray(start, start + count);
  config.outputBytes?.(fd, written);
  if (config.output === undefined) return;
  config.output(fd, decodeText(written), state.double(TIMES.positionDouble));
}
