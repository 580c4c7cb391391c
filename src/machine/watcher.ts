/**
 * Somebody who watches a run for broken rules: the kernel room makes one, the machine calls it.
 *
 * A watcher sees everything and changes nothing but its own notes, which lie in the image behind the model
 * (`Memory.watchWord`), so that they go back and forth with it and no hash contains them. What it finds ends the run
 * by `MachineState.raise`. It watches from the end of boot on.
 */
import { FLAG_GUARDED, FLAG_WATCH } from '../bytecode/instruction.ts';
import type { MachineFault } from './faults.ts';

export interface Watcher {
  /** Code places of which it wants to hear, and the loads and stores of guarded fields. */
  readonly places: Iterable<number>;
  readonly guardedPlaces: Iterable<number>;
  /** Boot has ended. */
  begin(): void;
  /**
   * The running task is about to execute an instruction at one of the places; its frame is at word `f`. Returns whether
   * something is wrong: then `complain` follows, when the state is up to date.
   */
  arrive(pc: number, f: number): boolean;
  /** The same for the access of a guarded field at an image offset, asked by generated code. */
  touch(pc: number, offset: number): boolean;
  complain(): void;
  /** An annotation is about to act, and has acted; its operands stand in the words from `operands`. */
  annotating(index: number, operands: number): void;
  annotated(index: number, operands: number): void;
  /**
   * An atomic operation has changed the word at an address (both signed), which was `before`. One that leaves it as
   * it was, or faults, is not told of.
   */
  changed(address: number, before: number): void;
  /** A task has gone to sleep; the running one is about to end. */
  slept(task: number): void;
  exiting(): void;
  /** The running task is about to go back to user mode. */
  returning(): void;
  /** A scheduling point: what was changed must be in order now. */
  settle(): void;
  /** A better explanation of a machine fault. */
  explain(fault: MachineFault): MachineFault;
}

/** Marks the places of a watcher in the machine's copy of the code. */
export function flagPlaces(code: Int32Array, watcher: Watcher): void {
  for (const pc of watcher.places) code[pc] = (code[pc] as number) | FLAG_WATCH;
  for (const pc of watcher.guardedPlaces) code[pc] = (code[pc] as number) | FLAG_GUARDED;
}
