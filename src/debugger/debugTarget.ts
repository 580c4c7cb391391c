/**
 * What the debugger debugs: a machine that has booted, with the names that belong to it.
 */
import type { TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { KernelReaders } from '../kernel/kernelReaders.ts';
import type { KernelView } from '../kernel/taskWaits.ts';
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

/** A kernel task that does the work of an event; it has no user program. */
export interface KernelTask {
  readonly id: TaskId;
  readonly name: string;
}

/** What is debugged. */
export interface DebugTarget {
  readonly machine: Machine;
  readonly program: Program;
  readonly entries: EntryPoints;
  /** In the order of the scenario. */
  readonly tasks: readonly DebugTask[];
  readonly kernelTasks: readonly KernelTask[];
  /** Reads the structs of the kernel that runs. */
  readonly readers: KernelReaders;
}

/** A task's name; idle tasks are named by their CPU. */
export function taskName(target: DebugTarget, task: TaskId): string {
  const known = [...target.tasks, ...target.kernelTasks].find((item) => item.id === task);
  return known?.name ?? `idle task of CPU ${String(target.machine.task(task).cpu)}`;
}

/** The tasks that lists show: those of the scenario, and kernel tasks while they run. */
export function listedTasks({ machine, tasks, kernelTasks }: DebugTarget): readonly KernelTask[] {
  const alive = kernelTasks.filter(({ id }) => {
    const { status } = machine.task(id);
    return status !== 'new' && status !== 'exited';
  });
  return [...tasks, ...alive];
}

/** The machine as the readers of kernel state want it. */
export function kernelView(target: DebugTarget): KernelView {
  const { machine, readers } = target;
  return { machine, readers, nameOf: (task) => taskName(target, task) };
}
