/**
 * Why a run stopped.
 *
 * Every stop stands before an instruction of which nothing has been executed, after the choice of
 * who runs next; or before that choice, where a task has just gone to sleep or ended, or a watchpoint was hit.
 * Stopping and going on never changes the state or the schedule.
 */
import type { Address, CpuId, Pc, TaskId } from '../base/brand.ts';
import type { MachineFault } from './faults.ts';
import type { Accessor } from './watchpoint.ts';

export type Stop =
  /** The request's bound was reached; the run can go on. */
  | { readonly kind: 'budget' | 'position' }
  /** Exactly one of `pc` (kernel code) and `userAddress` is present. */
  | {
      readonly kind: 'breakpoint' | 'statement';
      readonly cpu: CpuId;
      readonly task: TaskId;
      readonly pc?: Pc;
      readonly userAddress?: Address;
      /** Of a breakpoint: whether the step of the request would have ended here as well. */
      readonly endsStep?: boolean;
    }
  | { readonly kind: 'sleep' | 'wake'; readonly task: TaskId }
  | AccessStop
  | FinalStop;

/** Watchpoints were hit by the last instruction, or by the disk; the stop stands behind it. */
export interface AccessStop {
  readonly kind: 'access';
  readonly cpu: CpuId;
  readonly task: TaskId;
  /** The instruction that did it, in kernel code or of a program; neither when the disk did. */
  readonly pc?: Pc;
  readonly userAddress?: Address;
  /** `mmu`: the CPU's walk of the page tables, for the instruction. */
  readonly by: Accessor;
  readonly accesses: readonly WatchedAccess[];
}

/** What was done to the place of a watchpoint. */
export interface WatchedAccess {
  /** Its number in the list that was set. */
  readonly watchpoint: number;
  readonly isRead: boolean;
  readonly isWrite: boolean;
  /** The bytes of the whole place. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** The stops after which nothing can run: `run` gives the same again until a checkpoint is restored. */
export type FinalStop =
  | {
      readonly kind: 'fault';
      readonly fault: MachineFault;
      readonly task: TaskId;
      readonly cpu: CpuId;
      readonly pc: Pc;
    }
  /** `exitStatus` is present when the program ended the run itself. */
  | {
      readonly kind: 'finished';
      readonly outcome: 'completed' | 'limit';
      readonly exitStatus?: number;
    }
  /** No CPU can run, nothing is pending, and these tasks have started and not exited. */
  | { readonly kind: 'deadlock'; readonly tasks: readonly TaskId[] };
