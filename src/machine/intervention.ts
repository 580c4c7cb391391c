/**
 * Interventions: what a user does to a machine, as data.
 *
 * An intervention is recorded with the place in the run where it was made, so that a replay, or running
 * again after going back, does the same at the same place. It acts beside the hardware: it takes no
 * time, sets no accessed or dirty bit and asks no page for permission; what it writes has a value.
 * NON-KERNEL: a debugger's hand. Only a signal goes through the kernel, as an interrupt.
 */
import type { Address, Pc, TaskId } from '../base/brand.ts';

/** Something that a user does; `applyIntervention` says what each kind needs. */
export type Intervention =
  /** Writes bytes at a kernel address. */
  | { readonly kind: 'kernel'; readonly address: Address; readonly bytes: Uint8Array }
  /** Writes bytes at a physical address. */
  | { readonly kind: 'physical'; readonly address: Address; readonly bytes: Uint8Array }
  /** Writes bytes where the task's page tables lead; all pages must be present. */
  | {
      readonly kind: 'user';
      readonly task: TaskId;
      readonly address: Address;
      readonly bytes: Uint8Array;
    }
  /** Sets a user register, by its index in `userCpu.ts`; of eflags only what user code owns. */
  | {
      readonly kind: 'register';
      readonly task: TaskId;
      readonly register: number;
      readonly value: number;
    }
  /** Goes on in the task's innermost kernel frame at another statement start of its function. */
  | { readonly kind: 'goto'; readonly task: TaskId; readonly pc: Pc }
  /** Has the kernel's signal entry called for the task, by an interrupt. */
  | { readonly kind: 'signal'; readonly task: TaskId; readonly signal: number };

/** An intervention and where in the run it was made. */
export interface RecordedIntervention {
  /** `Machine.position`. Several at one position follow one another. */
  readonly position: number;
  /** Decisions with more than one option that had been made; a replay checks it. */
  readonly point: number;
  readonly intervention: Intervention;
}

/** Most interventions of a run. */
export const MAX_INTERVENTIONS = 4096;
/** Most bytes of one write. */
export const MAX_WRITTEN_BYTES = 4096;
/** Signals are numbered from 1 to this. */
export const MAX_SIGNAL = 64;
