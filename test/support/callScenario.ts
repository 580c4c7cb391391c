/**
 * Small programs that make system calls: a scenario of one or more tasks, each with its program, and what they have
 * in their registers in the end.
 */
import type { KernelTree } from '../../src/scenario/kernelTree.ts';
import { finish, prepare, scenarioOf, type FinishedRun } from './preparedRun.ts';

const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'] as const;

/** A program of a scenario that runs as a task of its own. */
export interface CallTask {
  readonly name: string;
  readonly program: string;
  /** `demo` when left out. */
  readonly process?: string;
  /** Virtual time of the start, 0 when left out. */
  readonly atNs?: number;
}

/** Instructions for a system call. */
export function systemCall(number: number, ...values: (number | string)[]): string {
  const moves = values.map(
    (value, at) =>
      `        movl    $${String(value)}, %${['ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp'][at] ?? ''}\n`,
  );
  return `${moves.join('')}        movl    $${String(number)}, %eax\n        int     $0x80\n`;
}

/** The end of a program: exits with 0 and keeps the other registers. */
export const EXIT = '        xorl    %ebx, %ebx\n        movl    $1, %eax\n        int     $0x80\n';

/** Runs tasks on a kernel; `maps` are those of each process, `demo` if only one is needed. */
export function runCalls(
  tree: KernelTree,
  tasks: readonly CallTask[],
  maps: Readonly<Record<string, readonly object[]>>,
  files: readonly object[] = [],
): FinishedRun {
  const scenario = {
    version: 1,
    title: 'Calls',
    machine: { cpus: 2, preset: 'disk-2010', readahead: 0 },
    files,
    processes: Object.entries(maps).map(([name, items]) => ({ name, maps: items })),
    tasks: tasks.map(({ name, process = 'demo', atNs = 0 }) => ({
      name,
      process,
      program: `${name}.task.s`,
      start: { atNs },
    })),
  };
  const programs = Object.fromEntries(
    tasks.map(({ name, program }) => [`${name}.task.s`, program]),
  );
  return finish(prepare(scenarioOf(JSON.stringify(scenario), programs), tree));
}

/** A register of a task at its end. */
export function registerOf(
  { run: { machine, tasks } }: FinishedRun,
  name: string,
  register: (typeof REGISTERS)[number],
): number {
  const task = tasks.find((item) => item.name === name);
  if (task === undefined) throw new Error(`no task ${name}`);
  return machine.task(task.id).userRegisters[REGISTERS.indexOf(register)] ?? NaN;
}
