/**
 * What one sees of tasks and CPUs: plain copies, made when asked for.
 */
import type { Address, CpuId, Pc, TaskId } from '../base/brand.ts';
import type { TrapView } from './frame.ts';

/** What a task is doing; a `new` one has not been started by the scenario. */
export type TaskStatus = 'new' | 'runnable' | 'running' | 'blocked' | 'exited';

/** A task, idle tasks included. */
export interface TaskView {
  readonly id: TaskId;
  /** Its number in the scenario; `undefined` for an idle task. */
  readonly index: number | undefined;
  readonly isIdle: boolean;
  /** The word by which the kernel calls it. */
  readonly cookie: Address;
  readonly status: TaskStatus;
  readonly mode: 'user' | 'kernel';
  readonly cpu: CpuId;
  /** The next kernel instruction; `undefined` in user mode and for an idle task at rest. */
  readonly pc: Pc | undefined;
  /** 0 where `pc` is `undefined`. */
  readonly fp: number;
  /** Its kernel stack: the lowest address, and the one behind the highest. */
  readonly stackLow: Address;
  readonly stackHigh: Address;
  readonly exitCode: number | undefined;
  /** Present while blocked. */
  readonly blockedSinceNs: number | undefined;
  /** In the order of `userCpu.ts`; while a trap is handled, as saved by it. */
  readonly userRegisters: Int32Array;
  /** 1 while a trap of the task is handled. */
  readonly trapDepth: number;
  /** Whether an interrupt runs on its stack. */
  readonly isInInterrupt: boolean;
  /** How many of them, one interrupting the other. */
  readonly interruptDepth: number;
  /** The trap that is handled, or was handled last. */
  readonly trap: TrapView | undefined;
}

/** A processor. */
export interface CpuView {
  readonly id: CpuId;
  readonly clockNs: number;
  /** The task it runs; its idle task when it has nothing to do. */
  readonly task: TaskId;
  readonly isIdle: boolean;
  readonly isInInterrupt: boolean;
  readonly irqsEnabled: boolean;
  /** It stands still in `fl_cpu_wait`. */
  readonly isStalled: boolean;
  readonly cr2: Address;
}
