/**
 * What watchpoints are about, and what the parts of the machine tell them.
 */
import type { Address, Pc, TaskId } from '../base/brand.ts';

/** A local in slots of the frame, in all calls of its function by one task. */
export interface WatchedLocal {
  readonly kind: 'local';
  readonly task: TaskId;
  readonly functionIndex: number;
  /** Words from the frame pointer, and how many. */
  readonly slot: number;
  readonly words: number;
  /** Where the name means it, `endPc` exclusive: the slots may be another's elsewhere. */
  readonly startPc: Pc;
  readonly endPc: Pc;
}

/** What a watchpoint is about. */
export type WatchedPlace =
  /** A kernel address. */
  | { readonly kind: 'memory'; readonly address: Address; readonly bytes: number }
  /** An address of user programs, in the address space that the task is in when this is set. */
  | {
      readonly kind: 'user';
      readonly task: TaskId;
      readonly address: Address;
      readonly bytes: number;
    }
  | WatchedLocal;

/** Which accesses stop. */
export type AccessKind = 'read' | 'write' | 'readWrite';

/** What is watched, and for what. */
export interface Watchpoint {
  readonly place: WatchedPlace;
  readonly access: AccessKind;
}

/** What an operation does to memory. */
export type MemoryUse = 'read' | 'write' | 'update';

/** Who does it. */
export type Accessor = 'task' | 'mmu' | 'disk';

/** The watchpoints of a machine, as its parts see them. */
export interface AccessWatch {
  /** Whether the present run wants to know. */
  readonly isActive: boolean;
  /** The running instruction, or the disk, is about to use a range of the image. */
  note(at: number, bytes: number, use: MemoryUse, by: Accessor): void;
  /** The same of an address of user programs, through the page tables of the running task. */
  noteUser(address: number, bytes: number, use: MemoryUse): void;
  /** The running task comes to an instruction with `FLAG_LOCAL`: whether a call before it has written a local. */
  arriveBehindCall(): boolean;
  /** The same: whether the instruction uses locals, so that the run has to end behind it. */
  arriveAtLocal(): boolean;
  /** The instruction was a page fault: it has not accessed anything. */
  forget(): void;
}
