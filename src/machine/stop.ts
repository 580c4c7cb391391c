/**
 * Why a run stopped.
 *
 * Every stop stands before an instruction of which nothing has been executed, after the choice of
 * who runs next; or before that choice, where a task has just gone to sleep or ended. Stopping and
 * going on never changes the state or the schedule.
 */
import type { Address, CpuId, Pc, TaskId } from '../base/brand.ts';
import type { MachineFault } from './faults.ts';

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
  | FinalStop;

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
