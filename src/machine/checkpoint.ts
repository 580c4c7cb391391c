/**
 * A kept state of the machine. Opaque: only the machine that made it can restore it.
 */
import type { FinalStop } from './stop.ts';

export interface Checkpoint {
  /** Instructions since boot. */
  readonly position: number;
  /** Decisions with more than one option that had been made. */
  readonly decisions: number;
  readonly clockNs: number;
  /** How many pages were copied as a whole to keep it. */
  readonly copiedPages: number;
  /** How the run had ended, if it had. */
  readonly end: FinalStop | undefined;
}
