/**
 * Kernel frames as one sees them, and the walk that finds them.
 *
 * A frame links to the one that called it by the saved frame pointer; a return address that is a stub
 * marks the border to what a trap or an interrupt interrupted.
 */
import type { Pc } from '../base/brand.ts';

/** An activation of a function on a task's kernel stack. */
export interface Frame {
  /** The next instruction; in outer frames, the one after the call. */
  readonly pc: Pc;
  readonly fp: number;
  /** Index in `Program.functions`. */
  readonly functionIndex: number;
  /**
   * How the function was entered: `normal` by a call, `trap` by a trap (outside is user mode),
   * `interrupt` by an interrupt (outside is what was interrupted).
   */
  readonly kind: 'normal' | 'interrupt' | 'trap';
}
