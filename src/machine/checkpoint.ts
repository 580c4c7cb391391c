/**
 * A kept state of the machine. Opaque: only the machine that made it can restore it.
 */
import type { MadeDeparture } from './course.ts';
import type { RecordedIntervention } from './intervention.ts';
import type { FinalStop } from './stop.ts';

export interface Checkpoint {
  /** Instructions since boot. */
  readonly position: number;
  readonly clockNs: number;
  /** Bytes that this checkpoint does not share with the one before it. */
  readonly ownBytes: number;
  /** Page groups; see `checkpoints.ts`. */
  readonly groups: readonly (readonly Int32Array[])[];
  /** How the run had ended, if it had. */
  readonly end: FinalStop | undefined;
  /** The last departure that had been made. */
  readonly lastDeparture: MadeDeparture | undefined;
  /** Those of the course that was followed; the image tells how many had been applied. */
  readonly interventions: readonly RecordedIntervention[];
}
