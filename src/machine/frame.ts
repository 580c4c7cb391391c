/**
 * Kernel frames as one sees them, and the walk that finds them.
 *
 * A frame links to the one that called it by the saved frame pointer; a return address that is a stub
 * marks the border to what a trap or an interrupt interrupted.
 */
import type { Address, Pc } from '../base/brand.ts';

/** What made a task enter the kernel. */
export interface TrapView {
  readonly kind: 'pageFault' | 'systemCall' | 'exception' | 'interrupt';
  /** The error code of a page fault, the vector of an exception. */
  readonly code: number;
  /** The faulting address of a page fault. */
  readonly address: Address;
}

/** An activation of a function on a task's kernel stack. */
export interface Frame {
  /** The next instruction; in outer frames, the one after the call. */
  readonly pc: Pc;
  readonly fp: number;
  /** Index in `Program.functions`. */
  readonly functionIndex: number;
  /**
   * How the function was entered: `normal` by a call, `trap` by a trap (outside is user mode),
   * `interrupt` by an interrupt (outside is what was interrupted), `fault` by a page fault of kernel code.
   */
  readonly kind: 'normal' | 'interrupt' | 'trap' | 'fault';
  /** The trap that entered it; present for `trap` and `fault`. */
  readonly trap: TrapView | undefined;
}
