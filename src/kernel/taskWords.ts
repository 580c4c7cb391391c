/**
 * The state of tasks in words, as thread names, stops and the panel use them.
 */
import { asAddress, type TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import { listAddressSpaces, findWait, type KernelView } from './taskWaits.ts';

/** The name of a signal by the kernel's macros: `SIGSEGV`. */
function signalName(program: Program, number: number): string {
  for (const macro of program.macros.values()) {
    if (/^SIG[A-Z]+$/.test(macro.name) && macro.value === BigInt(number)) return macro.name;
  }
  return `signal ${String(number)}`;
}

/** How a task ended: `exited 0`, `killed by SIGBUS`. */
function describeExit({ machine, readers }: KernelView, task: TaskId): string {
  const { exitCode, exitSignal } = readers.readTask(machine, machine.task(task).cookie);
  if (exitSignal.number !== 0) {
    return `killed by ${signalName(machine.program, exitSignal.number)}`;
  }
  return `exited ${String((exitCode >> 8) & 0xff)}`;
}

/** The state in words: `running`, `sleeping: page lock`, `waiting: mmap_sem`, `exited 0`. */
export function describeState(view: KernelView, task: TaskId): string {
  const state = view.machine.task(task);
  switch (state.status) {
    case 'new':
      return 'not started';
    case 'running':
      return 'running';
    case 'runnable':
      return 'ready';
    case 'exited':
      return describeExit(view, task);
    case 'blocked': {
      const wait = findWait(view, task);
      if (wait?.kind === 'page') return 'sleeping: page lock';
      return wait?.kind === 'lock' ? `waiting: ${wait.lock.name}` : 'sleeping';
    }
  }
}

/** What a sleeping task waits for, such as `the page lock of data.bin:0`; `undefined` when unknown. */
export function describeWait(view: KernelView, task: TaskId): string | undefined {
  const wait = findWait(view, task);
  if (wait?.kind === 'page') return `the page lock of ${wait.label}`;
  if (wait?.kind !== 'lock') return undefined;
  return `${wait.lock.name} (to ${wait.mode})`;
}

/** A word about what a kernel pointer points to: a task's name, a page's file and index. */
export function describeObject(view: KernelView, tag: string, address: number): string | undefined {
  const { machine, readers } = view;
  if (tag === 'task_struct') {
    const task = machine.taskOfCookie(address);
    return task === undefined ? undefined : view.nameOf(task);
  }
  if (tag === 'mm_struct') {
    return listAddressSpaces(view).find((space) => space.mm.address === address)?.mm.name;
  }
  if (tag === 'page') {
    const page = readers.readPage(machine, asAddress(address));
    if (page.mapping === 0 || (page.mapping & 1) === 1) return undefined;
    const { name } = readers.readInodeOfMapping(machine, page.mapping);
    return name === '' ? undefined : `${name}:${String(page.index)}`;
  }
  return undefined;
}
