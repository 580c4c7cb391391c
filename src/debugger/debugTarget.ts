/**
 * What the debugger debugs: a machine that has booted, with the names that belong to it.
 */
import type { TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { EntryPoints } from '../machine/machineConfig.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProgramLine } from './statementLines.ts';

/** The user program of a task as it lies in its memory. */
export interface TaskProgram {
  /** In the order of the addresses. */
  readonly lines: readonly ProgramLine[];
  /** Addresses of its labels by name. */
  readonly labels: ReadonlyMap<string, number>;
}

/** A task of the scenario. */
export interface DebugTask {
  readonly id: TaskId;
  readonly name: string;
  readonly program: TaskProgram;
}

/** What kernel rooms know about the tasks of a run, in words. */
export interface TaskWords {
  /** The state of a task: `running`, `sleeping: page lock`, `waiting: mmap_sem`, `exited 0`. */
  describeState(task: TaskId): string;
  /** What a sleeping task waits for, such as `page lock of data.bin:0`; `undefined` when unknown. */
  describeWait(task: TaskId): string | undefined;
  /** A word about what a kernel pointer points to, such as a task's name. */
  describeObject(tag: string, address: number): string | undefined;
}

export interface DebugTarget {
  readonly machine: Machine;
  readonly program: Program;
  readonly entries: EntryPoints;
  /** In the order of the scenario. */
  readonly tasks: readonly DebugTask[];
  readonly words: TaskWords;
}
